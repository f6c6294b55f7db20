// The tiers of an objective: those its alert policies ask for, or the default ones.
import type { Fault } from '../../../kernel/app-error.ts'
import type { Rational } from '../../../kernel/rational.ts'
import { budgetFraction } from '../core/budget.ts'
import type { AlertConditionSpec, AlertPolicySpec } from '../core/openslo-model.ts'
import { durationMs } from '../core/openslo-parts.ts'
import { defaultTiers, planTiers, type Tier, type TierPlan, tierName } from '../core/tiers.ts'

export interface ResolvedPolicy {
  readonly at: string
  readonly policy: AlertPolicySpec
  readonly condition: AlertConditionSpec
  readonly targets: readonly string[]
}

export interface PeriodOf {
  readonly target: Rational
  readonly windowMs: number
  readonly sliceMs: number
}

/** Severities that interrupt people; everything else is a ticket. */
const pages = new Set(['page', 'critical', 'high', 'sev1', 'sev2', 'p1', 'p2', 'emergency'])

export function readTiers(
  policies: readonly ResolvedPolicy[],
  { target, windowMs, sliceMs }: PeriodOf,
  faults: Fault[],
  warnings: Fault[],
): TierPlan {
  const budget = budgetFraction(target)
  if (policies.length === 0) {
    const plan = planTiers(defaultTiers(windowMs, sliceMs), budget, windowMs)
    for (const { because } of plan.refused) warnings.push({ pointer: '/spec/objectives', detail: because })
    for (const { note } of plan.tiers) if (note !== null) warnings.push({ pointer: '/spec/objectives', detail: note })
    return plan
  }
  const tiers: Tier[] = []
  for (const { at, policy, condition } of policies) {
    if (!policy.alertWhenBreaching) continue
    const longMs = durationMs(condition.lookbackWindow)
    const fault =
      condition.op !== 'gt' && condition.op !== 'gte'
        ? 'The condition must ask for a burn rate above a threshold: `op: gt`.'
        : longMs === null
          ? 'The look-back window needs a fixed length: minutes, hours, days or weeks.'
          : longMs < 2 * sliceMs || longMs % sliceMs !== 0
            ? `The look-back window must be a whole number of slices of ${sliceMs / 1000} s, at least two.`
            : longMs > windowMs
              ? 'The look-back window is longer than the window of the objective.'
              : null
    if (fault !== null || longMs === null) {
      faults.push({ pointer: at, detail: fault ?? '' })
      continue
    }
    if (condition.alertAfter.value > 0)
      warnings.push({
        pointer: at,
        detail: '`alertAfter` is not waited for: a short window beside the long one shows that the failure goes on.',
      })
    // A twelfth, as the workbook does: long enough to hold events, short enough to end soon after the failure does.
    const shortMs = Math.max(1, Math.ceil(longMs / 12 / sliceMs)) * sliceMs
    const severity = pages.has(condition.severity.toLowerCase()) ? 'page' : 'ticket'
    const tier: Tier = { name: tierName(longMs, shortMs), severity, longMs, shortMs, threshold: condition.threshold }
    if (tiers.some((each) => each.name === tier.name))
      faults.push({ pointer: at, detail: `Two policies look back over ${tier.name}. Keep one.` })
    else tiers.push(tier)
  }
  const plan = planTiers(tiers, budget, windowMs)
  for (const { because } of plan.refused) faults.push({ pointer: '/spec/alertPolicies', detail: because })
  for (const { note } of plan.tiers) if (note !== null) warnings.push({ pointer: '/spec/alertPolicies', detail: note })
  return plan
}
