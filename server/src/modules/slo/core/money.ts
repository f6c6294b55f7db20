// Amounts of money as exact decimals. Rounded once, at the end, to the smallest unit of the currency, halves up.
import { multiply, parseRational, type Rational, rational } from '../../../kernel/rational.ts'

// ISO 4217: all others have two places.
const places: ReadonlyMap<string, number> = new Map([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0] as const),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3] as const),
])

export const placesOf = (currency: string): number => places.get(currency) ?? 2

export interface Money {
  readonly amount: Rational
  /** ISO 4217: `EUR`. */
  readonly currency: string
}

/** `1200.00 EUR`; null when it is none, negative, or finer than the currency. */
export function parseMoney(text: string): Money | null {
  const [, digits = '', currency = ''] = /^(\d{1,12}(?:\.\d{1,3})?) ([A-Z]{3})$/.exec(text) ?? []
  const amount = parseRational(digits)
  if (amount === null) return null
  const scaled = multiply(amount, rational(10n ** BigInt(placesOf(currency))))
  return scaled.den === 1n ? { amount, currency } : null
}

/** A share of an amount, rounded to what can be paid. */
export function shareOfMoney({ amount, currency }: Money, share: Rational): Money {
  const scale = 10n ** BigInt(placesOf(currency))
  const exact = multiply(multiply(amount, share), rational(scale))
  // Amounts are not negative: half up is half away from zero.
  const whole = (2n * exact.num + exact.den) / (2n * exact.den)
  return { amount: rational(whole, scale), currency }
}

/** `120.00`: every place of the currency, no grouping. */
export function amountText({ amount, currency }: Money): string {
  const decimals = placesOf(currency)
  const units = (amount.num * 10n ** BigInt(decimals)) / amount.den
  const digits = String(units).padStart(decimals + 1, '0')
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}

export const moneyText = (money: Money): string => `${amountText(money)} ${money.currency}`
