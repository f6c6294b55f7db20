// What an incident needs besides its room: words for status pages, its postmortem, its corrective actions.
import type { Command, Option } from '../../line/command.ts'
import { statusCommands } from './status.table.ts'

const oneIncident = [{ name: 'INCIDENT', required: true }] as const
const oneAction = [{ name: 'ACTION', required: true }] as const
const reason: Option = { name: 'reason', value: 'TEXT', summary: 'Why.' }
const note: Option = { name: 'note', value: 'TEXT', summary: 'What was done.' }
const proof: readonly Option[] = [
  { name: 'objective', value: 'OBJECTIVE', summary: 'Proven when it stays within its budget …' },
  { name: 'alert', value: 'TITLE', summary: '… or when this alert does not come back …' },
  {
    name: 'check',
    value: 'CHECK',
    choices: ['traffic', 'errors', 'latency', 'saturation', 'objective', 'dashboard', 'runbook', 'owner'],
    summary: '… or when the service passes this readiness check …',
  },
  { name: 'drill', summary: '… or when a drill of the service is mitigated …' },
  { name: 'mitigated-within', value: 'DURATION', summary: '… as fast as this …' },
  { name: 'service', value: 'SERVICE', summary: '… on this service …' },
  { name: 'for', value: 'DURATION', summary: '… so long; a drill: held within it (14d unless said).' },
]

const postmortemCommands: readonly Command[] = [
  {
    words: ['postmortem', 'show'],
    group: 'respond',
    summary: 'How the postmortem of an incident stands, and what it still needs',
    examples: [{ line: 'mainstay postmortem show 7', meaning: 'of incident 7' }],
    arguments: oneIncident,
    server: true,
    data: true,
    load: async () => (await import('./write-postmortem.ts')).showPostmortem,
  },
  {
    words: ['postmortem', 'write'],
    group: 'respond',
    summary: 'Write a section: in place of what is there',
    examples: [
      { line: 'mainstay postmortem write 7 summary "A migration held a lock for 40 minutes."', meaning: 'one line' },
      { line: 'mainstay postmortem write 7 lessons < lessons.md', meaning: 'Markdown from a file' },
    ],
    arguments: [...oneIncident, { name: 'SECTION', required: true }, { name: 'TEXT', required: false, repeat: true }],
    options: [{ name: 'add', summary: 'Below what is there.' }],
    server: true,
    load: async () => (await import('./write-postmortem.ts')).writeSection,
  },
  {
    words: ['postmortem', 'factor'],
    group: 'respond',
    summary: 'Name a contributing factor',
    examples: [
      { line: 'mainstay postmortem factor 7 "No lock timeout" --kind latent', meaning: 'without a single root cause' },
      { line: 'mainstay postmortem factor 7 "Migration at noon" --kind trigger --leads-to f1', meaning: 'led to f1' },
    ],
    arguments: [...oneIncident, { name: 'TEXT', required: true, repeat: true }],
    options: [
      {
        name: 'kind',
        value: 'KIND',
        choices: ['trigger', 'latent', 'detection', 'response', 'organisation'],
        summary: 'trigger (the default), latent, detection, response or organisation.',
      },
      { name: 'leads-to', value: 'FACTOR', repeat: true, summary: 'What it contributed to.' },
    ],
    server: true,
    load: async () => (await import('./write-postmortem.ts')).addFactor,
  },
  ...(
    [
      ['review', 'Send the postmortem to review', 'sendToReview', ''],
      ['publish', 'Publish the postmortem: its facts are frozen and hashed', 'publish', ''],
      ['return', 'Give the postmortem back to its authors', 'giveBack', ' --note "A factor is missing"'],
    ] as const
  ).map(
    ([word, summary, name, example]): Command => ({
      words: ['postmortem', word],
      group: 'respond',
      summary,
      examples: [{ line: `mainstay postmortem ${word} 7${example}`, meaning: 'of incident 7' }],
      arguments: oneIncident,
      options: [{ ...note, summary: 'Goes with it.' }],
      server: true,
      load: async () => (await import('./write-postmortem.ts'))[name],
    }),
  ),
]

