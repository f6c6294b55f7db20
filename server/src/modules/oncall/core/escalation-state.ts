// The state of an escalation, what can happen to it, and what it asks of the world.
import type { Instant } from '../../../kernel/instant.ts'
import type { Urgency } from '../../../kernel/severity.ts'
import type { Paged, PagedWebhook, Reason } from './escalation-level.ts'
import type { EscalationPolicy } from './escalation-policy.ts'
import type { Refusal } from './refusal.ts'

export type Phase =
  | { readonly kind: 'escalating'; readonly nextAt: Instant }
  /** Nothing more is paged by itself; the alert stays assigned and open. */
  | { readonly kind: 'exhausted'; readonly because: 'rounds-used' | 'low-urgency' | 'nobody-reachable' }
  | { readonly kind: 'acknowledged'; readonly by: string; readonly at: Instant; readonly timesOutAt: Instant | null }
  | { readonly kind: 'snoozed'; readonly by: string; readonly until: Instant }
  | { readonly kind: 'resolved'; readonly at: Instant }

/** The level of a page that went to the fallback owner. */
export const fallbackLevel = -1

export interface Escalation {
  /** The policy as it was when the escalation opened. */
  readonly policy: EscalationPolicy
  readonly urgency: Urgency
  /** Which target a round-robin level begins with: one more for each alert the policy received. */
  readonly turn: number
  readonly phase: Phase
  readonly round: number
  readonly level: number
  /** Pages made so far; the number of a page is part of its idempotency key. */
  readonly steps: number
  readonly assigned: readonly string[]
  readonly pagedThisRound: readonly string[]
  /** When the people of the current level change, if that matters. */
  readonly handOverAt: Instant | null
}

export type EscalationInput =
  | { readonly kind: 'due' }
  /** What is due waits: everything it would tell of is silenced until then. */
  | { readonly kind: 'hold'; readonly until: Instant; readonly because: string }
  /** Again on an acknowledged one: "still on it". `timeoutMs` replaces the policy's for this time. */
  | { readonly kind: 'acknowledge'; readonly by: string; readonly timeoutMs?: number | null }
  | { readonly kind: 'unacknowledge'; readonly by: string }
  | { readonly kind: 'snooze'; readonly by: string; readonly until: Instant }
  | { readonly kind: 'resolve' }
  | { readonly kind: 'escalate'; readonly by: string }
  /** Starts at level 1 of the other policy. */
  | { readonly kind: 'reassign-policy'; readonly by: string; readonly policy: EscalationPolicy; readonly turn: number }
  /** The only way to page people who are off shift. */
  | { readonly kind: 'reassign-people'; readonly by: string; readonly people: readonly string[] }
  /** Takes the edited policy over; the wait already served counts. */
  | { readonly kind: 'reapply'; readonly by: string; readonly policy: EscalationPolicy }
  | { readonly kind: 'raise-urgency'; readonly because: string }

export type EscalationEffect =
  | {
      readonly kind: 'page'
      /** 1 for the first page of the escalation. */
      readonly step: number
      readonly level: number
      readonly round: number
      readonly people: readonly Paged[]
    }
  | {
      readonly kind: 'page-webhooks'
      /** As in a page: those of one step share it. */
      readonly step: number
      readonly level: number
      readonly round: number
      readonly webhooks: readonly PagedWebhook[]
    }
  /** Every delivery not yet sent is cancelled. */
  | { readonly kind: 'stop-pages'; readonly because: string }
  /** Nobody could be paged at all: raise it where the whole organisation sees it. */
  | { readonly kind: 'unrouted'; readonly because: string }
  /** Replaces the wake-up; null cancels it. */
  | { readonly kind: 'wake'; readonly at: Instant | null }

export interface EscalationStep {
  readonly state: Escalation
  readonly effects: readonly EscalationEffect[]
  readonly reasons: readonly Reason[]
  readonly refusal: Refusal | null
}

/** When the state wants `due`: the next step, a hand-over, the end of an acknowledgement or of a snooze. */
export function wakeAt(state: Escalation): Instant | null {
  const { phase, handOverAt } = state
  if (phase.kind === 'acknowledged') return phase.timesOutAt
  if (phase.kind === 'snoozed') return phase.until
  if (phase.kind === 'resolved') return null
  if (phase.kind === 'exhausted') return handOverAt
  return handOverAt !== null && handOverAt < phase.nextAt ? handOverAt : phase.nextAt
}

export function unchanged(state: Escalation): EscalationStep {
  return { state, effects: [], reasons: [], refusal: null }
}

export function explain(code: string, sentence: string, step: EscalationStep): EscalationStep {
  return { ...step, reasons: [{ code, sentence }, ...step.reasons] }
}

export function refuse(state: Escalation, kind: Refusal['kind'], code: string, sentence: string): EscalationStep {
  return { state, effects: [], reasons: [{ code, sentence }], refusal: { kind, code, sentence } }
}
