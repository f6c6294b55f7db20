// Where the clocks of a zone stood over a span, as few steps: two or three in a year.
import { day } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'

export interface Offset {
  readonly from: Instant
  readonly offsetMs: number
}

/** To the day: clocks change in nights, which are after hours before and after. */
export function offsetsIn(offsetAt: (at: Instant) => number, from: Instant, until: Instant): readonly Offset[] {
  const offsets: Offset[] = [{ from, offsetMs: offsetAt(from) }]
  for (let at = plus(from, day); at <= until; at = plus(at, day)) {
    const offsetMs = offsetAt(at)
    if (offsetMs !== offsets.at(-1)?.offsetMs) offsets.push({ from: at, offsetMs })
  }
  return offsets
}
