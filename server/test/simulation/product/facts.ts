// What the witness is told of a committed transaction: what came in and what was written down, never what was decided
// about it. The oracles judge the second by the first.
import type { AlertSeverity, Urgency } from '../../../src/kernel/severity.ts'
import type { EscalationInput, EscalationPolicy } from '../../../src/modules/oncall/core/index.ts'
import type { AlertRow } from './rows.ts'

export type Fact =
  | { readonly kind: 'alert'; readonly what: 'opened' | 'ended' | 'answered' | 'changed'; readonly row: AlertRow }
  | {
      readonly kind: 'escalation-opened'
      readonly id: string
      readonly alertId: string
      readonly policy: EscalationPolicy
      readonly service: string | null
      readonly urgency: Urgency
      readonly turn: number
    }
  | {
      readonly kind: 'escalation-input'
      readonly id: string
      readonly alertId: string
      readonly input: EscalationInput
    }
  | {
      readonly kind: 'page'
      readonly id: string
      readonly escalationId: string
      readonly alertId: string
      readonly person: string
      readonly severity: AlertSeverity
      readonly urgency: Urgency
    }
  | { readonly kind: 'machines'; readonly alertId: string; readonly webhooks: readonly string[] }
  | { readonly kind: 'journal'; readonly type: string; readonly subject: string; readonly id: number }
  /** An override was made: open escalations look at who is on call when it begins. */
  | { readonly kind: 'look-again'; readonly id: string; readonly at: number }
  | { readonly kind: 'sealed'; readonly number: number; readonly entry: number }
  | { readonly kind: 'unrouted'; readonly alertId: string }
  | { readonly kind: 'missed'; readonly pageId: string; readonly person: string; readonly alertId: string }
  /** The first byte of an attempt may leave from here on. */
  | { readonly kind: 'may-leave'; readonly key: string; readonly attempt: number }
  /** So many copies of it count as perhaps arrived. */
  | { readonly kind: 'doubted'; readonly key: string; readonly copies: number }
  | { readonly kind: 'edited'; readonly what: string }
