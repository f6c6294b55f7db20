// Commands that learn across incidents: repeats, classes of failure, problems.
import type { Command } from '../../line/command.ts'

const limit = { name: 'limit', value: 'N', summary: 'At most so many rows (default 100).' } as const
const reason = { name: 'reason', value: 'TEXT', summary: 'Why.' } as const
const oneIncident = { name: 'INCIDENT', required: true } as const
const oneProblem = { name: 'PROBLEM', required: true } as const

export const learnCommands: readonly Command[] = [
  {
    words: ['learning', 'repeats'],
    group: 'respond',
    summary: 'Repeats that wait for a word; of one incident, what it may repeat and what helped then',
    examples: [
      { line: 'mainstay learning repeats', meaning: 'what waits for a person, the most alike first' },
      { line: 'mainstay learning repeats 42', meaning: 'which earlier incidents 42 may repeat, and why' },
      { line: 'mainstay learning repeats --verdict confirmed', meaning: 'what people confirmed' },
    ],
    arguments: [{ name: 'INCIDENT', required: false }],
    options: [
      {
        name: 'verdict',
        value: 'VERDICT',
        choices: ['undecided', 'confirmed', 'rejected'],
        summary: 'undecided (the default), confirmed or rejected.',
      },
      limit,
    ],
    server: true,
    data: true,
    load: async () => (await import('./repeats.ts')).listRepeats,
  },
  {
    words: ['learning', 'confirm'],
    group: 'respond',
    summary: 'Confirm that an incident repeats an earlier one',
    examples: [{ line: 'mainstay learning confirm 42 17', meaning: '42 repeats 17' }],
    arguments: [oneIncident, { name: 'EARLIER', required: true }],
    options: [reason],
    server: true,
    load: async () => (await import('./repeats.ts')).confirmRepeat,
  },
  {
    words: ['learning', 'reject'],
    group: 'respond',
    summary: 'Say that an incident does not repeat an earlier one, or take a word back',
    examples: [
      { line: 'mainstay learning reject 42 17 --reason "another pool"', meaning: '42 is something else' },
      { line: 'mainstay learning reject 42 17 --undo --reason "by mistake"', meaning: 'nothing was said' },
    ],
    arguments: [oneIncident, { name: 'EARLIER', required: true }],
    options: [reason, { name: 'undo', summary: 'Take back what was said of the two.' }],
    server: true,
    load: async () => (await import('./repeats.ts')).rejectRepeat,
  },
  {
    words: ['learning', 'trends'],
    group: 'respond',
    summary: 'Incidents by class, service, team, change and month, and how many of them repeats',
    examples: [
      { line: 'mainstay learning trends', meaning: 'the last twelve months' },
      { line: 'mainstay learning trends --service payment --by class', meaning: 'why payment fails' },
    ],
    options: [
      {
        name: 'by',
        value: 'WHAT',
        choices: ['month', 'class', 'service', 'team', 'severity'],
        summary: 'month (the default), class, service, team or severity.',
      },
      { name: 'from', value: 'TIME', summary: 'From then on; a time, or how long ago: 365d.' },
      { name: 'service', value: 'SERVICE', summary: 'Only of this service.' },
      { name: 'team', value: 'TEAM', summary: 'Only of this team.' },
      { name: 'class', value: 'CLASS', summary: 'Only of this class of failure.' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./figures.ts')).showTrends,
  },
  {
    words: ['learning', 'pack'],
    group: 'respond',
    summary: 'The review of a month, as Markdown or JSON',
    examples: [
      { line: 'mainstay learning pack --month 2026-10 > review.md', meaning: 'of October' },
      { line: 'mainstay learning pack', meaning: 'of the last month that is over' },
    ],
    options: [
      { name: 'month', value: 'YYYY-MM', summary: 'Which month, in UTC.' },
      { name: 'format', value: 'FORMAT', choices: ['markdown', 'json'], summary: 'markdown (the default) or json.' },
    ],
    server: true,
    load: async () => (await import('./figures.ts')).showPack,
  },
  {
    words: ['learning', 'search'],
    group: 'respond',
    summary: 'Search incidents, postmortems, factors, actions and problems for words',
    examples: [
      { line: 'mainstay learning search pool exhausted', meaning: 'both words, or how they begin' },
      {
        line: 'mainstay learning search --kind problem --service payment restart',
        meaning: 'only workarounds of payment',
      },
    ],
    arguments: [{ name: 'WORD', required: true, repeat: true }],
    options: [
      {
        name: 'kind',
        value: 'KIND',
        choices: ['incident', 'postmortem', 'action', 'problem'],
        summary: 'Only incidents, postmortems, actions or problems.',
      },
      { name: 'service', value: 'SERVICE', summary: 'Only of this service.' },
      { name: 'class', value: 'CLASS', summary: 'Only of this class of failure.' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./search.ts')).searchLearnt,
  },
  {
    words: ['learning', 'classes'],
    group: 'respond',
    summary: 'The classes of failure',
    examples: [{ line: 'mainstay learning classes -o wide', meaning: 'with what each means' }],
    server: true,
    data: true,
    load: async () => (await import('./classes.ts')).listClasses,
  },
  {
    words: ['learning', 'classify'],
    group: 'respond',
    summary: 'Give an incident, or a factor of its postmortem, a class of failure',
    examples: [
      { line: 'mainstay learning classify 42 capacity', meaning: 'the incident as a whole' },
      { line: 'mainstay learning classify 42 change --factor release', meaning: 'one contributing factor' },
      { line: 'mainstay learning classify 42 none', meaning: 'takes the class away' },
    ],
    arguments: [oneIncident, { name: 'CLASS', required: true }],
    options: [{ name: 'factor', value: 'ID', summary: 'A factor of its postmortem; left out, the whole.' }],
    server: true,
    load: async () => (await import('./classes.ts')).classify,
  },
  {
    words: ['learning', 'problems'],
    group: 'respond',
    summary: 'Problems that are not gone, or one with its incidents and its plan',
    examples: [
      { line: 'mainstay learning problems', meaning: 'neither eliminated nor accepted' },
      { line: 'mainstay learning problems 3', meaning: 'one with everything that belongs to it' },
      {
        line: 'mainstay learning problems --state known-error --service payment',
        meaning: 'what helps until it is gone',
      },
    ],
    arguments: [{ name: 'PROBLEM', required: false }],
    options: [
      { name: 'state', value: 'STATE', summary: 'open, known-error, planned, watching, eliminated, accepted or all.' },
      { name: 'service', value: 'SERVICE', summary: 'Only of this service.' },
      limit,
    ],
    server: true,
    data: true,
    load: async () => (await import('./problems.ts')).listProblems,
  },
  {
    words: ['learning', 'open'],
    group: 'respond',
    summary: 'Open a problem, from incidents that repeat each other or by hand',
    examples: [
      {
        line: 'mainstay learning open "The pool is too small" --incident 17 --incident 42',
        meaning: 'from two incidents',
      },
    ],
    arguments: [{ name: 'TITLE', required: true, repeat: true }],
    options: [
      { name: 'incident', value: 'INCIDENT', repeat: true, summary: 'One that belongs to it.' },
      { name: 'class', value: 'CLASS', summary: 'Its class of failure.' },
      { name: 'owner', value: 'PERSON', summary: 'Who sees to it.' },
      { name: 'workaround', value: 'TEXT', summary: 'What helps until it is gone.' },
    ],
    server: true,
    load: async () => (await import('./problems.ts')).openProblem,
  },
  {
    words: ['learning', 'write'],
    group: 'respond',
    summary: 'Write cause, workaround or plan of a problem; name owner and date',
    examples: [
      {
        line: 'mainstay learning write 3 --workaround "restart the pooler" --owner ben',
        meaning: 'what helps, and who',
      },
    ],
    arguments: [oneProblem],
    options: [
      { name: 'cause', value: 'TEXT', summary: 'What is behind it.' },
      { name: 'workaround', value: 'TEXT', summary: 'What helps until it is gone.' },
      { name: 'plan', value: 'TEXT', summary: 'How it is to be eliminated.' },
      { name: 'class', value: 'CLASS', summary: 'Its class of failure.' },
      { name: 'owner', value: 'PERSON', summary: 'Who sees to it.' },
      { name: 'due', value: 'DURATION', summary: 'Until when: 30d from now.' },
      { name: 'window', value: 'DURATION', summary: 'How long it must not repeat: 90d.' },
    ],
    server: true,
    load: async () => (await import('./problems.ts')).writeProblem,
  },
  {
    words: ['learning', 'link'],
    group: 'respond',
    summary: 'Add an incident to a problem, or an action that is to eliminate it',
    examples: [
      { line: 'mainstay learning link 3 --incident 51', meaning: 'it came again' },
      { line: 'mainstay learning link 3 --action 8', meaning: 'a corrective action is a part of the plan' },
    ],
    arguments: [oneProblem],
    options: [
      { name: 'incident', value: 'INCIDENT', summary: 'One that belongs to it.' },
      { name: 'action', value: 'ACTION', summary: 'A corrective action.' },
    ],
    server: true,
    load: async () => (await import('./problems.ts')).linkProblem,
  },
  {
    words: ['learning', 'move'],
    group: 'respond',
    summary: 'Move a problem on; eliminated it becomes by itself when it does not repeat',
    examples: [
      { line: 'mainstay learning move 3 known-error', meaning: 'its workaround is written' },
      { line: 'mainstay learning move 3 watching', meaning: 'its actions are done; now it must not repeat' },
      { line: 'mainstay learning move 3 accepted --reason "it costs more than it hurts"', meaning: 'it stays' },
    ],
    arguments: [oneProblem, { name: 'STATE', required: true }],
    options: [reason],
    server: true,
    load: async () => (await import('./problems.ts')).moveProblem,
  },
]
