import { openApi } from '../../connection/api.ts'
import { readContexts } from '../../connection/contexts.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import { type Call, type Command, type Completes, type Option, optionsOf, type Run } from '../../line/command.ts'
import { OptionValues } from '../../line/option-values.ts'
import { findCommand } from '../../line/parse.ts'
import { completionScripts } from './completion-scripts.ts'

// A shell waits for each key press: what the server does not say by then is left out.
const patience = '1s'

export const completion: Run = async ({ shell, args }) => {
  const script = completionScripts[args[0] ?? '']
  if (script === undefined)
    throw usageError(
      `There is no completion for "${args[0] ?? ''}".`,
      `Known: ${Object.keys(completionScripts).join(', ')}.`,
    )
  shell.out.write(script)
  return exitCodes.ok
}

/** Gets the words after `mainstay`, the last one unfinished; answers one candidate a line. */
export const complete: Run = async (call) => {
  const words = call.args
  const last = words.at(-1) ?? ''
  const candidates = await candidatesFor(call, words.slice(0, -1), last)
  for (const each of [...new Set(candidates)].filter((candidate) => candidate.startsWith(last)).sort())
    call.shell.out.write(`${each}\n`)
  return exitCodes.ok
}

async function candidatesFor(call: Call, before: readonly string[], last: string): Promise<readonly string[]> {
  const shown = call.commands.filter((each) => each.hidden !== true)
  const command = findCommand(before, shown)
  if (command === null) {
    const within = shown.filter((each) => before.every((word, index) => each.words[index] === word))
    return within.map((each) => each.words[before.length] ?? '').filter((word) => word !== '')
  }
  const options = optionsOf(command)
  const open = options.find((each) => each.value !== undefined && isWordOf(each, before.at(-1) ?? ''))
  if (open !== undefined) return open.choices ?? (await namesFor(call, open.completes, []))
  if (last.startsWith('-')) return options.map((each) => `--${each.name}`)
  const args = argumentsAmong(command, options, before)
  const wanted = command.arguments ?? []
  const argument = wanted[args.length] ?? (wanted.at(-1)?.repeat === true ? wanted.at(-1) : undefined)
  return namesFor(call, argument?.completes, args)
}

const isWordOf = (option: Option, word: string): boolean => word === `--${option.name}` || word === `-${option.short}`

function argumentsAmong(command: Command, options: readonly Option[], before: readonly string[]): readonly string[] {
  const rest = before.slice(command.words.length)
  return rest.filter((word, index) => {
    const previous = rest[index - 1] ?? ''
    const isValue = options.some((each) => each.value !== undefined && isWordOf(each, previous))
    return !word.startsWith('-') && !isValue
  })
}

/** Files are the shell's own business. */
async function namesFor(
  call: Call,
  wanted: Completes | undefined,
  args: readonly string[],
): Promise<readonly string[]> {
  if (wanted === undefined || wanted === 'file' || wanted === 'folder') return []
  if (wanted === 'context') return [...readContexts(call.shell).contexts.keys()]
  if (typeof wanted !== 'string') return wanted
  try {
    const api = await openApi({ ...call, options: new OptionValues(new Map([['timeout', [patience]]])) })
    if (wanted === 'alert') {
      const { items } = await api.client['alerts.list']({ query: { status: 'open', limit: 100 } })
      return items.map((each) => String(each.number))
    }
    const { items: kinds } = await api.client['resources.kinds']()
    if (wanted === 'kind') return [...kinds.map((each) => each.plural), 'alerts', 'changes', 'incidents', 'silences']
    const kind = kinds.find((each) => [each.plural, each.kind.toLowerCase(), ...each.aliases].includes(args[0] ?? ''))
    if (kind === undefined) return []
    const query = { limit: 500 }
    const { items } = await api.client['resources.list']({ params: { plural: kind.plural }, query })
    return items.map((each) => each.metadata.name)
  } catch {
    // Nothing to suggest without a server; an error message in the middle of a line helps nobody.
    return []
  }
}
