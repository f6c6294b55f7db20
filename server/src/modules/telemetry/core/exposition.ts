// Reads what a /metrics endpoint tells: Prometheus' text format 0.0.4, and OpenMetrics 1.0 with its exemplars, created
// times and units. One pass over the text, no backtracking.

export type ExpositionFormat = 'text' | 'openmetrics'

export interface Exemplar {
  readonly labels: ReadonlyMap<string, string>
  readonly value: number
}

export interface ExposedSample {
  readonly line: number
  readonly name: string
  readonly labels: ReadonlyMap<string, string>
  readonly value: number
  /** Null: when it was fetched. */
  readonly atMs: number | null
  readonly exemplar: Exemplar | null
}

export interface Metadata {
  readonly line: number
  readonly what: 'TYPE' | 'HELP' | 'UNIT'
  readonly name: string
  readonly text: string
}

export type ExposedLine = ({ readonly kind: 'sample' } & ExposedSample) | ({ readonly kind: 'metadata' } & Metadata)

export type Exposition =
  | { readonly state: 'read'; readonly lines: readonly ExposedLine[] }
  | { readonly state: 'refused'; readonly line: number; readonly detail: string }

export const expositionLimits = { samples: 50_000, labels: 128, textLength: 8_192 } as const

const namePattern = /[a-zA-Z_:][a-zA-Z0-9_:]*/y
const labelPattern = /[a-zA-Z_][a-zA-Z0-9_]*/y
const realNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

export function readExposition(text: string, format: ExpositionFormat): Exposition {
  const lines: ExposedLine[] = []
  const strict = format === 'openmetrics'
  const rows = text.split('\n')
  // The text after the last line feed is a line only when there is some.
  if (rows.at(-1) === '') rows.pop()
  let [ended, samples] = [false, 0]
  for (const [index, row] of rows.entries()) {
    const line = index + 1
    const refuse = (detail: string): Exposition => ({ state: 'refused', line, detail })
    if (ended) return refuse('something stands behind # EOF')
    if (strict && row === '# EOF') {
      ended = true
      continue
    }
    const content = strict ? row : row.replace(/\r$/, '').trim()
    if (!strict && content === '') continue
    const read = content.startsWith('#') ? readComment(content, line, strict) : readSample(content, line, strict)
    if (typeof read === 'string') return refuse(read)
    if (read === null) continue
    if (read.kind === 'sample') samples += 1
    if (samples > expositionLimits.samples) return refuse(`more than ${expositionLimits.samples} samples`)
    lines.push(read)
  }
  if (strict && !ended) return { state: 'refused', line: rows.length, detail: 'the last line is not # EOF' }
  return { state: 'read', lines }
}

/** Null: a remark. A text: what is wrong. */
export function readComment(row: string, line: number, strict: boolean): ExposedLine | null | string {
  const found = strict
    ? /^# (TYPE|HELP|UNIT) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/.exec(row)
    : /^#\s+(TYPE|HELP)\s+([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(.*)$/.exec(row)
  if (found === null) return strict ? 'not a comment that OpenMetrics knows' : null
  const [, what, name = '', text = ''] = found
  if (what !== 'TYPE' && what !== 'HELP' && what !== 'UNIT') return null
  return { kind: 'metadata', line, what, name, text }
}

interface Cursor {
  readonly row: string
  at: number
  fault: string | null
}

function readSample(row: string, line: number, strict: boolean): ExposedLine | string {
  const names = readNames(row, strict)
  return typeof names === 'string' ? names : readRest(row, names, line, strict)
}

export interface SampleName {
  readonly name: string
  readonly labels: ReadonlyMap<string, string>
  /** What stands behind them. */
  readonly end: number
}

/** A text: what is wrong. */
export function readNames(row: string, strict: boolean): SampleName | string {
  const cursor: Cursor = { row, at: 0, fault: null }
  const name = take(cursor, namePattern)
  if (name === null) return 'a metric name is missing'
  const behind = cursor.at
  if (!strict) skipBlanks(cursor)
  if (row[cursor.at] !== '{') return { name, labels: new Map<string, string>(), end: behind }
  const labels = readLabels(cursor, strict)
  return cursor.fault ?? { name, labels, end: cursor.at }
}

