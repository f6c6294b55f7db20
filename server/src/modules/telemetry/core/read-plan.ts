// Which stretch of a stream is read next from a Prometheus: forward first, then history, each in bounded steps that
// begin and end at slice edges, so that nothing is read twice and nothing between is left out.
import { hour, minute, second } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'

/** The newest scrape needs a moment to be seen by a query. */
export const settleMs = 5 * second
/** How far back a new stream begins, and after a long silence of the server; what is older is filled in afterwards. */
export const freshMs = 6 * hour
/** Most slices of one read: of 15-second scrapes a series has some 2,000 samples in it. */
const mostSlices = 500
/** Read on both sides of a stretch whose neighbours are not in memory, so that differences across its edges are known. */
export const leadMs = 30 * minute

export interface Stretch {
  /** The slices within [after, to) are counted. */
  readonly after: Instant
  readonly to: Instant
}

export interface Known {
  readonly until: Instant
  readonly from: Instant | null
}

export function nextStretch(known: Known | null, sliceMs: number, now: Instant, keepMs: number): Stretch | null {
  const until = floor(now - settleMs, sliceMs)
  const after = Math.max(known?.until ?? 0, floor(now - Math.min(freshMs, keepMs - hour), sliceMs))
  const to = Math.min(until, after + mostSlices * sliceMs)
  return to <= after ? null : { after: instant(after), to: instant(to) }
}

/** The newest stretch not yet filled in, back to what is kept; null when all is. */
export function earlierStretch(known: Known | null, sliceMs: number, now: Instant, keepMs: number): Stretch | null {
  if (known === null || known.from === null) return null
  // A margin, so that what is filled in is not swept away in the same hour.
  const oldest = floor(now - keepMs + hour, sliceMs)
  const after = Math.max(oldest, known.from - mostSlices * sliceMs)
  return after >= known.from ? null : { after: instant(after), to: known.from }
}

/** The first half of a stretch that was too much for the server; null when it is a single slice. */
export function halve({ after, to }: Stretch, sliceMs: number, back: boolean): Stretch | null {
  const slices = Math.floor((to - after) / sliceMs)
  if (slices < 2) return null
  const middle = instant(after + Math.floor(slices / 2) * sliceMs)
  return back ? { after: middle, to } : { after, to: middle }
}

const floor = (at: number, sliceMs: number): number => Math.floor(at / sliceMs) * sliceMs
