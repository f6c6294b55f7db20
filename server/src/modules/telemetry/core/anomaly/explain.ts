// What is unusual, in words: "3.1× the usual Saturday 02:00". Only what was measured and learnt, no guess at a cause.
import type { Unusual } from './detector.ts'

/** `rate`: events a minute. `share`: 0 to 1. `duration`: milliseconds. */
export type Unit = 'rate' | 'share' | 'duration'

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const

/** A share of nearly nothing has no ratio worth telling: 40 times 0.01 % frightens for nothing. */
const leastForRatio: Readonly<Record<Unit, number>> = { rate: 0.1, share: 0.001, duration: 0.1 }

/** How many times the usual; null where that says nothing. */
export function timesUsual({ value, usual }: Pick<Unusual, 'value' | 'usual'>, unit: Unit): number | null {
  return usual < leastForRatio[unit] || value < 0 ? null : value / usual
}

/** "Saturday 02:00", "02:00", or empty when no hour is known by itself yet. */
export function hourInWords({ pattern, wall }: Pick<Unusual, 'pattern' | 'wall'>): string {
  if (pattern === 'all') return ''
  const clock = `${String(wall.hour).padStart(2, '0')}:00`
  return pattern === 'day' ? clock : `${weekdays[wall.weekday] ?? ''} ${clock}`
}

export function explain(unusual: Unusual, unit: Unit): string {
  const times = timesUsual(unusual, unit)
  const hour = hourInWords(unusual)
  // The unit of a rate is said once; a share or a time would be misread without it.
  const usual = unit === 'rate' ? digits(unusual.usual) : inUnit(unusual.usual, unit)
  const usually = `${inUnit(unusual.value, unit)}, usually ${usual}`
  if (times === null || (times > 0.95 && times < 1.05)) {
    const when = hour === '' ? '' : unusual.pattern === 'week' ? ` on ${hour}` : ` at ${hour}`
    return `${usually}${when}`
  }
  return `${factor(times)} the usual${hour === '' ? '' : ` ${hour}`} (${usually})`
}

function factor(times: number): string {
  if (times >= 100) return `${Math.round(times)}×`
  if (times >= 1) return `${times.toFixed(1)}×`
  return times === 0 ? 'nothing of' : `${digits(times * 100)} % of`
}

export function inUnit(value: number, unit: Unit): string {
  if (unit === 'rate') return `${digits(value)} a minute`
  if (unit === 'share') return `${digits(value * 100)} %`
  return value >= 1000 ? `${digits(value / 1000)} s` : `${digits(value)} ms`
}

/** Two digits that say something; more only before the point. */
function digits(value: number): string {
  const size = Math.abs(value)
  if (size === 0) return '0'
  if (size >= 10) return String(Math.round(value))
  return String(Number(value.toPrecision(2)))
}
