// What postmortems needs from joins it does not know itself; app hands it in.
import type { Actor } from '../../kernel/actor.ts'
import type { Interval } from '../../kernel/interval.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { Queries } from '../../platform/database/queries.ts'
import type { IncidentsPorts } from '../incidents/index.ts'
import type { KeptHolidays } from '../oncall/index.ts'
import type { ReadinessCheck } from './core/index.ts'

export interface Reminder {
  /** The same occasion is told once. */
  readonly occasion: string
  readonly person: string
  readonly because: string
  readonly head: string
  readonly sentence: string
  readonly path: string
}

export interface PostmortemsPorts {
  /** What is shown and stored as "by whom". */
  readonly personOf: (actor: Actor) => Promise<string>
  readonly declaredNameOf: (actor: Actor) => Promise<string | null>
  readonly linesOf: IncidentsPorts['linesOf']
  /** Whoever may sign in: named nowhere in what leaves the house. */
  readonly accounts?: (queries: Queries) => Promise<readonly { readonly name: string; readonly email: string }[]>
  /** How much of the budgets of its services an incident spent: of each objective, the share of the whole. */
  readonly budgetSpent?: (
    queries: Queries,
    incident: { readonly id: string; readonly services: readonly string[] },
  ) => Promise<readonly { readonly objective: string; readonly share: number }[]>
  /** Whether a service has what readiness asks of it, as coverage tells it; null where nobody knows the service. */
  readonly checkOf?: (
    queries: Queries,
    service: string,
    check: ReadinessCheck,
  ) => Promise<{ readonly state: 'present' | 'silent' | 'missing'; readonly sentence: string } | null>
  /** By the channels a person chose; nobody is woken. False: they have none, or were told of this already. */
  readonly remind?: (tx: Tx, reminder: Reminder) => Promise<unknown>
  /** Holidays of the schedule named, else of the team's own; null when nobody keeps any. */
  readonly holidaysOf?: (
    queries: Queries,
    of: { readonly schedule: string | null; readonly team: string | null },
    window: Interval,
  ) => Promise<KeptHolidays | null>
}
