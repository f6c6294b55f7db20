// What one process's lifeboat offers to the house, and what may stand in for its clock and its connection.

import type { Actor } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Refuge } from '../alerts/index.ts'
import type { SendersPlan } from '../intake/index.ts'
import type { EscalationRow } from '../oncall/index.ts'
import type { countOf } from './cargo.ts'
import type { Standing } from './core/index.ts'
import type { Lookout } from './lookout.ts'

export interface LifeboatState {
  readonly standing: Standing['kind']
  /** When the database was last known to be there. */
  readonly since: Instant | null
  readonly planTakenAt: Instant | null
  readonly now: Instant | null
  readonly journalBytes: number
  /** Why the last thing that came could not be kept on the disk; null when it was. */
  readonly refusal: string | null
  readonly counts: ReturnType<typeof countOf>
}

export interface Lifeboat {
  readonly refuge: Refuge
  state(): LifeboatState
  /** The database is known to be away. Asked with every request. */
  isAfloat(): boolean
  /** Work of the database is done by this process; false while it is away or what is aboard is not written down. */
  mayWork(): boolean
  /** Who carries this key, by the plan; null when the plan does not know it. */
  actorOf(token: string): Actor | null
  /** The database has just said whose key this is: known until a newer plan says otherwise. */
  saw(token: string, actor: Actor): void
  zoneOf(person: string): string
  /** Who may send alarms by a token of its own; null when it was never read. */
  senders(): SendersPlan | null
  /** For the links of messages: null when the lifeboat carries no escalation of the alert. */
  escalationOf(alert: string): Promise<EscalationRow | null>
  acknowledge(order: {
    readonly alert: string
    readonly by: string
    readonly actor: Actor
  }): Promise<{ readonly row: EscalationRow; readonly by: string | null } | null>
  start(): Promise<void>
  stop(): Promise<void>
  /** What its timers do, one at a time: a look at the database with whatever follows, pages that are due, a new plan. */
  look(): Promise<void>
  tick(): Promise<void>
  arm(): Promise<void>
}

/** In the place of the clock, the timers and the connection. */
export interface Drive {
  readonly lookout: Lookout
  readonly monotonicMs: () => number
}
