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

export function tallyMember(spec: TallySpec): MemberTally {
  const { sliceMs, stepMs, from, until } = spec
  const first = from / sliceMs
  const count = (until - from) / sliceMs
  const measured = new Uint8Array(count)
  const good = new Float64Array(count)
  const bad = new Float64Array(count)
  return {
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
    finish: () => {
      const modes = overlay(spec, first, count)
      const born = spec.born === null ? Number.POSITIVE_INFINITY : Math.floor(spec.born / sliceMs)
      const perStep = stepMs / sliceMs
      const steps = new Uint8Array(count / perStep)
      const sum = { spent: 0, total: 0, good: 0, bad: 0, measured: 0, expected: 0, unborn: 0 }
      for (let step = 0; step < steps.length; step += 1) {
        const seen = { good: 0, bad: 0, expected: 0, gaps: 0 }
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
          seen.expected += 1
          if (!known && !forgiven) seen.gaps += 1
          seen.good += forgiven ? wasGood + wasBad : wasGood
          seen.bad += forgiven ? 0 : wasBad
        }
        sum.expected += seen.expected
        sum.measured += seen.expected - seen.gaps
        sum.good += seen.good
        sum.bad += seen.bad
        steps[step] = stateOf(seen, spec.least)
      }
      return { sum: { lengthMs: until - from, end: instant(until), ...sum }, steps }
    },
  }
}

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
