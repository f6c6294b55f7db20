// A ticket for an incident or an action: asked for here, made by the work that follows.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { type IncidentReader, mayReadIncident } from '../../incidents/core/index.ts'
import { findIncident, needIncident } from '../../incidents/index.ts'
import { lockConnection } from '../connections.store.ts'
import type { SubjectKind } from '../core/index.ts'
import { ticketAsked, ticketLinked, ticketSettled, ticketUnlinked } from '../tickets.contract.ts'
import type { Standing, TicketsPorts } from '../tickets.ports.ts'
import {
  findTicket,
  findTicketNamed,
  findTicketOf,
  insertTicket,
  lockTicket,
  saveTicket,
  type TicketRow,
} from '../tickets.store.ts'
import { unknownConnection } from './connect-tracker.ts'
import { hurryConnection } from './hurry.ts'
import { tellJournal } from './ticket-entry.ts'

export interface TicketOrder {
  readonly connection: string
  readonly about: { readonly kind: SubjectKind; readonly id: string }
  readonly actor: Actor
  readonly by: string
  readonly reader: IncidentReader
}

/** Asked for twice, the one that is there answers. */
export async function openTicket(
  tx: Tx,
  needs: Needs,
  ports: TicketsPorts,
  order: TicketOrder & { readonly title: string | null },
): Promise<TicketRow> {
  return insert(tx, needs, ports, order, { wishTitle: order.title, ref: null })
}

export async function linkExisting(
  tx: Tx,
  needs: Needs,
  ports: TicketsPorts,
  order: TicketOrder & { readonly ref: string },
): Promise<TicketRow> {
  return insert(tx, needs, ports, order, { wishTitle: null, ref: order.ref })
}

async function insert(
  tx: Tx,
  needs: Needs,
  ports: TicketsPorts,
  order: TicketOrder,
  { wishTitle, ref }: { readonly wishTitle: string | null; readonly ref: string | null },
): Promise<TicketRow> {
  // The connection is locked before its tickets, as everywhere; one that is being forgotten takes no more.
  const connection = await lockConnection(tx, order.connection)
  const standing = await readableStanding(tx, ports, order)
  if (connection === null) throw unknownConnection(order.connection)
  const named = ref === null ? null : await findTicketNamed(tx, connection.name, ref)
  if (named !== null) {
    if (named.subjectKind === order.about.kind && named.subjectId === order.about.id) return named
    throw taken('This ticket is looked after for something else already.')
  }
  const row = await insertTicket(tx, {
    id: needs.newId(),
    connection: connection.name,
    tracker: connection.tracker,
    subjectKind: order.about.kind,
    subjectId: order.about.id,
    incidentId: standing.incidentId,
    phase: ref === null ? 'wanted' : 'there',
    wishTitle,
    ref,
    key: ref,
    createdBy: order.by,
    createdAt: await tx.now(),
  })
  if (row === null) {
    const there = await findTicketOf(tx, order.connection, order.about)
    if (there !== null && ref === null) return there
    throw taken(`It has ${there?.key ?? 'a ticket'} at ${order.connection} already. Unlink that one first.`)
  }
  const event = ref === null ? ticketAsked : ticketLinked
  await tellJournal(tx, needs, ports, { event, row, actor: order.actor, data: (base) => base })
  await hurryConnection(tx, connection.name)
  return row
}

const taken = (sentence: string) => new AppError('conflict', 'tickets.taken', sentence)

async function readableStanding(tx: Tx, ports: TicketsPorts, { about, reader }: TicketOrder): Promise<Standing> {
  const standing = await ports.standingOf(tx, about)
  const incident = standing === null ? null : await findIncident(tx, standing.incidentId)
  if (standing !== null && incident !== null && mayReadIncident(reader, incident)) return standing
  // Whoever may not read it learns no more than of one that is not there.
  if (about.kind === 'incident') await needIncident(tx, about.id, reader)
  throw new AppError('not-found', 'actions.unknown', 'There is no such action.')
}

export const unknownTicket = () => new AppError('not-found', 'tickets.unknown', 'There is no such ticket.')

interface TicketAct {
  readonly id: string
  readonly actor: Actor
  readonly reader: IncidentReader
}

async function loadTicket(tx: Tx, { id, reader }: TicketAct): Promise<TicketRow> {
  const found = await findTicket(tx, id)
  // The connection is locked before its tickets, as the worker does.
  if (found !== null) await lockConnection(tx, found.connection)
  const row = found === null ? null : await lockTicket(tx, id)
  const incident = row === null ? null : await findIncident(tx, row.incidentId)
  if (row === null || row.phase === 'gone') throw unknownTicket()
  if (incident === null ? !reader.all : !mayReadIncident(reader, incident)) throw unknownTicket()
  return row
}

export async function unlinkTicket(needs: Needs, ports: TicketsPorts, act: TicketAct): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const row = await loadTicket(tx, act)
    const gone = await saveTicket(tx, { ...row, phase: 'gone', dueAt: null })
    await tellJournal(tx, needs, ports, { event: ticketUnlinked, row: gone, actor: act.actor, data: (base) => base })
  })
}

export async function settleConflict(
  needs: Needs,
  ports: TicketsPorts,
  act: TicketAct & { readonly take: 'ours' | 'theirs' },
): Promise<TicketRow> {
  return needs.database.transaction(async (tx) => {
    const row = await loadTicket(tx, act)
    if (!row.conflict)
      throw new AppError('conflict', 'tickets.no-conflict', 'Both sides agree, or one follows the other.')
    const saved = await saveTicket(tx, { ...row, settle: act.take, dueAt: await tx.now() })
    await tellJournal(tx, needs, ports, {
      event: ticketSettled,
      row: saved,
      actor: act.actor,
      data: (base) => ({ ...base, take: act.take }),
    })
    await hurryConnection(tx, row.connection)
    return saved
  })
}

export async function lookAtTicket(needs: Needs, act: TicketAct): Promise<TicketRow> {
  return needs.database.transaction(async (tx) => {
    const row = await loadTicket(tx, act)
    const saved = await saveTicket(tx, { ...row, dueAt: await tx.now() })
    await hurryConnection(tx, row.connection)
    return saved
  })
}
