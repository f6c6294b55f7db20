// Incidents in chat: how the chats and their rooms are doing, and the command line they share with the console.
import type { ChatRoom, ChatState, ChatTest } from '../../../client/src/index.ts'
import { client } from './http.ts'

export type { ChatRoom, ChatState, ChatTest }

type Signal = AbortSignal

const rooms = (provider: ChatState['provider']): string =>
  JSON.stringify({
    apiVersion: 'mainstay.dev/v1',
    kind: 'ChatConnection',
    metadata: { name: provider },
    spec: { provider },
  })

export const chat = {
  status: (signal: Signal) => client['chat.status']({ signal }),
  room: (incident: string, signal: Signal) => client['chat.room']({ params: { id: incident }, signal }),
  say: (text: string, incident: string) => client['chat.command']({ body: { text, incident } }),
  test: (provider: ChatState['provider']) => client['chat.test']({ params: { provider } }),
  /** With what holds unless more is said. */
  openRooms: (provider: ChatState['provider']) =>
    client['resources.apply']({ body: { documents: rooms(provider), manager: 'console' } }),
}
