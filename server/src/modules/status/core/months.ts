// The months of a page's history, in its own zone.
import { Temporal } from 'temporal-polyfill'
import { type Instant, instant } from '../../../kernel/instant.ts'

/** `2026-03` */
const monthPattern = /^(?:19|20|21)\d{2}-(?:0[1-9]|1[0-2])$/

export const isMonth = (text: string): boolean => monthPattern.test(text)

export function monthOf(at: Instant, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString().slice(0, 7)
}

/** From its first moment to the first of the next. */
export function boundsOf(month: string, zone: string): { readonly from: Instant; readonly to: Instant } {
  const first = Temporal.PlainYearMonth.from(month)
  const start = (each: Temporal.PlainYearMonth) =>
    instant(each.toPlainDate({ day: 1 }).toZonedDateTime(zone).epochMilliseconds)
  return { from: start(first), to: start(first.add({ months: 1 })) }
}
