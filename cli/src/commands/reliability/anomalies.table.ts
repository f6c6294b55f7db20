// What is unusual.
import type { Command } from '../../line/command.ts'

export const anomalyCommands: readonly Command[] = [
  {
    words: ['anomalies'],
    group: 'reliability',
    summary: 'What is unusual for services: hints, with what would be usual',
    examples: [
      { line: 'mainstay anomalies', meaning: 'those that last, and of the last day' },
      { line: 'mainstay anomalies --service checkout --from 7d', meaning: 'of a service, over a week' },
      { line: 'mainstay anomalies --watched', meaning: 'which series are watched, and how much is learnt' },
    ],
    options: [
      { name: 'service', value: 'SERVICE', summary: 'Of this service.' },
      {
        name: 'signal',
        value: 'SIGNAL',
        choices: ['traffic', 'errors', 'latency'],
        summary: 'traffic, errors or latency.',
      },
      { name: 'state', value: 'STATE', choices: ['open', 'ended'], summary: 'open or ended.' },
      { name: 'from', value: 'TIME', summary: 'Those that lasted beyond this (default 24h): a time, or 7d.' },
      { name: 'watched', summary: 'The series instead: steps learnt, hours by which they are learnt.' },
      { name: 'limit', value: 'N', summary: 'Rows at most (default 100).' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./anomalies.ts')).listAnomalies,
  },
]
