// Something happened to an incident: does it need a room, another one, or only news in the one it has?
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork } from '../../../platform/work/due-work.store.ts'
import { findIncident, type IncidentRow, listIncidentRows } from '../../incidents/index.ts'
import { considerRoom, syncRoom } from '../chat.contract.ts'
import { type ChatPorts, type ChatProvider, chatProviders, openToAll } from '../chat.ports.ts'
import { insertRoom, listWithRooms, lockRoomsOf, type RoomRow, saveRoom } from '../chat.store.ts'
import { type ChatSettings, wantsRoom } from '../core/index.ts'
import { isAnyDeclared, readSettings } from './read-settings.ts'

/** What comes within this time becomes one message. */
const gatherMs = 700
const mostOpen = 200

/** Each is tried; when one fails the first failure is thrown. */
export async function considerRooms(needs: Needs, ports: ChatPorts, incidents: readonly string[]): Promise<void> {
  const failures: unknown[] = []
  for (const each of await followed(needs.database, ports, [...new Set(incidents)]))
    await considerRoomsOf(needs, ports, each).catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}

async function considerRoomsOf(needs: Needs, ports: ChatPorts, incidentId: string): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const incident = await findIncident(tx, incidentId)
    if (incident === null) return
    for (const provider of chatProviders) {
      if (ports.chats[provider] === undefined) continue
      const settings = await readSettings(tx, provider)
      const rooms = (await lockRoomsOf(tx, incidentId)).filter((each) => each.provider === provider)
      const kept = rooms.filter((room) => !mustLeave(room, incident))
      if (
        settings !== null &&
        // Where nothing can be kept from the others, there is no room at all.
        (!openToAll.has(provider) || incident.kind !== 'security') &&
        !kept.some((room) => room.state !== 'leaving') &&
        // Whoever had a room keeps one when the incident becomes restricted, however severe it is.
        (wantsRoom(incident, settings) || kept.length < rooms.length)
      )
        await openRoom(tx, needs, provider, incident, settings)
      // Another chat's rooms go by what was declared for it.
      for (const room of (await lockRoomsOf(tx, incidentId)).filter((each) => each.provider === provider)) {
        const leaving = mustLeave(room, incident)
        const archiveAt = settings === null ? null : archiveTime(incident, settings)
        await saveRoom(tx, {
          ...room,
          archiveAt,
          wanted: room.wanted + 1,
          ...(leaving ? leave(room) : {}),
        })
        // Looked at again when its time is over; whatever happens before goes on at once.
        if (archiveAt !== null && archiveAt > (await tx.now()))
          await addWork(tx, considerRoom, { incidentId }, { key: incidentId, dueAt: archiveAt })
        await addWork(tx, syncRoom, { roomId: room.id }, { key: room.id, delayMs: gatherMs, onDuplicate: 'keep' })
      }
    }
  })
}

/** Most installations speak to no chat: a storm of incidents costs them two looks. */
async function followed(queries: Queries, ports: ChatPorts, incidents: readonly string[]): Promise<readonly string[]> {
  const spoken = chatProviders.filter((provider) => ports.chats[provider] !== undefined)
  if (await isAnyDeclared(queries, spoken)) return incidents
  const withRooms = await listWithRooms(queries, incidents)
  return incidents.filter((each) => withRooms.has(each))
}

/** Somebody declared what holds for a chat: it holds for what is open, too. */
export async function considerOpenIncidents(needs: Needs): Promise<void> {
  const open = {
    reader: { all: true },
    status: 'open',
    service: null,
    severity: null,
    search: null,
    from: null,
    to: null,
  } as const
  await needs.database.transaction(async (tx) => {
    for (const { id } of await listIncidentRows(tx, open, null, mostOpen))
      await addWork(tx, considerRoom, { incidentId: id }, { key: id })
  })
}

/** Others read it, and the incident is for few. */
export function mustLeave(room: Pick<RoomRow, 'isPrivate' | 'state'>, incident: Pick<IncidentRow, 'kind'>): boolean {
  return incident.kind === 'security' && !room.isPrivate && room.state !== 'archived'
}

/** A room that was never made is not made any more. */
function leave(room: RoomRow): Pick<RoomRow, 'state' | 'underWay'> {
  const made = room.place !== null || room.underWay !== null
  return { state: made ? 'leaving' : 'archived', underWay: room.underWay?.kind === 'open' ? room.underWay : null }
}

/** Asked for, however severe the incident is; what the room shows follows as ever. */
export async function openRoomFor(
  tx: Tx,
  needs: Needs,
  { incident, provider }: { readonly incident: IncidentRow; readonly provider: ChatProvider },
): Promise<'opened' | 'there' | 'not-connected' | 'never-private'> {
  const settings = await readSettings(tx, provider)
  if (settings === null) return 'not-connected'
  if (incident.kind === 'security' && openToAll.has(provider)) return 'never-private'
  const there = (await lockRoomsOf(tx, incident.id)).some(
    (room) => room.provider === provider && !mustLeave(room, incident) && room.state !== 'leaving',
  )
  if (!there) await openRoom(tx, needs, provider, incident, settings)
  await addWork(tx, considerRoom, { incidentId: incident.id }, { key: incident.id })
  return there ? 'there' : 'opened'
}

async function openRoom(
  tx: Tx,
  needs: Needs,
  provider: ChatProvider,
  incident: IncidentRow,
  settings: ChatSettings,
): Promise<void> {
  // The one that others read gives its place to the new one.
  for (const room of await lockRoomsOf(tx, incident.id))
    if (room.provider === provider && mustLeave(room, incident)) await saveRoom(tx, { ...room, ...leave(room) })
  await insertRoom(tx, {
    id: needs.newId(),
    incidentId: incident.id,
    incidentNumber: incident.number,
    provider,
    isPrivate: incident.kind === 'security' || settings.isPrivate,
  })
}

function archiveTime(incident: IncidentRow, { archiveAfterMs }: ChatSettings): Instant | null {
  return incident.resolvedAt === null || archiveAfterMs === null ? null : plus(incident.resolvedAt, archiveAfterMs)
}
