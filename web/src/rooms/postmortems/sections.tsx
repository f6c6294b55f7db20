// The sections as people read them; whoever may write opens all of them at once, with everybody else who writes.
import { lazy, Suspense, useMemo, useState } from 'react'
import { SkeletonRows } from '../../parts/empty.tsx'
import { Section } from '../../parts/page-head.tsx'
import type { Postmortem } from '../../shell/response-api.ts'
import { drawnFrom } from './live-blocks.tsx'
import { DrawnFrom, MarkdownView } from './markdown-view.tsx'

// Only who writes loads what joins several hands.
const Editor = lazy(() => import('./together/editor.tsx'))

export function Sections({
  postmortem,
  may,
  writing,
  onWrite,
}: {
  postmortem: Postmortem
  may: boolean
  /** The section that was opened first; empty when nobody writes here. */
  writing: string
  onWrite: (section: string) => void
}) {
  const drawn = useMemo(() => drawnFrom(postmortem), [postmortem])
  // Once open it stays until the writer leaves it: a colleague may publish while something here is not sent yet.
  const [wasOpen, setWasOpen] = useState(false)
  const isOpen = writing !== '' && (may || wasOpen)
  if (isOpen !== wasOpen) setWasOpen(isOpen)
  if (isOpen)
    return (
      <Suspense fallback={<SkeletonRows rows={6} />}>
        <Editor postmortem={postmortem} first={writing} onDone={() => onWrite('')} />
      </Suspense>
    )
  return (
    <DrawnFrom value={drawn}>
      {postmortem.sections.map((section) => (
        <Section
          key={section.section}
          title={section.title}
          aside={
            may && (
              <button type="button" className="link-button" onClick={() => onWrite(section.section)}>
                Write<span className="sr-only">: {section.title}</span>
              </button>
            )
          }
        >
          {section.body.trim() === '' ? (
            <p className="soft">Nobody wrote this yet.</p>
          ) : (
            <MarkdownView text={section.body} />
          )}
        </Section>
      ))}
    </DrawnFrom>
  )
}
