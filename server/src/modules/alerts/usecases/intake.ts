// What comes in at once from one sender, and what became of it.
import type { Actor } from '../../../kernel/actor.ts'
import type { IntakePolicy, Signal } from '../core/index.ts'

export interface Intake {
  readonly source: string
  readonly signals: readonly Signal[]
  readonly policy: IntakePolicy
  readonly actor: Actor
  /** Of its only signal: the name the alert gets, which stands in messages about it already. */
  readonly name?: string
}

export interface IntakeResult {
  readonly opened: number
  readonly refreshed: number
  readonly resolved: number
  readonly ignored: number
}
