// How the chats and the rooms in them are doing, in words for people.
import { formatInstant } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { ChatRoomReply, ChatStateReply } from '../chat.contract.ts'
import { type ChatPorts, chatProviders } from '../chat.ports.ts'
import { countRooms, findLink, type LinkRow, lastHeard, listRoomsOf, type RoomRow } from '../chat.store.ts'
import { readSettings } from './read-settings.ts'
import { waitingLines } from './waiting-lines.ts'

/** A connection says something at least this often, or it is none. */
export const socketSilentMs = 10 * 60_000

/** The newest of each chat, those that stand first. */
export async function readRoomsOf(
  queries: Queries,
  ports: ChatPorts,
  incidentId: string,
): Promise<readonly ChatRoomReply[]> {
  const rooms = await listRoomsOf(queries, incidentId)
  const replies: ChatRoomReply[] = []
  for (const [index, room] of rooms.entries()) {
    const chat = ports.chats[room.provider]?.room
    const isOlder = rooms.slice(0, index).some((each) => each.provider === room.provider)
    if (chat !== undefined && !isOlder) replies.push(await presentRoom(queries, ports, room, chat.title))
  }
  return replies
}

async function presentRoom(queries: Queries, ports: ChatPorts, room: RoomRow, title: string): Promise<ChatRoomReply> {
  const isThere = room.state === 'open' || room.state === 'wanted'
  const waiting = isThere ? (await waitingLines(queries, ports, room)).length : 0
  return {
    provider: room.provider,
    title,
    state: room.state,
    name: room.name,
    url: room.url,
    private: room.isPrivate,
    waiting,
    away: awayOf(await findLink(queries, room.provider)),
    fault: room.fault,
  }
}

function awayOf(link: LinkRow): ChatRoomReply['away'] {
  if (link.awaySince === null) return null
  return {
    since: formatInstant(link.awaySince),
    because: link.because ?? '',
    nextTryAt: link.nextTryAt === null ? null : formatInstant(link.nextTryAt),
  }
}

export async function readChats(needs: Needs, ports: ChatPorts): Promise<readonly ChatStateReply[]> {
  const { database, publicUrl } = needs
  const now = await database.now()
  const chats: ChatStateReply[] = []
  for (const provider of chatProviders) {
    const chat = ports.chats[provider]
    if (chat === undefined) continue
    const connected = await chat.room.isConnected()
    const declared = (await readSettings(database, provider)) !== null
    const link = await findLink(database, provider)
    const heardAt = await lastHeard(database, provider)
    const rooms = await countRooms(database, provider)
    const isOpen = link.socketSeenAt !== null && now - link.socketSeenAt < socketSilentMs
    const socket = chat.listener.connects && isOpen ? link.socketSeenAt : null
    const hooks = `${publicUrl}/api/v1/chat/${provider}`
    chats.push({
      provider,
      title: chat.room.title,
      connected,
      declared,
      sentence: sentenceOf(chat.room.title, {
        connected,
        declared,
        away: link.awaySince !== null,
        waiting: rooms.waiting,
      }),
      away: awayOf(link),
      rooms: rooms.open,
      waitingRooms: rooms.waiting,
      socketSeenAt: socket === null ? null : formatInstant(socket),
      heardAt: heardAt === null ? null : formatInstant(heardAt),
      addresses: chat.listener.doors.map(({ door, label }) => ({ label, url: `${hooks}/${door}` })),
    })
  }
  return chats
}

function sentenceOf(
  title: string,
  of: { readonly connected: boolean; readonly declared: boolean; readonly away: boolean; readonly waiting: number },
): string {
  const waiting = `${of.waiting} ${of.waiting === 1 ? 'room waits' : 'rooms wait'}`
  if (!of.connected) return `${title} is not connected. An administrator connects it under Settings, Channels.`
  if (of.away) return `${title} is away; ${waiting} and will catch up.`
  if (!of.declared) return `${title} is connected. Incidents get no rooms there until a ChatConnection is declared.`
  return of.waiting === 0
    ? `Incidents are led from ${title}.`
    : `Incidents are led from ${title}; ${waiting} for something.`
}
