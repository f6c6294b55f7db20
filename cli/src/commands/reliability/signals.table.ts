// What services tell of themselves.
import type { Command } from '../../line/command.ts'

export const signalCommands: readonly Command[] = [
  {
    words: ['signals'],
    group: 'reliability',
    summary: 'Traffic, errors, latency and saturation of a service',
    examples: [
      { line: 'mainstay signals checkout', meaning: 'of the last hour' },
      { line: 'mainstay signals checkout --from 7d -o json', meaning: 'of a week, for another program' },
    ],
    arguments: [{ name: 'SERVICE', required: true }],
    options: [
      { name: 'from', value: 'TIME', summary: 'Not before (default 1h): a time, or 24h.' },
      { name: 'to', value: 'TIME', summary: 'Not after (default now).' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./signals.ts')).showSignals,
  },
]
