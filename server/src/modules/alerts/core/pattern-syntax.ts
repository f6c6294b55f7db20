// Reads the syntax of a pattern into a tree. What RE2 has and this has not is refused by name.

export type Test = (point: number) => boolean
export type Node =
  | { readonly kind: 'test'; readonly test: Test }
  | { readonly kind: 'edge'; readonly at: 'start' | 'end' }
  | { readonly kind: 'all'; readonly of: readonly Node[] }
  | { readonly kind: 'any'; readonly of: readonly Node[] }
  | { readonly kind: 'repeat'; readonly of: Node; readonly least: number; readonly most: number | null }

/** Thrown inside, answered as a refusal at the door. */
export class Refused extends Error {}

export function parsePattern(source: string): Node {
  const folds = source.startsWith('(?i)')
  const points = [...source].map((each) => each.codePointAt(0) ?? 0)
  const cursor: Cursor = { points, place: folds ? 4 : 0, depth: 0, fold: folds }
  const tree = alternatives(cursor)
  if (cursor.place < points.length) throw new Refused('A ")" has no "(".')
  return tree
}

interface Cursor {
  readonly points: readonly number[]
  place: number
  depth: number
  /** Upper and lower case are the same. */
  readonly fold: boolean
}

/** The character at a place; empty behind the end. */
function at(cursor: Cursor, place: number): string {
  const point = cursor.points[place]
  return point === undefined ? '' : String.fromCodePoint(point)
}

function here(cursor: Cursor): string {
  return at(cursor, cursor.place)
}

function ahead(cursor: Cursor, count: number): string {
  return cursor.points
    .slice(cursor.place, cursor.place + count)
    .map((each) => String.fromCodePoint(each))
    .join('')
}

function alternatives(cursor: Cursor): Node {
  const of = [sequence(cursor)]
  while (here(cursor) === '|') {
    cursor.place += 1
    of.push(sequence(cursor))
  }
  return of.length === 1 && of[0] !== undefined ? of[0] : { kind: 'any', of }
}

function sequence(cursor: Cursor): Node {
  const of: Node[] = []
  while (cursor.place < cursor.points.length && here(cursor) !== '|' && here(cursor) !== ')') of.push(repeated(cursor))
  return { kind: 'all', of }
}

function repeated(cursor: Cursor): Node {
  let node = single(cursor)
  for (let count = readCount(cursor); count !== null; count = readCount(cursor)) {
    const { least, most } = count
    if (least > 1_000 || (most !== null && (most > 1_000 || most < least))) {
      throw new Refused('A repetition is {least,most} with at most 1000.')
    }
    node = { kind: 'repeat', of: node, least, most }
    cursor.place += count.length
    // A lazy mark changes what is captured, not what matches.
    if (here(cursor) === '?') cursor.place += 1
    if (/^[*+?]$/.test(here(cursor))) throw new Refused(`Nothing to repeat before "${here(cursor)}".`)
  }
  return node
}

interface Count {
  readonly least: number
  readonly most: number | null
  readonly length: number
}

/** Null when what follows repeats nothing; a brace that is no count stands for itself. */
function readCount(cursor: Cursor): Count | null {
  const sign = here(cursor)
  if (sign === '*') return { least: 0, most: null, length: 1 }
  if (sign === '+') return { least: 1, most: null, length: 1 }
  if (sign === '?') return { least: 0, most: 1, length: 1 }
  const counted = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(ahead(cursor, 12))
  if (counted === null) return null
  const [whole, least, comma, upper] = counted
  const most = comma === undefined ? Number(least) : upper === '' ? null : Number(upper)
  return { least: Number(least), most, length: whole.length }
}

function single(cursor: Cursor): Node {
  const sign = here(cursor)
  cursor.place += 1
  if (sign === '(') return group(cursor)
  if (sign === '[') return { kind: 'test', test: charClass(cursor) }
  if (sign === '.') return { kind: 'test', test: (point) => point !== 10 }
  if (sign === '^') return { kind: 'edge', at: 'start' }
  if (sign === '$') return { kind: 'edge', at: 'end' }
  if (sign === '\\') return { kind: 'test', test: escaped(cursor) }
  if ('*+?'.includes(sign)) throw new Refused(`Nothing to repeat before "${sign}".`)
  return { kind: 'test', test: literal(cursor, sign.codePointAt(0) ?? 0) }
}

