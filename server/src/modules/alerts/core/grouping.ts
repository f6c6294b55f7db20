// Which alerts stand together, and how loudly a page is made.
import type { AlertSeverity, Tier, Urgency } from '../../../kernel/severity.ts'
import { type Labels, labelOf } from './fingerprint.ts'
import { type Asked, asked } from './trace.ts'

/** `service` is the catalog's service, `rule` the rule that fired, anything else a label. */
export const defaultGroupBy = ['service', 'rule'] as const

export interface Groupable {
  readonly service: string | null
  readonly rule: string | null
  readonly labels: Labels
}

export interface GroupIdentity {
  readonly key: string
  readonly values: Readonly<Record<string, string>>
}

/** A value that is missing is empty, so alerts that all lack a label are together. No name at all: one group for all. */
export function groupOf(alert: Groupable, by: readonly string[] = defaultGroupBy): GroupIdentity {
  const values: Record<string, string> = {}
  for (const name of [...new Set(by)].sort()) {
    const named = name === 'service' ? alert.service : name === 'rule' ? alert.rule : labelOf(alert.labels, name)
    values[name] = named ?? ''
  }
  const key = Object.entries(values).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
  return { key: key.join('&'), values }
}

export type UrgencyTable = Readonly<Record<AlertSeverity, readonly [Urgency, Urgency, Urgency, Urgency]>>

/** By severity, then tier 0 to 3. A warning is work for the day; what is critical wakes people unless it is tier 3. */
export const defaultUrgencies: UrgencyTable = {
  critical: ['high', 'high', 'high', 'low'],
  warning: ['low', 'low', 'low', 'low'],
  info: ['low', 'low', 'low', 'low'],
}

/** A service nobody has declared has no tier; it is treated as tier 1, because unknown is not unimportant. */
export function urgencyOf(
  severity: AlertSeverity,
  tier: Tier | null,
  table: UrgencyTable = defaultUrgencies,
): { readonly urgency: Urgency; readonly asked: Asked } {
  const urgency = table[severity][tier ?? 1]
  const of = tier === null ? 'a service of unknown tier (counted as 1)' : `a service of tier ${tier}`
  return { urgency, asked: asked('urgency', urgency, `${severity} on ${of}.`) }
}
