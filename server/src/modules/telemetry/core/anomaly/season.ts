// What is usual at an hour of the day, and once the week is known, at an hour of the week. One number for each.
import { rateOf } from './level.ts'

export interface Season {
  /** 24 hours of the day, then 168 of the week from Sunday 00:00. */
  readonly usual: readonly number[]
  readonly points: readonly number[]
}

/** On the wall of the series' zone; Sunday is 0. */
export interface WallHour {
  readonly weekday: number
  readonly hour: number
}

/** `all`: what is usual whatever the hour. */
export type Pattern = 'all' | 'day' | 'week'

export interface SeasonRules {
  readonly pointsForDay: number
  readonly pointsForWeek: number
  readonly halfLife: number
}

const hoursOfDay = 24
const cells = hoursOfDay + 7 * 24

export const unknownSeason: Season = {
  usual: new Array<number>(cells).fill(0),
  points: new Array<number>(cells).fill(0),
}

/** The finest pattern that enough points have shown; null when not even the hour of the day is known. */
export function usualAt(
  season: Season,
  { weekday, hour }: WallHour,
  rules: SeasonRules,
): { readonly pattern: Pattern; readonly usual: number } | null {
  const week = weekCell(weekday, hour)
  if ((season.points[week] ?? 0) >= rules.pointsForWeek) return { pattern: 'week', usual: season.usual[week] ?? 0 }
  if ((season.points[hour] ?? 0) >= rules.pointsForDay) return { pattern: 'day', usual: season.usual[hour] ?? 0 }
  return null
}

/** `limit` is how far from what was usual a point may pull: infinite until the spread is known. */
export function learnSeason(
  season: Season,
  { weekday, hour }: WallHour,
  value: number,
  { rules, limit }: { readonly rules: SeasonRules; readonly limit: number },
): Season {
  const usual = season.usual.slice()
  const points = season.points.slice()
  for (const cell of [hour, weekCell(weekday, hour)]) {
    const seen = (points[cell] ?? 0) + 1
    const before = usual[cell] ?? 0
    const rate = Math.max(rateOf(rules.halfLife), 1 / seen)
    const distance = value - before
    points[cell] = Math.min(seen, 1_000_000)
    usual[cell] = seen === 1 ? value : before + rate * Math.max(-limit, Math.min(limit, distance))
  }
  return { usual, points }
}

function weekCell(weekday: number, hour: number): number {
  return hoursOfDay + weekday * 24 + hour
}
