// PromQL as a tree: the grammar of expressions, without types. Functions are read by shape, known or not.
import { readPromDuration, readTokens, type Token, unquote } from './promql-tokens.ts'

export interface SeriesMatcher {
  readonly label: string
  readonly operator: '=' | '!=' | '=~' | '!~'
  readonly value: string
}

export type Expr =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | {
      readonly kind: 'series'
      readonly metric: string
      readonly matchers: readonly SeriesMatcher[]
      readonly rangeMs: number | null
    }
  | { readonly kind: 'subquery'; readonly of: Expr; readonly rangeMs: number }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expr[] }
  | {
      readonly kind: 'aggregate'
      readonly name: string
      readonly grouping: 'by' | 'without'
      readonly labels: readonly string[]
      readonly args: readonly Expr[]
    }
  | Binary
  | { readonly kind: 'minus'; readonly of: Expr }

export interface Binary {
  readonly kind: 'binary'
  readonly operator: string
  readonly bool: boolean
  readonly left: Expr
  readonly right: Expr
  readonly matching: { readonly on: boolean; readonly labels: readonly string[] } | null
  readonly many: 'left' | 'right' | null
  readonly include: readonly string[]
}

export type ReadExpr =
  | { readonly ok: true; readonly expr: Expr }
  | { readonly ok: false; readonly at: number; readonly detail: string }

const longest = 20_000
const deepest = 200

export const aggregations: ReadonlySet<string> = new Set([
  ...['sum', 'avg', 'min', 'max', 'count', 'group', 'stddev', 'stdvar', 'quantile', 'count_values'],
  ...['topk', 'bottomk', 'limitk', 'limit_ratio'],
])

const precedence: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  ...{ '==': 3, '!=': 3, '>': 3, '<': 3, '>=': 3, '<=': 3 },
  ...{ '+': 4, '-': 4, '*': 5, '/': 5, '%': 5, atan2: 5, '^': 6 },
}

export function readPromql(source: string): ReadExpr {
  if (source.length > longest) return { ok: false, at: longest, detail: `It is longer than ${longest} characters.` }
  const tokens = readTokens(source)
  if ('stoppedAt' in tokens)
    return { ok: false, at: tokens.stoppedAt, detail: `Nothing in PromQL begins with \`${source[tokens.stoppedAt]}\`.` }
  const reader: Reader = { tokens, next: 0, depth: 0, fault: null }
  const expr = readBinary(reader, 0)
  if (reader.fault === null && peek(reader).kind !== 'end') fail(reader, 'an operator or the end')
  return reader.fault === null ? { ok: true, expr } : { ok: false, ...reader.fault }
}

interface Reader {
  readonly tokens: readonly Token[]
  next: number
  depth: number
  /** The first thing that is wrong; after it everything reads as the end. */
  fault: { readonly at: number; readonly detail: string } | null
}

const nothing: Expr = { kind: 'number', value: 0 }
const end = (at: number): Token => ({ kind: 'end', text: '', at })

function peek(reader: Reader, ahead = 0): Token {
  const last = reader.tokens.at(-1)
  if (reader.fault !== null) return end(reader.fault.at)
  return reader.tokens[reader.next + ahead] ?? last ?? end(0)
}

function take(reader: Reader): Token {
  const token = peek(reader)
  reader.next += 1
  return token
}

function fail(reader: Reader, expected: string): void {
  const token = peek(reader)
  const got = token.kind === 'end' ? 'the end' : `\`${token.text}\``
  reader.fault ??= { at: token.at, detail: `Expected ${expected}, found ${got}.` }
}

function skip(reader: Reader, text: string): boolean {
  if (wordAt(reader) !== text) return false
  reader.next += 1
  return true
}

/** The sign or the word that stands next; words of the grammar may be written in capitals. */
function wordAt(reader: Reader): string {
  const { kind, text } = peek(reader)
  return kind === 'sign' ? text : kind === 'name' ? text.toLowerCase() : ''
}

function expect(reader: Reader, text: string): void {
  if (!skip(reader, text)) fail(reader, `\`${text}\``)
}

function operatorAt(reader: Reader): string | null {
  const word = wordAt(reader)
  return precedence[word] === undefined ? null : word
}

function readBinary(reader: Reader, above: number): Expr {
  reader.depth += 1
  if (reader.depth > deepest) fail(reader, 'less nesting')
  let left = readUnary(reader)
  for (let operator = operatorAt(reader); operator !== null; operator = operatorAt(reader)) {
    const rank = precedence[operator] ?? 0
    if (rank <= above) break
    take(reader)
    const bool = skip(reader, 'bool')
    const clause = readMatching(reader)
    // Only `^` binds to the right.
    const right = readBinary(reader, operator === '^' ? rank - 1 : rank)
    left = { kind: 'binary', operator, bool, left, right, ...clause }
  }
  reader.depth -= 1
  return left
}

function readMatching(reader: Reader): Pick<Binary, 'matching' | 'many' | 'include'> {
  const on = wordAt(reader) === 'on'
  if (!on && wordAt(reader) !== 'ignoring') return { matching: null, many: null, include: [] }
  take(reader)
  const matching = { on, labels: readLabels(reader) }
  const word = wordAt(reader)
  if (word !== 'group_left' && word !== 'group_right') return { matching, many: null, include: [] }
  take(reader)
  const include = peek(reader).text === '(' ? readLabels(reader) : []
  return { matching, many: word === 'group_left' ? 'left' : 'right', include }
}

