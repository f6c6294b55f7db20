// On-call health and pay.
import type { Command, Option } from '../../line/command.ts'

const period: readonly Option[] = [
  { name: 'month', value: 'MONTH', summary: 'A month: 2026-11.' },
  { name: 'from', value: 'DAY', summary: 'The first day: 2026-11-01.' },
  { name: 'until', value: 'DAY', summary: 'The first day after it: 2026-12-01.' },
]

export const healthCommands: readonly Command[] = [
  {
    words: ['oncall', 'health'],
    group: 'respond',
    summary: 'What being on call does to you and to teams: calls, broken nights, answers, limits',
    examples: [
      { line: 'mainstay oncall health', meaning: 'you, and every team that has a schedule' },
      { line: 'mainstay oncall health shop-web --weeks 26', meaning: 'one team over half a year, with suggestions' },
    ],
    arguments: [{ name: 'TEAM', required: false }],
    options: [{ name: 'weeks', value: 'WEEKS', summary: 'Weeks up to this one (default 12, at most 26).' }],
    server: true,
    data: true,
    load: async () => (await import('./health.ts')).showHealth,
  },
  {
    words: ['oncall', 'pay'],
    group: 'respond',
    summary: 'Hours on call and called out, by person and kind of hour, for payroll',
    examples: [
      { line: 'mainstay oncall pay shop-web', meaning: 'the last whole month' },
      { line: 'mainstay oncall pay shop-web --month 2026-11 --csv > november.csv', meaning: 'for payroll' },
    ],
    arguments: [{ name: 'TEAM', required: true }],
    options: [...period, { name: 'csv', summary: 'As comma-separated values, a row for each day and kind of hour.' }],
    server: true,
    data: true,
    load: async () => (await import('./health.ts')).showPay,
  },
  {
    words: ['oncall', 'sign-pay'],
    group: 'respond',
    summary: 'Sign a period off: its lines are kept as they are and never change',
    examples: [{ line: 'mainstay oncall sign-pay shop-web --month 2026-11', meaning: 'as the lead of the team' }],
    arguments: [{ name: 'TEAM', required: true }],
    options: period,
    server: true,
    data: true,
    load: async () => (await import('./health.ts')).signPay,
  },
  {
    words: ['oncall', 'correct-pay'],
    group: 'respond',
    summary: 'Add a line to what was signed: more, or less, with its reason',
    examples: [
      {
        line: 'mainstay oncall correct-pay shop-web ana --month 2026-11 --class night --called-out 1.5 --reason "called by phone"',
        meaning: 'an hour and a half more',
      },
    ],
    arguments: [
      { name: 'TEAM', required: true },
      { name: 'PERSON', required: true },
    ],
    options: [
      ...period,
      { name: 'class', value: 'CLASS', choices: ['holiday', 'weekend', 'night', 'weekday'], summary: 'Kind of hour.' },
      { name: 'standby', value: 'HOURS', summary: 'Hours on call; below zero takes away.' },
      { name: 'called-out', value: 'HOURS', summary: 'Hours called out; below zero takes away.' },
      { name: 'reason', value: 'TEXT', summary: 'Stands beside the line.' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./health.ts')).correctPay,
  },
]
