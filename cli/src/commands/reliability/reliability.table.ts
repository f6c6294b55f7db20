// Objectives and changes.
import type { Command } from '../../line/command.ts'

export const reliabilityCommands: readonly Command[] = [
  {
    words: ['slo', 'list'],
    group: 'reliability',
    summary: 'Objectives: state, budget left, rate of burning',
    examples: [
      { line: 'mainstay slo list', meaning: 'all of them' },
      { line: 'mainstay slo list --service checkout', meaning: 'of one service' },
    ],
    options: [
      { name: 'service', value: 'SERVICE', summary: 'Of this service.' },
      {
        name: 'state',
        value: 'STATE',
        choices: ['ok', 'burning', 'exhausted', 'no-data', 'no-events', 'expired'],
        summary: 'ok, burning, exhausted, no-data, no-events or expired.',
      },
      { name: 'limit', value: 'N', summary: 'Rows at most (default 500).' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./objectives.ts')).listObjectives,
  },
  {
    words: ['slo', 'budgets'],
    group: 'reliability',
    summary: 'Budgets as numbers alone, of many objectives at once',
    examples: [
      { line: 'mainstay slo budgets', meaning: 'good, bad, allowed and spent of each, over its whole window' },
      { line: 'mainstay slo budgets --service checkout -o jsonl', meaning: 'of one service, for a script' },
    ],
    options: [
      { name: 'service', value: 'SERVICE', summary: 'Of this service.' },
      { name: 'limit', value: 'N', summary: 'Rows at most (default 1000).' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./objectives.ts')).listBudgets,
  },
  {
    words: ['slo', 'show'],
    group: 'reliability',
    summary: 'One objective: how bad, how long it lasts, which alert rule fires',
    examples: [{ line: 'mainstay slo show checkout-availability', meaning: 'by its name' }],
    arguments: [{ name: 'NAME', required: true }],
    server: true,
    data: true,
    load: async () => (await import('./objectives.ts')).showObjective,
  },
  {
    words: ['slo', 'groups'],
    group: 'reliability',
    summary: 'The groups of an objective: who spends its budget, and what each has left of its own',
    examples: [
      { line: 'mainstay slo groups checkout-availability --limit 5', meaning: 'the worst five' },
      { line: 'mainstay slo groups checkout-availability --search tenant=acme', meaning: 'one of them by name' },
      {
        line: 'mainstay slo groups checkout-availability --causes',
        meaning: 'who was hit by what, and until when it lasts',
      },
    ],
    arguments: [{ name: 'NAME', required: true }],
    options: [
      { name: 'search', value: 'TEXT', summary: 'Part of the group’s name.' },
      {
        name: 'sort',
        value: 'ORDER',
        choices: ['spent', 'remaining', 'name'],
        summary: 'spent (most failures first, the default), remaining (least budget first) or name.',
      },
      { name: 'causes', summary: 'What spent the budget of each, and when it is gone: the worst, 20 at most.' },
      { name: 'limit', value: 'N', summary: 'Rows at most (default 20).' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./objective-groups.ts')).listGroups,
  },
  {
    words: ['slo', 'rules'],
    group: 'reliability',
    summary: 'Recording and alert rules for your Prometheus, from an objective',
    examples: [
      {
        line: 'mainstay slo rules checkout-availability > checkout.rules.yaml',
        meaning: 'for promtool and Prometheus',
      },
    ],
    arguments: [{ name: 'NAME', required: true }],
    server: true,
    load: async () => (await import('./objective-rules.ts')).printRules,
  },
  {
    words: ['changes', 'record'],
    group: 'reliability',
    summary: 'Record a deployment or another change; a second time changes nothing',
    examples: [
      {
        line: 'mainstay changes record --service checkout --version 1.5.0 --id "$CI_PIPELINE_ID"',
        meaning: 'from a pipeline',
      },
      {
        line: 'mainstay changes record "Doubled the pool" --service cart --kind configuration --id pool-2',
        meaning: 'another kind of change',
      },
    ],
    arguments: [{ name: 'SUMMARY', required: false, repeat: true }],
    options: [
      { name: 'service', value: 'SERVICE', summary: 'What was changed.' },
      { name: 'id', value: 'ID', summary: 'Your own id: a second report with it changes nothing.' },
      { name: 'version', value: 'VERSION', summary: 'What runs now.' },
      {
        name: 'kind',
        value: 'KIND',
        choices: ['deployment', 'configuration', 'flag', 'infrastructure', 'rollback', 'other'],
        summary: 'deployment (the default), configuration, flag, infrastructure, rollback or other.',
      },
      { name: 'source', value: 'SOURCE', summary: 'Who reports (default cli).' },
      { name: 'link', value: 'URL', summary: 'Where to read more.' },
      { name: 'at', value: 'TIME', summary: 'When it happened (default now): a time, or 10m for ten minutes ago.' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./changes.ts')).recordChange,
  },
  {
    words: ['changes', 'list'],
    group: 'reliability',
    summary: 'Changes, newest first',
    examples: [{ line: 'mainstay changes list --service checkout --from 24h', meaning: 'of the last day' }],
    options: [
      { name: 'service', value: 'SERVICE', summary: 'Of this service.' },
      { name: 'from', value: 'TIME', summary: 'Not before: a time, or 24h.' },
      { name: 'to', value: 'TIME', summary: 'Not after.' },
      { name: 'limit', value: 'N', summary: 'Rows at most (default 100).' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./changes.ts')).listChanges,
  },
]
