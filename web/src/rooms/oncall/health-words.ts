// How weeks and trends of on-call health are called.
import { formatInZone } from '../../parts/format.ts'
import type { TeamOnCallHealth } from '../../shell/oncall-api.ts'

/** Weeks begin at midnight where people live, which is the day before or the same day in UTC: some hours later it is the same day nearly everywhere. */
const laterMs = 13 * 3_600_000
const day = 86_400_000

/** A week by its Monday; several together with their last day, too. */
export function spanWords({ from, to }: { readonly from: string; readonly to: string }, locale?: string): string {
  const said = (at: number) => formatInZone(at + laterMs, { day: 'numeric', month: 'short' }, 'UTC', locale)
  const [start, end] = [Date.parse(from), Date.parse(to)]
  return end - start > 8 * day ? `${said(start)} to ${said(end - day)}` : said(start)
}

type Trend = NonNullable<TeamOnCallHealth['trend']>

const differences = {
  more: 'more than chance explains',
  fewer: 'fewer than chance explains',
  same: 'no more of a difference than chance makes',
  unknown: 'too few to compare',
}

export function trendWords({ weeks, calls, brokenNights }: Trend): string {
  const say = (word: string, { before, after, trend }: Trend['calls']): string =>
    `${word}: ${after} in the last ${weeks} whole weeks, ${before} in the ${weeks} before (${differences[trend]})`
  return `${say('Calls', calls)}. ${say('Broken nights', brokenNights)}.`
}