function group(cursor: Cursor): Node {
  cursor.depth += 1
  if (cursor.depth > 100) throw new Refused('Groups are nested more than 100 deep.')
  if (here(cursor) === '?') {
    const mark = ahead(cursor, 3)
    if (mark.startsWith('?:')) cursor.place += 2
    else if (/^\?(=|!|<=|<!)/.test(mark)) throw new Refused('Looking ahead or behind is not supported.')
    else throw new Refused(`The group "(${mark}" is not supported; write "(" or "(?:".`)
  }
  const inner = alternatives(cursor)
  if (here(cursor) !== ')') throw new Refused('A "(" is not closed.')
  cursor.place += 1
  cursor.depth -= 1
  return inner
}

function escaped(cursor: Cursor): Test {
  const sign = here(cursor)
  if (sign === '') throw new Refused('The pattern ends in a backslash.')
  cursor.place += 1
  const set = shorthand(sign)
  if (set !== null) return set
  return literal(cursor, escapedPoint(cursor, sign))
}

function escapedPoint(cursor: Cursor, sign: string): number {
  const control = controls[sign]
  if (control !== undefined) return control
  if (sign === 'x') {
    const digits = here(cursor) + at(cursor, cursor.place + 1)
    if (!/^[0-9a-fA-F]{2}$/.test(digits)) throw new Refused('Write \\x with two hex digits.')
    cursor.place += 2
    return Number.parseInt(digits, 16)
  }
  if (/[0-9]/.test(sign)) throw new Refused('Back-references are not supported.')
  if (/[A-Za-z]/.test(sign)) throw new Refused(`"\\${sign}" is not supported.`)
  return sign.codePointAt(0) ?? 0
}

function charClass(cursor: Cursor): Test {
  const negated = here(cursor) === '^'
  if (negated) cursor.place += 1
  const tests: Test[] = []
  for (let first = true; first || here(cursor) !== ']'; first = false) {
    if (cursor.place >= cursor.points.length) throw new Refused('A "[" is not closed.')
    if (here(cursor) === '[' && at(cursor, cursor.place + 1) === ':')
      throw new Refused('Classes such as [:alpha:] are not supported; write a-zA-Z.')
    const low = classPoint(cursor)
    if (typeof low === 'function') tests.push(low)
    else if (here(cursor) === '-' && at(cursor, cursor.place + 1) !== ']' && at(cursor, cursor.place + 1) !== '') {
      cursor.place += 1
      const high = classPoint(cursor)
      if (typeof high === 'function' || high < low) throw new Refused('A range in [] runs from low to high.')
      tests.push(folded(cursor, (point) => point >= low && point <= high))
    } else tests.push(literal(cursor, low))
  }
  cursor.place += 1
  return negated ? (point) => !tests.some((test) => test(point)) : (point) => tests.some((test) => test(point))
}

function classPoint(cursor: Cursor): number | Test {
  const sign = here(cursor)
  cursor.place += 1
  if (sign !== '\\') return sign.codePointAt(0) ?? 0
  const escapedSign = here(cursor)
  if (escapedSign === '') throw new Refused('A "[" is not closed.')
  cursor.place += 1
  return shorthand(escapedSign) ?? escapedPoint(cursor, escapedSign)
}

function literal(cursor: Cursor, wanted: number): Test {
  return folded(cursor, (point) => point === wanted)
}

function folded(cursor: Cursor, test: Test): Test {
  return cursor.fold ? (point) => test(point) || test(lower(point)) || test(upper(point)) : test
}

const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, a: 7 }

/** ASCII only, as in RE2. */
function shorthand(sign: string): Test | null {
  const digit: Test = (point) => point >= 48 && point <= 57
  const word: Test = (point) =>
    digit(point) || (point >= 65 && point <= 90) || (point >= 97 && point <= 122) || point === 95
  const space: Test = (point) => point === 32 || point === 9 || point === 10 || point === 12 || point === 13
  const tests: Readonly<Record<string, Test>> = { d: digit, w: word, s: space }
  const test = tests[sign.toLowerCase()]
  if (test === undefined) return null
  return sign === sign.toLowerCase() ? test : (point) => !test(point)
}

function lower(point: number): number {
  return String.fromCodePoint(point).toLowerCase().codePointAt(0) ?? point
}

function upper(point: number): number {
  return String.fromCodePoint(point).toUpperCase().codePointAt(0) ?? point
}
