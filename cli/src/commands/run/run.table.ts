// Starting the product, and playing with the demo shop.
import type { Command, Option } from '../../line/command.ts'

const control: Option = {
  name: 'control-url',
  value: 'URL',
  summary: 'Where the shop listens for this; also SHOP_CONTROL_URL.',
}
const services = ['front', 'catalog', 'cart', 'checkout', 'payment', 'cardnet'] as const
const modes = ['errors', 'latency', 'dead', 'leak', 'bad-release'] as const

export const runCommands: readonly Command[] = [
  {
    words: ['up'],
    group: 'run',
    summary: 'Start Mainstay on this machine: server, database, console',
    examples: [
      { line: 'mainstay up', meaning: 'with an empty catalog' },
      { line: 'mainstay up --demo', meaning: 'with a shop of six services that you can break' },
      { line: 'mainstay up --port 9000 --data-dir ./data', meaning: 'elsewhere' },
    ],
    options: [
      { name: 'demo', summary: 'With the demo shop, a local mailbox and sample objectives.' },
      { name: 'no-demo', summary: 'Without (the default).' },
      { name: 'port', value: 'PORT', summary: 'Port to listen on; 0 takes a free one (default 8420).' },
      { name: 'data-dir', value: 'FOLDER', completes: 'folder', summary: 'Where database and keys lie.' },
    ],
    load: async () => (await import('./up.ts')).up,
  },
  {
    words: ['server'],
    group: 'run',
    summary: 'Run one server process as configured: for systemd, containers, several hosts',
    about: 'Settings come from MAINSTAY_… and MAINSTAY_CONFIG_FILE (`mainstay config print`). Logs are JSON on stderr.',
    examples: [
      { line: 'mainstay server', meaning: 'every role in one process' },
      { line: 'MAINSTAY_ROLES=worker mainstay server', meaning: 'one role' },
    ],
    load: async () => (await import('./server.ts')).server,
  },
  {
    words: ['export'],
    group: 'run',
    summary: 'Everything in the database, into one file',
    about:
      'On the host, with the settings of its server, which may go on running: the file shows one moment. It holds no key: keep that apart.',
    examples: [
      { line: 'mainstay export backup.mainstay', meaning: 'of the built-in PostgreSQL' },
      { line: 'DATABASE_URL=postgres://… mainstay export backup.mainstay', meaning: 'of one of yours' },
    ],
    arguments: [{ name: 'FILE', required: true, completes: 'file' }],
    options: [{ name: 'data-dir', value: 'FOLDER', completes: 'folder', summary: 'Where database and keys lie.' }],
    load: async () => (await import('./transfer.ts')).exportAll,
  },
  {
    words: ['import'],
    group: 'run',
    summary: 'An export into an empty database, whole or not at all',
    examples: [
      { line: 'mainstay import backup.mainstay --data-dir ./new', meaning: 'into a new data folder' },
      { line: 'DATABASE_URL=postgres://… mainstay import backup.mainstay', meaning: 'into a PostgreSQL of yours' },
    ],
    arguments: [{ name: 'FILE', required: true, completes: 'file' }],
    options: [{ name: 'data-dir', value: 'FOLDER', completes: 'folder', summary: 'Where database and keys lie.' }],
    load: async () => (await import('./transfer.ts')).importAll,
  },
  {
    words: ['work', 'list'],
    group: 'run',
    summary: 'Work of the product that failed for good',
    examples: [
      { line: 'mainstay work list', meaning: 'newest first, with the reason' },
      { line: 'mainstay work list --kind notifications.deliver -o jsonl', meaning: 'of one kind, for a script' },
    ],
    options: [
      { name: 'kind', value: 'KIND', summary: 'Of this kind only.' },
      { name: 'limit', value: 'N', summary: 'Rows at most (default 100).' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./work.ts')).listWork,
  },
  {
    words: ['work', 'retry'],
    group: 'run',
    summary: 'Run set-aside work again',
    examples: [
      { line: 'mainstay work retry 4711', meaning: 'when its cause is gone' },
      { line: 'mainstay work retry --kind notifications.deliver', meaning: 'all of one kind' },
    ],
    arguments: [{ name: 'ID', required: false, repeat: true }],
    options: [{ name: 'kind', value: 'KIND', summary: 'All of this kind.' }],
    server: true,
    load: async () => (await import('./work.ts')).retryWork,
  },
  {
    words: ['work', 'drop'],
    group: 'run',
    summary: 'Give set-aside work up',
    examples: [{ line: 'mainstay work drop 4711 --reason "the channel is gone"', meaning: 'and keep why' }],
    arguments: [{ name: 'ID', required: true, repeat: true }],
    options: [{ name: 'reason', value: 'TEXT', summary: 'Why it need not be done any more.' }],
    server: true,
    load: async () => (await import('./work.ts')).dropWork,
  },
  {
    words: ['retention'],
    group: 'run',
    summary: 'How long what is kept, and what the last round removed',
    examples: [
      { line: 'mainstay retention', meaning: 'every kind of row that goes when it is old' },
      { line: 'mainstay retention -o wide', meaning: 'with the setting that decides' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./keep.ts')).showRetention,
  },
  {
    words: ['hold', 'list'],
    group: 'run',
    summary: 'Legal holds in force',
    examples: [{ line: 'mainstay hold list', meaning: 'what may not be removed, and why' }],
    server: true,
    data: true,
    load: async () => (await import('./keep.ts')).listHolds,
  },
  {
    words: ['hold', 'place'],
    group: 'run',
    summary: 'Nothing about this is removed any more, whatever its age',
    examples: [
      { line: 'mainstay hold place incident 12 --reason "claim of a customer"', meaning: 'an incident and its alerts' },
      { line: 'mainstay hold place everything --reason "audit of 2026"', meaning: 'until it is lifted' },
    ],
    arguments: [
      { name: 'KIND', required: true, completes: ['everything', 'service', 'incident', 'person'] },
      { name: 'NAME', required: false },
    ],
    options: [{ name: 'reason', value: 'TEXT', summary: 'Why; it stays in the journal.' }],
    server: true,
    load: async () => (await import('./keep.ts')).placeHold,
  },
  {
    words: ['hold', 'lift'],
    group: 'run',
    summary: 'Lift a legal hold',
    examples: [
      {
        line: 'mainstay hold lift 0198f0c2-7d1e-7cc2-a3aa-3f1f6f6f7c11 --reason "the audit is over"',
        meaning: 'ids stand in the list',
      },
    ],
    arguments: [{ name: 'ID', required: true, repeat: true }],
    options: [{ name: 'reason', value: 'TEXT', summary: 'Why; it stays in the journal.' }],
    server: true,
    load: async () => (await import('./keep.ts')).liftHold,
  },
  {
    words: ['demo', 'break'],
    group: 'run',
    summary: 'Break a service of the demo shop',
    examples: [
      { line: 'mainstay demo break payment', meaning: '60 % of its requests fail' },
      { line: 'mainstay demo break catalog --mode latency', meaning: 'it becomes slow' },
    ],
    arguments: [{ name: 'SERVICE', required: true, completes: services }],
    options: [
      { name: 'mode', value: 'MODE', choices: modes, summary: `${modes.join(', ')} (default errors).` },
      { name: 'ratio', value: 'SHARE', summary: 'errors: the share that fails, such as 0.3.' },
      control,
    ],
    data: true,
    load: async () => (await import('./demo.ts')).breakShop,
  },
  {
    words: ['demo', 'repair'],
    group: 'run',
    summary: 'Repair one service of the demo shop, or all',
    examples: [{ line: 'mainstay demo repair', meaning: 'everything' }],
    arguments: [{ name: 'SERVICE', required: false, completes: services }],
    options: [control],
    data: true,
    load: async () => (await import('./demo.ts')).repairShop,
  },
  {
    words: ['demo', 'status'],
    group: 'run',
    summary: 'What runs in the demo shop, and what is broken',
    examples: [{ line: 'mainstay demo status', meaning: 'services and customers' }],
    options: [control],
    data: true,
    load: async () => (await import('./demo.ts')).showShop,
  },
  {
    words: ['demo', 'modes'],
    group: 'run',
    summary: 'The ways to break a service',
    examples: [{ line: 'mainstay demo modes', meaning: 'and what each does' }],
    data: true,
    load: async () => (await import('./demo.ts')).listModes,
  },
]
