// Objectives and journeys that are looked at again, and promises that end.
import type { Command } from '../../line/command.ts'

export const reviewCommands: readonly Command[] = [
  {
    words: ['slo', 'review', 'list'],
    group: 'reliability',
    summary: 'Objectives and journeys to look at: reviews that are due, promises that end; soonest first',
    examples: [
      { line: 'mainstay slo review list', meaning: 'what is due, overdue, expired or ends within 30 days' },
      { line: 'mainstay slo review list --owner shop --state overdue', meaning: 'of one team or person' },
    ],
    options: [
      {
        name: 'state',
        value: 'STATE',
        choices: ['open', 'due', 'overdue', 'expiring', 'expired', 'all'],
        summary: 'open (the default), due, overdue, expiring, expired or all.',
      },
      { name: 'owner', value: 'NAME', summary: 'Asked of this team or person.' },
      { name: 'service', value: 'SERVICE', summary: 'Of this service.' },
      { name: 'limit', value: 'N', summary: 'Rows at most (default 200).' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./reviews.ts')).listReviews,
  },
  {
    words: ['slo', 'review', 'show'],
    group: 'reliability',
    summary: 'What a review of an objective or a journey looks at, and what earlier ones came to',
    examples: [
      { line: 'mainstay slo review show checkout-availability', meaning: 'before the meeting' },
      { line: 'mainstay slo review show journey/buy', meaning: 'of a journey objective' },
    ],
    arguments: [{ name: 'NAME', required: true }],
    server: true,
    data: true,
    load: async () => (await import('./reviews.ts')).showReview,
  },
  {
    words: ['slo', 'review', 'record'],
    group: 'reliability',
    summary: 'Record that an objective or a journey was looked at, and what was decided',
    about:
      'The figures of `slo review show` are kept with it. A decision changes no definition: apply one, and it counts as carried out.',
    examples: [
      {
        line: 'mainstay slo review record checkout-availability --decision keep --reason "Met, and pages were right"',
        meaning: 'nothing changes',
      },
      {
        line: 'mainstay slo review record checkout-latency --decision change-target --target 99.5 --reason "Nobody noticed"',
        meaning: 'and then apply a document that says so',
      },
    ],
    arguments: [{ name: 'NAME', required: true }],
    options: [
      {
        name: 'decision',
        value: 'DECISION',
        choices: ['keep', 'change-target', 'retire'],
        summary: 'keep, change-target or retire.',
      },
      { name: 'reason', value: 'TEXT', summary: 'Why; it stays on record.' },
      { name: 'target', value: 'PERCENT', summary: 'With change-target: the target that was decided, 99.5.' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./reviews.ts')).recordReview,
  },
]
