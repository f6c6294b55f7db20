// The rules behind alerts: judged from their files, and by what came of them.
import type { Command } from '../../line/command.ts'

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
]
