import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import * as contract from './chat.contract.ts'
import { chatJobs, chatRecurring, chatSubscriptions } from './chat.jobs.ts'
import { type ChatPorts, chatProviders } from './chat.ports.ts'
import { chatRoutes } from './chat.routes.ts'
import { findLink, listPlaces, noteSocket } from './chat.store.ts'
import { chatWireRoutes } from './chat.wire.routes.ts'
import { connectionKind } from './kinds/chat-connection.ts'
import { takeInbound } from './usecases/handle-inbound.ts'
import { readSettings } from './usecases/read-settings.ts'

/** Open rooms that are read again after an absence, the newest first. */
const mostHeard = 200

export function chatRoom(needs: Needs, ports: ChatPorts): Room {
  let listening: readonly { readonly stop: () => Promise<void> }[] = []
  return {
    name: 'chat',
    operations: chatRoutes(needs, ports),
    wireRoutes: chatWireRoutes(needs, ports),
    jobs: chatJobs(needs, ports),
    recurring: chatRecurring,
    subscriptions: chatSubscriptions(needs, ports),
    events: [
      contract.roomOpened,
      contract.messageSaid,
      contract.messagePinned,
      contract.chatLost,
      contract.chatRegained,
    ],
    kinds: [connectionKind],
    errors: contract.chatErrors,
    start: async () => {
      listening = chatProviders.flatMap((provider) => {
        const listen = ports.chats[provider]?.listener.listen
        if (listen == null) return []
        const take = (inbound: Parameters<typeof takeInbound>[2]) => takeInbound(needs, provider, inbound)
        return [
          listen({
            take,
            declared: async () => (await readSettings(needs.database, provider)) !== null,
            keeps: async () => (await readSettings(needs.database, provider))?.keepMessages === true,
            seen: () => noteSocket(needs.database, provider),
            now: () => needs.database.now(),
            lastSeen: async () => (await findLink(needs.database, provider)).socketSeenAt,
            places: () => listPlaces(needs.database, provider, mostHeard),
          }),
        ]
      })
    },
    stop: async () => {
      await Promise.all(listening.map((each) => each.stop()))
    },
  }
}
