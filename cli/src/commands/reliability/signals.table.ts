// What services tell of themselves.
import { coverageColumns } from '../../../../server/src/modules/telemetry/core/index.ts'
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
  {
    words: ['coverage'],
    group: 'reliability',
    summary: 'Which service lacks which signal, and what its telemetry costs',
    examples: [
      { line: 'mainstay coverage', meaning: 'all services' },
      { line: 'mainstay coverage --missing errors', meaning: 'those whose errors nobody can see' },
      { line: 'mainstay coverage checkout', meaning: 'what one sends, and what is odd about it' },
    ],
    arguments: [{ name: 'SERVICE', required: false }],
    options: [
      {
        name: 'missing',
        value: 'WHAT',
        choices: ['any', ...coverageColumns],
        summary: 'Only services that lack it: traffic, errors, latency, saturation, objective, … or any.',
      },
      { name: 'team', value: 'TEAM', summary: 'Of this team.' },
      {
        name: 'sort',
        value: 'ORDER',
        choices: ['name', 'missing', 'samples'],
        summary: 'name (the default), missing or samples.',
      },
      { name: 'limit', value: 'N', summary: 'Rows at most (default 500).' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./coverage.ts')).showCoverage,
  },
]
