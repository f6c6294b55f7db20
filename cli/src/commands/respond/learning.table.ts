// Commands of the incident room beyond leading it, and of what follows: postmortems and corrective actions.
import type { Command } from '../../line/command.ts'

const oneIncident = [{ name: 'INCIDENT', required: true }] as const
const format = {
  name: 'format',
  value: 'FORMAT',
  choices: ['markdown', 'json'],
  summary: 'markdown (the default) or json.',
} as const
const limit = { name: 'limit', value: 'N', summary: 'At most so many rows (default 100).' } as const
const reason = { name: 'reason', value: 'TEXT', summary: 'Why.' } as const

export const learningCommands: readonly Command[] = [
  {
    words: ['incident', 'add'],
    group: 'respond',
    summary: 'Add a task, decision, hypothesis or mitigation',
    examples: [
      { line: 'mainstay incident add 7 hypothesis "the release dropped the retry"', meaning: 'a suspicion' },
      {
        line: 'mainstay incident add 7 mitigation "rolled back to 1.4.2" --verify checkout-availability',
        meaning: 'proven when that is within its budget for 10 minutes',
      },
    ],
    arguments: [...oneIncident, { name: 'KIND', required: true }, { name: 'TEXT', required: false, repeat: true }],
    options: [
      { name: 'owner', value: 'PERSON', summary: 'Who does it.' },
      { name: 'reason', value: 'TEXT', summary: 'Why; a decision needs it.' },
      { name: 'verify', value: 'OBJECTIVE', summary: 'What proves that a mitigation works.' },
    ],
    server: true,
    load: async () => (await import('./incident-room.ts')).addItem,
  },
  {
    words: ['incident', 'update'],
    group: 'respond',
    summary: 'Tell people, or draft what to tell them from the facts',
    examples: [
      { line: 'mainstay incident update 7 --draft', meaning: 'facts only, and what changed since the last one' },
      { line: 'mainstay incident update 7 --draft | mainstay incident update 7', meaning: 'posted as drafted' },
    ],
    arguments: [...oneIncident, { name: 'TEXT', required: false, repeat: true }],
    options: [
      { name: 'to', value: 'AUDIENCE', summary: 'company (the default), customers or responders.' },
      { name: 'draft', summary: 'Print a draft and post nothing.' },
    ],
    server: true,
    load: async () => (await import('./incident-room.ts')).postUpdate,
  },
  {
    words: ['incident', 'time'],
    group: 'respond',
    summary: 'Correct when it began, was seen, answered, mitigated or over',
    examples: [
      {
        line: 'mainstay incident time 7 impact 2026-03-01T02:48:00Z --reason "the graph shows it"',
        meaning: 'the measures follow',
      },
    ],
    arguments: [...oneIncident, { name: 'WHICH', required: true }, { name: 'TIME', required: true }],
    options: [reason],
    server: true,
    data: true,
    load: async () => (await import('./incident-room.ts')).correctTime,
  },
  {
    words: ['incident', 'merge'],
    group: 'respond',
    summary: 'It is the same as another one: its alerts move there, and it ends',
    examples: [{ line: 'mainstay incident merge 8 7 --reason "one cause"', meaning: '8 becomes a part of 7' }],
    arguments: [...oneIncident, { name: 'INTO', required: true }],
    options: [reason],
    server: true,
    data: true,
    load: async () => (await import('./incident-room.ts')).mergeIncident,
  },
  {
    words: ['incident', 'export'],
    group: 'respond',
    summary: 'Everything about it, as Markdown or JSON',
    examples: [{ line: 'mainstay incident export 7 > incident-7.md', meaning: 'to keep or to send' }],
    arguments: oneIncident,
    options: [format],
    server: true,
    load: async () => (await import('./incident-room.ts')).exportIncident,
  },
  {
    words: ['postmortem', 'list'],
    group: 'respond',
    summary: 'Postmortems, newest first',
    examples: [{ line: 'mainstay postmortem list --service checkout', meaning: 'what it taught before' }],
    options: [{ name: 'service', value: 'SERVICE', summary: 'Only of this service.' }, limit],
    server: true,
    data: true,
    load: async () => (await import('./postmortems.ts')).listPostmortems,
  },
  {
    words: ['postmortem', 'open'],
    group: 'respond',
    summary: 'Open the postmortem of an incident, drafted from its facts',
    examples: [{ line: 'mainstay postmortem open 7', meaning: 'severe ones open by themselves' }],
    arguments: oneIncident,
    server: true,
    load: async () => (await import('./postmortems.ts')).openPostmortem,
  },
  {
    words: ['postmortem', 'export'],
    group: 'respond',
    summary: 'The postmortem of an incident, as Markdown or JSON',
    examples: [{ line: 'mainstay postmortem export 7 > postmortem.md', meaning: 'of incident 7' }],
    arguments: oneIncident,
    options: [format],
    server: true,
    load: async () => (await import('./postmortems.ts')).exportPostmortem,
  },
  {
    words: ['postmortem', 'actions'],
    group: 'respond',
    summary: 'Corrective actions that are not proven yet, the earliest due first',
    examples: [{ line: 'mainstay postmortem actions --overdue', meaning: 'only what is late' }],
    options: [
      { name: 'owner', value: 'PERSON', summary: 'Only of this person.' },
      { name: 'overdue', summary: 'Only what is late.' },
      { name: 'all', summary: 'Proven and dropped ones too.' },
      limit,
    ],
    server: true,
    data: true,
    load: async () => (await import('./postmortems.ts')).listActions,
  },
]
