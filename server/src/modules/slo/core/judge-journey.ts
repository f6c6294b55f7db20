// What a journey came to over its window: by weight, by its worst member, by time without a failure, and, always beside
// them, the product of its members, because a mean hides that all of them are needed. Exact; unknown is never good.
import { add, compare, divide, multiply, type Rational, rational, subtract } from '../../../kernel/rational.ts'
import { atLeast, type Ceiling, serialOf, usedBy } from './ceiling.ts'
import { anyOfSteps, blameOf, countSteps, type StepCounts, serialSteps } from './joint-steps.ts'
import type { JourneyDefinition, JourneyMember, MissingPolicy } from './journey.ts'
import { defaultCoverageFloor } from './judge.ts'
import type { Steps } from './member-tally.ts'
import { coverage, type WindowSum } from './window.ts'

const [zero, one] = [rational(0), rational(1)]

export type Attained =
  | { readonly state: 'known'; readonly value: Rational }
  /** Measured, or not expected to be, and nothing happened: it says neither good nor bad. */
  | { readonly state: 'idle' }
  | { readonly state: 'unknown' }

const known = (value: Rational): Attained => ({ state: 'known', value })
export const shareOf = (attained: Attained): Rational | null => (attained.state === 'known' ? attained.value : null)

/** Of an objective over the window of a journey, in the units of its method. */
export function attainedOf(
  sum: Pick<WindowSum, 'spent' | 'total' | 'measured' | 'expected'>,
  missing: MissingPolicy,
): Attained {
  const share = coverage(sum)
  if (share === null) return { state: 'idle' }
  const value = sum.total === 0 ? null : rational(sum.total - sum.spent, sum.total)
  // What was not measured counts as failed: of half a window only half can have been good.
  if (missing === 'bad') return sum.measured === 0 ? known(zero) : known(multiply(value ?? one, share))
  if (compare(share, defaultCoverageFloor) < 0) return { state: 'unknown' }
  return value === null ? { state: 'idle' } : known(value)
}

/** A member as it was evaluated: an objective, a journey of its own, or several of which some are enough. */
export interface Evaluated {
  readonly attained: Attained
  readonly product: Attained
  readonly promised: Rational | null
  readonly steps: Steps
}

/** `need` of several objectives. */
export function evaluateAnyOf(need: number, parts: readonly Evaluated[], missing: MissingPolicy): Evaluated {
  const counted = parts.filter(({ attained }) => missing !== 'leave-out' || attained.state !== 'unknown')
  const values = counted.map(({ attained }) => attained)
  const promises = parts.map((each) => each.promised).filter((each) => each !== null)
  const steps = anyOfSteps(
    parts.map((each) => each.steps),
    need,
  )
  const attained = together(values, (all) => atLeast(Math.min(need, values.length), all))
  return {
    attained,
    product: attained,
    promised: promises.length < parts.length ? null : atLeast(need, promises),
    steps,
  }
}

/** One that is idle could have been used: it is counted as working only where others were seen to. */
function together(values: readonly Attained[], of: (known: readonly Rational[]) => Rational): Attained {
  if (values.some((each) => each.state === 'unknown')) return { state: 'unknown' }
  if (!values.some((each) => each.state === 'known')) return { state: values.length === 0 ? 'unknown' : 'idle' }
  return known(of(values.map((each) => shareOf(each) ?? one)))
}

export interface MemberVerdict {
  readonly attained: Attained
  readonly promised: Rational | null
  /** Share of its budget that is left; null when it promises nothing or is not known. */
  readonly remaining: Rational | null
  /** No other member did worse. */
  readonly worst: boolean
  /** Steps that were bad because of it, and those that were bad because of it alone. */
  readonly blame: { readonly bad: number; readonly alone: number }
}

export interface JourneyVerdict {
  /** By the mode that was chosen. */
  readonly attained: Attained
  readonly weighted: Attained
  readonly product: Attained
  readonly worst: Attained
  /** Time in which no member failed. */
  readonly joint: Attained
  readonly counts: StepCounts
  readonly steps: Steps
  /** Of its budget; below 0 when overspent, null when it is not known. */
  readonly remaining: Rational | null
  readonly ceiling: Ceiling
  readonly members: readonly MemberVerdict[]
}

interface Counted {
  readonly member: JourneyMember
  readonly evaluated: Evaluated
}

