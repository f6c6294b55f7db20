// Several lanes over one time axis. Dragging selects a window; so do the two handles with the arrow keys.
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { brushed, placeOf, type Span, stackBars, ticksOf, timeAt } from './axis.ts'
import { formatInZone, fullTime } from './format.ts'
import type { Tone } from './state-mark.tsx'
import './lanes.css'

export interface LaneBar extends Span {
  readonly id: string
  readonly label: string
  readonly tone: Tone
}

export type Lane =
  | { readonly kind: 'bars'; readonly title: string; readonly bars: readonly LaneBar[] }
  | {
      readonly kind: 'marks'
      readonly title: string
      readonly marks: readonly { readonly id: string; readonly at: number; readonly label: string }[]
    }
  | {
      readonly kind: 'line'
      readonly title: string
      readonly points: readonly { readonly at: number; readonly value: number | null }[]
      readonly note: string
    }

const titleWidth = 92
const barHeight = 12
const lineHeight = 44
const markHeight = 24

export function Lanes({
  label,
  axis,
  lanes,
  now,
  window: chosen,
  onWindow,
}: {
  label: string
  axis: Span
  lanes: readonly Lane[]
  /** Marked where it lies within; of what is over nobody asks. */
  now?: number
  window: Span | null
  onWindow: (window: Span | null) => void
}) {
  const host = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(800)
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null)
  useEffect(() => {
    const element = host.current
    if (element === null) return
    const observer = new ResizeObserver(() => setWidth(Math.max(120, element.clientWidth - titleWidth)))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  const least = (axis.to - axis.from) / 200
  const x = (at: number) => placeOf(at, axis, width)
  const ticks = ticksOf(axis, Math.max(3, Math.floor(width / 88)), -new Date(axis.from).getTimezoneOffset() * 60_000)
  const height = lanes.reduce((sum, lane) => sum + heightOf(lane, axis, width), 0)
  const selection = drag === null ? chosen : brushed(drag.from, drag.to, axis, least)
  const pointAt = (event: React.PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect()
    return timeAt(event.clientX - box.left, axis, width)
  }
  return (
    <div className="lanes" ref={host}>
      <div className="lane-titles" aria-hidden="true">
        {lanes.map((lane) => (
          <div key={lane.title} style={{ height: heightOf(lane, axis, width) }}>
            {lane.title}
          </div>
        ))}
      </div>
      {/* Dragging has its keyboard way in the handles and its form way in the window buttons above. */}
      <div
        className="lane-field"
        onPointerDown={(event) => {
          if (event.button !== 0) return
          event.currentTarget.setPointerCapture(event.pointerId)
          const at = pointAt(event)
          const edge = event.target instanceof HTMLElement ? event.target.dataset.edge : undefined
          if (edge !== undefined && chosen !== null) {
            setDrag({ from: edge === 'from' ? chosen.to : chosen.from, to: at })
            return
          }
          setDrag({ from: at, to: at })
        }}
        onPointerMove={(event) => {
          if (drag !== null) setDrag({ from: drag.from, to: pointAt(event) })
        }}
        onPointerUp={(event) => {
          if (drag === null) return
          const to = pointAt(event)
          setDrag(null)
          // A click without a drag clears the window.
          onWindow(Math.abs(to - drag.from) < least ? null : brushed(drag.from, to, axis, least))
        }}
        onPointerCancel={() => setDrag(null)}
      >
        <svg width={width} height={height + 22} role="img" aria-label={label}>
          {ticks.at.map((tick) => (
            <g key={tick}>
              <line className="lane-tick" x1={x(tick)} x2={x(tick)} y1={0} y2="100%" />
            </g>
          ))}
          <LaneRows lanes={lanes} axis={axis} width={width} />
          {now !== undefined && now >= axis.from && now < axis.to && (
            <>
              <line className="lane-now" x1={x(now)} x2={x(now)} y1={0} y2={height} />
              <text
                className="lane-text lane-now-word"
                x={x(now) + (x(now) > width - 36 ? -4 : 4)}
                y={11}
                textAnchor={x(now) > width - 36 ? 'end' : 'start'}
              >
                now
              </text>
            </>
          )}
          <g transform={`translate(0 ${height})`}>
            {ticks.at
              .filter((tick) => x(tick) < width - 40)
              .map((tick) => (
                <text key={tick} className="lane-text" x={x(tick) + 4} y={15}>
                  {tickWords(tick, ticks.stepMs)}
                </text>
              ))}
          </g>
        </svg>
        {selection !== null && (
          <div
            className="lane-window"
            style={{ left: x(selection.from), width: Math.max(1, x(selection.to) - x(selection.from)) }}
          >
            {drag === null &&
              (['from', 'to'] as const).map((edge) => (
                <span
                  key={edge}
                  role="slider"
                  tabIndex={0}
                  className={`lane-handle ${edge}`}
                  data-edge={edge}
                  aria-label={edge === 'from' ? 'Start of the window' : 'End of the window'}
                  aria-valuemin={axis.from}
                  aria-valuemax={axis.to}
                  aria-valuenow={Math.round(selection[edge])}
                  aria-valuetext={fullTime(selection[edge])}
                  onKeyDown={(event) => {
                    const step = event.key === 'ArrowLeft' ? -least : event.key === 'ArrowRight' ? least : 0
                    if (event.key === 'Escape') onWindow(null)
                    if (step === 0) return
                    event.preventDefault()
                    const moved = { ...selection, [edge]: selection[edge] + step * (event.shiftKey ? 8 : 1) }
                    if (moved.to - moved.from >= least) onWindow(brushed(moved.from, moved.to, axis, least))
                  }}
                />
              ))}
          </div>
        )}
      </div>
    </div>
  )
}

function tickWords(at: number, stepMs: number): string {
  const midnight = new Date(at).getHours() === 0 && new Date(at).getMinutes() === 0
  return stepMs >= 86_400_000 || midnight
    ? formatInZone(at, { day: 'numeric', month: 'short' })
    : formatInZone(at, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
}

function rowsOf(lane: Extract<Lane, { kind: 'bars' }>, axis: Span, width: number): readonly number[] {
  return stackBars(lane.bars, ((axis.to - axis.from) / width) * 4)
}

function heightOf(lane: Lane, axis: Span, width: number): number {
  if (lane.kind === 'line') return lineHeight
  if (lane.kind === 'marks') return markHeight
  // More than four rows would push the next lane out of sight; deeper ones share the last.
  return Math.min(4, Math.max(1, ...rowsOf(lane, axis, width).map((row) => row + 1))) * barHeight + 14
}

function LaneRows({ lanes, axis, width }: { lanes: readonly Lane[]; axis: Span; width: number }) {
  const x = (at: number) => Math.min(Math.max(placeOf(at, axis, width), 0), width)
  let top = 0
  const drawn: ReactNode[] = []
  for (const lane of lanes) {
    const height = heightOf(lane, axis, width)
    drawn.push(
      <g key={lane.title} transform={`translate(0 ${top})`}>
        <line className="lane-rule" x1={0} x2={width} y1={height - 0.5} y2={height - 0.5} />
        {lane.kind === 'bars' && <Bars lane={lane} axis={axis} width={width} />}
        {lane.kind === 'marks' &&
          lane.marks.map((mark) => (
            <path key={mark.id} className="lane-mark" d={`M${x(mark.at)} 5l4.5 7-4.5 7-4.5-7Z`}>
              <title>{mark.label}</title>
            </path>
          ))}
        {lane.kind === 'line' && <BudgetLine lane={lane} x={x} />}
      </g>,
    )
    top += height
  }
  return drawn
}

function Bars({ lane, axis, width }: { lane: Extract<Lane, { kind: 'bars' }>; axis: Span; width: number }) {
  const rows = rowsOf(lane, axis, width)
  const x = (at: number) => Math.min(Math.max(placeOf(at, axis, width), 0), width)
  return lane.bars.map((bar, index) => (
    <rect
      key={bar.id}
      className={`lane-bar tone-${bar.tone}`}
      x={x(bar.from)}
      width={Math.max(3, x(bar.to) - x(bar.from))}
      y={7 + Math.min(3, rows[index] ?? 0) * barHeight}
      height={bar.tone === 'critical' ? barHeight - 2 : barHeight - 5}
    >
      <title>{bar.label}</title>
    </rect>
  ))
}

function BudgetLine({ lane, x }: { lane: Extract<Lane, { kind: 'line' }>; x: (at: number) => number }) {
  const y = (value: number) => 4 + (1 - Math.min(1, Math.max(0, value))) * (lineHeight - 10)
  let path = ''
  let open = false
  for (const point of lane.points) {
    if (point.value === null) {
      open = false
      continue
    }
    path += `${open ? 'L' : 'M'}${x(point.at).toFixed(1)} ${y(point.value).toFixed(1)}`
    open = true
  }
  return (
    <>
      <path className="lane-line" d={path} />
      {path === '' && (
        <text className="lane-text" x={4} y={lineHeight / 2 + 4}>
          {lane.note}
        </text>
      )}
    </>
  )
}
