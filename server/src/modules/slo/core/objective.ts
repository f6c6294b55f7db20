// An objective as we run it: what is counted, against which target, over which window, and when that becomes an alert.
import { minute } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Rational } from '../../../kernel/rational.ts'
import type { Matcher, SideForm } from '../../telemetry/core/index.ts'
import { budgetFraction } from './budget.ts'
import {
  type AlertRules,
  type CompiledRules,
  compileRules,
  defaultCoverageFloor,
  defaultLeastBad,
  defaultStaleMs,
} from './judge.ts'
import type { RingSpec } from './ring.ts'
import { type Budgeting, compileSpend } from './spend.ts'
import type { TierPlan } from './tiers.ts'
import type { ObjectiveWindow } from './window.ts'

/** Where a number comes from. */
export type Source =
  | { readonly type: 'otlp'; readonly metric: string; readonly filters: readonly Matcher[] }
  /** `counter`: the query gives an ever-growing count; else what happened since the last sample. */
  | {
      readonly type: 'prometheus'
      readonly query: string
      readonly counter: boolean
      readonly dataSource: string | null
    }
  /** Counts sent to the push API under this name. */
  | { readonly type: 'push'; readonly series: string }
  | { readonly type: 'probe'; readonly probe: string }

export const comparisons = ['lte', 'gte', 'lt', 'gt'] as const
export type Comparison = (typeof comparisons)[number]

export type Indicator =
  | { readonly kind: 'ratio'; readonly form: 'good-total'; readonly good: Source; readonly total: Source }
  | { readonly kind: 'ratio'; readonly form: 'bad-total'; readonly bad: Source; readonly total: Source }
  /** Events of a histogram (or checks of a probe) that took at most `atMost`, in the metric's own unit. */
  | { readonly kind: 'latency'; readonly source: Source; readonly atMost: number }
  /** Each sample of a query is one event, good when the comparison holds. */
  | { readonly kind: 'threshold'; readonly source: Source; readonly op: Comparison; readonly value: number }

export function formOf(indicator: Indicator): SideForm {
  return indicator.kind === 'ratio' ? indicator.form : 'good-bad'
}

export interface Objective {
  /** Unique: the document's name, with `-2`, `-3`… for its further objectives. */
  readonly name: string
  readonly document: string
  readonly displayName: string
  readonly description: string
  readonly service: string
  readonly indicator: Indicator
  /** At least 0, below 1. */
  readonly target: Rational
  readonly window: ObjectiveWindow
  readonly budgeting: Budgeting
  /** A minute by default; 5 or 10 seconds for short windows; the time-slice window for the slice methods. */
  readonly sliceMs: number
  readonly plan: TierPlan
}

export function alertRulesOf(objective: Objective): AlertRules {
  return {
    budget: budgetFraction(objective.target),
    tiers: objective.plan.tiers,
    coverageFloor: defaultCoverageFloor,
    staleAfterMs: defaultStaleMs(objective.sliceMs),
    // The guard is about few events; the slice methods count time, where one bad slice is as long as any other.
    leastBadForPage: objective.budgeting.method === 'occurrences' ? defaultLeastBad : 0,
  }
}

/** The rules, with the budget's own window among the sums. */
export function compileObjective(objective: Objective): CompiledRules {
  return compileRules(alertRulesOf(objective), [objective.window.lengthMs])
}

export function ringSpecOf(objective: Objective, rules: CompiledRules, born: Instant): RingSpec {
  return { sliceMs: objective.sliceMs, windows: rules.windows, rule: compileSpend(objective.budgeting), born }
}

/** Slices must be cut alike everywhere: whole divisors of a minute, or whole minutes. */
export function sliceFault(sliceMs: number): string | null {
  const fits = sliceMs >= 1_000 && (sliceMs <= minute ? minute % sliceMs === 0 : sliceMs % minute === 0)
  return fits ? null : 'A slice is a whole number of seconds that divides a minute, or a whole number of minutes.'
}
