// Exact fractions for targets, ratios and burn rates: 0.999 is 999/1000, never 0.99899999999999999.
// Compared by cross-multiplication in bigint; converted to a number only to be shown.

export interface Rational {
  readonly num: bigint
  /** Always positive, always lowest terms. */
  readonly den: bigint
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b]
  while (y !== 0n) [x, y] = [y, x % y]
  return x
}

export function rational(num: bigint | number, den: bigint | number = 1n): Rational {
  const [n, d] = [BigInt(num), BigInt(den)]
  if (d === 0n) throw new RangeError('A rational needs a denominator other than 0.')
  const sign = d < 0n ? -1n : 1n
  const divisor = gcd(n, d < 0n ? -d : d) || 1n
  return { num: (sign * n) / divisor, den: (sign * d) / divisor }
}

/** Reads a decimal literal exactly: `99.95`, `0.999`, `-1`, `1e-3`. Null when it is none, or longer than 40 characters. */
export function parseRational(text: string): Rational | null {
  const match = text.length <= 40 ? /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,2}))?$/.exec(text) : null
  if (match === null) return null
  const [, sign, whole, fraction = '', exponent = '0'] = match
  const shift = Number(exponent) - fraction.length
  const digits = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n)
  return shift >= 0 ? rational(digits * 10n ** BigInt(shift)) : rational(digits, 10n ** BigInt(-shift))
}

/** The exact decimal a person wrote, taken from the shortest text of the double: 0.1 → 1/10. */
export function rationalFromNumber(value: number): Rational {
  const exact = parseRational(String(value))
  if (exact === null) throw new RangeError(`Not a finite decimal: ${value}`)
  return exact
}

export const add = (a: Rational, b: Rational): Rational => rational(a.num * b.den + b.num * a.den, a.den * b.den)
export const subtract = (a: Rational, b: Rational): Rational => rational(a.num * b.den - b.num * a.den, a.den * b.den)
export const multiply = (a: Rational, b: Rational): Rational => rational(a.num * b.num, a.den * b.den)
export const divide = (a: Rational, b: Rational): Rational => rational(a.num * b.den, a.den * b.num)

/** Negative when a < b, 0 when equal, positive when a > b. */
export function compare(a: Rational, b: Rational): number {
  const difference = a.num * b.den - b.num * a.den
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** For display only. */
export function toNumber(value: Rational): number {
  const whole = value.num / value.den
  if (whole > 9_007_199_254_740_991n || whole < -9_007_199_254_740_991n) return Number(whole)
  // 15 digits after the point, which is all a double can hold beside the whole part.
  const scaled = ((value.num % value.den) * 1_000_000_000_000_000n) / value.den
  return Number(whole) + Number(scaled) / 1e15
}
