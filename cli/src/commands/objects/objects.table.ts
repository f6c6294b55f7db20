// Declared objects: look at them, plan, apply, delete.
import type { Command, Option } from '../../line/command.ts'

const files: Option = {
  name: 'file',
  short: 'f',
  value: 'FILE',
  repeat: true,
  completes: 'file',
  summary: 'A YAML or JSON file, a folder of them, or - for stdin. Several are taken together.',
}
const manager: Option = {
  name: 'manager',
  value: 'NAME',
  summary: 'Who owns the fields that are set, such as git:shop/reliability (default cli).',
}
const force: Option = { name: 'force', summary: 'Take over fields that somebody else owns.' }
const prune: Option = {
  name: 'prune',
  summary: 'Delete what this --manager created and no document declares any more.',
}
const limit: Option = { name: 'limit', value: 'N', summary: 'Rows at most (default 500).' }
const oneKind = { name: 'KIND', required: true, completes: 'kind' } as const
const fileArgument = [{ name: 'FILE', required: false, repeat: true, completes: 'file' }] as const

export const objectCommands: readonly Command[] = [
  {
    words: ['get'],
    group: 'objects',
    summary: 'List objects of a kind, or show one',
    examples: [
      { line: 'mainstay get services', meaning: 'all of them' },
      { line: 'mainstay get service checkout -o yaml', meaning: 'one, as a document that apply takes' },
      { line: 'mainstay get alerts', meaning: 'those that are open' },
      { line: 'mainstay get kinds', meaning: 'what kinds there are' },
    ],
    arguments: [oneKind, { name: 'NAME', required: false, repeat: true, completes: 'name' }],
    options: [
      limit,
      { name: 'team', value: 'TEAM', summary: 'Of this team (services, alerts).' },
      { name: 'search', short: 's', value: 'TEXT', summary: 'With this text (services, alerts).' },
      { name: 'at', value: 'TIME', summary: 'As of a time such as 2026-03-01T09:00:00Z or 2h ago (one object).' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./get.ts')).get,
  },
  {
    words: ['describe'],
    group: 'objects',
    summary: 'Everything known of one object',
    examples: [
      {
        line: 'mainstay describe service checkout',
        meaning: 'owner, contacts, dependencies, who is hurt when it fails',
      },
      { line: 'mainstay describe alert 42', meaning: 'with the trace of its decisions' },
    ],
    arguments: [oneKind, { name: 'NAME', required: false, completes: 'name' }],
    server: true,
    data: true,
    load: async () => (await import('./describe.ts')).describe,
  },
  {
    words: ['plan'],
    group: 'objects',
    summary: 'What an apply would change, by the same code',
    examples: [
      { line: 'mainstay plan -f reliability/', meaning: 'a folder' },
      { line: 'mainstay plan -f slo.yaml --detailed-exitcode', meaning: 'exit 0 nothing, 2 changes, 1 refused' },
    ],
    arguments: fileArgument,
    options: [
      files,
      {
        name: 'detailed-exitcode',
        summary: 'Exit 0 when nothing would change, 2 when something would, 1 for an error.',
      },
      manager,
      force,
      prune,
    ],
    server: true,
    data: true,
    load: async () => (await import('./plan.ts')).plan,
  },
  {
    words: ['apply'],
    group: 'objects',
    summary: 'Make declared objects so, all or nothing',
    examples: [
      { line: 'mainstay apply -f reliability/', meaning: 'a folder' },
      {
        line: 'mainstay apply -f . --manager git:shop/reliability --prune --yes',
        meaning: 'in a pipeline: the repository is the truth',
      },
      { line: 'mainstay get service checkout -o yaml | mainstay apply -f -', meaning: 'from stdin' },
    ],
    arguments: fileArgument,
    options: [
      files,
      manager,
      force,
      prune,
      { name: 'dry-run', summary: 'The same as plan.' },
      { name: 'yes', short: 'y', summary: 'Do not ask before --prune deletes.' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./apply.ts')).apply,
  },
  {
    words: ['validate'],
    group: 'objects',
    summary: 'Check documents without a server: syntax, fields, names, doubles',
    about: 'The server knows more: `mainstay plan` checks the shape of each kind, its rules and its references too.',
    examples: [{ line: 'mainstay validate -f reliability/', meaning: 'exit 0 when nothing is wrong' }],
    arguments: fileArgument,
    options: [files],
    load: async () => (await import('./validate.ts')).validate,
  },
  {
    words: ['delete'],
    group: 'objects',
    summary: 'Remove a declared object that nothing refers to',
    examples: [
      { line: 'mainstay delete service old-cart', meaning: 'asks for the name once more' },
      { line: 'mainstay delete service old-cart --yes', meaning: 'in a script' },
    ],
    arguments: [oneKind, { name: 'NAME', required: false, repeat: true, completes: 'name' }],
    options: [{ name: 'yes', short: 'y', summary: 'Do not ask.' }],
    server: true,
    load: async () => (await import('./delete.ts')).deleteObjects,
  },
  {
    words: ['history'],
    group: 'objects',
    summary: 'The versions of a declared object',
    examples: [{ line: 'mainstay history service checkout', meaning: 'who changed it when' }],
    arguments: [oneKind, { name: 'NAME', required: false, completes: 'name' }],
    server: true,
    data: true,
    load: async () => (await import('./history.ts')).history,
  },
]