export function judgeJourney(
  { target, mode, missing, members }: Pick<JourneyDefinition, 'target' | 'mode' | 'missing' | 'members'>,
  evaluated: readonly Evaluated[],
): JourneyVerdict {
  const all: readonly Counted[] = members.flatMap((member, index) => {
    const each = evaluated[index]
    return each === undefined ? [] : [{ member, evaluated: each }]
  })
  const counted = all.filter(({ evaluated: each }) => missing !== 'leave-out' || each.attained.state !== 'unknown')
  // What only some journeys pass through fails those, not all of them.
  const needed = all.filter(({ member }) => compare(member.use, one) === 0)
  const steps = serialSteps(
    needed.map((each) => each.evaluated.steps),
    missing,
  )
  const counts = countSteps(steps)
  const joint = jointOf(counts)
  const weighted = over(counted, (each) => each.evaluated.attained, mean)
  const product = over(
    counted,
    (each) => each.evaluated.product,
    (known) => serialOf(known.map(({ member, value }) => usedBy(member.use, value))),
  )
  const worst = over(
    counted,
    (each) => each.evaluated.attained,
    (known) => known.map(({ value }) => value).reduce((a, b) => (compare(b, a) < 0 ? b : a)),
  )
  const attained = { weighted, worst, 'any-bad': joint, 'budget-weighted': weighted }[mode]
  const least = shareOf(worst)
  const promises = all.flatMap(({ member, evaluated: { promised } }) =>
    promised === null ? [] : [usedBy(member.use, promised)],
  )
  return {
    attained,
    weighted,
    product,
    worst,
    joint,
    counts,
    steps,
    remaining: mode === 'budget-weighted' ? remainingTogether(counted) : remainingOf(target, attained),
    ceiling: {
      promised: promises.length === all.length && all.length > 0 ? serialOf(promises) : null,
      measured: shareOf(product),
    },
    members: all.map(({ evaluated: each }, index) => {
      const value = shareOf(each.attained)
      return {
        attained: each.attained,
        promised: each.promised,
        remaining: remainingOf(each.promised, each.attained),
        worst: value !== null && least !== null && compare(value, least) === 0 && compare(value, one) < 0,
        blame: blameOf(
          each.steps,
          all.filter((_other, place) => place !== index).map((other) => other.evaluated.steps),
        ),
      }
    }),
  }
}

interface Known {
  readonly member: JourneyMember
  readonly value: Rational
}

/** Of those that are known; one that is not makes the whole unknown, and idle ones say nothing. */
function over(
  counted: readonly Counted[],
  attainedBy: (each: Counted) => Attained,
  of: (known: readonly Known[]) => Rational,
): Attained {
  const parts = counted.map((each) => ({ member: each.member, attained: attainedBy(each) }))
  if (parts.length === 0 || parts.some(({ attained }) => attained.state === 'unknown')) return { state: 'unknown' }
  const values = parts.flatMap(({ member, attained }) =>
    attained.state === 'known' ? [{ member, value: attained.value }] : [],
  )
  return values.length === 0 ? { state: 'idle' } : known(of(values))
}

function mean(values: readonly Known[]): Rational {
  const weights = values.map(({ member }) => member.weight).reduce(add, zero)
  return divide(values.map(({ member, value }) => multiply(member.weight, value)).reduce(add, zero), weights)
}

/** Nothing that happened failed: idle time is good time, as it is for slices. */
function jointOf({ good, bad, unknown, idle }: StepCounts): Attained {
  const told = good + bad + idle
  if (told + unknown === 0) return { state: 'idle' }
  if (compare(rational(told, told + unknown), defaultCoverageFloor) < 0) return { state: 'unknown' }
  return good + bad === 0 ? { state: 'idle' } : known(rational(good + idle, told))
}

function remainingOf(target: Rational | null, attained: Attained): Rational | null {
  const value = shareOf(attained)
  if (target === null || value === null || compare(target, one) >= 0) return null
  return subtract(one, divide(subtract(one, value), subtract(one, target)))
}

/** The shares of their budgets that the members spent, by weight: OpenSLO's burn of a composite. */
function remainingTogether(counted: readonly Counted[]): Rational | null {
  const left = over(
    counted,
    ({ evaluated: { promised, attained } }) => {
      if (attained.state !== 'known') return attained
      const remaining = remainingOf(promised, attained)
      return remaining === null ? { state: 'unknown' } : known(remaining)
    },
    mean,
  )
  return shareOf(left)
}
