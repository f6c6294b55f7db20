// What a command is: words, arguments and options as data, so that help, completion and "did you mean" need not load it.
import type { ExitCode } from '../exit-codes.ts'
import type { Shell } from '../shell.ts'
import type { OptionValues } from './option-values.ts'

/** What may stand there, for completion. `kind` and `name` are asked of the server. */
export type Completes = 'kind' | 'name' | 'file' | 'folder' | 'alert' | 'context' | readonly string[]

export interface Option {
  readonly name: string
  readonly short?: string
  /** The word for its value in help; without one it is a switch. */
  readonly value?: string
  readonly repeat?: true
  readonly choices?: readonly string[]
  readonly completes?: Completes
  readonly summary: string
}

export interface Argument {
  readonly name: string
  readonly required: boolean
  readonly repeat?: true
  readonly completes?: Completes
}

export interface Example {
  readonly line: string
  readonly meaning: string
}

export interface Call {
  readonly shell: Shell
  readonly args: readonly string[]
  readonly options: OptionValues
  /** All of them, for completion. */
  readonly commands: readonly Command[]
}

export type Run = (call: Call) => Promise<ExitCode>

export interface Command {
  /** `['alerts', 'list']` for `mainstay alerts list`. */
  readonly words: readonly string[]
  readonly group: CommandGroup
  readonly summary: string
  readonly about?: string
  readonly examples: readonly Example[]
  readonly arguments?: readonly Argument[]
  readonly options?: readonly Option[]
  /** Speaks to a server: takes --url, --token-file, --context. */
  readonly server?: true
  /** Prints data: takes -o. */
  readonly data?: true
  readonly hidden?: true
  /** The command alone is loaded, so that `mainstay --version` does not read the server. */
  readonly load: () => Promise<Run>
}

export const commandGroups = ['run', 'objects', 'respond', 'reliability', 'evidence', 'setup'] as const
export type CommandGroup = (typeof commandGroups)[number]

export const groupTitles: Readonly<Record<CommandGroup, string>> = {
  run: 'Run Mainstay',
  objects: 'Declare and look',
  respond: 'Respond',
  reliability: 'Objectives and changes',
  evidence: 'Evidence',
  setup: 'Connect and check',
}

export const outputFormats = ['table', 'wide', 'json', 'jsonl', 'yaml', 'name'] as const
export type OutputFormat = (typeof outputFormats)[number]

const anywhere: readonly Option[] = [
  { name: 'help', short: 'h', summary: 'Show this help.' },
  { name: 'no-color', summary: 'No colours; also NO_COLOR=1.' },
  { name: 'no-input', summary: 'Never ask; fail instead.' },
  { name: 'quiet', short: 'q', summary: 'No messages on stderr but errors.' },
]
const connection: readonly Option[] = [
  { name: 'url', value: 'URL', summary: 'The server; also MAINSTAY_URL.' },
  {
    name: 'token-file',
    value: 'FILE',
    completes: 'file',
    summary: 'A file with an API key; also MAINSTAY_TOKEN, MAINSTAY_TOKEN_FILE.',
  },
  { name: 'context', value: 'NAME', completes: 'context', summary: 'A server saved by `mainstay login`.' },
  { name: 'timeout', value: 'DURATION', summary: 'How long to wait for an answer (default 30s).' },
  { name: 'debug', summary: 'Show each request on stderr, secrets hidden.' },
]
const format: readonly Option[] = [
  {
    name: 'output',
    short: 'o',
    value: 'FORMAT',
    choices: outputFormats,
    summary: 'table, wide, json, jsonl, yaml or name; also MAINSTAY_OUTPUT.',
  },
  { name: 'no-headers', summary: 'A table without its first line.' },
]

/** Options that may stand before the command as well. */
export const globalOptions: readonly Option[] = [...anywhere, ...connection, ...format]

export function optionsOf(command: Command): readonly Option[] {
  return [
    ...(command.options ?? []),
    ...(command.data === true ? format : []),
    ...(command.server === true ? connection : []),
    ...anywhere,
  ]
}
