// Writes down how a step went, unless somebody has taken the ticket away meanwhile.
import { minute } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { ticketGone, ticketRefused } from '../tickets.contract.ts'
import type { RemoteTicket, TicketsPorts, TrackerOutcome } from '../tickets.ports.ts'
import { findTicketNamed, lockTicket, saveTicket, type TicketRow } from '../tickets.store.ts'
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
  { connection, row, claimedUntil }: Tended,
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
    // Hurried meanwhile, because somebody mended it or ours moved: looked at again at once.
    const dueAt = failure.kind === 'refused' && current.dueAt === claimedUntil ? plus(now, mendMs) : now
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

/**
 * False: that ticket is looked after already, and this one is given up. The connection is locked, as by everybody who
 * gives a ticket its reference.
 */
export async function keepRefIn(
  tx: Tx,
  needs: Needs,
  ports: TicketsPorts,
  current: TicketRow,
  remote: Pick<RemoteTicket, 'ref' | 'key'>,
): Promise<boolean> {
  const other = await findTicketNamed(tx, current.connection, remote.ref)
  if (other === null || other.id === current.id) return true
  const fault = `${remote.key} is looked after as another ticket already.`
  const row = await saveTicket(tx, { ...current, key: remote.key, phase: 'gone', fault, dueAt: null })
  await tellJournal(tx, needs, ports, { event: ticketGone, row, actor: tender, data: (base) => base, reason: fault })
  return false
}
