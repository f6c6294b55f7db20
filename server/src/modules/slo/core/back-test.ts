// What another definition would have said of the past: the slices that were counted, judged by the very functions that
// judge now. Slice by slice, so whoever runs it may stop in between and let others have their turn.
import { type Instant, instant } from '../../../kernel/instant.ts'
import { compare, type Rational } from '../../../kernel/rational.ts'
import type { Budget } from './budget.ts'
import { type CompiledRules, judge, type TierState } from './judge.ts'
import { advanceTo, closedUntil, createRing, putSlice, type Ring, type RingSpec, settle, sumsOf } from './ring.ts'
import type { TierSeverity } from './tiers.ts'
import type { TimedSlice } from './window.ts'

export interface BackTest {
  readonly spec: RingSpec
  readonly rules: CompiledRules
  /** In order of time, from a window before `from` on; what is missing between them was not measured. */
  readonly slices: readonly TimedSlice[]
  /** Judged from here on; before that, windows only fill. */
  readonly from: Instant
  readonly to: Instant
  readonly budgetOf: (ring: Ring) => Budget
}

export interface PastAlert {
  readonly severity: TierSeverity
  readonly tier: string
  readonly firedAt: Instant
  /** Null: it still burned at the end. */
  readonly endedAt: Instant | null
}

export interface Outcome {
  readonly alerts: readonly PastAlert[]
  /** At the end of the range. */
  readonly budget: Budget
  /** The least that was ever left, and when. */
  readonly worst: { readonly remaining: Rational; readonly at: Instant } | null
  /** Slices at whose end the budget was overspent. */
  readonly exhaustedSlices: number
  readonly judgedSlices: number
}

export function* runBackTest(order: BackTest): Generator<void, Outcome> {
  const { spec, rules, slices, from, to } = order
  const ring = createRing(spec)
  const alerts: PastAlert[] = []
  let open: PastAlert | null = null
  let states: readonly TierState[] = []
  let worst: Outcome['worst'] = null
  let [index, exhausted, judged] = [0, 0, 0]
  for (let at = closedUntil(ring); at < to; at = closedUntil(ring)) {
    const next = slices[index]
    if (next !== undefined && next.start < at) {
      index += 1
      continue
    }
    if (next !== undefined && next.start === at) {
      putSlice(ring, at, next.slice)
      index += 1
    } else advanceTo(ring, instant(at + spec.sliceMs))
    // What no counter can hold is a gap, as the engine has it.
    if (closedUntil(ring) === at) advanceTo(ring, instant(at + spec.sliceMs))
    const end = closedUntil(ring)
    if (end <= from) continue
    const verdict = judge(rules, sumsOf(ring), states, end)
    states = verdict.next
    judged += 1
    const { change, governing } = verdict
    if (change !== 'none' && open !== null) {
      alerts.push({ ...open, endedAt: end })
      open = null
    }
    if (change !== 'none' && change !== 'resolved' && governing !== null)
      open = { severity: governing.severity, tier: governing.tier.name, firedAt: end, endedAt: null }
    const budget = order.budgetOf(ring)
    if (budget.state === 'measured') {
      if (!budget.met) exhausted += 1
      if (worst === null || compare(budget.remainingShare, worst.remaining) < 0)
        worst = { remaining: budget.remainingShare, at: end }
    }
    if (judged % 64 === 0) {
      settle(ring)
      yield
    }
  }
  if (open !== null) alerts.push(open)
  return { alerts, budget: order.budgetOf(ring), worst, exhaustedSlices: exhausted, judgedSlices: judged }
}

/** From the beginning of a known failure until it paged; null when it never did while it lasted. */
export function detectedAfter(
  alerts: readonly PastAlert[],
  failure: { readonly start: Instant; readonly end: Instant },
): number | null {
  const page = alerts.find((alert) => {
    const ended = alert.endedAt ?? Number.POSITIVE_INFINITY
    return alert.severity === 'page' && alert.firedAt < failure.end && ended > failure.start
  })
  return page === undefined ? null : Math.max(0, page.firedAt - failure.start)
}
