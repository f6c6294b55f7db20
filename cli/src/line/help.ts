// Help: examples first, because that is what people read.
import { exitCodeMeanings } from '../exit-codes.ts'
import type { Style } from '../print/style.ts'
import { type Argument, type Command, commandGroups, groupTitles, type Option, optionsOf } from './command.ts'

export function frontPage(commands: readonly Command[], style: Style): string {
  const shown = commands.filter((each) => each.hidden !== true)
  const names = groupNames(shown)
  const width = Math.max(...names.map(([name]) => name.length))
  const lines = [
    `${style.strong('mainstay')} runs your reliability practice: declare, observe, respond, learn, prove.`,
    '',
    style.strong('Start here'),
    ...examples(
      [
        { line: 'mainstay up --demo', meaning: 'everything on this machine, with a shop to break' },
        { line: 'mainstay login', meaning: 'connect this terminal to a server' },
        { line: 'mainstay get services', meaning: 'what is there' },
        { line: 'mainstay plan -f reliability/', meaning: 'what an apply would change' },
        { line: 'mainstay ack 42', meaning: 'take an alert; paging stops' },
      ],
      style,
    ),
  ]
  for (const group of commandGroups) {
    const within = names.filter(([, each]) => each.group === group)
    if (within.length === 0) continue
    lines.push('', style.strong(groupTitles[group]))
    for (const [name, each] of within) lines.push(`  ${name.padEnd(width)}  ${each.summary}`)
  }
  lines.push(
    '',
    `\`mainstay help COMMAND\` shows one of them; \`mainstay help exit-codes\` what scripts can rely on.`,
    '',
  )
  return lines.join('\n')
}

/** One line for each command; the verbs of a word such as `alerts` share one. */
function groupNames(commands: readonly Command[]): readonly (readonly [string, Pick<Command, 'group' | 'summary'>])[] {
  const byFirst = new Map<string, Command[]>()
  for (const command of commands) {
    const first = command.words[0] ?? ''
    byFirst.set(first, [...(byFirst.get(first) ?? []), command])
  }
  return [...byFirst].flatMap(([first, same]) => {
    const [only] = same
    if (only === undefined) return []
    if (same.length === 1) return [[only.words.join(' '), only] as const]
    const verbs = same.filter((each) => each.words.length > 1).map((each) => each.words[1] ?? '')
    return [[first, { group: only.group, summary: [...new Set(verbs)].join(' · ') }] as const]
  })
}

/** Of the commands that begin with these words: `slo`, or `slo review`. */
export function groupPage(words: readonly string[], commands: readonly Command[], style: Style): string {
  const within = commands.filter(
    (each) => each.hidden !== true && words.every((word, index) => each.words[index] === word),
  )
  const firstExamples = within.flatMap((each) => each.examples.slice(0, 1))
  return [
    style.strong('Examples'),
    ...examples(firstExamples, style),
    '',
    style.strong('Commands'),
    ...columns(within.map((each) => [usageLine(each), each.summary] as const)),
    '',
  ].join('\n')
}

export function commandPage(command: Command, style: Style): string {
  const options = optionsOf(command)
  return [
    command.summary,
    ...(command.about === undefined ? [] : ['', command.about]),
    '',
    style.strong('Examples'),
    ...examples(command.examples, style),
    '',
    style.strong('Usage'),
    `  ${usageLine(command)} [options]`,
    '',
    style.strong('Options'),
    ...columns(options.map((each) => [optionText(each), each.summary] as const)),
    '',
  ].join('\n')
}

export function exitCodesPage(style: Style): string {
  return [
    style.strong('Exit codes'),
    ...columns(exitCodeMeanings.map(([code, meaning]) => [String(code).padStart(3), meaning] as const)),
    '',
  ].join('\n')
}

export function usageLine(command: Command): string {
  return ['mainstay', ...command.words, ...(command.arguments ?? []).map(argumentText)].join(' ')
}

function argumentText(argument: Argument): string {
  const text = `${argument.name}${argument.repeat === true ? '…' : ''}`
  return argument.required ? text : `[${text}]`
}

function optionText(option: Option): string {
  const short = option.short === undefined ? '    ' : `-${option.short}, `
  return `${short}--${option.name}${option.value === undefined ? '' : ` ${option.value}`}`
}

function examples(list: Command['examples'], style: Style): readonly string[] {
  const width = Math.max(0, ...list.map((each) => each.line.length))
  return list.map((each) => `  ${each.line.padEnd(width)}  ${style.faint(each.meaning)}`)
}

function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(0, ...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)
}
