// What comes in at once from one sender, and what became of it.
import type { Actor } from '../../../kernel/actor.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { IntakePolicy, Signal } from '../core/index.ts'

export interface Intake {
  readonly source: string
  readonly signals: readonly Signal[]
  readonly policy: IntakePolicy
  readonly actor: Actor
  /** Of its only signal: the name the alert gets, which stands in messages about it already. */
  readonly name?: string
  /** When it came in, where that was earlier: what is decided is decided as of then. */
  readonly at?: Instant
}

export interface IntakeResult {
  readonly opened: number
  readonly refreshed: number
  readonly resolved: number
  readonly ignored: number
}
