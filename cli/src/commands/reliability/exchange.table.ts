// Objectives as files: lint, taking over, writing out. And journeys over them.
import type { Command, Option } from '../../line/command.ts'

const settings: readonly Option[] = [
  { name: 'data-source', value: 'NAME', summary: 'The DataSource to count from, where the format names none.' },
  { name: 'service', value: 'SERVICE', summary: 'The service, where the format knows none (Pyrra).' },
  { name: 'window', value: 'WINDOW', summary: 'Where the format leaves it to a command line (Sloth; default 30d).' },
]

export const exchangeCommands: readonly Command[] = [
  {
    words: ['slo', 'lint'],
    group: 'reliability',
    summary: 'Everything wrong with files of objectives, by line; asks no server',
    about:
      'Reads OpenSLO v1, OpenSLO v1alpha, Sloth and Pyrra. Exit 1 when something is an error: it would be refused, or promise ' +
      'what cannot be counted or alerted on.',
    examples: [
      { line: 'mainstay slo lint reliability/', meaning: 'a folder, in a pipeline' },
      { line: 'mainstay slo lint --strict checkout.yaml -o json', meaning: 'warnings fail, too; for a script' },
    ],
    arguments: [{ name: 'FILE', required: true, repeat: true, completes: 'file' }],
    options: [{ name: 'strict', summary: 'Exit 1 on warnings, too.' }, ...settings],
    data: true,
    load: async () => (await import('./exchange.ts')).lintObjectives,
  },
  {
    words: ['import', 'objectives'],
    group: 'reliability',
    summary: 'Take objectives over from Sloth, Pyrra or OpenSLO, and say what differs',
    about: 'Exit 8 when some of them were left out.',
    examples: [
      { line: 'mainstay import objectives sloth/ --dry-run', meaning: 'what would become of them' },
      { line: 'mainstay import objectives sloth.yml --data-source main --window 28d', meaning: 'apply them' },
      { line: 'mainstay import objectives pyrra.yaml --dry-run --documents > slos.yaml', meaning: 'to edit before' },
    ],
    arguments: [{ name: 'FILE', required: true, repeat: true, completes: 'file' }],
    options: [
      ...settings,
      { name: 'dry-run', summary: 'Report, and change nothing.' },
      { name: 'documents', summary: 'Print the documents as well.' },
    ],
    server: true,
    load: async () => (await import('./exchange.ts')).importObjectives,
  },
  {
    words: ['slo', 'export'],
    group: 'reliability',
    summary: 'Objectives as OpenSLO v1, with all that they refer to',
    examples: [
      { line: 'mainstay slo export > openslo.yaml', meaning: 'everything' },
      { line: 'mainstay slo export checkout-availability', meaning: 'one, with its indicator and alert policies' },
    ],
    arguments: [{ name: 'NAME', required: false }],
    options: [
      { name: 'service', value: 'SERVICE', summary: 'Of this service.' },
      { name: 'file', short: 'f', value: 'FILE', completes: 'file', summary: 'Write it there.' },
    ],
    server: true,
    load: async () => (await import('./exchange.ts')).exportObjectives,
  },
  {
    words: ['journey', 'list'],
    group: 'reliability',
    summary: 'Journeys: what they came to, beside what was promised',
    examples: [{ line: 'mainstay journey list', meaning: 'all of them, as of the last minute' }],
    server: true,
    data: true,
    load: async () => (await import('./journeys.ts')).listJourneys,
  },
  {
    words: ['journey', 'show'],
    group: 'reliability',
    summary: 'One journey: its members, which is weak, and the ceiling of its promise',
    examples: [{ line: 'mainstay journey show buy', meaning: 'by its name' }],
    arguments: [{ name: 'NAME', required: true }],
    server: true,
    data: true,
    load: async () => (await import('./journeys.ts')).showJourney,
  },
]
