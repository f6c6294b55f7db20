// Weeks side by side: calls as bars, broken nights as marks on them, and the same in words below each.
import { plural } from '../../parts/format.ts'
import { ScrollX } from '../../parts/scroll-x.tsx'
import type { OnCallHealthSpan } from '../../shell/oncall-api.ts'
import { spanWords } from './health-words.ts'

const height = 64

export function HealthWeeks({ label, spans }: { label: string; spans: readonly OnCallHealthSpan[] }) {
  const most = Math.max(1, ...spans.map((each) => each.figures.calls))
  return (
    <ScrollX label={label}>
      <ol className="health-weeks" aria-label={label}>
        {spans.map(({ from, to, figures }) => (
          <li key={from}>
            <span className="health-bar" style={{ height }} aria-hidden="true">
              <span style={{ height: Math.round((figures.calls / most) * height) }} data-empty={figures.calls === 0} />
            </span>
            <span className="health-count">
              {plural(figures.calls, 'call')}
              {figures.brokenNights > 0 && <strong> {plural(figures.brokenNights, 'night')}</strong>}
            </span>
            <span className="soft">{spanWords({ from, to })}</span>
          </li>
        ))}
      </ol>
    </ScrollX>
  )
}
