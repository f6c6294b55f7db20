// Error-budget policies and what they hold up; what was attained.
import type { Command } from '../../line/command.ts'

const service = { name: 'service', value: 'SERVICE', summary: 'Of this service.' } as const
const limit = { name: 'limit', value: 'N', summary: 'Rows at most (default 100).' } as const

export const policyCommands: readonly Command[] = [
  {
    words: ['policy', 'list'],
    group: 'reliability',
    summary: 'Error-budget policies, and what holds up changes now',
    examples: [{ line: 'mainstay policy list', meaning: 'all of them' }],
    server: true,
    data: true,
    load: async () => (await import('./policies.ts')).listPolicies,
  },
  {
    words: ['policy', 'show'],
    group: 'reliability',
    summary: 'One policy: its steps, what is entered, what was done',
    examples: [{ line: 'mainstay policy show shop-budget', meaning: 'by its name' }],
    arguments: [{ name: 'NAME', required: true }],
    server: true,
    data: true,
    load: async () => (await import('./policies.ts')).showPolicy,
  },
  {
    words: ['policy', 'check'],
    group: 'reliability',
    summary: 'May this service be changed now; exit code 6 when it may not',
    examples: [{ line: 'mainstay policy check --service checkout --kind deployment', meaning: 'before a deployment' }],
    options: [
      { name: 'service', value: 'SERVICE', summary: 'What is to be changed.' },
      { name: 'kind', value: 'KIND', summary: 'What kind of change: rollback, security, deployment.' },
      { name: 'at', value: 'TIME', summary: 'As it was then: a time, or 2h for two hours ago.' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./change-decisions.ts')).checkChange,
  },
  {
    words: ['policy', 'except'],
    group: 'reliability',
    summary: 'Let changes of a service pass for a while, with a reason',
    examples: [
      {
        line: 'mainstay policy except --service checkout --for 4h --reason "Fix of the double charge"',
        meaning: 'by your own word, when it is enough',
      },
      {
        line: 'mainstay policy except --service checkout --for 4h --reason "Fix" --approver ana',
        meaning: 'asks Ana for hers',
      },
    ],
    options: [
      { name: 'service', value: 'SERVICE', summary: 'What may be changed.' },
      { name: 'for', value: 'DURATION', summary: 'How long from now: 4h, 2d. An exception always ends.' },
      { name: 'reason', value: 'TEXT', summary: 'Why; it stays on record.' },
      { name: 'policy', value: 'NAME', summary: 'From this policy only.' },
      { name: 'approver', value: 'PERSON', summary: 'Whose word it needs, when yours is not enough.' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./change-decisions.ts')).exceptChanges,
  },
  {
    words: ['policy', 'exceptions'],
    group: 'reliability',
    summary: 'Exceptions: asked for, in force, expired',
    examples: [{ line: 'mainstay policy exceptions --all', meaning: 'also those that are over' }],
    options: [service, { name: 'all', summary: 'Also those that are over.' }, limit],
    server: true,
    data: true,
    load: async () => (await import('./change-decisions.ts')).listExceptions,
  },
  {
    words: ['policy', 'approve'],
    group: 'reliability',
    summary: 'Approve an exception that was asked for',
    examples: [{ line: 'mainstay policy approve 0190c7e2-…', meaning: 'by its id' }],
    arguments: [{ name: 'ID', required: true }],
    server: true,
    data: true,
    load: async () => (await import('./change-decisions.ts')).approveException,
  },
  {
    words: ['policy', 'tasks'],
    group: 'reliability',
    summary: 'Tasks that policies opened, soonest due first',
    examples: [{ line: 'mainstay policy tasks --owner shop', meaning: 'of one person or team' }],
    options: [{ name: 'owner', value: 'NAME', summary: 'Of this person or team.' }, limit],
    server: true,
    data: true,
    load: async () => (await import('./policies.ts')).listTasks,
  },
  {
    words: ['slo', 'report'],
    group: 'reliability',
    summary: 'What objectives attained in a week, month, quarter, year or trailing period',
    examples: [
      { line: 'mainstay slo report --period month --ago 1', meaning: 'last month, in your zone' },
      { line: 'mainstay slo report --period quarter --team shop --csv > shop.csv', meaning: 'for a spreadsheet' },
    ],
    options: [
      {
        name: 'period',
        value: 'PERIOD',
        choices: ['week', 'month', 'quarter', 'year', 'trailing'],
        summary: 'week, month (the default), quarter, year or trailing.',
      },
      { name: 'days', value: 'N', summary: 'Length of a trailing period, 1 to 400.' },
      { name: 'ago', value: 'N', summary: '1: the period before this one.' },
      { name: 'zone', value: 'ZONE', summary: 'IANA zone in which periods begin (default yours).' },
      service,
      { name: 'team', value: 'TEAM', summary: 'Of the services of this team.' },
      { name: 'tier', value: 'TIER', summary: 'Of services of this tier, 0 to 3.' },
      { name: 'csv', summary: 'As comma-separated values.' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./slo-report.ts')).reportObjectives,
  },
]
