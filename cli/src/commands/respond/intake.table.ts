// Senders of alarms.
import type { Command } from '../../line/command.ts'

const source = [{ name: 'SOURCE', required: true }] as const

export const intakeCommands: readonly Command[] = [
  {
    words: ['intake', 'list'],
    group: 'respond',
    summary: 'Senders of alarms, how much they sent, and what was not understood',
    examples: [{ line: 'mainstay intake list', meaning: 'by name' }],
    server: true,
    data: true,
    load: async () => (await import('./intake.ts')).listSources,
  },
  {
    words: ['intake', 'token'],
    group: 'respond',
    summary: 'Make a token for a sender, and print what to paste there',
    examples: [
      { line: 'mainstay intake token shop-grafana', meaning: 'the former token is good for a day more' },
      { line: 'mainstay intake token shop-grafana --overlap 0s -o json', meaning: 'it ends now; for scripts' },
    ],
    arguments: source,
    options: [{ name: 'overlap', value: 'DURATION', summary: 'How long the former token is still good (default 1d).' }],
    server: true,
    data: true,
    load: async () => (await import('./intake.ts')).issueToken,
  },
  {
    words: ['intake', 'secret'],
    group: 'respond',
    summary: 'Store what signs the deliveries of a sender; unsigned ones are then turned away',
    examples: [
      { line: 'pass sentry/client-secret | mainstay intake secret errors', meaning: 'piped in' },
      { line: 'mainstay intake secret errors --file secret.txt', meaning: 'from a file' },
    ],
    arguments: source,
    options: [
      { name: 'file', short: 'f', value: 'FILE', completes: 'file', summary: 'Where it stands; piped in unless said.' },
      { name: 'remove', summary: 'Check signatures no more.' },
    ],
    server: true,
    load: async () => (await import('./intake.ts')).storeSecret,
  },
  {
    words: ['intake', 'orphans'],
    group: 'respond',
    summary: 'What was sent and could not be understood',
    examples: [{ line: 'mainstay intake orphans shop', meaning: 'of one source; -o json shows the payloads' }],
    arguments: [{ name: 'SOURCE', required: false }],
    server: true,
    data: true,
    load: async () => (await import('./intake.ts')).listOrphans,
  },
  {
    words: ['intake', 'replay'],
    group: 'respond',
    summary: 'Try orphans again, as their source is declared now',
    examples: [{ line: 'mainstay intake replay --source shop', meaning: 'after its mapping was mended' }],
    arguments: [{ name: 'ORPHAN', required: false, repeat: true }],
    options: [{ name: 'source', value: 'SOURCE', summary: 'All of this source.' }],
    server: true,
    load: async () => (await import('./intake.ts')).replayOrphans,
  },
  {
    words: ['intake', 'try'],
    group: 'respond',
    summary: 'What a payload would become; nothing is taken in',
    examples: [{ line: 'mainstay intake try shop payload.json', meaning: 'by the mapping of the source' }],
    arguments: [...source, { name: 'FILE', required: false, completes: 'file' }],
    server: true,
    data: true,
    load: async () => (await import('./intake.ts')).tryPayload,
  },
]
