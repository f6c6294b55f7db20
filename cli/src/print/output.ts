// Data on stdout in the format that was asked for; everything else on stderr.

import { usageError } from '../exit-codes.ts'
import type { Call, OutputFormat } from '../line/command.ts'
import { outputFormats } from '../line/command.ts'
import { createStyle, type Style } from './style.ts'
import { type Column, renderTable } from './table.ts'
import { harmless, padTo, widthOf } from './text-width.ts'

export function formatOf({ shell, options }: Call): OutputFormat {
  const text = options.text('output') ?? shell.environment.MAINSTAY_OUTPUT ?? ''
  if (text === '') return 'table'
  const format = outputFormats.find((each) => each === text)
  if (format === undefined)
    throw usageError(`MAINSTAY_OUTPUT cannot be "${text}".`, `It is one of ${outputFormats.join(', ')}.`)
  return format
}

/** For people to read; any other format is for a program. */
export const inTable = (call: Call): boolean => ['table', 'wide'].includes(formatOf(call))

/** The first argument, which the command cannot do without. */
export function needName(call: Call, example: string, what = 'NAME'): string {
  const [name] = call.args
  if (name === undefined) throw usageError(`${what} is missing.`, `Try: ${example}`)
  return name
}

export const styleOut = ({ shell }: Call): Style => createStyle(shell.out.colour)
export const styleErr = ({ shell }: Call): Style => createStyle(shell.err.colour)

/** Progress and what happened, for people. */
export function say(call: Call, sentence: string): void {
  if (!call.options.has('quiet')) call.shell.err.write(`${harmless(sentence)}\n`)
}

export interface Listing<Row> {
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  /** For `-o name`: `service/checkout`. */
  readonly nameOf: (row: Row) => string
  /** What `-o json` and `yaml` show; the row itself unless said. */
  readonly documentOf?: (row: Row) => unknown
  /** Said on stderr when there are no rows: `No alerts.` */
  readonly none: string
  /** The limit was reached: said on stderr, with the option that shows more. */
  readonly more?: boolean
}

export async function printListing<Row>(call: Call, listing: Listing<Row>): Promise<void> {
  await printRows(call, listing)
  const { length } = listing.rows
  if (listing.more === true) say(call, `There are more than these ${length}: --limit ${length * 10}.`)
}

async function printRows<Row>(call: Call, listing: Listing<Row>): Promise<void> {
  const { shell, options } = call
  const { rows, documentOf = (row: Row): unknown => row } = listing
  const format = formatOf(call)
  switch (format) {
    case 'json':
      shell.out.write(`${JSON.stringify(rows.map(documentOf), null, 2)}\n`)
      return
    case 'jsonl':
      for (const row of rows) shell.out.write(`${JSON.stringify(documentOf(row))}\n`)
      return
    case 'yaml':
      shell.out.write((await loadYaml())(rows.map(documentOf)))
      return
    case 'name':
      for (const row of rows) shell.out.write(`${harmless(listing.nameOf(row))}\n`)
      return
    default:
      if (rows.length === 0) say(call, listing.none)
      else
        shell.out.write(
          renderTable(rows, listing.columns, {
            style: styleOut(call),
            columns: shell.out.columns,
            wide: format === 'wide',
            headers: !options.has('no-headers'),
          }),
        )
  }
}

export interface Section {
  readonly title: string
  readonly lines: readonly string[]
}

export interface Detail {
  readonly title: string
  /** Empty and null values are left out: a page of dashes tells nothing. */
  readonly facts: readonly (readonly [string, string | null])[]
  readonly sections?: readonly Section[]
  readonly name: string
  readonly document: unknown
}

export async function printDetail(call: Call, detail: Detail): Promise<void> {
  const { shell } = call
  const format = formatOf(call)
  if (format === 'json') shell.out.write(`${JSON.stringify(detail.document, null, 2)}\n`)
  else if (format === 'jsonl') shell.out.write(`${JSON.stringify(detail.document)}\n`)
  else if (format === 'yaml') shell.out.write((await loadYaml())([detail.document]))
  else if (format === 'name') shell.out.write(`${harmless(detail.name)}\n`)
  else shell.out.write(detailText(detail, styleOut(call)))
}

function detailText(detail: Detail, style: Style): string {
  const facts = detail.facts.filter(([, value]) => value !== null && value !== '')
  const width = Math.max(0, ...facts.map(([label]) => widthOf(label)))
  const lines = [
    style.strong(harmless(detail.title)),
    ...facts.map(([label, value]) => `  ${style.faint(padTo(label, width))}  ${harmless(value ?? '')}`),
  ]
  for (const section of detail.sections ?? []) {
    if (section.lines.length === 0) continue
    lines.push('', style.strong(section.title), ...section.lines.map((line) => `  ${line}`))
  }
  return `${lines.join('\n')}\n`
}

/** 100 kB that only `-o yaml` needs. */
const loadYaml = async () => (await import('./yaml-text.ts')).yamlOf
