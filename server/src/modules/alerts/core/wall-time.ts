// What a clock and a calendar on the wall of a zone show.
import type { Instant } from '../../../kernel/instant.ts'
import { wallAt } from '../../oncall/core/index.ts'

export interface WallTime {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
  /** 0 is Sunday. */
  readonly weekday: number
  readonly minute: number
  readonly daysInMonth: number
}

export function wallTimeAt(zone: string, at: Instant): WallTime {
  const shown = new Date(wallAt(zone, at))
  const [year, month] = [shown.getUTCFullYear(), shown.getUTCMonth()]
  return {
    year,
    month: month + 1,
    day: shown.getUTCDate(),
    weekday: shown.getUTCDay(),
    minute: shown.getUTCHours() * 60 + shown.getUTCMinutes(),
    // Days are counted by the calendar: a month with a change of the clocks has as many as any other year's.
    daysInMonth: new Date(Date.UTC(year, month + 1, 0)).getUTCDate(),
  }
}
