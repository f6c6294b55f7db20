// What a window would be: when it takes place next, whom it covers, what else is planned for them.
import { FirstFew } from '../../parts/first-few.tsx'
import { durationText, formatInZone, plural, zoneName } from '../../parts/format.ts'
import { StateMark } from '../../parts/state-mark.tsx'
import type { MaintenancePreview } from '../../shell/maintenance-api.ts'

const usual = { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const

export function WindowPreview({ of, zone, own }: { of: MaintenancePreview; zone: string; own: string }) {
  const named = of.services.filter((each) => each.named).length
  const also = of.services.filter((each) => !each.named)
  const overlaps = of.overlaps.filter((each) => each.window !== own)
  return (
    <div aria-live="polite">
      {of.warnings.map((warning) => (
        <p key={warning}>
          <StateMark tone="warning" word={warning} />
        </p>
      ))}
      <p>
        Nobody is paged for <strong>{plural(named, 'service')}</strong>
        {also.length > 0 && (
          <>
            {' '}
            and <strong>{plural(also.length, 'dependant')}</strong>
          </>
        )}
        , in {zoneName(zone)}:
      </p>
      <FirstFew rows={of.occurrences} most={3} of="times">
        {(shown) => (
          <ol className="rows">
            {shown.map((each) => (
              <li key={each.startsAt}>
                <span className="grow">
                  {formatInZone(Date.parse(each.startsAt), { ...usual, hourCycle: 'h23' }, zone)}
                </span>
                <span className="soft">{durationText(each.lastsMs)}</span>
              </li>
            ))}
          </ol>
        )}
      </FirstFew>
      {also.length > 0 && (
        <p className="soft">
          Dependants:{' '}
          {also
            .slice(0, 12)
            .map((each) => each.name)
            .join(', ')}
          {also.length > 12 && ` and ${also.length - 12} more`}
        </p>
      )}
      {overlaps.map((each) => (
        <p key={each.id}>
          <StateMark tone="info" word={`At the same time: ${each.title}, ${each.reason}`} />
        </p>
      ))}
    </div>
  )
}
