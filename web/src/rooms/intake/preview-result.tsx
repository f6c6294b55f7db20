// What a payload would become: alarms with all that counts, and what could not be read.
import type { IntakeSignal } from '../../../../client/src/operations.gen.ts'
import { plural } from '../../parts/format.ts'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'

interface Result {
  readonly signals: readonly IntakeSignal[]
  readonly acknowledged: readonly string[]
  readonly unread: readonly string[]
  readonly notes: readonly string[]
  readonly nothing: string | null
}

const shown = 5

export function PreviewResult({ result }: { result: Result }) {
  return (
    <>
      {result.unread.map((each) => (
        <p key={each} className="outcome">
          <StateMark tone="critical" word="Not understood" /> {each}
        </p>
      ))}
      {result.notes.map((each) => (
        <p key={each} className="outcome">
          <StateMark tone="warning" word="Missing" /> {each}
        </p>
      ))}
      {result.nothing !== null && result.signals.length === 0 && (
        <p className="outcome">
          <StateMark tone="info" word="Nothing to do" /> {result.nothing}
        </p>
      )}
      {result.acknowledged.map((key) => (
        <p key={key} className="outcome">
          <StateMark tone="info" word="Acknowledges" /> <code>{key}</code>
        </p>
      ))}
      {result.signals.slice(0, shown).map((signal, index) => (
        // The same key may stand twice in one payload.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <Signal key={index} signal={signal} />
      ))}
      {result.signals.length > shown && (
        <p className="soft">and {plural(result.signals.length - shown, 'more alarm')}</p>
      )}
    </>
  )
}

function Signal({ signal }: { signal: IntakeSignal }) {
  const tone = signal.status === 'resolved' ? 'ok' : signal.severity === 'info' ? 'info' : signal.severity
  return (
    <div className="outcome">
      <StateMark tone={tone} word={signal.status === 'resolved' ? 'Ends' : signal.severity} />{' '}
      <strong>{signal.summary}</strong>
      <dl className="pairs">
        <dt>Key</dt>
        <dd>
          <code>{signal.key}</code>
        </dd>
        <dt>Severity</dt>
        <dd>
          {signal.severity}
          {signal.severityGiven === null ? ', none was given' : `, from “${signal.severityGiven}”`}
        </dd>
        <dt>Service</dt>
        <dd>{signal.service ?? 'none'}</dd>
        <dt>Since</dt>
        <dd>
          <Time at={signal.startsAt} />
        </dd>
        {Object.keys(signal.labels).length > 0 && (
          <>
            <dt>Labels</dt>
            <dd>
              {Object.entries(signal.labels).map(([name, value]) => (
                <span key={name}>
                  <span className="tag">
                    {name}={value}
                  </span>{' '}
                </span>
              ))}
            </dd>
          </>
        )}
        {signal.links.length > 0 && (
          <>
            <dt>Links</dt>
            <dd>{signal.links.map((link) => link.title).join(', ')}</dd>
          </>
        )}
      </dl>
      {signal.notes.map((note) => (
        <p key={note} className="soft">
          {note}
        </p>
      ))}
    </div>
  )
}
