// What is wrong with the coming twelve weeks, gravest first; the rest folds to a count.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { plural } from '../../parts/format.ts'
import { useNow } from '../../parts/now.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark, type Tone } from '../../parts/state-mark.tsx'
import { oncall } from '../../shell/api.ts'
import { usePeople } from '../../shell/directory.ts'
import type { OverrideDraft } from './override-draft.ts'

const tones: Readonly<Record<'serious' | 'weigh' | 'know', Tone>> = {
  serious: 'critical',
  weigh: 'warning',
  know: 'info',
}
const shownOfEach = 2

export function Findings({
  schedule,
  onCover,
}: {
  schedule: string
  onCover: ((draft: OverrideDraft) => void) | null
}) {
  const now = useNow()
  const people = usePeople()
  const [all, setAll] = useState(false)
  const query = useQuery({
    queryKey: ['oncall', 'lint', schedule],
    queryFn: ({ signal }) => oncall.lint(schedule, signal),
    enabled: schedule !== '',
  })
  if (query.data === undefined) return <ProblemNote error={query.error} />
  const { findings } = query.data
  if (findings.length === 0) return null
  // Two of each kind stand for the rest: a hole every night is one thing to decide.
  const few = findings.filter(
    (each) => findings.filter((other) => other.code === each.code).indexOf(each) < shownOfEach,
  )
  const list = all ? findings : few
  return (
    <Section title="To look at" aside="The coming twelve weeks">
      <ul className="rows">
        {list.map((each) => (
          <li key={`${each.code} ${each.start} ${each.sentence}`}>
            <span className="grow finding">
              <StateMark tone={tones[each.level]} word={withTitles(each, people)} strong={each.level === 'serious'} />
            </span>
            {each.code === 'gap' && onCover !== null && Date.parse(each.end) > now && (
              <button
                type="button"
                className="link-button"
                onClick={() => onCover({ key: `gap ${each.start}`, kind: 'add', start: each.start, end: each.end })}
              >
                Cover it
              </button>
            )}
          </li>
        ))}
      </ul>
      {findings.length > few.length && (
        <button type="button" className="link-button soft" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show ${plural(findings.length - few.length, 'more finding')}`}
        </button>
      )}
    </Section>
  )
}

/** The server says people by their declared names. */
export function withTitles(
  finding: { readonly sentence: string; readonly people: readonly string[] },
  directory: ReturnType<typeof usePeople>,
): string {
  return finding.people.reduce(
    (text, name) =>
      text.replace(new RegExp(`(?<![\\w-])${name}(?![\\w-])`, 'g'), () => directory.get(name)?.title ?? name),
    finding.sentence,
  )
}
