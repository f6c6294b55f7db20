// What a condition may ask: the incident as it stands, and what happened. Everything is always there, so that a condition
// does not fail because a list is empty.
import { formatInstant, type Instant, instant } from '../../../kernel/instant.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import type { Cause } from './workflow.ts'

export interface IncidentFacts {
  readonly number: number
  readonly title: string
  readonly severity: string
  readonly status: string
  readonly kind: string
  readonly automatic: boolean
  readonly services: readonly string[]
  /** Of its services. */
  readonly tiers: readonly number[]
  readonly teams: readonly string[]
  readonly journeys: readonly string[]
  /** Of its services and of its alerts: each key with every value it has. */
  readonly labels: Readonly<Record<string, readonly string[]>>
  readonly roles: Readonly<Record<string, readonly string[]>>
  readonly impactStatement: string | null
  readonly impactMinutes: number | null
  readonly declaredAt: Instant
}

export interface TriggerFacts {
  readonly kind: Cause
  readonly from: string
  readonly to: string
  readonly role: string
  readonly person: string
  readonly alert: {
    readonly title: string
    readonly service: string
    readonly severity: string
    readonly labels: Readonly<Record<string, string>>
  }
}

export function triggerFacts(kind: Cause, given: Partial<Omit<TriggerFacts, 'kind'>> = {}): TriggerFacts {
  const alert = { title: '', service: '', severity: '', labels: {} }
  return { kind, from: '', to: '', role: '', person: '', alert, ...given }
}

/** Plain values for CEL. Numbers are integers there unless they have a fraction. */
export function bindingsOf(
  { declaredAt, impactStatement, impactMinutes, ...incident }: IncidentFacts,
  trigger: TriggerFacts,
): Readonly<Record<string, unknown>> {
  return {
    incident: {
      ...incident,
      number: BigInt(incident.number),
      tiers: incident.tiers.map((tier) => BigInt(tier)),
      // Unknown is nothing yet: a condition asks for more than something.
      impactMinutes: BigInt(Math.floor(impactMinutes ?? 0)),
      impactStatement: impactStatement ?? '',
      declaredAt: formatInstant(declaredAt),
    },
    trigger,
  }
}

export const triggerToJson = (trigger: TriggerFacts): JsonObject => ({ ...trigger, alert: { ...trigger.alert } })

/** For checking a condition before there is an incident. */
export const exampleFacts: IncidentFacts = {
  number: 1,
  title: 'Payments fail',
  severity: 'SEV1',
  status: 'active',
  kind: 'normal',
  automatic: false,
  services: ['checkout'],
  tiers: [1],
  teams: ['payments'],
  journeys: ['Pay'],
  labels: { region: ['eu'] },
  roles: { commander: ['ana'] },
  impactStatement: null,
  impactMinutes: 12,
  declaredAt: instant(0),
}
