// From words to a command with its arguments and options, or a refusal that says what was meant.
import { parseArgs } from 'node:util'
import { nearest } from '../../../server/src/kernel/names.ts'
import { usageError } from '../exit-codes.ts'
import { type Command, globalOptions, type Option, optionsOf } from './command.ts'
import { OptionValues } from './option-values.ts'

export type Reading =
  | { readonly wants: 'version' }
  /** A topic without a command is the front page or a group such as `alerts`. */
  | { readonly wants: 'help'; readonly command: Command | null; readonly topic: readonly string[] }
  | {
      readonly wants: 'run'
      readonly command: Command
      readonly args: readonly string[]
      readonly options: OptionValues
    }

export function readLine(argv: readonly string[], commands: readonly Command[]): Reading {
  const { leading, rest } = splitLeading(argv)
  if (leading.includes('--version') || leading.includes('-v')) return { wants: 'version' }
  const asksHelp = leading.includes('--help') || leading.includes('-h')
  const words = wordsOf(rest)
  if (words[0] === 'help' || words.length === 0 || (asksHelp && words.length > 0)) {
    const topic = words[0] === 'help' ? words.slice(1) : words
    return { wants: 'help', command: findCommand(topic, commands), topic: knownTopic(topic, commands) }
  }
  const command = findCommand(words, commands)
  if (command === null) {
    const bare = rest.slice(words.length).every((word) => word === '--help' || word === '-h')
    if (bare && groupOf(words, commands).length === words.length) return { wants: 'help', command: null, topic: words }
    throw unknownCommand(words, commands)
  }
  const read = readOptions([...leading, ...rest.slice(command.words.length)], command)
  if (read.options.has('help')) return { wants: 'help', command, topic: command.words }
  checkArguments(command, read.args)
  return { wants: 'run', command, ...read }
}

/** Global options may stand before the command: `mainstay -o json get services`. */
function splitLeading(argv: readonly string[]): { leading: readonly string[]; rest: readonly string[] } {
  let index = 0
  while (index < argv.length && argv[index]?.startsWith('-') === true) {
    const word = argv[index] ?? ''
    const option = globalOptions.find((each) => word === `--${each.name}` || word === `-${each.short}`)
    index += option?.value === undefined ? 1 : 2
  }
  return { leading: argv.slice(0, index), rest: argv.slice(index) }
}

const wordsOf = (rest: readonly string[]): readonly string[] => {
  const end = rest.findIndex((word) => word.startsWith('-'))
  return end === -1 ? rest : rest.slice(0, end)
}

/** The longest command that the words begin with. */
export function findCommand(words: readonly string[], commands: readonly Command[]): Command | null {
  let best: Command | null = null
  for (const command of commands) {
    const fits = command.words.every((word, index) => words[index] === word)
    if (fits && command.words.length > (best?.words.length ?? 0)) best = command
  }
  return best
}

function knownTopic(topic: readonly string[], commands: readonly Command[]): readonly string[] {
  if (topic.length === 0 || topic[0] === 'exit-codes') return topic
  const group = groupOf(topic, commands)
  if (group.length > 0) return group
  throw unknownCommand(topic, commands)
}

/** As many of the words as commands begin with: `slo review` of `slo review lst`. */
function groupOf(words: readonly string[], commands: readonly Command[]): readonly string[] {
  let length = 0
  for (const command of commands) {
    const differs = command.words.findIndex((word, index) => words[index] !== word)
    length = Math.max(length, differs === -1 ? command.words.length : differs)
  }
  return words.slice(0, length)
}

function unknownCommand(words: readonly string[], commands: readonly Command[]) {
  const shown = commands.filter((each) => each.hidden !== true)
  const group = groupOf(words, shown)
  const known = (within: readonly string[]) => [
    ...new Set(
      shown.flatMap((each) =>
        within.every((word, index) => each.words[index] === word)
          ? each.words.slice(within.length, within.length + 1)
          : [],
      ),
    ),
  ]
  const said = words.slice(0, group.length + 1).join(' ')
  const next = known(group)
  const near = nearest(words[group.length] ?? '', next)
  const whole = (word: string) => [...group, word].join(' ')
  const all = group.length === 0 ? 'See `mainstay help`.' : `Known: ${next.map(whole).join(', ')}.`
  const meant = near === null ? all : `Did you mean ${whole(near)}?${group.length === 0 ? ' See `mainstay help`.' : ''}`
  return usageError(`There is no command "${said}".`, meant)
}

function readOptions(words: readonly string[], command: Command) {
  const options = optionsOf(command)
  const { tokens } = parseArgs({
    args: [...words],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      options.map((each) => [
        each.name,
        {
          type: each.value === undefined ? ('boolean' as const) : ('string' as const),
          multiple: true,
          ...(each.short === undefined ? {} : { short: each.short }),
        },
      ]),
    ),
  })
  const given = new Map<string, string[]>()
  const args: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') args.push(token.value)
    if (token.kind !== 'option') continue
    const option = options.find((each) => each.name === token.name)
    if (option === undefined) throw unknownOption(token.rawName, options, command)
    given.set(option.name, [...(given.get(option.name) ?? []), checkedValue(option, token.value)])
  }
  return { args, options: new OptionValues(given) }
}

function checkedValue(option: Option, value: string | undefined): string {
  if (option.value === undefined) {
    if (value === undefined) return 'true'
    throw usageError(`--${option.name} takes no value.`)
  }
  if (value === undefined) throw usageError(`--${option.name} needs a value: --${option.name} ${option.value}.`)
  if (option.choices === undefined || option.choices.includes(value)) return value
  const near = nearest(value, option.choices)
  throw usageError(
    `--${option.name} cannot be "${value}".`,
    near === null ? `It is one of ${option.choices.join(', ')}.` : `Did you mean ${near}?`,
  )
}

function unknownOption(raw: string, options: readonly Option[], command: Command) {
  const near = nearest(
    raw.replace(/^-+/, ''),
    options.map((each) => each.name),
  )
  const help = `See \`mainstay ${command.words.join(' ')} --help\`.`
  return usageError(
    `\`mainstay ${command.words.join(' ')}\` has no option ${raw}.`,
    near === null ? help : `Did you mean --${near}? ${help}`,
  )
}

function checkArguments(command: Command, args: readonly string[]): void {
  const wanted = command.arguments ?? []
  const line = `mainstay ${command.words.join(' ')}`
  const missing = wanted.find((argument, index) => argument.required && args[index] === undefined)
  if (missing !== undefined)
    throw usageError(`${missing.name} is missing.`, `Try: ${command.examples[0]?.line ?? `${line} --help`}`)
  const endless = wanted.some((argument) => argument.repeat === true)
  const extra = args[wanted.length]
  if (!endless && extra !== undefined)
    throw usageError(`\`${line}\` does not know what to do with "${extra}".`, `See \`${line} --help\`.`)
}
