// Places on a time axis: scale, ticks, bars in as few rows as possible, and the window that a brush selects.

export interface Span {
  readonly from: number
  readonly to: number
}

export function placeOf(at: number, axis: Span, width: number): number {
  return ((at - axis.from) / (axis.to - axis.from)) * width
}

export function timeAt(x: number, axis: Span, width: number): number {
  return axis.from + (Math.min(Math.max(x, 0), width) / width) * (axis.to - axis.from)
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const steps = [
  minute,
  5 * minute,
  15 * minute,
  30 * minute,
  hour,
  3 * hour,
  6 * hour,
  12 * hour,
  day,
  2 * day,
  7 * day,
  14 * day,
  30 * day,
] as const

export interface Ticks {
  readonly stepMs: number
  readonly at: readonly number[]
}

/** Round moments in the viewer's zone; `offsetMs` is what the zone is ahead of UTC at the start. */
export function ticksOf(axis: Span, most: number, offsetMs: number): Ticks {
  const length = axis.to - axis.from
  const stepMs = steps.find((step) => length / step <= most) ?? 30 * day
  const first = Math.ceil((axis.from + offsetMs) / stepMs) * stepMs - offsetMs
  const at: number[] = []
  for (let tick = first; tick <= axis.to; tick += stepMs) at.push(tick)
  return { stepMs, at }
}

/** The row of each bar, so that none covers another; `gap` is the room between two bars in one row. */
export function stackBars(bars: readonly Span[], gap: number): readonly number[] {
  const ends: number[] = []
  const order = bars.map((_, index) => index).sort((a, b) => (bars[a]?.from ?? 0) - (bars[b]?.from ?? 0))
  const rows = new Array<number>(bars.length).fill(0)
  for (const index of order) {
    const bar = bars[index]
    if (bar === undefined) continue
    const free = ends.findIndex((end) => end + gap <= bar.from)
    const row = free < 0 ? ends.length : free
    ends[row] = Math.max(bar.to, bar.from)
    rows[index] = row
  }
  return rows
}

/** A selection on the axis: in order, inside, and never shorter than `least`. */
export function brushed(a: number, b: number, axis: Span, least: number): Span {
  const from = Math.max(axis.from, Math.min(a, b))
  const to = Math.min(axis.to, Math.max(a, b))
  if (to - from >= least) return { from, to }
  const middle = Math.min(Math.max((from + to) / 2, axis.from + least / 2), axis.to - least / 2)
  return { from: middle - least / 2, to: middle + least / 2 }
}

export function overlaps(bar: Span, window: Span): boolean {
  return bar.from < window.to && bar.to > window.from
}
