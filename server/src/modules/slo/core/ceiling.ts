// What can be promised at most of something that needs others: all of them (the product), some of several (k of n), or
// one only now and then. It assumes that they fail independently; when failures coincide, more is possible.
import { add, compare, multiply, type Rational, rational, subtract } from '../../../kernel/rational.ts'
import { formatShare, formatSpan, formatTarget } from './sentence.ts'

const [zero, one] = [rational(0), rational(1)]

/** All are needed. */
export const serialOf = (parts: readonly Rational[]): Rational => parts.reduce(multiply, one)

/** At least `need` of them work; exact for parts that differ. */
export function atLeast(need: number, parts: readonly Rational[]): Rational {
  // working[k]: the chance that exactly k of the parts so far work.
  let working: Rational[] = [one]
  for (const part of parts) {
    const next = Array.from({ length: working.length + 1 }, () => zero)
    for (const [count, chance] of working.entries()) {
      next[count] = add(next[count] ?? zero, multiply(chance, subtract(one, part)))
      next[count + 1] = add(next[count + 1] ?? zero, multiply(chance, part))
    }
    working = next
  }
  return working.slice(Math.max(0, need)).reduce(add, zero)
}

/** Only a share of the uses passes through it: 1 − use × (1 − part). */
export const usedBy = (use: Rational, part: Rational): Rational => subtract(one, multiply(use, subtract(one, part)))

/** Something that is needed, with what it promises and what it did. */
export interface Needed {
  readonly name: string
  readonly promised: Rational | null
  /** Null: not known over this window. */
  readonly measured: Rational | null
}

export interface Ceiling {
  /** Of all promises together; null when one of them promises nothing. */
  readonly promised: Rational | null
  /** Of what they did; null when one is not known. */
  readonly measured: Rational | null
}

export type CeilingVerdict =
  | { readonly state: 'fits' | 'unknown'; readonly sentence: string | null }
  /** A warning: the promises contradict each other. */
  | { readonly state: 'above-promised'; readonly sentence: string }
  /** A finding: the promises fit, but what was measured does not. */
  | { readonly state: 'above-measured'; readonly sentence: string }

/** Whether a target can be kept by something that needs all of these. `who`: `its dependencies`, `its members`. */
export function judgeCeiling(
  target: Rational,
  needed: readonly Needed[],
  ceiling: Ceiling,
  words: { readonly who: string; readonly windowMs: number },
): CeilingVerdict {
  const wanted = formatTarget(target)
  const below = needed
    .flatMap(({ name, promised }) => (promised === null ? [] : [{ name, promised }]))
    .filter(({ promised }) => compare(promised, target) < 0)
    .sort((a, b) => compare(a.promised, b.promised))
  const { promised, measured } = ceiling
  if (promised !== null && compare(target, promised) > 0) {
    const [worst] = below
    const together = `together ${words.who} promise ${formatShare(promised)} at most`
    if (worst === undefined)
      return {
        state: 'above-promised',
        sentence: `${wanted} is more than can be kept: ${together}, if they fail independently.`,
      }
    const alone = needed.length === 1
    const sentence = `${wanted} is impossible while ${worst.name} promises ${formatTarget(worst.promised)}${alone ? '' : `; ${together}`}.`
    return { state: 'above-promised', sentence }
  }
  if (measured !== null && compare(target, measured) > 0) {
    const over = formatSpan(words.windowMs)
    const sentence = `${wanted} is more than ${words.who} did: ${formatShare(measured)} together over the last ${over}, if they failed independently.`
    return { state: 'above-measured', sentence }
  }
  if (promised === null) return { state: 'unknown', sentence: null }
  return { state: 'fits', sentence: `${wanted} fits: together ${words.who} promise ${formatShare(promised)}.` }
}
