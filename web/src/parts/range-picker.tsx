// A stretch of time picked on a week: drawn by dragging over it, moved by its two ends. The ends are sliders, so arrow keys
// move them too; forms that show the same times are the third way.
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import type { Span } from './axis.ts'
import { overlaps } from './axis.ts'
import { formatInZone } from './format.ts'

const hour = 3_600_000
/** Less is a press that shook. */
const leastPixels = 6

/** Whole hours from the beginning of the week. */
export function timeAt(week: Span, share: number): number {
  const inside = Math.min(1, Math.max(0, share))
  return week.from + Math.round((inside * (week.to - week.from)) / hour) * hour
}

const keySteps: Readonly<Record<string, number>> = {
  ArrowLeft: -hour,
  ArrowDown: -hour,
  ArrowRight: hour,
  ArrowUp: hour,
  PageDown: -24 * hour,
  PageUp: 24 * hour,
}

/** For the row of one week: pressing, moving and letting go picks; a press without a move stays a press. */
export function useRangeDrag(week: Span, onPick: ((span: Span) => void) | null) {
  const begun = useRef<{ readonly x: number; readonly at: number } | null>(null)
  const [drawn, setDrawn] = useState<Span | null>(null)
  /** The click that follows letting go is no press of what lies there. */
  const swallow = useRef(false)
  const at = (event: PointerEvent<HTMLElement>): number => {
    const box = event.currentTarget.getBoundingClientRect()
    return timeAt(week, (event.clientX - box.left) / box.width)
  }
  const end = () => {
    begun.current = null
    setDrawn(null)
  }
  if (onPick === null) return { drawn: null, handlers: {} }
  return {
    drawn,
    handlers: {
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        swallow.current = false
        // A finger scrolls; on a phone the list and the form take its place.
        if (event.button === 0 && event.pointerType !== 'touch') begun.current = { x: event.clientX, at: at(event) }
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        const from = begun.current
        // Let go somewhere else, before it was a drag.
        if (from !== null && event.buttons === 0) return end()
        if (from === null || (drawn === null && Math.abs(event.clientX - from.x) < leastPixels)) return
        if (drawn === null) event.currentTarget.setPointerCapture(event.pointerId)
        const now = at(event)
        setDrawn({ from: Math.min(from.at, now), to: Math.max(from.at, now) })
      },
      onPointerUp: () => {
        swallow.current = drawn !== null
        if (drawn !== null && drawn.to > drawn.from) onPick(drawn)
        end()
      },
      onPointerCancel: end,
      onClickCapture: (event: { stopPropagation: () => void }) => {
        if (swallow.current) event.stopPropagation()
        swallow.current = false
      },
    },
  }
}

export function PickedRange({
  week,
  picked,
  zone,
  onPick,
}: {
  week: Span
  picked: Span
  zone: string
  onPick: ((span: Span) => void) | null
}) {
  if (!overlaps(picked, week)) return null
  const share = (at: number): number => ((at - week.from) / (week.to - week.from)) * 100
  const [from, to] = [Math.max(picked.from, week.from), Math.min(picked.to, week.to)]
  const ends = (['from', 'to'] as const).filter((end) => picked[end] >= week.from && picked[end] <= week.to)
  return (
    <>
      <div className="picked" style={{ left: `${share(from)}%`, width: `${share(to) - share(from)}%` }} />
      {onPick !== null &&
        ends.map((end) => (
          <RangeEnd key={end} end={end} left={share(picked[end])} {...{ week, picked, zone, onPick }} />
        ))}
    </>
  )
}

function RangeEnd({
  end,
  left,
  week,
  picked,
  zone,
  onPick,
}: {
  end: 'from' | 'to'
  left: number
  week: Span
  picked: Span
  zone: string
  onPick: (span: Span) => void
}) {
  const said = formatInZone(
    picked[end],
    { weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    zone,
  )
  return (
    <div
      role="slider"
      tabIndex={0}
      className="picked-end"
      style={{ left: `${left}%` }}
      aria-label={end === 'from' ? 'Beginning of the picked time' : 'End of the picked time'}
      aria-valuemin={end === 'from' ? week.from : picked.from + hour}
      aria-valuemax={end === 'from' ? picked.to - hour : week.to}
      aria-valuenow={picked[end]}
      aria-valuetext={said}
      onKeyDown={(event: KeyboardEvent) => {
        const step = keySteps[event.key]
        if (step === undefined) return
        event.preventDefault()
        const at = picked[end] + step
        // Keys never turn the picked time around: what is focused stays the end it is.
        if (end === 'from' ? at < picked.to : at > picked.from) onPick({ ...picked, [end]: at })
      }}
      onPointerDown={(event) => {
        event.stopPropagation()
        event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
        const box = event.currentTarget.parentElement?.getBoundingClientRect()
        if (box === undefined) return
        const at = timeAt(week, (event.clientX - box.left) / box.width)
        if (end === 'from' ? at < picked.to : at > picked.from) onPick({ ...picked, [end]: at })
      }}
    />
  )
}
