// What is left of a budget: a bar, its number, and hatching when more than all is spent.
import { shareText } from './format.ts'

export function Meter({ remaining, label }: { remaining: number | null; label: string }) {
  if (remaining === null) {
    return <span className="meter-text">no data</span>
  }
  const over = remaining < 0
  const tone = over ? 'over' : remaining < 0.1 ? 'critical' : remaining < 0.25 ? 'warning' : 'calm'
  const width = over ? 100 : Math.min(100, remaining * 100)
  return (
    <span className="meter">
      {/* The element <meter> cannot be drawn hatched or told its words in all browsers. */}
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      <span
        className="meter-track"
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.max(0, Math.min(100, Math.round(remaining * 100)))}
        aria-valuetext={shareText(remaining)}
      >
        <span className="meter-fill" data-tone={tone} style={{ width: `${width}%` }} />
      </span>
      <span className="meter-text">{shareText(remaining)}</span>
    </span>
  )
}
