// The rest of the incident room: hand-overs, work that moves on, what was told, impact, relations, readers, severities.
import type { Command, Option } from '../../line/command.ts'

const incident = { name: 'INCIDENT', required: true } as const
const oneIncident = [incident] as const
const reason: Option = { name: 'reason', value: 'TEXT', summary: 'Why.' }
const limit: Option = { name: 'limit', value: 'N', summary: 'Entries at most, the newest (default 100).' }

const roleCommands: readonly Command[] = [
  {
    words: ['incident', 'offer'],
    group: 'respond',
    summary: 'Offer a role to somebody; whoever has it keeps it until they accept',
    examples: [{ line: 'mainstay incident offer 7 commander ben', meaning: 'Ben is asked' }],
    arguments: [...oneIncident, { name: 'ROLE', required: true }, { name: 'PERSON', required: true }],
    server: true,
    data: true,
    load: async () => (await import('./incident-role.ts')).offerRole,
  },
  ...(
    [
      ['accept', 'Accept a role you were offered: it is yours from now on', 'acceptRole'],
      ['decline', 'Decline a role you were offered', 'declineRole'],
    ] as const
  ).map(
    ([word, summary, name]): Command => ({
      words: ['incident', word],
      group: 'respond',
      summary,
      examples: [{ line: `mainstay incident ${word} 7 commander`, meaning: 'in incident 7' }],
      arguments: [...oneIncident, { name: 'ROLE', required: true }],
      server: true,
      data: true,
      load: async () => (await import('./incident-role.ts'))[name],
    }),
  ),
]