function readLabels(reader: Reader): readonly string[] {
  const labels: string[] = []
  expect(reader, '(')
  while (reader.fault === null && !skip(reader, ')')) {
    const token = take(reader)
    if (token.kind === 'name') labels.push(token.text)
    else if (token.kind === 'text') labels.push(unquote(token.text))
    else {
      reader.next -= 1
      fail(reader, 'the name of a label')
    }
    if (!skip(reader, ',') && peek(reader).text !== ')') fail(reader, '`,` or `)`')
  }
  return labels
}

function readUnary(reader: Reader): Expr {
  if (skip(reader, '+')) return readBinary(reader, 5)
  if (skip(reader, '-')) return { kind: 'minus', of: readBinary(reader, 5) }
  return readAfter(reader, readAtom(reader))
}

/** Ranges, subqueries, `offset` and `@`. */
function readAfter(reader: Reader, atom: Expr): Expr {
  let expr = atom
  while (reader.fault === null) {
    if (skip(reader, '[')) {
      const rangeMs = readRange(reader)
      const subquery = skip(reader, ':')
      if (subquery && peek(reader).text !== ']') readRange(reader)
      expect(reader, ']')
      expr = expr.kind === 'series' && !subquery ? { ...expr, rangeMs } : { kind: 'subquery', of: expr, rangeMs }
    } else if (skip(reader, 'offset')) {
      skip(reader, '-')
      readRange(reader)
    } else if (skip(reader, '@')) {
      skip(reader, '-')
      const { kind } = take(reader)
      if (kind === 'name') {
        expect(reader, '(')
        expect(reader, ')')
      }
    } else if (!skip(reader, 'anchored') && !skip(reader, 'smoothed')) return expr
  }
  return expr
}

/** A bare number is seconds. */
function readRange(reader: Reader): number {
  const token = peek(reader)
  if (token.kind !== 'duration' && token.kind !== 'number') {
    fail(reader, 'a duration such as 5m')
    return 0
  }
  take(reader)
  return token.kind === 'duration' ? (readPromDuration(token.text) ?? 0) : Number(token.text) * 1_000
}

function readAtom(reader: Reader): Expr {
  const token = peek(reader)
  if (token.kind === 'number' || token.kind === 'duration') {
    take(reader)
    const seconds = token.kind === 'duration' ? (readPromDuration(token.text) ?? 0) / 1_000 : null
    return { kind: 'number', value: seconds ?? Number(token.text.replaceAll('_', '')) }
  }
  if (token.kind === 'text') {
    take(reader)
    return { kind: 'text', value: unquote(token.text) }
  }
  if (skip(reader, '(')) {
    const inner = readBinary(reader, 0)
    expect(reader, ')')
    return inner
  }
  if (token.text === '{') return readSeries(reader, '')
  if (token.kind === 'name') return readNamed(reader)
  fail(reader, 'an expression')
  return nothing
}

function readNamed(reader: Reader): Expr {
  const { text } = take(reader)
  const after = wordAt(reader)
  const word = text.toLowerCase()
  if (aggregations.has(word) && ['(', 'by', 'without'].includes(after)) return readAggregate(reader, word)
  if (after === '(') return { kind: 'call', name: text, args: readArguments(reader) }
  if (after !== '{' && (word === 'inf' || word === 'nan'))
    return { kind: 'number', value: word === 'nan' ? Number.NaN : Number.POSITIVE_INFINITY }
  if (operatorAt({ ...reader, next: reader.next - 1 }) !== null) {
    reader.next -= 1
    fail(reader, 'an expression')
    return nothing
  }
  return readSeries(reader, text)
}

function readArguments(reader: Reader): readonly Expr[] {
  const args: Expr[] = []
  expect(reader, '(')
  while (reader.fault === null && !skip(reader, ')')) {
    args.push(readBinary(reader, 0))
    if (!skip(reader, ',') && peek(reader).text !== ')') fail(reader, '`,` or `)`')
  }
  return args
}

function readAggregate(reader: Reader, name: string): Expr {
  const before = readGrouping(reader)
  const args = readArguments(reader)
  const { grouping, labels } = before ?? readGrouping(reader) ?? { grouping: 'by', labels: [] }
  return { kind: 'aggregate', name, grouping, labels, args }
}

function readGrouping(
  reader: Reader,
): { readonly grouping: 'by' | 'without'; readonly labels: readonly string[] } | null {
  const word = wordAt(reader)
  if (word !== 'by' && word !== 'without') return null
  take(reader)
  return { grouping: word, labels: readLabels(reader) }
}

function readSeries(reader: Reader, named: string): Expr {
  const matchers: SeriesMatcher[] = []
  let metric = named
  if (!skip(reader, '{')) return { kind: 'series', metric, matchers, rangeMs: null }
  while (reader.fault === null && !skip(reader, '}')) {
    const token = take(reader)
    const label = token.kind === 'text' ? unquote(token.text) : token.text
    const operator = (['=', '!=', '=~', '!~'] as const).find((each) => each === peek(reader).text)
    if (operator === undefined) {
      // `{"name with dots"}` names the metric.
      if (token.kind === 'text') metric = label
      else fail(reader, 'one of = != =~ !~')
    } else {
      take(reader)
      const value = peek(reader)
      if (value.kind !== 'text') fail(reader, 'a text in quotes')
      take(reader)
      if (label === '__name__' && operator === '=') metric = unquote(value.text)
      else matchers.push({ label, operator, value: unquote(value.text) })
    }
    if (!skip(reader, ',') && peek(reader).text !== '}') fail(reader, '`,` or `}`')
  }
  return { kind: 'series', metric, matchers, rangeMs: null }
}
