// One section while it is written: its field, what can be put into it, who else writes here, and hints on its words.
import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import type * as Y from 'yjs'
import { languageHints, longestSection } from '../../../../../server/src/modules/postmortems/core/index.ts'
import { PersonName } from '../../../shell/person-name.tsx'
import type { Postmortem } from '../../../shell/response-api.ts'
import { type BoundField, bindField } from './field.ts'
import { Insert } from './insert.tsx'
import type { Session } from './session.ts'
import type { Writer } from './wire.ts'

export function Field({
  session,
  section,
  postmortem,
  focus,
  closed,
  writers,
}: {
  session: Session
  section: Postmortem['sections'][number]
  postmortem: Postmortem
  focus: boolean
  closed: boolean
  writers: readonly Writer[]
}) {
  const field = useRef<HTMLTextAreaElement>(null)
  const bound = useRef<BoundField | null>(null)
  const { doc } = session
  const text: Y.Text = useMemo(() => doc.getText(section.section), [doc, section.section])
  const shown = useSyncExternalStore(
    (listener) => {
      text.observe(listener)
      return () => text.unobserve(listener)
    },
    () => text.toString(),
  )
  useEffect(() => {
    const element = field.current
    if (element === null) return
    const joined = bindField(element, text)
    bound.current = joined
    return () => {
      joined.release()
      bound.current = null
    }
  }, [text])
  useEffect(() => {
    const element = field.current
    if (element === null || !focus) return
    element.focus()
    element.setSelectionRange(element.value.length, element.value.length)
  }, [focus])
  const place = () => {
    const element = field.current
    if (element === null || document.activeElement !== element) return
    const line = element.value.slice(0, element.selectionEnd).split('\n').length
    session.at({ section: section.section, line })
  }
  const people = [...new Set(writers.map((each) => each.person))]
  const rows = Math.min(30, Math.max(4, shown.split('\n').length + 1))
  return (
    <>
      <textarea
        ref={field}
        className="writing"
        aria-label={section.title}
        aria-describedby={`hints-${section.section}`}
        rows={rows}
        spellCheck
        readOnly={closed}
        maxLength={longestSection}
        onKeyUp={place}
        onFocus={place}
        onClick={place}
      />
      <div className="writing-tools">
        {!closed && (
          <Insert postmortem={postmortem} onInsert={(added) => bound.current?.insert(added)} title={section.title} />
        )}
        {people.length > 0 && (
          <span className="soft">
            {people.map((each, index) => (
              <span key={each}>
                {index > 0 && ', '}
                <PersonName name={each} />
              </span>
            ))}{' '}
            {people.length === 1 ? 'writes' : 'write'} here too.
          </span>
        )}
      </div>
      {shown.length >= longestSection && (
        <p role="status">
          The section is full: it holds {longestSection.toLocaleString('en')} characters, and no more can be typed.
        </p>
      )}
      <Hints id={`hints-${section.section}`} text={shown} />
    </>
  )
}

const mostShown = 3

function Hints({ id, text }: { id: string; text: string }) {
  const hints = useMemo(() => languageHints(text), [text])
  return (
    <ul id={id} className="hints">
      {hints.slice(0, mostShown).map((each) => (
        <li key={`${each.at} ${each.words}`} className="soft">
          “{each.words}”: {each.hint}
        </li>
      ))}
      {hints.length > mostShown && <li className="soft">And {hints.length - mostShown} more.</li>}
    </ul>
  )
}
