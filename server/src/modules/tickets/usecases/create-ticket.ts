// Makes a ticket once. The beginning is written down first; when the answer is lost, the ticket is looked for by its mark
// before it is made again.
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { draftOf, lookForMs, markOf } from '../core/index.ts'
import { ticketOpened } from '../tickets.contract.ts'
import type { RemoteTicket, TicketsPorts } from '../tickets.ports.ts'
import { lockTicket, saveTicket, type TicketRow } from '../tickets.store.ts'
import { keepRefIn, record, recordFailure } from './record-step.ts'
import { openSettings } from './settings.ts'
import type { Tended } from './tended.ts'
import { tender } from './tender.ts'
import { tellJournal } from './ticket-entry.ts'

/** Clocks of others differ; a ticket of ours is never older than this before its beginning. */
const earlierMs = 600_000

export async function createTicket(needs: Needs, ports: TicketsPorts, tended: Tended): Promise<void> {
  const { connection, row } = tended
  const begun = await needs.database.transaction(async (tx) => {
    const current = await lockTicket(tx, row.id)
    if (current === null || current.phase !== 'wanted') return null
    const standing = await ports.standingOf(tx, { kind: row.subjectKind, id: row.subjectId })
    if (standing === null) {
      await saveTicket(tx, { ...current, phase: 'gone', dueAt: null })
      return null
    }
    await saveTicket(tx, { ...current, phase: 'creating', begunAt: await tx.now(), looks: 0 })
    return draftOf(standing, row.id, row.wishTitle)
  })
  if (begun === null) return
  const created = await ports.trackers[row.tracker].create(openSettings(ports, connection), begun)
  switch (created.kind) {
    case 'done':
      return keepTicket(needs, ports, tended, created.value)
    case 'lost':
      return recordFailure(needs, ports, tended, created, {
        dueAt: plus(await needs.database.now(), lookForMs[0] ?? 0),
      })
    case 'wait':
    case 'refused':
      // Certainly not made.
      return recordFailure(needs, ports, tended, created, { phase: 'wanted', begunAt: null })
  }
}

/** Its making began and nobody knows how it ended. */
export async function findCreated(needs: Needs, ports: TicketsPorts, tended: Tended): Promise<void> {
  const { connection, row } = tended
  const begunAt = row.begunAt ?? row.createdAt
  const tracker = ports.trackers[row.tracker]
  const found = await tracker.findByMark(openSettings(ports, connection), markOf(row.id), plus(begunAt, -earlierMs))
  if (found.kind !== 'done') return recordFailure(needs, ports, tended, found)
  if (found.value !== null) return keepTicket(needs, ports, tended, found.value)
  await record(needs, ports, tended, async (tx, current, now) => {
    const looks = current.looks + 1
    const next = lookForMs[looks]
    const change = next === undefined ? again(now) : { looks, dueAt: plus(begunAt, next) }
    await saveTicket(tx, { ...current, ...change })
  })
}

const again = (now: Instant): Partial<TicketRow> => ({ phase: 'wanted', begunAt: null, looks: 0, dueAt: now })

async function keepTicket(needs: Needs, ports: TicketsPorts, tended: Tended, made: RemoteTicket): Promise<void> {
  await record(needs, ports, tended, async (tx, current, now) => {
    // While its answer was lost somebody may have linked it by hand.
    if (!(await keepRefIn(tx, needs, ports, current, made))) return
    const saved = await saveTicket(tx, {
      ...current,
      phase: 'there',
      begunAt: null,
      looks: 0,
      ref: made.ref,
      key: made.key,
      url: made.url,
      title: made.title,
      theirName: made.stateName,
      fault: null,
      // What is here may have moved on since it was asked for.
      dueAt: now,
      seenAt: now,
    })
    await tellJournal(tx, needs, ports, { event: ticketOpened, row: saved, actor: tender, data: (base) => base })
  })
}
