// What removing asks of the rooms and of the process.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { Candidate, Held, KeepRule, Keeps } from '../../platform/retention/keep-rule.ts'
import type { HoldKind, HoldRow } from '../../platform/retention/retention.store.ts'

export interface RetentionPorts {
  readonly keeps: Keeps
  /** In the order in which they go: what is told about a thing before the thing. */
  readonly rules: () => readonly KeepRule[]
  /** What of these must stay, looked up in the transaction that removes the rest. */
  readonly heldOf: (
    tx: Tx,
    candidates: readonly Candidate[],
    of: { readonly holds: readonly HoldRow[]; readonly before: Instant },
  ) => Promise<Held>
  /** What a hold is on, as stored and as people say it; null when there is no such thing. */
  readonly find: (
    tx: Tx,
    kind: Exclude<HoldKind, 'everything'>,
    name: string,
  ) => Promise<{ readonly about: string; readonly label: string } | null>
}
