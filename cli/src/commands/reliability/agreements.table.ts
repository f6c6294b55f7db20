// Service-level agreements: what contracts promise, and what is handed to customers.
import type { Command } from '../../line/command.ts'

export const agreementCommands: readonly Command[] = [
  {
    words: ['sla', 'list'],
    group: 'reliability',
    summary: 'Service-level agreements, and which credits are near or due',
    examples: [
      { line: 'mainstay sla list', meaning: 'all that are declared' },
      { line: 'mainstay sla list --removed', meaning: 'those of before, with what was settled last' },
    ],
    options: [{ name: 'removed', summary: 'Those that are not declared any more; what was settled of them stays.' }],
    server: true,
    data: true,
    load: async () => (await import('./agreements.ts')).listAgreements,
  },
  {
    words: ['sla', 'statement'],
    group: 'reliability',
    summary: 'What a period of an agreement came to: attained, downtime, exclusions, credit',
    examples: [
      { line: 'mainstay sla statement shop-gold', meaning: 'of the period that runs' },
      { line: 'mainstay sla statement shop-gold --ago 1 --csv > october.csv', meaning: 'to hand over' },
    ],
    arguments: [{ name: 'NAME', required: true }],
    options: [
      { name: 'ago', value: 'N', summary: '1: the period before this one.' },
      { name: 'csv', summary: 'As comma-separated values.' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./agreements.ts')).showStatement,
  },
  {
    words: ['sla', 'settle'],
    group: 'reliability',
    summary: 'Settle a period of which not all is known: was the rest up or down',
    examples: [
      {
        line: 'mainstay sla settle shop-gold --ago 1 --unmeasured up --reason "The probes outside saw it up"',
        meaning: 'last month',
      },
    ],
    arguments: [{ name: 'NAME', required: true }],
    options: [
      {
        name: 'ago',
        value: 'N',
        summary: 'Which period: 1 (the default) is the one before this one; 0 the last of a contract that ended in it.',
      },
      {
        name: 'unmeasured',
        value: 'HOW',
        choices: ['up', 'down'],
        summary: 'What time that was not measured counts for.',
      },
      { name: 'reason', value: 'TEXT', summary: 'Why; it stays on the statement.' },
    ],
    server: true,
    load: async () => (await import('./agreements.ts')).settleAgreement,
  },
]