/** The value, when it was, and an exemplar. */
export function readRest(
  row: string,
  { name, labels, end }: SampleName,
  line: number,
  strict: boolean,
): ({ readonly kind: 'sample' } & ExposedSample) | string {
  const rest = row.slice(end)
  // In OpenMetrics one space stands before each part, and only there.
  const parts = strict
    ? /^ (\S+)(?: (\S+))?(?: # (\{.*))?$/.exec(rest)
    : /^[ \t]*(\S+)(?:[ \t]+([+-]?\d+))?[ \t]*$/.exec(rest)
  if (parts === null) return 'the value, its time or its exemplar cannot be read'
  const [, number = '', time, exemplarText] = parts
  const value = readNumber(number)
  if (value === null) return `${number.slice(0, 50)} is no number`
  // OpenMetrics counts seconds, the text format milliseconds.
  const atMs = time === undefined ? null : strict ? Math.round(Number(time) * 1000) : Number(time)
  if (time !== undefined && !(realNumber.test(time) && Number.isSafeInteger(atMs)))
    return `${time.slice(0, 50)} is no time`
  const exemplar = exemplarText === undefined ? null : readExemplar(exemplarText)
  if (typeof exemplar === 'string') return exemplar
  return { kind: 'sample', line, name, labels, value, atMs, exemplar }
}

function readExemplar(row: string): Exemplar | string {
  const cursor: Cursor = { row, at: 0, fault: null }
  const labels = readLabels(cursor, true)
  if (cursor.fault !== null) return cursor.fault
  const [, number = '', time] = /^ (\S+)(?: (\S+))?$/.exec(row.slice(cursor.at)) ?? []
  const value = readNumber(number)
  if (value === null || (time !== undefined && !realNumber.test(time))) return 'an exemplar cannot be read'
  const length = [...labels].reduce((all, pair) => all + [...pair.join('')].length, 0)
  return length > 128 ? 'the labels of an exemplar are longer than 128 characters' : { labels, value }
}

export function readNumber(text: string): number | null {
  if (realNumber.test(text)) return Number(text)
  const word = text.toLowerCase().replace(/^[+-]/, '')
  if (word === 'nan' && /^n/i.test(text)) return Number.NaN
  if (word !== 'inf' && word !== 'infinity') return null
  return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

function readLabels(cursor: Cursor, strict: boolean): Map<string, string> {
  const labels = new Map<string, string>()
  const fail = (detail: string) => {
    cursor.fault ??= detail
    return labels
  }
  const blanks = () => {
    if (!strict) skipBlanks(cursor)
  }
  cursor.at += 1
  for (;;) {
    blanks()
    if (cursor.row[cursor.at] === '}' && (!strict || labels.size === 0)) break
    const name = take(cursor, labelPattern)
    if (name === null) return fail('the name of a label is missing')
    blanks()
    if (cursor.row[cursor.at] !== '=') return fail(`= is missing after ${name.slice(0, 50)}`)
    cursor.at += 1
    blanks()
    const value = readQuoted(cursor)
    if (value === null) return fail(`the value of ${name.slice(0, 50)} is not in quotes`)
    if (labels.has(name)) return fail(`the label ${name.slice(0, 50)} stands twice`)
    if (labels.size >= expositionLimits.labels) return fail(`more than ${expositionLimits.labels} labels`)
    if (value.length > expositionLimits.textLength) return fail(`the value of ${name.slice(0, 50)} is too long`)
    labels.set(name, value)
    blanks()
    if (cursor.row[cursor.at] === '}') break
    if (cursor.row[cursor.at] !== ',') return fail('a comma or } is missing')
    cursor.at += 1
  }
  cursor.at += 1
  return labels
}

function readQuoted(cursor: Cursor): string | null {
  const { row } = cursor
  if (row[cursor.at] !== '"') return null
  let [value, from] = ['', cursor.at + 1]
  for (let at = from; at < row.length; at += 1) {
    if (row[at] === '"') {
      cursor.at = at + 1
      return value + row.slice(from, at)
    }
    if (row[at] !== '\\') continue
    const next = row[at + 1]
    value += row.slice(from, at) + (next === 'n' ? '\n' : next === '"' || next === '\\' ? next : `\\${next ?? ''}`)
    from = at + 2
    at += 1
  }
  return null
}

function take(cursor: Cursor, pattern: RegExp): string | null {
  pattern.lastIndex = cursor.at
  const found = pattern.exec(cursor.row)
  if (found === null) return null
  cursor.at += found[0].length
  return found[0]
}

function skipBlanks(cursor: Cursor): void {
  while (cursor.row[cursor.at] === ' ' || cursor.row[cursor.at] === '\t') cursor.at += 1
}