const reviewCommands: readonly Command[] = [
  {
    words: ['postmortem', 'agenda'],
    group: 'respond',
    summary: 'What waits for review, the oldest first: the agenda of the meeting',
    examples: [{ line: 'mainstay postmortem agenda', meaning: 'and who is waited for' }],
    options: [{ name: 'limit', value: 'N', summary: '100 unless said.' }],
    server: true,
    data: true,
    load: async () => (await import('./review-postmortem.ts')).showAgenda,
  },
  {
    words: ['postmortem', 'approve'],
    group: 'respond',
    summary: 'Approve a postmortem as it stands now',
    examples: [{ line: 'mainstay postmortem approve 7', meaning: 'of incident 7' }],
    arguments: oneIncident,
    options: [{ ...reason, summary: 'Why it is good.' }],
    server: true,
    load: async () => (await import('./review-postmortem.ts')).approve,
  },
  {
    words: ['postmortem', 'request-changes'],
    group: 'respond',
    summary: 'Ask for changes before it is published',
    examples: [
      { line: 'mainstay postmortem request-changes 7 --reason "Say how it was detected"', meaning: 'of incident 7' },
    ],
    arguments: oneIncident,
    options: [reason],
    server: true,
    load: async () => (await import('./review-postmortem.ts')).requestChanges,
  },
  {
    words: ['postmortem', 'excuse'],
    group: 'respond',
    summary: 'Say that an incident needs no postmortem, and why; not of one you own',
    examples: [
      { line: 'mainstay postmortem excuse 7 --reason "The same as incident 5"', meaning: 'reminders end' },
      { line: 'mainstay postmortem excuse 7 --undo --reason "It was another cause"', meaning: 'it is due again' },
    ],
    arguments: oneIncident,
    options: [reason, { name: 'undo', summary: 'It is needed after all.' }],
    server: true,
    load: async () => (await import('./review-postmortem.ts')).excuse,
  },
  {
    words: ['postmortem', 'public'],
    group: 'respond',
    summary: 'The public version: prepare it, look at it, let it out, take it back',
    examples: [
      { line: 'mainstay postmortem public 7', meaning: 'what is prepared, as it would leave, and what is public' },
      {
        line: 'mainstay postmortem public 7 --prepare --without lessons --passage "the vault key" --role "ben=the engineer"',
        meaning: 'people by their roles; nothing leaves yet',
      },
      { line: 'mainstay postmortem public 7 --approve HASH', meaning: 'let out what was looked at' },
      {
        line: 'mainstay postmortem public 7 --withdraw "A customer is named"',
        meaning: 'its address is dead from now on',
      },
    ],
    arguments: oneIncident,
    options: [
      { name: 'prepare', summary: 'Make it anew of what is published.' },
      { name: 'title', value: 'TEXT', summary: 'In place of the title.' },
      { name: 'without', value: 'PART', repeat: true, summary: 'A section, services, figures, factors or actions.' },
      { name: 'with-timeline', summary: 'The timeline, too; it is left out unless said.' },
      { name: 'passage', value: 'TEXT', repeat: true, summary: 'Taken out wherever it stands.' },
      { name: 'role', value: 'PERSON=ROLE', repeat: true, summary: 'What somebody is called.' },
      { name: 'no-name', value: 'WORD', repeat: true, summary: 'A word that is no name here.' },
      { name: 'approve', value: 'HASH', summary: 'Of the version you looked at.' },
      { name: 'withdraw', value: 'REASON', summary: 'Take it back, and why.' },
    ],
    server: true,
    load: async () => (await import('./review-postmortem.ts')).publicVersion,
  },
]

const actionCommands: readonly Command[] = [
  {
    words: ['action', 'add'],
    group: 'respond',
    summary: 'Add a corrective action: who does what until when, and what will prove it',
    examples: [
      {
        line: 'mainstay action add 7 "Set a lock timeout" --owner ana --due 14d --objective payment-availability',
        meaning: 'of incident 7',
      },
    ],
    arguments: [...oneIncident, { name: 'TITLE', required: true, repeat: true }],
    options: [
      { name: 'owner', value: 'PERSON', summary: 'Who does it.' },
      { name: 'due', value: 'DURATION', summary: 'From now: 14d (the default).' },
      {
        name: 'kind',
        value: 'KIND',
        choices: ['detect', 'mitigate', 'prevent', 'process'],
        summary: 'prevent (the default), detect, mitigate or process.',
      },
      { name: 'size', value: 'SIZE', choices: ['S', 'M', 'L'], summary: 'S a day, M three days, L two weeks.' },
      ...proof,
    ],
    server: true,
    load: async () => (await import('./actions.ts')).addAction,
  },
  {
    words: ['action', 'finish'],
    group: 'respond',
    summary: 'The work is done; from now on its signal must prove it',
    examples: [
      { line: 'mainstay action finish 3 --note "Timeout of 2 s since 1.5.0"', meaning: 'by its number' },
      {
        line: 'mainstay action finish 3 --drill --service payment --mitigated-within 30m --for 30d',
        meaning: 'a drill within 30 days must show it',
      },
    ],
    arguments: oneAction,
    options: [note, ...proof],
    server: true,
    load: async () => (await import('./actions.ts')).finishAction,
  },
  {
    words: ['action', 'size'],
    group: 'respond',
    summary: 'Say how much work it is: S a day, M three days, L two weeks',
    examples: [{ line: 'mainstay action size 3 S', meaning: 'and see what that makes of its priority' }],
    arguments: [...oneAction, { name: 'SIZE', required: true, completes: ['S', 'M', 'L'] }],
    server: true,
    load: async () => (await import('./actions.ts')).sizeAction,
  },
  {
    words: ['action', 'drop'],
    group: 'respond',
    summary: 'It will not be done; say why',
    examples: [{ line: 'mainstay action drop 3 --reason "The service is gone"', meaning: 'by its number' }],
    arguments: oneAction,
    options: [reason],
    server: true,
    load: async () => (await import('./actions.ts')).dropAction,
  },
  {
    words: ['action', 'reopen'],
    group: 'respond',
    summary: 'It is to be done after all; say why',
    examples: [{ line: 'mainstay action reopen 3 --reason "It happened again"', meaning: 'by its number' }],
    arguments: oneAction,
    options: [reason],
    server: true,
    load: async () => (await import('./actions.ts')).reopenAction,
  },
]

export const leadCommands: readonly Command[] = [
  ...statusCommands,
  ...postmortemCommands,
  ...reviewCommands,
  ...actionCommands,
]
