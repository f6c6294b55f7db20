// Numbers in plain words, the same in the console, in a page and in the journal. Texts only; decides nothing.
import { day, hour, minute, second } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import { type Rational, toNumber } from '../../../kernel/rational.ts'

/** Three significant digits, without exponent: 14.4, 0.233, 1,000. */
export function formatShort(value: number): string {
  if (!Number.isFinite(value)) return '∞'
  const magnitude = Math.abs(value)
  if (magnitude === 0) return '0'
  const decimals = magnitude >= 100 ? 0 : Math.min(6, 2 - Math.floor(Math.log10(magnitude)))
  const fixed = value.toFixed(decimals)
  const [whole = '0', fraction = ''] = fixed.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  const kept = fraction.replace(/0+$/, '')
  return kept === '' ? grouped : `${grouped}.${kept}`
}

export function formatTimes(burn: Rational | number): string {
  return `${formatShort(typeof burn === 'number' ? burn : toNumber(burn))}×`
}

export function formatPercent(share: Rational | number): string {
  return `${formatShort((typeof share === 'number' ? share : toNumber(share)) * 100)} %`
}

/** Exactly as promised: 999/1000 is `99.9 %`, 9995/10000 is `99.95 %`. */
export function formatTarget(target: Rational): string {
  return `${decimalText(target.num * 100n, target.den)} %`
}

const mostPlaces = 12

/** Every place of a decimal; a fraction that is none is cut. */
function decimalText(num: bigint, den: bigint): string {
  const whole = num / den
  let [rest, places] = [num % den, '']
  while (rest !== 0n && places.length < mostPlaces) {
    rest *= 10n
    places += String(rest / den)
    rest %= den
  }
  return places === '' ? String(whole) : `${whole}.${places}`
}

/**
 * A share near the whole, with as many places as show how far from it: 99.83 %, 99.9942 %. Cut, never rounded up: below
 * 100 % never reads as 100 %.
 */
export function formatShare(share: Rational): string {
  const missing = (1 - toNumber(share)) * 100
  const places = missing <= 0 ? 0 : Math.min(mostPlaces - 3, Math.max(2, Math.ceil(-Math.log10(missing)) + 1))
  const scale = 10n ** BigInt(places)
  const cut = (share.num * 100n * scale) / share.den
  return `${decimalText(cut, scale)} %`
}

export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}

const spans: readonly (readonly [number, string])[] = [
  [day, 'd'],
  [hour, 'h'],
  [minute, 'min'],
  [second, 's'],
]

/** The two largest units that say something: `11 min 40 s`, `2 d 3 h`, `800 ms`. */
export function formatSpan(durationMs: number): string {
  const ms = Math.round(Math.abs(durationMs))
  if (ms < second) return `${ms} ms`
  const first = spans.findIndex(([size]) => ms >= size)
  const parts: string[] = []
  let rest = ms
  for (const [size, unit] of spans.slice(first, first + 2)) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) parts.push(`${count} ${unit}`)
  }
  return parts.join(' ')
}

/** How the reader wants instants: zone and language are the caller's. */
export type FormatInstant = (at: Instant) => string

export interface BudgetWords {
  readonly periodMs: number
  /** How a calendar period is called; a window that rolls is called by its length. */
  readonly period?: string
  /** Signed; null when nothing is known, with the reason. */
  readonly remainingMs: number | null
  /** The part of a rolling window that was measured, when the objective is younger than its window. */
  readonly measuredMs?: number
  readonly unknown: 'no-data' | 'no-events' | null
  readonly exhaustsAt: Instant | null
  readonly recoversAt: Instant | null
}

/** A window of which more than this was measured counts as whole. */
const mostlyMeasured = 0.9

/** `11 min 40 s of bad time left in 30 d; at the present rate gone Thu 14:05.` */
export function budgetSentence(words: BudgetWords, format: FormatInstant): string {
  const period = words.period ?? formatSpan(words.periodMs)
  if (words.remainingMs === null) {
    const why = words.unknown === 'no-events' ? 'nothing happened' : 'nothing was measured'
    return `Not known: ${why} in ${words.period === undefined ? 'the last ' : ''}${period}.`
  }
  if (words.remainingMs < 0) {
    const then = words.recoversAt === null ? '' : `; without further failures kept again ${format(words.recoversAt)}`
    const { measuredMs } = words
    // Days of bad time cannot have passed in minutes: what is overspent is told of the time that was measured.
    if (measuredMs !== undefined && measuredMs < mostlyMeasured * words.periodMs) {
      const over = formatSpan((words.remainingMs * measuredMs) / words.periodMs)
      return `Overspent by ${over} of bad time in the ${formatSpan(measuredMs)} of ${period} that were measured${then}.`
    }
    return `Overspent by ${formatSpan(words.remainingMs)} of bad time in ${period}${then}.`
  }
  const left = words.remainingMs < 1 ? 'No bad time left' : `${formatSpan(words.remainingMs)} of bad time left`
  const then = words.exhaustsAt === null ? '' : `; at the present rate gone ${format(instant(words.exhaustsAt))}`
  return `${left} in ${period}${then}.`
}
