// Parts of OpenSLO v1 documents that are made of other tools' objectives.
import { day, hour, minute } from '../../../kernel/duration.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import { parseRational, type Rational, rational } from '../../../kernel/rational.ts'
import { planTiers, type Tier, type TierSeverity, tierName } from './tiers.ts'

/** Words of another tool as a name: `My_Service`, `errors` → `my-service-errors`. */
export function importedName(...words: readonly string[]): string {
  const plain = words
    .join('-')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '')
  return plain === '' ? 'imported' : plain
}

const units: readonly (readonly [number, string])[] = [
  [7 * day, 'w'],
  [day, 'd'],
  [hour, 'h'],
  [minute, 'm'],
]

/** Null when it is no whole number of minutes. Thirty days stay `30d`, four weeks become `4w`. */
export function importedDuration(ms: number): string | null {
  if (ms <= 0) return null
  const unit = units.find(([size]) => ms % size === 0)
  return unit === undefined ? null : `${ms / unit[0]}${unit[1]}`
}

export interface ImportedTier {
  readonly severity: TierSeverity
  readonly longMs: number
  readonly threshold: number
}

/**
 * Without those that could never fire, and pages for burning slower than the budget allows, each with its sentence. The
 * fastest page stays: it is lowered to what a total outage passes.
 */
export function reachableTiers(
  tiers: readonly ImportedTier[],
  target: Rational,
): { readonly tiers: readonly ImportedTier[]; readonly refused: readonly string[] } {
  const named = tiers.map((tier): Tier => {
    const { severity, longMs, threshold } = tier
    return { name: tierName(longMs, longMs / 12), severity, longMs, shortMs: longMs / 12, threshold: parsed(threshold) }
  })
  const plan = planTiers(
    named,
    rational(target.den - target.num, target.den),
    Math.max(...named.map((each) => each.longMs)),
  )
  const kept = new Set(plan.tiers.map((each) => each.name))
  return {
    tiers: tiers.filter((_tier, index) => kept.has(named[index]?.name ?? '')),
    refused: plan.refused.map((each) => each.because),
  }
}

const parsed = (value: number): Rational => parseRational(String(value)) ?? rational(1)

/** Nine decimals, which is what documents hold. */
export const importedThreshold = (value: number): number => Math.round(value * 1e9) / 1e9

/** Whoever the service's escalation policy names is told: other tools leave that to an Alertmanager. */
const told: JsonObject = {
  kind: 'AlertNotificationTarget',
  metadata: { name: 'service' },
  spec: { target: 'service', description: 'Whom the escalation policy of the service names.' },
}

/** One policy for each tier, because several policies are alternatives. None fires when there is no tier. */
export function importedPolicies(tiers: readonly ImportedTier[], alertWhenNoData: boolean): readonly JsonObject[] {
  const policy = (name: string, fires: boolean, tier: ImportedTier): JsonObject => ({
    kind: 'AlertPolicy',
    metadata: { name },
    spec: {
      alertWhenNoData,
      alertWhenResolved: fires,
      alertWhenBreaching: fires,
      conditions: [
        {
          kind: 'AlertCondition',
          metadata: { name },
          spec: {
            severity: tier.severity,
            condition: {
              kind: 'burnrate',
              op: 'gt',
              threshold: tier.threshold,
              lookbackWindow: importedDuration(tier.longMs) ?? '1h',
              alertAfter: '0m',
            },
          },
        },
      ],
      notificationTargets: [told],
    },
  })
  if (tiers.length === 0) return [policy('no-alerts', false, { severity: 'ticket', longMs: hour, threshold: 1 })]
  return tiers.map((tier) => policy(`${tier.severity}-${importedDuration(tier.longMs) ?? ''}`, true, tier))
}

const labelKey = /^[a-zA-Z0-9]([-._a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/

/** Labels that OpenSLO takes, and the keys of those that it does not. */
export function importedLabels(labels: Readonly<Record<string, unknown>>): {
  readonly labels: JsonObject
  readonly refused: readonly string[]
} {
  const fit = Object.entries(labels).filter(
    ([key, value]) => labelKey.test(key) && ['string', 'number', 'boolean'].includes(typeof value),
  )
  const kept = new Set(fit.map(([key]) => key))
  return {
    labels: Object.fromEntries(fit.map(([key, value]) => [key, String(value)])),
    refused: Object.keys(labels).filter((key) => !kept.has(key)),
  }
}

/** The service as OpenSLO declares one: only a name for what is declared in the catalog already. */
export const importedService = (name: string, displayName: string | null): JsonObject => ({
  apiVersion: 'openslo/v1',
  kind: 'Service',
  metadata: {
    name,
    ...(displayName === null || displayName === name ? {} : { displayName: displayName.slice(0, 63) }),
  },
  spec: {},
})
