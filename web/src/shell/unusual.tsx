// What is or was unusual for a service: hints, in words. The service's page and the incident room show the same lines.
import { StateMark } from '../parts/state-mark.tsx'
import { Time } from '../parts/time.tsx'
import type { Anomaly } from './anomaly-api.ts'

const endWords = {
  back: 'as usual again',
  learnt: 'lasted, and is held to be usual now',
  unmeasured: 'not measured any more',
  gone: 'no longer watched',
} as const

export function UnusualLines({ items, named = false }: { items: readonly Anomaly[]; named?: boolean }) {
  return (
    <ul className="rows">
      {items.map((each) => (
        <li key={each.id}>
          <StateMark tone={each.endedAt === null ? 'info' : 'ok'} word={each.endedAt === null ? 'Unusual' : 'Over'} />
          <span className="grow">
            {named && <strong>{each.service} </strong>}
            {each.sentence}
            <br />
            <span className="soft">
              since <Time at={each.startedAt} />
              {each.endedAt !== null && each.endedBecause !== null && (
                <>
                  , {endWords[each.endedBecause]} <Time at={each.endedAt} show="clock" />
                </>
              )}
              {each.objective !== null && `, counted by ${each.objective}`}
              {each.alerted && ', an alert too'}
            </span>
          </span>
        </li>
      ))}
    </ul>
  )
}
