// Uptime in days, from what an objective counted. A day nobody measured is not a good day.
import { day } from '../../../kernel/duration.ts'
import { formatInstant, type Instant, instant } from '../../../kernel/instant.ts'

export interface DayCounts {
  /** Midnight, UTC. */
  readonly start: Instant
  readonly good: number
  readonly bad: number
}

export type DayLevel = 'good' | 'fair' | 'poor' | 'no-data'

export interface UptimeDay {
  /** `2026-03-01` */
  readonly date: string
  readonly level: DayLevel
  /** Share of what was good; null without data. */
  readonly ratio: number | null
}

export interface Uptime {
  readonly days: readonly UptimeDay[]
  /** Over all that was measured; null when nothing was. */
  readonly ratio: number | null
  readonly measuredDays: number
}

export const shownDays = 90
const goodFrom = 0.999
const fairFrom = 0.99

export function uptimeOf(counts: readonly DayCounts[], now: Instant, days = shownDays): Uptime {
  const today = Math.floor(now / day) * day
  const byStart = new Map(counts.map((each) => [Math.floor(each.start / day) * day, each]))
  let good = 0
  let total = 0
  const shown = Array.from({ length: days }, (_, index): UptimeDay => {
    const start = today - (days - 1 - index) * day
    const date = formatInstant(instant(start)).slice(0, 10)
    const found = byStart.get(start)
    const counted = found === undefined ? 0 : found.good + found.bad
    if (found === undefined || counted === 0) return { date, level: 'no-data', ratio: null }
    good += found.good
    total += counted
    const ratio = found.good / counted
    return { date, level: ratio >= goodFrom ? 'good' : ratio >= fairFrom ? 'fair' : 'poor', ratio }
  })
  const measuredDays = shown.filter((each) => each.ratio !== null).length
  return { days: shown, ratio: total === 0 ? null : good / total, measuredDays }
}
