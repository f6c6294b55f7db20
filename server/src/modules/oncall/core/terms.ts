// The terms a team is on call under: what counts as working hours and as night, what a call is, how much is too much.
import { hour, minute } from '../../../kernel/duration.ts'
import type { WeekWindow } from './hours.ts'

export interface OnCallTerms {
  /** Where the person lives. Everything else, and a holiday of the schedule, is after hours. */
  readonly workingHours: readonly WeekWindow[]
  /** The hours people sleep, where the person lives. */
  readonly night: { readonly fromMinute: number; readonly lengthMinutes: number }
  readonly call: {
    /** Pages that follow each other sooner than this are one call. */
    readonly togetherMs: number
    /** Whoever is called is kept this long, also when it is over sooner. */
    readonly leastMs: number
    /** And no longer than this, however long the alert stays open. */
    readonly mostMs: number
  }
  readonly limits: HealthLimits
}

export interface HealthLimits {
  /** Calls in one stretch of duty. */
  readonly calls: number
  readonly perMs: number
  /** Nights with a page, of one person in one week. */
  readonly brokenNights: number
  /** Of all hours of the shown time, of one person; 0..1. */
  readonly timeOnCall: number
  readonly answerMs: number
}

const dayMinutes = 1440

/**
 * Two calls in a shift of twelve hours and a quarter of the time on call are the limits of Google's "Site Reliability
 * Engineering" (2016), chapter 11. Working hours are those the figures of alerts are counted by.
 */
export const defaultTerms: OnCallTerms = {
  workingHours: [0, 1, 2, 3, 4].map((weekday) => ({ weekday, fromMinute: 8 * 60, lengthMinutes: 10 * 60 })),
  night: { fromMinute: 22 * 60, lengthMinutes: 8 * 60 },
  call: { togetherMs: 30 * minute, leastMs: 30 * minute, mostMs: 4 * hour },
  limits: { calls: 2, perMs: 12 * hour, brokenNights: 2, timeOnCall: 0.25, answerMs: 5 * minute },
}

export function nightWindows({ night }: Pick<OnCallTerms, 'night'>): readonly WeekWindow[] {
  return [0, 1, 2, 3, 4, 5, 6].map((weekday) => ({ weekday, ...night }))
}

/** `22:00` to `06:00`, over midnight when the end is earlier; null when one of them is no time or they are the same. */
export function readNight(from: string, to: string): OnCallTerms['night'] | null {
  const [start, end] = [minuteOf(from), minuteOf(to)]
  if (start === null || end === null || start === end) return null
  return { fromMinute: start, lengthMinutes: (end - start + dayMinutes) % dayMinutes }
}

function minuteOf(text: string): number | null {
  const match = /^(\d{2}):(\d{2})$/.exec(text)
  if (match === null) return null
  const [hours, minutes] = [Number(match[1]), Number(match[2])]
  return hours > 23 || minutes > 59 ? null : hours * 60 + minutes
}
