// The rules behind alerts: judged from their files, and by what came of them.
import type { Command, Option } from '../../line/command.ts'

/** What whoever takes or closes an alert says of it in the same breath. */
export const ratings: readonly Option[] = [
  { name: 'useful', summary: 'It was worth it: something had to be done.' },
  { name: 'noise', summary: 'It was not worth it.' },
]

export const ruleCommands: readonly Command[] = [
  {
    words: ['alerts', 'lint'],
    group: 'respond',
    summary: 'Judge Prometheus alert rules before they wake anybody; needs no server',
    about:
      'Each finding says where, what, why and the way out. `# mainstay-lint: ignore RULE because …` above a rule passes over it, `ignore-file` over its file.',
    examples: [
      { line: 'mainstay alerts lint rules/*.yml', meaning: 'exit 1 when there is an error' },
      { line: 'mainstay alerts lint rules/ --fail-on warning -o json', meaning: 'stricter, for CI' },
      { line: 'mainstay alerts lint --rules -o wide', meaning: 'what is looked for, and why' },
    ],
    arguments: [{ name: 'FILE|FOLDER', required: false, repeat: true, completes: 'file' }],
    options: [
      {
        name: 'level',
        value: 'LEVEL',
        choices: ['error', 'warning', 'hint'],
        summary: 'Show these and worse (default hint).',
      },
      {
        name: 'fail-on',
        value: 'LEVEL',
        choices: ['error', 'warning', 'hint'],
        summary: 'Exit 1 for these and worse (default error).',
      },
      {
        name: 'owner-label',
        value: 'LABEL',
        repeat: true,
        summary: 'Another label that says whose an alert is, such as namespace.',
      },
      { name: 'rules', summary: 'List the rules of the lint.' },
    ],
    data: true,
    load: async () => (await import('./lint-rules.ts')).lintAlertRules,
  },
  {
    words: ['alerts', 'rate'],
    group: 'respond',
    summary: 'Say whether alerts were worth it, also afterwards',
    examples: [
      { line: 'mainstay alerts rate 42 --noise', meaning: 'counted in `alerts quality`' },
      { line: 'mainstay alerts rate 42 --none', meaning: 'takes it back' },
    ],
    arguments: [{ name: 'ALERT', required: true, repeat: true, completes: 'alert' }],
    options: [...ratings, { name: 'none', summary: 'Take the rating back.' }],
    server: true,
    load: async () => (await import('./quality.ts')).rate,
  },
  {
    words: ['alerts', 'quality'],
    group: 'respond',
    summary: 'Noise and toil by rule, service or team, the worst first',
    examples: [
      { line: 'mainstay alerts quality', meaning: 'rules of the last 30 days' },
      { line: 'mainstay alerts quality --by team --since 90d', meaning: 'what each team bears' },
      { line: 'mainstay alerts quality --rules rules/ --since 90d', meaning: 'rules of these files that never fired' },
    ],
    options: [
      {
        name: 'by',
        value: 'KEY',
        choices: ['rule', 'service', 'team'],
        summary: 'rule (the default), service or team.',
      },
      { name: 'since', value: 'TIME', summary: 'From then on: 90d, or RFC 3339 (default 30d).' },
      { name: 'until', value: 'TIME', summary: 'Up to then (default now).' },
      { name: 'zone', value: 'ZONE', summary: 'Whose clock says what is after hours (default yours).' },
      {
        name: 'rules',
        value: 'FILE|FOLDER',
        repeat: true,
        completes: 'file',
        summary: 'Rule files: list what did not fire.',
      },
      { name: 'limit', value: 'N', summary: 'Rows at most (default 50).' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./quality.ts')).quality,
  },
]
