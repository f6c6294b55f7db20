// One objective over the window of a journey: its exact sum, and for each step of the journey whether it failed. Slices
// are read once, in blocks; what no block holds was not measured.
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Rational } from '../../../kernel/rational.ts'
import { compareProducts } from './exact.ts'
import type { CoveredSlices } from './exclusion.ts'
import type { StoredBlock } from './load-ring.ts'
import { type SpendRule, spendOf } from './spend.ts'
import type { WindowSum } from './window.ts'

/** Of a step: `left-out` was excluded, or lies before the objective began. */
export const stepStates = { idle: 0, good: 1, bad: 2, unknown: 3, leftOut: 4 } as const
export type Steps = Uint8Array

export interface TallySpec {
  /** The window: half-open, whole steps. */
  readonly from: Instant
  readonly until: Instant
  readonly sliceMs: number
  /** A multiple of the slice. */
  readonly stepMs: number
  readonly born: Instant | null
  readonly rule: SpendRule
  /** A step is bad when a smaller share of its events is good. */
  readonly least: Rational
  readonly covered: readonly CoveredSlices[]
}

export interface Tally {
  readonly sum: WindowSum
  readonly steps: Steps
}

export interface MemberTally {
  /** In any order, each chunk once. */
  take(block: StoredBlock): void
  finish(): Tally
}

/** One step, in the words of a window's sum. Written anew for each step: take what is needed, keep none of it. */
export type StepSum = {
  -readonly [Key in 'spent' | 'total' | 'good' | 'bad' | 'measured' | 'expected' | 'unborn']: number
}

export const emptySum = (): StepSum => ({ spent: 0, total: 0, good: 0, bad: 0, measured: 0, expected: 0, unborn: 0 })

export function addSum(
  into: StepSum,
  { spent, total, good, bad, measured, expected, unborn }: Readonly<StepSum>,
): void {
  into.spent += spent
  into.total += total
  into.good += good
  into.bad += bad
  into.measured += measured
  into.expected += expected
  into.unborn += unborn
}

export function tallyMember(spec: TallySpec): MemberTally {
  const { sliceMs, stepMs, from, until } = spec
  const slices = collectSlices(spec)
  return {
    take: slices.take,
    finish: () => {
      const steps = new Uint8Array((until - from) / sliceMs / (stepMs / sliceMs))
      const sum = emptySum()
      walkSteps(spec, slices, (step, state, part) => {
        steps[step] = state
        addSum(sum, part)
      })
      return { sum: { lengthMs: until - from, end: instant(until), ...sum }, steps }
    },
  }
}

export interface CollectedSlices {
  take(block: StoredBlock): void
  readonly measured: Uint8Array
  readonly good: Float64Array
  readonly bad: Float64Array
}

/** Slices of a stretch, laid side by side from its first. */
export function collectSlices({
  sliceMs,
  from,
  until,
}: Pick<TallySpec, 'sliceMs' | 'from' | 'until'>): CollectedSlices {
  const first = from / sliceMs
  const count = (until - from) / sliceMs
  const measured = new Uint8Array(count)
  const good = new Float64Array(count)
  const bad = new Float64Array(count)
  return {
    measured,
    good,
    bad,
    take: (block) => {
      const [start, end] = [Math.max(first, block.first), Math.min(first + count, block.first + block.measured.length)]
      for (let number = start; number < end; number += 1) {
        const place = number - block.first
        if (block.measured[place] !== 1) continue
        measured[number - first] = 1
        good[number - first] = block.good[place] ?? 0
        bad[number - first] = block.bad[place] ?? 0
      }
    },
  }
}

/** Each step in order of time, with its state and its sum as the objective counts it. */
export function walkSteps(
  spec: TallySpec,
  { measured, good, bad }: Pick<CollectedSlices, 'measured' | 'good' | 'bad'>,
  visit: (step: number, state: number, sum: Readonly<StepSum>) => void,
): void {
  const { sliceMs, stepMs, from, until } = spec
  const [first, count] = [from / sliceMs, (until - from) / sliceMs]
  const modes = overlay(spec, first, count)
  const born = spec.born === null ? Number.POSITIVE_INFINITY : Math.floor(spec.born / sliceMs)
  const perStep = stepMs / sliceMs
  const sum = emptySum()
  for (let step = 0; step < count / perStep; step += 1) {
    Object.assign(sum, nothing)
    let gaps = 0
    for (let cell = step * perStep; cell < (step + 1) * perStep; cell += 1) {
      const [mode, known] = [modes[cell], measured[cell] === 1]
      if (mode === dropped) continue
      if (!known && first + cell < born) {
        sum.unborn += 1
        continue
      }
      const [wasGood, wasBad] = [good[cell] ?? 0, bad[cell] ?? 0]
      const forgiven = mode === kept
      const spend = forgiven
        ? spendOf(spec.rule, { state: 'forgiven', good: wasGood, bad: wasBad })
        : known
          ? spec.rule.closed(wasGood, wasBad)
          : spec.rule.gap
      sum.spent += spend.spent
      sum.total += spend.total
      sum.expected += 1
      if (!known && !forgiven) gaps += 1
      sum.good += forgiven ? wasGood + wasBad : wasGood
      sum.bad += forgiven ? 0 : wasBad
    }
    sum.measured = sum.expected - gaps
    visit(step, stateOf({ ...sum, gaps }, spec.least), sum)
  }
}

const nothing: Readonly<StepSum> = emptySum()

const [dropped, kept] = [1, 2]

function overlay({ covered }: TallySpec, first: number, count: number): Uint8Array {
  const modes = new Uint8Array(count)
  for (const { from, to, mode } of covered)
    modes.fill(mode === 'drop' ? dropped : kept, Math.max(0, from - first), Math.max(0, Math.min(count, to - first)))
  return modes
}

/** What failed is known to have failed, whatever else is not known of the step. */
function stateOf(
  seen: { readonly good: number; readonly bad: number; readonly expected: number; readonly gaps: number },
  least: Rational,
): number {
  if (seen.expected === 0) return stepStates.leftOut
  const events = seen.good + seen.bad
  if (events > 0 && compareProducts(seen.good, Number(least.den), events, Number(least.num)) < 0) return stepStates.bad
  if (seen.gaps > 0) return stepStates.unknown
  return events === 0 ? stepStates.idle : stepStates.good
}
