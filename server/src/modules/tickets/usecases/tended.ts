// A ticket that one worker looks after for a moment.
import type { Instant } from '../../../kernel/instant.ts'
import type { ConnectionRow } from '../connections.store.ts'
import type { TicketRow } from '../tickets.store.ts'

export interface Tended {
  readonly connection: ConnectionRow
  readonly row: TicketRow
  /** Its time when it was taken: another one by the end means that it was hurried meanwhile. */
  readonly claimedUntil: Instant
}
