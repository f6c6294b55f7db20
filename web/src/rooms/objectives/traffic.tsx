// What little traffic means for an objective: how much one failure spends, and what would help.
import { Section } from '../../parts/page-head.tsx'
import { StateShape } from '../../parts/state-mark.tsx'
import type { ObjectiveDetail } from '../../shell/api.ts'

export function Traffic({ traffic }: { traffic: ObjectiveDetail['traffic'] }) {
  if (traffic === null) return null
  return (
    <Section title="Little traffic">
      <div className="note">
        <StateShape tone={traffic.verdict === 'enough' ? 'info' : 'warning'} />
        <div className="note-body">
          <p className={traffic.verdict === 'enough' ? undefined : 'note-title'}>{traffic.sentence}</p>
          {traffic.ways.length > 0 && (
            <>
              <p>What would help:</p>
              <ul className="faults">
                {traffic.ways.map((way) => (
                  <li key={way}>{way}</li>
                ))}
              </ul>
            </>
          )}
        </div>
      </div>
    </Section>
  )
}
