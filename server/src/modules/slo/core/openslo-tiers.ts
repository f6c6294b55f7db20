// The tiers of an SLO: the defaults, or those its alert policies name. OpenSLO knows one window for each condition;
// ours adds the short one (a twelfth), so that an alert also ends when the failure does.
import { formatDuration } from '../../../kernel/duration.ts'
import { compare, rational } from '../../../kernel/rational.ts'
import type { AlertConditionSpec, AlertPolicySpec, Referred, SloSpec } from './openslo-model.ts'
import { durationMs } from './openslo-parts.ts'
import type { Refuse } from './openslo-sources.ts'
import type { OpenSloLookup } from './openslo-translate.ts'
import { defaultTiers, type Tier, type TierSeverity, tierName } from './tiers.ts'

interface Slicing {
  readonly periodMs: number
  readonly sliceMs: number
}

export function tiersOf(
  slo: SloSpec,
  lookup: OpenSloLookup,
  slicing: Slicing,
  refuse: Refuse,
  notes: string[],
): readonly Tier[] {
  if (slo.alertPolicies.length === 0) return defaultTiers(slicing.periodMs, slicing.sliceMs)
  const tiers: Tier[] = []
  for (const referred of slo.alertPolicies) {
    const policy = resolvePolicy(referred, lookup, refuse)
    for (const each of policy?.conditions ?? []) {
      const condition = resolveCondition(each, lookup, refuse)
      const tier = condition === null ? null : tierOf(condition, each.at, slicing, refuse, notes)
      if (tier === null) continue
      if (tiers.some((other) => other.name === tier.name))
        refuse(each.at, `Another condition looks at ${tier.name} already.`)
      else tiers.push(tier)
    }
  }
  return tiers
}

function resolvePolicy(
  referred: Referred<AlertPolicySpec>,
  lookup: OpenSloLookup,
  refuse: Refuse,
): AlertPolicySpec | null {
  if ('inline' in referred) return referred.inline.spec
  const found = lookup.find('AlertPolicy', referred.ref)
  return found?.kind === 'AlertPolicy'
    ? found.spec
    : refuse(referred.at, `There is no AlertPolicy named \`${referred.ref}\`.`)
}

function resolveCondition(
  referred: Referred<AlertConditionSpec>,
  lookup: OpenSloLookup,
  refuse: Refuse,
): AlertConditionSpec | null {
  if ('inline' in referred) return referred.inline.spec
  const found = lookup.find('AlertCondition', referred.ref)
  return found?.kind === 'AlertCondition'
    ? found.spec
    : refuse(referred.at, `There is no AlertCondition named \`${referred.ref}\`.`)
}

const severityWords: Readonly<Record<string, TierSeverity>> = {
  page: 'page',
  critical: 'page',
  high: 'page',
  sev1: 'page',
  sev2: 'page',
  ticket: 'ticket',
  warning: 'ticket',
  medium: 'ticket',
  low: 'ticket',
  sev3: 'ticket',
  sev4: 'ticket',
}

function tierOf(
  condition: AlertConditionSpec,
  at: string,
  { periodMs, sliceMs }: Slicing,
  refuse: Refuse,
  notes: string[],
): Tier | null {
  if (condition.op === 'lt' || condition.op === 'lte')
    return refuse(
      at,
      `A burn rate is too high when it is above its threshold: write \`gt\` instead of \`${condition.op}\`.`,
    )
  const severity = severityWords[condition.severity.toLowerCase()]
  if (severity === undefined)
    return refuse(at, `Severity \`${condition.severity}\` is not known; write page or ticket.`)
  const longMs = durationMs(condition.lookbackWindow)
  if (longMs === null) return refuse(at, '`lookbackWindow` must have a fixed length: minutes, hours, days or weeks.')
  if (longMs > periodMs) return refuse(at, '`lookbackWindow` is longer than the time window of the SLO.')
  if (longMs % sliceMs !== 0 || longMs < 2 * sliceMs)
    return refuse(at, `\`lookbackWindow\` must be a whole number of ${formatDuration(sliceMs)} slices, at least two.`)
  if (compare(condition.threshold, rational(0)) === 0)
    return refuse(at, 'A threshold of 0 would fire at the first failure.')
  const shortMs = Math.max(1, Math.ceil(longMs / 12 / sliceMs)) * sliceMs
  const name = tierName(longMs, shortMs)
  if (condition.op === 'gte') notes.push(`${name} fires above its threshold, not at it.`)
  if (condition.alertAfter.value > 0)
    notes.push(`${name} needs no \`alertAfter\`: its short window of ${formatDuration(shortMs)} must burn as well.`)
  return { name, severity, longMs, shortMs, threshold: condition.threshold }
}
