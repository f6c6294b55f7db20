// Schedules, swaps and calendars.
import type { Command, Option } from '../../line/command.ts'

const from: Option = { name: 'from', value: 'TIME', summary: 'Begins here (default now).' }
const to: Option = { name: 'to', value: 'TIME', summary: 'Ends here (default four weeks later).' }
const oneSchedule = [{ name: 'SCHEDULE', required: true }] as const
const oneSwap = [{ name: 'SWAP', required: true }] as const

export const scheduleCommands: readonly Command[] = [
  {
    words: ['schedule', 'show'],
    group: 'respond',
    summary: 'Who is on call when, and every gap; the past as it was',
    examples: [{ line: 'mainstay schedule show shop-primary', meaning: 'the coming four weeks' }],
    arguments: oneSchedule,
    options: [from, to],
    server: true,
    data: true,
    load: async () => (await import('./schedule.ts')).showSchedule,
  },
  {
    words: ['schedule', 'check'],
    group: 'respond',
    summary: 'Gaps, double booking, too little rest: what is wrong with a schedule',
    examples: [{ line: 'mainstay schedule check shop-primary', meaning: 'exit 6 when something is serious' }],
    arguments: oneSchedule,
    server: true,
    data: true,
    load: async () => (await import('./schedule.ts')).checkSchedule,
  },
  {
    words: ['schedule', 'hand-over'],
    group: 'respond',
    summary: 'What whoever comes on call should know, written from what happened',
    examples: [
      { line: 'mainstay schedule hand-over shop-primary', meaning: 'of the shift under way, as Markdown' },
      { line: 'mainstay schedule hand-over shop-primary -o json', meaning: 'for a program' },
    ],
    arguments: oneSchedule,
    options: [{ name: 'at', value: 'TIME', summary: 'As if it were then.' }],
    server: true,
    data: true,
    load: async () => (await import('./schedule.ts')).handOver,
  },
  {
    words: ['schedule', 'load'],
    group: 'respond',
    summary: 'How hours, nights and weekends fall on people',
    examples: [{ line: 'mainstay schedule load shop-primary', meaning: 'the coming four weeks' }],
    arguments: oneSchedule,
    options: [from, to],
    server: true,
    data: true,
    load: async () => (await import('./schedule.ts')).showLoad,
  },
  {
    words: ['schedule', 'read-calendar'],
    group: 'respond',
    summary: 'Take holidays or covers over from an iCalendar file',
    examples: [
      { line: 'mainstay schedule read-calendar shop-primary holidays.ics --as holidays', meaning: 'days to look at' },
      { line: 'mainstay schedule read-calendar shop-primary cover.ics --dry-run', meaning: 'what it would change' },
    ],
    arguments: [
      { name: 'SCHEDULE', required: true },
      { name: 'FILE', required: true, completes: 'file' },
    ],
    options: [
      {
        name: 'as',
        value: 'WHAT',
        choices: ['overrides', 'holidays'],
        summary: 'overrides (the default) or holidays.',
      },
      {
        name: 'kind',
        value: 'KIND',
        choices: ['replace', 'add', 'remove'],
        summary: 'What its people do: replace whoever has the turn (the default), add or remove.',
      },
      { name: 'dry-run', summary: 'Say what would be done, and do nothing.' },
    ],
    server: true,
    load: async () => (await import('./schedule.ts')).importCalendar,
  },
  {
    words: ['schedule', 'calendar'],
    group: 'respond',
    summary: 'A secret address to subscribe to in a calendar',
    examples: [
      { line: 'mainstay schedule calendar', meaning: 'your own shifts' },
      { line: 'mainstay schedule calendar --team shop-web', meaning: 'everybody of a team' },
    ],
    options: [
      { name: 'schedule', value: 'SCHEDULE', summary: 'Everybody of this schedule.' },
      { name: 'team', value: 'TEAM', summary: 'Everybody of the schedules of this team.' },
    ],
    server: true,
    load: async () => (await import('./schedule.ts')).createCalendar,
  },
  {
    words: ['import', 'schedules'],
    group: 'respond',
    summary: 'Take schedules over from PagerDuty, Opsgenie or Grafana OnCall',
    about:
      'Reads what their APIs answer, as JSON: PagerDuty `GET /schedules/{id}` (with `users` beside it for addresses), Opsgenie ' +
      '`GET /v2/schedules?expand=rotation`, Grafana OnCall `schedules`, `on_call_shifts` and `users` in one object.',
    examples: [
      { line: 'mainstay import schedules export.json --dry-run', meaning: 'what would become of it' },
      { line: 'mainstay import schedules export.json', meaning: 'apply it' },
      { line: 'mainstay import schedules export.json --dry-run --documents > rota.yaml', meaning: 'to edit before' },
    ],
    arguments: [{ name: 'FILE', required: true, completes: 'file' }],
    options: [
      { name: 'dry-run', summary: 'Report, and change nothing.' },
      { name: 'documents', summary: 'Print the documents as well.' },
    ],
    server: true,
    load: async () => (await import('./import-schedules.ts')).importSchedules,
  },
  {
    words: ['swap', 'list'],
    group: 'respond',
    summary: 'Shifts that somebody would like to give away',
    examples: [{ line: 'mainstay swap list', meaning: 'open requests' }],
    options: [{ name: 'all', short: 'a', summary: 'Those that are over as well.' }],
    server: true,
    data: true,
    load: async () => (await import('./swaps.ts')).listSwaps,
  },
  {
    words: ['swap', 'ask'],
    group: 'respond',
    summary: 'Ask somebody, or everybody, to take a shift of yours',
    examples: [
      {
        line: 'mainstay swap ask shop-primary --from 2026-12-24T09:00:00+01:00 --to 2026-12-25T09:00:00+01:00 --reason "family"',
        meaning: 'anybody may take it',
      },
    ],
    arguments: oneSchedule,
    options: [
      { ...from, summary: 'When the shift begins.' },
      { ...to, summary: 'When it ends.' },
      { name: 'with', value: 'PERSON', summary: 'Who is asked (default everybody).' },
      { name: 'reason', value: 'TEXT', summary: 'Shown to everyone asked.' },
    ],
    server: true,
    load: async () => (await import('./swaps.ts')).askSwap,
  },
  {
    words: ['swap', 'accept'],
    group: 'respond',
    summary: 'Take the shift: the schedule changes in the same moment',
    examples: [{ line: 'mainstay swap accept 01a0…', meaning: 'by its id from `mainstay swap list`' }],
    arguments: oneSwap,
    options: [{ name: 'despite', summary: 'Also when it leaves too little rest.' }],
    server: true,
    load: async () => (await import('./swaps.ts')).acceptSwap,
  },
  {
    words: ['swap', 'decline'],
    group: 'respond',
    summary: 'Say no to a request that was made to you',
    examples: [{ line: 'mainstay swap decline 01a0…', meaning: 'by its id' }],
    arguments: oneSwap,
    options: [{ name: 'note', value: 'TEXT', summary: 'Shown to whoever asked.' }],
    server: true,
    load: async () => (await import('./swaps.ts')).declineSwap,
  },
  {
    words: ['swap', 'withdraw'],
    group: 'respond',
    summary: 'Take your own request back',
    examples: [{ line: 'mainstay swap withdraw 01a0…', meaning: 'by its id' }],
    arguments: oneSwap,
    server: true,
    load: async () => (await import('./swaps.ts')).withdrawSwap,
  },
]
