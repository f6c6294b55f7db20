// What the journal of the lifeboat holds, in the order it happened. Times are the database's clock, carried on.
import type { Actor } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { IntakePolicy, Signal } from '../alerts/core/index.ts'
import type { Delivery } from '../notifications/core/index.ts'
import type { ChannelOutcome, DeliveryRow } from '../notifications/index.ts'
import type { MadeApart } from '../oncall/index.ts'

/** Signals that were accepted: what was answered for. */
export interface TakenSignals {
  readonly kind: 'signals'
  readonly id: string
  readonly at: Instant
  readonly source: string
  readonly signals: readonly Signal[]
  readonly policy: IntakePolicy
  readonly actor: Actor
}

/** One of the signals opened an alert; `made` is the page it got, null when it joined one or was held back. */
export interface OpenedAlert {
  readonly kind: 'opened'
  readonly id: string
  readonly at: Instant
  readonly entry: string
  readonly index: number
  readonly alert: string
  readonly made: MadeApart | null
}

export interface MadeStep {
  readonly kind: 'step'
  readonly id: string
  readonly at: Instant
  readonly made: MadeApart
}

/** The messages of a step. Those of the plan are in the database already. */
export interface LoadedMessages {
  readonly kind: 'messages'
  readonly id: string
  readonly rows: readonly DeliveryRow[]
}

export interface BegunAttempt {
  readonly kind: 'attempt'
  readonly id: string
  readonly at: Instant
  readonly key: string
  readonly delivery: Delivery
  /** No byte of it has left until a record of its own says so. Left out by releases that wrote no such record. */
  readonly written?: false
}

/** Right before the first byte of an attempt: from here on it may arrive. */
export interface LeavingMessage {
  readonly kind: 'leaving'
  readonly id: string
  readonly key: string
  readonly attempt: number
}

export interface EndedAttempt {
  readonly kind: 'outcome'
  readonly id: string
  readonly at: Instant
  readonly key: string
  readonly attempt: number
  readonly outcome: ChannelOutcome
  readonly delivery: Delivery
}

/** A message that will not leave, or is due at another time. */
export interface MovedMessage {
  readonly kind: 'moved'
  readonly id: string
  readonly key: string
  readonly delivery: Delivery
}

/** A person took an alert by the link of a message, or a sender by its own word. */
export interface Acknowledged {
  readonly kind: 'acknowledged'
  readonly id: string
  readonly at: Instant
  readonly alert: string
  readonly by: string
  readonly actor: Actor
}

/** An acknowledgement that names the alert as its sender does. */
export interface AcknowledgedByKey {
  readonly kind: 'acknowledged-key'
  readonly id: string
  readonly at: Instant
  readonly source: string
  readonly key: string
  readonly actor: Actor
}

/** Begins every journal, and is written again when the database is given up for away. */
export interface Afloat {
  readonly kind: 'afloat'
  readonly id: string
  readonly voyage: string
  readonly boat: string
  readonly from: Instant
  /** When the plan was read that pages went out from. */
  readonly plan: Instant
}

export type BoatRecord =
  | TakenSignals
  | OpenedAlert
  | MadeStep
  | LoadedMessages
  | BegunAttempt
  | LeavingMessage
  | EndedAttempt
  | MovedMessage
  | Acknowledged
  | AcknowledgedByKey
  | Afloat
