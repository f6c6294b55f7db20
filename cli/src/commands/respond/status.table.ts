// Status pages: what customers read, who hears of it, what was told elsewhere before.
import type { Command } from '../../line/command.ts'

const oneIncident = [{ name: 'INCIDENT', required: true }] as const

export const statusCommands: readonly Command[] = [
  {
    words: ['status', 'list'],
    group: 'respond',
    summary: 'Status pages as they stand',
    examples: [{ line: 'mainstay status list', meaning: 'what customers read now' }],
    server: true,
    data: true,
    load: async () => (await import('./status.ts')).listPages,
  },
  {
    words: ['status', 'import'],
    group: 'respond',
    summary: 'Take over what another status page told before: the history of Statuspage or Cachet',
    examples: [
      { line: 'mainstay status import shop incidents.json --dry-run', meaning: 'what would be taken over' },
      { line: 'mainstay status import shop incidents.json', meaning: 'with its true times; subscribers hear nothing' },
    ],
    arguments: [
      { name: 'PAGE', required: true },
      { name: 'FILE', required: true },
    ],
    options: [{ name: 'dry-run', summary: 'Say what would be taken over, and take nothing.' }],
    server: true,
    data: true,
    load: async () => (await import('./status.ts')).importHistory,
  },
  {
    words: ['status', 'tell'],
    group: 'respond',
    summary: 'Tell a status page how an incident stands: the first words, or the next',
    examples: [
      { line: 'mainstay status tell shop 7 --draft', meaning: 'made from the facts; nothing is published' },
      { line: 'mainstay status tell shop 7 "Payments fail for some. We are on it."', meaning: 'subscribers are told' },
      { line: 'mainstay status tell shop 7 "It is over." --state resolved', meaning: 'the last words' },
      { line: 'mainstay status tell shop 7 "It is over." --in "de=Es ist vorbei."', meaning: 'in two languages' },
    ],
    arguments: [{ name: 'PAGE', required: true }, ...oneIncident, { name: 'TEXT', required: false, repeat: true }],
    options: [
      { name: 'draft', summary: 'Print a draft and publish nothing.' },
      { name: 'title', value: 'TEXT', summary: 'Of the first words; from the facts unless said.' },
      {
        name: 'state',
        value: 'STATE',
        choices: ['investigating', 'identified', 'monitoring', 'resolved'],
        summary: 'From the incident unless said.',
      },
      { name: 'in', value: 'LANGUAGE=TEXT', repeat: true, summary: 'The words in another language of the page.' },
      {
        name: 'title-in',
        value: 'LANGUAGE=TEXT',
        repeat: true,
        summary: 'The title of the first words in another language.',
      },
      { name: 'no-mail', summary: 'Subscribers get no mail.' },
    ],
    server: true,
    load: async () => (await import('./status.ts')).tellPage,
  },
  {
    words: ['status', 'image'],
    group: 'respond',
    summary: 'Give a status page its logo or icon, or take it away',
    examples: [
      { line: 'mainstay status image shop logo logo.png', meaning: 'a PNG or WebP of at most 200 kB' },
      { line: 'mainstay status image shop icon --remove', meaning: 'none any more' },
    ],
    arguments: [
      { name: 'PAGE', required: true },
      { name: 'KIND', required: true, completes: ['logo', 'icon'] },
      { name: 'FILE', required: false, completes: 'file' },
    ],
    options: [{ name: 'remove', summary: 'Take it away.' }],
    server: true,
    load: async () => (await import('./status-image.ts')).changeImage,
  },
  {
    words: ['status', 'subscribers'],
    group: 'respond',
    summary: 'Who hears of a status page, and who takes nothing any more',
    examples: [{ line: 'mainstay status subscribers shop --failing', meaning: 'webhooks that messages do not reach' }],
    arguments: [{ name: 'PAGE', required: true }],
    options: [{ name: 'failing', summary: 'Only those that messages do not reach.' }],
    server: true,
    data: true,
    load: async () => (await import('./status-subscribers.ts')).listSubscribers,
  },
  {
    words: ['status', 'subscribe'],
    group: 'respond',
    summary: 'Let an address hear of a status page; it is asked first',
    examples: [
      { line: 'mainstay status subscribe shop --email ana@example.org', meaning: 'a mail asks whether it wants to' },
      {
        line: 'mainstay status subscribe shop --webhook https://hooks.example.org/in --component checkout',
        meaning: 'of one component only',
      },
    ],
    arguments: [{ name: 'PAGE', required: true }],
    options: [
      { name: 'email', value: 'ADDRESS', summary: 'A mailbox …' },
      { name: 'webhook', value: 'URL', summary: '… or a webhook.' },
      { name: 'component', value: 'NAME', repeat: true, summary: 'Only of these; of everything unless said.' },
    ],
    server: true,
    load: async () => (await import('./status-subscribers.ts')).subscribe,
  },
  {
    words: ['status', 'resume'],
    group: 'respond',
    summary: 'Send to a paused subscriber of a status page again',
    examples: [{ line: 'mainstay status resume 01a2…', meaning: 'its id, from status subscribers' }],
    arguments: [{ name: 'SUBSCRIBER', required: true }],
    server: true,
    load: async () => (await import('./status-subscribers.ts')).resumeSubscriber,
  },
  {
    words: ['status', 'unsubscribe'],
    group: 'respond',
    summary: 'End a subscription to a status page',
    examples: [{ line: 'mainstay status unsubscribe 01a2…', meaning: 'its id, from status subscribers' }],
    arguments: [{ name: 'SUBSCRIBER', required: true }],
    server: true,
    load: async () => (await import('./status-subscribers.ts')).removeSubscriber,
  },
]
