// Incidents in chat.
import type { Command } from '../../line/command.ts'

export const chatCommands: readonly Command[] = [
  {
    words: ['chat', 'status'],
    group: 'respond',
    summary: 'Whether incidents can be led from chat, and what waits while one is away',
    examples: [{ line: 'mainstay chat status', meaning: 'ends with 1 while a chat is away' }],
    server: true,
    data: true,
    load: async () => (await import('./chat.ts')).chatStatus,
  },
  {
    words: ['chat', 'test'],
    group: 'respond',
    summary: 'Ask a chat whether incidents can be led there, and what is missing',
    examples: [
      { line: 'mainstay chat test mattermost', meaning: 'ends with 1 when something is missing; nobody there sees it' },
    ],
    arguments: [{ name: 'CHAT', required: true }],
    server: true,
    data: true,
    load: async () => (await import('./chat.ts')).testChat,
  },
  {
    words: ['chat', 'room'],
    group: 'respond',
    summary: 'The rooms of an incident in chat: where they are, and what waits for them',
    examples: [{ line: 'mainstay chat room 7', meaning: 'ends with 1 while one of its chats is away' }],
    arguments: [{ name: 'INCIDENT', required: true }],
    server: true,
    data: true,
    load: async () => (await import('./chat.ts')).showRooms,
  },
  {
    words: ['chat', 'say'],
    group: 'respond',
    summary: 'Run a command as it is written in chat, with your own rights',
    examples: [
      { line: 'mainstay chat say declare sev2 checkout is down', meaning: 'an incident, and its room' },
      { line: 'mainstay chat say 7 role commander @ana', meaning: 'the number says which incident' },
      { line: 'mainstay chat say help', meaning: 'everything that can be said' },
    ],
    arguments: [{ name: 'TEXT', required: true, repeat: true }],
    server: true,
    load: async () => (await import('./chat.ts')).sayInChat,
  },
]
