// What everybody keeps to who counts readings of series.
import { minute } from '../../kernel/duration.ts'
import { formatInstant, type Instant } from '../../kernel/instant.ts'
import type { Findings } from './series.store.ts'

/** Series of one stream. A request id among the attributes makes a series of each request; this is where it ends. */
export const mostSeries = 5_000
// A source that is silent for longer was not measured meanwhile, whatever its counters say later.
export const longestBridgeMs = 2.5 * minute

export const isLate = ({ sliceMs }: { readonly sliceMs: number }, sliceStart: Instant, now: Instant) =>
  now - sliceStart > 3 * Math.max(sliceMs, minute)

/** Findings are counted by kind, so their number is bounded whatever is sent. */
export function addFindings(
  before: Findings,
  found: readonly { readonly kind: string; readonly example: string }[],
  now: Instant,
): Findings {
  if (found.length === 0) return before
  const after: Record<string, { count: number; lastAt: string; example: string }> = { ...before }
  for (const { kind, example } of found)
    after[kind] = { count: (after[kind]?.count ?? 0) + 1, lastAt: formatInstant(now), example: example.slice(0, 200) }
  return after
}