const workCommands: readonly Command[] = [
  {
    words: ['incident', 'work'],
    group: 'respond',
    summary: 'Tasks, decisions, hypotheses, mitigations and cases at vendors, each with its number',
    examples: [
      { line: 'mainstay incident work 7', meaning: 'what is to be done, and what was' },
      { line: 'mainstay incident work 7 --open', meaning: 'only what is not settled' },
    ],
    arguments: oneIncident,
    options: [{ name: 'open', summary: 'Only what is not settled.' }],
    server: true,
    data: true,
    load: async () => (await import('./incident-work.ts')).listWork,
  },
  {
    words: ['incident', 'item'],
    group: 'respond',
    summary: 'Move an item on, give it to somebody, add what speaks for or against it',
    examples: [
      { line: 'mainstay incident item 7 2 verified', meaning: 'mitigation 2 works' },
      { line: 'mainstay incident item 7 1 refuted --reason "it began before the release"', meaning: 'a hypothesis' },
      { line: 'mainstay incident item 7 1 --against "staging has it too"', meaning: 'evidence' },
      { line: 'mainstay incident item 7 3 --owner ben', meaning: 'a task for Ben' },
      { line: 'mainstay incident item 7 4 answered --case 00123 --reason "they see it too"', meaning: 'a vendor' },
    ],
    arguments: [incident, { name: 'ITEM', required: true }, { name: 'STATE', required: false }],
    options: [
      reason,
      { name: 'owner', value: 'PERSON', summary: 'Who does it.' },
      { name: 'for', value: 'TEXT', summary: 'What speaks for a hypothesis.' },
      { name: 'against', value: 'TEXT', summary: 'What speaks against it.' },
      { name: 'case', value: 'NUMBER', summary: 'The number a vendor gave its case.' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./incident-work.ts')).changeItem,
  },
  {
    words: ['incident', 'pin'],
    group: 'respond',
    summary: 'Pin the counts of an objective as they are now: frozen data, no link',
    examples: [{ line: 'mainstay incident pin 7 checkout-availability --from 2h', meaning: 'the last two hours' }],
    arguments: [...oneIncident, { name: 'OBJECTIVE', required: true }],
    options: [
      { name: 'from', value: 'TIME', summary: 'From then: a time, or 2h for two hours ago (1h unless said).' },
      { name: 'to', value: 'TIME', summary: 'Until then (now unless said).' },
      { name: 'title', value: 'TEXT', summary: 'What it shows.' },
    ],
    server: true,
    load: async () => (await import('./incident-work.ts')).pinGraph,
  },
]

const toldCommands: readonly Command[] = [
  {
    words: ['incident', 'updates'],
    group: 'respond',
    summary: 'What people were told, newest first, and when the next is due',
    examples: [{ line: 'mainstay incident updates 7', meaning: 'to whom, by whom' }],
    arguments: oneIncident,
    server: true,
    data: true,
    load: async () => (await import('./incident-told.ts')).listUpdates,
  },
  {
    words: ['incident', 'timeline'],
    group: 'respond',
    summary: 'What happened, each entry with its number',
    examples: [{ line: 'mainstay incident timeline 7 -o jsonl', meaning: 'for a script' }],
    arguments: oneIncident,
    options: [limit],
    server: true,
    data: true,
    load: async () => (await import('./incident-told.ts')).showTimeline,
  },
  {
    words: ['incident', 'place'],
    group: 'respond',
    summary: 'Say when an entry of the timeline really happened',
    examples: [
      { line: 'mainstay incident place 7 8123 20m --reason "the log says so"', meaning: 'twenty minutes ago' },
    ],
    arguments: [...oneIncident, { name: 'ENTRY', required: true }, { name: 'TIME', required: true }],
    options: [reason],
    server: true,
    load: async () => (await import('./incident-told.ts')).placeEntry,
  },
  {
    words: ['incident', 'impact'],
    group: 'respond',
    summary: 'Who was hurt and for how long; or state it',
    examples: [
      { line: 'mainstay incident impact 7', meaning: 'minutes in common count once' },
      {
        line: 'mainstay incident impact 7 "One payment in three failed." --span checkout=2026-03-01T02:48:00Z/2026-03-01T03:20:00Z',
        meaning: 'replaces what was stated before',
      },
    ],
    arguments: [...oneIncident, { name: 'STATEMENT', required: false, repeat: true }],
    options: [
      {
        name: 'span',
        value: 'SERVICE=FROM/TO',
        repeat: true,
        summary: 'When a service was hurt; without TO it still is. Several times for several.',
      },
      { name: 'people', value: 'N', summary: 'How many people were affected.' },
      { name: 'region', value: 'REGION', repeat: true, summary: 'Where; several times for several.' },
      { name: 'customer', value: 'NAME', repeat: true, summary: 'Which customers; never told to customers.' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./incident-told.ts')).impact,
  },
]

const boundsCommands: readonly Command[] = [
  {
    words: ['incident', 'link'],
    group: 'respond',
    summary: 'Take an alert in, or say how it belongs to another incident',
    examples: [
      { line: 'mainstay incident link 7 --alert 42', meaning: 'alert 42 belongs to it' },
      { line: 'mainstay incident link 8 --parent 7 --reason "one outage"', meaning: '8 is a part of 7' },
      { line: 'mainstay incident link 8 --none 7 --reason "a coincidence"', meaning: 'they are not linked' },
    ],
    arguments: oneIncident,
    options: [
      { name: 'alert', value: 'ALERT', completes: 'alert', summary: 'This alert belongs to it.' },
      { name: 'parent', value: 'INCIDENT', summary: 'It is a part of that one.' },
      { name: 'beside', value: 'INCIDENT', summary: 'They have to do with each other.' },
      { name: 'none', value: 'INCIDENT', summary: 'They are not linked.' },
      reason,
    ],
    server: true,
    data: true,
    load: async () => (await import('./incident-bounds.ts')).link,
  },
  {
    words: ['incident', 'readers'],
    group: 'respond',
    summary: 'Make it a security incident and say who may read it; or open it to all',
    examples: [
      {
        line: 'mainstay incident readers 7 --reader person:ana --reader team:security --reason "a key has leaked"',
        meaning: 'hidden from all others, in lists, search and chat too',
      },
      { line: 'mainstay incident readers 7 --everybody --reason "a false alarm"', meaning: 'an ordinary one again' },
    ],
    arguments: oneIncident,
    options: [
      { name: 'reader', value: 'WHO', repeat: true, summary: 'person:ana, team:web.' },
      { name: 'everybody', summary: 'Everybody who signs in may read it.' },
      reason,
    ],
    server: true,
    data: true,
    load: async () => (await import('./incident-bounds.ts')).restrict,
  },
  {
    words: ['incident', 'severities'],
    group: 'respond',
    summary: 'What each severity means here, or which one measurements speak for',
    examples: [
      { line: 'mainstay incident severities', meaning: 'as declared' },
      { line: 'mainstay incident severities --service checkout', meaning: 'what is proposed, with its reasons' },
    ],
    options: [
      { name: 'service', value: 'SERVICE', repeat: true, summary: 'Propose one for this service.' },
      { name: 'people', value: 'N', summary: 'Propose one for so many people.' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./incident-bounds.ts')).severities,
  },
]

const afterCommands: readonly Command[] = [
  {
    words: ['postmortem', 'ask'],
    group: 'respond',
    summary: 'Ask somebody to review a postmortem; they are told',
    examples: [{ line: 'mainstay postmortem ask 7 ben', meaning: 'of incident 7' }],
    arguments: [...oneIncident, { name: 'PERSON', required: true }],
    server: true,
    load: async () => (await import('./review-postmortem.ts')).askReviewer,
  },
  {
    words: ['postmortem', 'compliance'],
    group: 'respond',
    summary: 'How many postmortems were published by their day',
    examples: [{ line: 'mainstay postmortem compliance --from 90d', meaning: 'by severity and team' }],
    options: [
      { name: 'from', value: 'TIME', summary: 'Since then (90d unless said).' },
      { name: 'to', value: 'TIME', summary: 'Until then (now unless said).' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./postmortem-measures.ts')).compliance,
  },
  {
    words: ['action', 'ageing'],
    group: 'respond',
    summary: 'How long what is not done has been agreed',
    examples: [{ line: 'mainstay action ageing', meaning: 'and how much of it is late' }],
    server: true,
    data: true,
    load: async () => (await import('./postmortem-measures.ts')).ageing,
  },
]

export const roomCommands: readonly Command[] = [
  ...roleCommands,
  ...workCommands,
  ...toldCommands,
  ...boundsCommands,
  ...afterCommands,
]
