// Every name of the room `chat` that leaves.
import { type Static, Type } from 'typebox'
import type { JsonObject } from '../../kernel/json.ts'
import { operation } from '../../platform/http/operation.ts'
import { Id, Nullable, Text, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { defineJob } from '../../platform/work/job.ts'
import { chatProviders } from './chat.ports.ts'
import { longestCommand } from './core/index.ts'

const Away = Nullable(Type.Object({ since: Time, because: Type.String(), nextTryAt: Nullable(Time) }))

export const ChatRoomState = Type.Object(
  {
    provider: Words(chatProviders),
    title: Type.String({ description: 'What people call the chat.' }),
    state: Words(
      ['wanted', 'open', 'leaving', 'archived'] as const,
      'Leaving: it is closed because others read it and the incident is restricted now.',
    ),
    name: Nullable(Type.String()),
    url: Nullable(Type.String()),
    private: Type.Boolean(),
    waiting: Type.Integer({ description: 'Lines of the timeline that are not in the room yet.' }),
    away: Away,
    fault: Nullable(Type.String({ description: 'What the chat refuses, and the way out.' })),
  },
  { title: 'ChatRoom' },
)
export type ChatRoomReply = Static<typeof ChatRoomState>

export const readRoom = operation({
  id: 'chat.room',
  method: 'GET',
  path: '/api/v1/incidents/{id}/chat',
  summary: 'The room of an incident in chat, and how it stands',
  params: Type.Object({ id: Id }),
  reply: Type.Object({
    room: Nullable(ChatRoomState),
    rooms: Type.Array(ChatRoomState, { description: 'Of every chat; `room` is the first of them.' }),
  }),
  errors: ['incidents.unknown'],
})

export const ChatState = Type.Object(
  {
    provider: Words(chatProviders),
    title: Type.String(),
    connected: Type.Boolean({ description: 'Its token is kept.' }),
    declared: Type.Boolean({ description: 'A ChatConnection says which incidents get a room.' }),
    sentence: Type.String(),
    away: Away,
    rooms: Type.Integer({ description: 'Open rooms.' }),
    waitingRooms: Type.Integer({ description: 'Rooms that wait for something.' }),
    socketSeenAt: Nullable(
      Type.String({ format: 'date-time', description: 'The last sign of the connection we hold; null when none is.' }),
    ),
    heardAt: Nullable(
      Type.String({ format: 'date-time', description: 'When anything last came in from there, within three days.' }),
    ),
    addresses: Type.Array(Type.Object({ label: Type.String(), url: Type.String() }), {
      description: 'What the app at the chat is told to call, when it does not hold a connection.',
    }),
  },
  { title: 'ChatState' },
)
export type ChatStateReply = Static<typeof ChatState>

export const readStatus = operation({
  id: 'chat.status',
  method: 'GET',
  path: '/api/v1/chat',
  summary: 'The chats incidents are led from, with what is missing',
  reply: Type.Object({ items: Type.Array(ChatState) }),
})

export const testChat = operation({
  id: 'chat.test',
  method: 'POST',
  path: '/api/v1/chat/{provider}/test',
  summary: 'Ask a chat whether incidents can be led there, and what is missing; it shows nothing to anybody',
  params: Type.Object({ provider: Words(chatProviders) }),
  reply: Type.Object(
    {
      ok: Type.Boolean(),
      checks: Type.Array(
        Type.Object(
          {
            name: Type.String(),
            ok: Type.Boolean(),
            sentence: Type.String({ description: 'What holds, or what to do about it.' }),
          },
          { title: 'ChatCheck' },
        ),
      ),
    },
    { title: 'ChatTest' },
  ),
})

export const runCommand = operation({
  id: 'chat.command',
  method: 'POST',
  path: '/api/v1/chat/commands',
  summary: 'Run a command as it is written in chat, with one’s own rights',
  body: Type.Object({
    text: Text(longestCommand, '`sev 2 because it spreads`; `help` lists them all.'),
    incident: Type.Optional({
      ...Id,
      description: 'The incident that is meant, unless the text begins with its number.',
    }),
  }),
  reply: Type.Object(
    {
      done: Type.Boolean(),
      sentence: Type.String({ description: 'What was done, or why not.' }),
      incident: Nullable(Type.String({ description: 'The incident it was about.' })),
    },
    { title: 'ChatCommandAnswer' },
  ),
})

type RoomData = {
  readonly incidentId: string
  readonly number: number
  readonly chat: string
  readonly name: string
} & JsonObject
export const roomOpened = defineEvent<RoomData>({
  type: 'incident.chat-opened',
  summary: 'Its room in chat is there',
})
type SaidData = {
  readonly incidentId: string
  readonly number: number
  readonly author: string
  readonly text: string
  readonly occurredAt: string
} & JsonObject
export const messageSaid = defineEvent<SaidData>({
  type: 'incident.chat-said',
  summary: 'Somebody wrote in its room in chat',
})
export const messagePinned = defineEvent<SaidData & { readonly by: string }>({
  type: 'incident.chat-pinned',
  summary: 'A message of its room in chat was pinned',
})
export const chatLost = defineEvent<{ readonly chat: string; readonly because: string }>({
  type: 'chat.lost',
  summary: 'A chat cannot be reached; what is for it waits',
})
export const chatRegained = defineEvent<{ readonly chat: string; readonly since: string }>({
  type: 'chat.regained',
  summary: 'A chat can be reached again; what waited goes out',
})

// Whatever fails here fails by the database or a fault of ours; what the chat does is answered for by the room itself.
const retrySoon = Array.from({ length: 200 }, (_, index) => Math.min(60_000, 1_000 * (index + 1)))
/** One call to the chat after the other; below pages and everything that tells people. */
export const syncRoom = defineJob<{ readonly roomId: string }>({
  kind: 'chat.sync-room',
  lane: 'outside',
  leaseMs: 15_000,
  retryMs: retrySoon,
})
export const considerRoom = defineJob<{ readonly incidentId: string }>({
  kind: 'chat.consider-room',
  lane: 'normal',
  retryMs: retrySoon,
})
export const handleInbound = defineJob<{ readonly provider: string; readonly key: string }>({
  kind: 'chat.handle-inbound',
  lane: 'outside',
  leaseMs: 15_000,
  retryMs: [1_000, 2_000, 5_000, 20_000, 60_000, 60_000, 60_000, 60_000],
})
/** An answer is worth something for as long as somebody waits for it. */
export const sendAnswer = defineJob<{ readonly provider: string; readonly key: string }>({
  kind: 'chat.send-answer',
  lane: 'outside',
  leaseMs: 15_000,
  retryMs: [2_000, 5_000, 20_000, 60_000, 300_000],
})

export const chatErrors = [
  { code: 'chat.forged', summary: 'The request does not come from the chat, or is too old.' },
  { code: 'chat.not-connected', summary: 'This chat is not connected.' },
  { code: 'chat.not-private', summary: 'This chat has no room that only some people read.' },
] as const
