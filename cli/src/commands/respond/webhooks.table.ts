// Webhooks that escalation policies page.
import type { Command } from '../../line/command.ts'

const oneWebhook = [{ name: 'WEBHOOK', required: true }] as const

export const webhookCommands: readonly Command[] = [
  {
    words: ['webhook', 'list'],
    group: 'respond',
    summary: 'Webhooks that policies page, and what came of the last message',
    examples: [{ line: 'mainstay webhook list', meaning: 'never told, answered, or what went wrong' }],
    server: true,
    data: true,
    load: async () => (await import('./webhooks.ts')).listWebhooks,
  },
  {
    words: ['webhook', 'secret'],
    group: 'respond',
    summary: 'Replace the secret that signs what a webhook is told; shown once',
    examples: [
      { line: 'mainstay webhook secret chat-ops', meaning: 'a new one; the one before signs as well for a day' },
      { line: 'mainstay webhook secret chat-ops --secret-file -', meaning: 'the receiver’s own, from stdin' },
    ],
    arguments: oneWebhook,
    options: [
      {
        name: 'secret-file',
        value: 'FILE',
        completes: 'file',
        summary: 'Holds the secret that signs, whsec_…; - is stdin. Made unless given.',
      },
    ],
    server: true,
    load: async () => (await import('./webhooks.ts')).replaceSecret,
  },
  {
    words: ['webhook', 'test'],
    group: 'respond',
    summary: 'Send a webhook a test: the whole path of a page, no alert',
    examples: [{ line: 'mainstay webhook test chat-ops', meaning: 'its answer stands in `webhook list`' }],
    arguments: oneWebhook,
    server: true,
    load: async () => (await import('./webhooks.ts')).testWebhook,
  },
]
