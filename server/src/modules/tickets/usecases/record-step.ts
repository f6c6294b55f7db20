// Writes down how a step went, unless somebody has taken the ticket away meanwhile.
import { minute } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { ticketRefused } from '../tickets.contract.ts'
import type { TicketsPorts, TrackerOutcome } from '../tickets.ports.ts'
import { lockTicket, saveTicket, type TicketRow } from '../tickets.store.ts'
import { noteAway, noteBack } from './keep-away.ts'
import type { Tended } from './tended.ts'
import { tender } from './tender.ts'
import { tellJournal } from './ticket-entry.ts'

/** What somebody has to mend at the tracker is tried again after this. */
const mendMs = 10 * minute

export async function record(
  needs: Needs,
  ports: TicketsPorts,
  { connection, row, claimedUntil }: Tended,
  /** `due` gives the next time, or now if somebody hurried it meanwhile. */
  write: (tx: Tx, current: TicketRow, now: Instant, due: (at: Instant) => Instant) => Promise<void>,
): Promise<void> {
  await needs.database.transaction(async (tx) => {
    await noteBack(tx, needs, ports, connection.name)
    const current = await lockTicket(tx, row.id)
    if (current === null || current.phase === 'gone') return
    const now = await tx.now()
    await write(tx, current, now, (at) => (current.dueAt === claimedUntil ? at : now))
  })
}

/** `write` says what of the ticket changes besides; its next time is the connection's. */
export async function recordFailure(
  needs: Needs,
  ports: TicketsPorts,
  { connection, row }: Tended,
  failure: Exclude<TrackerOutcome, { kind: 'done' }>,
  change: Partial<TicketRow> = {},
): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const { because } = failure
    if (failure.kind === 'refused') await noteBack(tx, needs, ports, connection.name)
    else {
      const afterMs = failure.kind === 'wait' ? failure.afterMs : null
      await noteAway(tx, needs, ports, connection.name, { because, afterMs })
    }
    const current = await lockTicket(tx, row.id)
    if (current === null || current.phase === 'gone') return
    const now = await tx.now()
    const fault = failure.kind === 'refused' ? because : current.fault
    const dueAt = failure.kind === 'refused' ? plus(now, mendMs) : now
    const saved = await saveTicket(tx, { ...current, fault, dueAt, ...change })
    // Said once, however often it is tried.
    if (failure.kind === 'refused' && current.fault !== because)
      await tellJournal(tx, needs, ports, {
        event: ticketRefused,
        row: saved,
        actor: tender,
        data: (base) => ({ ...base, because }),
        reason: because,
      })
  })
}
