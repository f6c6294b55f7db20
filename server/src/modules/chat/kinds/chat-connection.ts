// ChatConnection: which incidents get a room in which chat. Without one, nothing is opened anywhere.
import { Type } from 'typebox'
import { parseDuration } from '../../../kernel/duration.ts'
import { severities } from '../../../kernel/severity.ts'
import { Text, Words } from '../../../platform/http/schemas.ts'
import type { ResourceKind } from '../../../platform/resources/resource-kind.ts'
import { chatProviders, openToAll } from '../chat.ports.ts'

export const ChatConnectionSpec = Type.Object({
  provider: Words(chatProviders, 'Its token is kept under Settings, Channels.'),
  rooms: Type.Optional(
    Type.Object({
      from: Type.Optional(Words(severities, 'The least severe that gets a room. SEV2 unless said.')),
      drills: Type.Optional(Type.Boolean({ description: 'Drills get a room too. Yes unless said.' })),
      private: Type.Optional(
        Type.Boolean({ description: 'Rooms are seen by their members only; of restricted incidents they always are.' }),
      ),
      archiveAfter: Type.Optional(Text(20, 'How long after the end a room stays: `7d` unless said, or `never`.')),
    }),
  ),
  keepMessages: Type.Optional(
    Type.Boolean({
      description: 'What people write in the room goes into the timeline. Only pinned messages unless said.',
    }),
  ),
})

export const connectionKind: ResourceKind = {
  apiVersion: 'mainstay.dev/v1',
  kind: 'ChatConnection',
  plural: 'chatconnections',
  aliases: ['chatconnection'],
  summary: 'Which incidents get a room in which chat, and what of it is kept',
  order: 91,
  spec: ChatConnectionSpec,
  owner: () => null,
  references: () => [],
  admit: ({ metadata, spec }) => {
    const faults = []
    const after = spec.rooms !== undefined && typeof spec.rooms === 'object' ? archiveOf(spec.rooms) : undefined
    if (after !== undefined && after !== 'never' && parseDuration(after) === null)
      faults.push({ pointer: '/spec/rooms/archiveAfter', detail: `"${after}" is no duration. Write 7d, 12h or never.` })
    if (chatProviders.some((each) => each === spec.provider && openToAll.has(each)) && asksPrivate(spec.rooms))
      faults.push({
        pointer: '/spec/rooms/private',
        detail:
          'In Teams incidents are threads of one channel, seen by all its members. Leave it out, and name a channel of a private team.',
      })
    if (metadata.name !== spec.provider)
      faults.push({
        pointer: '/metadata/name',
        detail: `There is one connection for each chat, and it has the chat's name: ${String(spec.provider)}.`,
      })
    return { faults, warnings: [] }
  },
}

function archiveOf(rooms: object | null): string | undefined {
  const found = rooms === null ? undefined : new Map(Object.entries(rooms)).get('archiveAfter')
  return typeof found === 'string' ? found : undefined
}

const asksPrivate = (rooms: unknown): boolean =>
  typeof rooms === 'object' && rooms !== null && 'private' in rooms && rooms.private === true
