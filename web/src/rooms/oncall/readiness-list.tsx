// Whether a page would reach each person it is meant for, and when one last did.
import { Section } from '../../parts/page-head.tsx'
import { StateMark, type Tone } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import type { oncall } from '../../shell/api.ts'
import { usePeople } from '../../shell/directory.ts'

type Readiness = Awaited<ReturnType<typeof oncall.simulate>>['readiness'][number]

const marks: Readonly<Record<Readiness['state'], { tone: Tone; word: string }>> = {
  ready: { tone: 'ok', word: 'Ready' },
  doubtful: { tone: 'warning', word: 'Doubtful' },
  unreachable: { tone: 'critical', word: 'Unreachable' },
}

export function ReadinessList({ people }: { people: readonly Readiness[] }) {
  const directory = usePeople()
  if (people.length === 0) return null
  return (
    <Section title="Would it reach them?">
      <ul className="rows">
        {people.map((each) => (
          <li key={each.person}>
            <span className="readiness-state">
              <StateMark {...marks[each.state]} strong={each.state === 'unreachable'} />
            </span>
            <span className="grow">
              <strong>{directory.get(each.person)?.title ?? each.person}</strong>{' '}
              <span className="soft">
                {each.channels
                  .map((channel) => `${channel.kind}${channel.verified ? '' : ' (not verified)'}`)
                  .join(', ')}
              </span>
              {each.sentences.map((sentence) => (
                <span key={sentence} className="block soft">
                  {sentence}
                </span>
              ))}
            </span>
            <span className="soft">
              {each.lastReachedAt === null ? (
                'never reached'
              ) : (
                <>
                  last reached <Time at={each.lastReachedAt} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
