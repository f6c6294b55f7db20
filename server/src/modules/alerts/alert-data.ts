// What the events of an alert say of it.
import type { JsonObject } from '../../kernel/json.ts'

export type AlertData = {
  readonly alertId: string
  readonly number: number
  readonly service: string | null
  readonly summary: string
  readonly severity: string
  readonly urgency: string
  readonly source: string
  readonly startedAt: string
} & JsonObject
export type AlertEndedData = AlertData & { readonly ended: string }
export type AlertTakenData = AlertData & { readonly by: string }
