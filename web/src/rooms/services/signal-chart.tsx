// One signal over time. What nobody told is hatched and the line ends there: a gap is never drawn as zero.
import { useEffect, useId, useRef, useState } from 'react'
import { placeOf, type Span, ticksOf } from '../../parts/axis.ts'
import { formatInZone } from '../../parts/format.ts'
import { ceilingOf, gapsOf, pathOf } from './signal-lines.ts'

export interface ChartLine {
  readonly name: string
  readonly kind: 'main' | 'second' | 'third'
  readonly values: readonly (number | null)[]
}

const plotHeight = 72
const foot = 18
const top = 6

export function SignalChart({
  label,
  axis,
  lines,
  told,
  least,
  scale,
}: {
  label: string
  axis: Span
  lines: readonly ChartLine[]
  /** Null is hatched. */
  told: readonly (number | null)[]
  /** The scale reaches at least this far. */
  least: number
  scale: (value: number) => string
}) {
  const host = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(480)
  const hatch = useId()
  useEffect(() => {
    const element = host.current
    if (element === null) return
    const observer = new ResizeObserver(() => setWidth(Math.max(160, element.clientWidth)))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  const known = lines.flatMap((line) => line.values.filter((value): value is number => value !== null))
  const ceiling = ceilingOf(Math.max(least, ...known))
  const y = (value: number) => top + (1 - Math.min(1, value / ceiling)) * (plotHeight - top)
  const ticks = ticksOf(axis, Math.max(2, Math.floor(width / 96)), -new Date(axis.from).getTimezoneOffset() * 60_000)
  return (
    <div className="signal-chart" ref={host}>
      <svg width={width} height={plotHeight + foot} role="img" aria-label={label}>
        <defs>
          <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <line className="signal-hatch" x1="0" x2="0" y1="0" y2="6" />
          </pattern>
        </defs>
        {ticks.at.map((tick) => (
          <line
            key={tick}
            className="lane-tick"
            x1={placeOf(tick, axis, width)}
            x2={placeOf(tick, axis, width)}
            y1={0}
            y2={plotHeight}
          />
        ))}
        {gapsOf(told).map((gap) => (
          <rect
            key={gap.from}
            x={gap.from * width}
            width={Math.max(1, (gap.to - gap.from) * width)}
            y={top}
            height={plotHeight - top}
            fill={`url(#${hatch})`}
          />
        ))}
        <line className="lane-rule" x1={0} x2={width} y1={plotHeight} y2={plotHeight} />
        {[...lines].reverse().map((line) => (
          <path key={line.name} className={`signal-line ${line.kind}`} d={pathOf(line.values, width, y)} />
        ))}
        <text className="lane-text signal-scale" x={3} y={top + 9}>
          {scale(ceiling)}
        </text>
        {ticks.at
          .filter((tick) => placeOf(tick, axis, width) < width - 40)
          .map((tick) => (
            <text key={tick} className="lane-text" x={placeOf(tick, axis, width) + 3} y={plotHeight + 13}>
              {tickWords(tick, ticks.stepMs)}
            </text>
          ))}
      </svg>
    </div>
  )
}

function tickWords(at: number, stepMs: number): string {
  const midnight = new Date(at).getHours() === 0 && new Date(at).getMinutes() === 0
  return stepMs >= 86_400_000 || midnight
    ? formatInZone(at, { day: 'numeric', month: 'short' })
    : formatInZone(at, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
}
