// Months and kinds of hour of pay statements.
import type { PayPeriod, TimeClass } from '../../shell/oncall-api.ts'

export const classes: readonly TimeClass[] = ['weekday', 'night', 'weekend', 'holiday']
export const classTitles: Readonly<Record<TimeClass, string>> = {
  weekday: 'Weekday',
  night: 'Night',
  weekend: 'Weekend',
  holiday: 'Holiday',
}

/** `2026-11`, newest first, beginning with the month under way by the reader's own calendar. */
export function monthsUpTo(now: number, count: number): readonly string[] {
  const date = new Date(now)
  return Array.from({ length: count }, (_, index) =>
    new Date(Date.UTC(date.getFullYear(), date.getMonth() - index, 1)).toISOString().slice(0, 7),
  )
}

export function periodOfMonth(month: string): PayPeriod | null {
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month)
  if (match === null) return null
  const until = new Date(Date.UTC(Number(match[1]), Number(match[2]), 1)).toISOString().slice(0, 10)
  return { from: `${month}-01`, until }
}

/** What people write as hours, `1.5`, `-8` or `7:45`, in milliseconds; null when it is none. */
export function readHours(text: string): number | null {
  const match = /^(-|−)?(?:(\d{1,4})(?:[.,](\d{1,2}))?|(\d{1,4}):([0-5]\d))$/.exec(text.trim())
  if (match === null) return null
  const whole = Number(match[2] ?? match[4])
  const part = match[5] === undefined ? Number(`0.${match[3] ?? '0'}`) : Number(match[5]) / 60
  return Math.round((whole + part) * 3_600_000) * (match[1] === undefined ? 1 : -1)
}

/** Whose hours may need a line: first those who have some, then everybody else. */
export function correctable(
  counted: readonly { readonly person: string; readonly displayName: string }[],
  everybody: ReadonlyMap<string, { readonly title: string }>,
): readonly { readonly name: string; readonly title: string }[] {
  const names = new Set(counted.map((each) => each.person))
  const others = [...everybody].filter(([name]) => !names.has(name)).map(([name, { title }]) => ({ name, title }))
  return [...counted.map((each) => ({ name: each.person, title: each.displayName })), ...others]
}
