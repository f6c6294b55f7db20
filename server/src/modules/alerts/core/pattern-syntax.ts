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
  const points = [...source].map((each) => each.codePointAt(0) ?? 0)
  const at = (index: number) => (index < points.length ? String.fromCodePoint(points[index] ?? 0) : '')
  let place = 0
  let depth = 0
  let fold = false
  if (source.startsWith('(?i)')) {
    fold = true
    place = 4
  }

  function alternatives(): Node {
    const of = [sequence()]
    while (at(place) === '|') {
      place += 1
      of.push(sequence())
    }
    return of.length === 1 && of[0] !== undefined ? of[0] : { kind: 'any', of }
  }

  function sequence(): Node {
    const of: Node[] = []
    while (place < points.length && at(place) !== '|' && at(place) !== ')') of.push(repeated())
    return { kind: 'all', of }
  }

  function repeated(): Node {
    let node = single()
    for (;;) {
      const sign = at(place)
      const counted =
        sign === '{'
          ? /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(
              points
                .slice(place, place + 12)
                .map((each) => String.fromCodePoint(each))
                .join(''),
            )
          : null
      if (sign !== '*' && sign !== '+' && sign !== '?' && counted === null) return node
      const least = counted === null ? (sign === '+' ? 1 : 0) : Number(counted[1])
      const upper =
        counted === null
          ? sign === '?'
            ? 1
            : null
          : counted[2] === undefined
            ? least
            : counted[3] === ''
              ? null
              : Number(counted[3])
      if (least > 1_000 || (upper !== null && (upper > 1_000 || upper < least)))
        throw new Refused('A repetition is {least,most} with at most 1000.')
      node = { kind: 'repeat', of: node, least, most: upper }
      place += counted === null ? 1 : counted[0].length
      // A lazy mark changes what is captured, not what matches.
      if (at(place) === '?') place += 1
      if ('*+?'.includes(at(place)) && at(place) !== '') throw new Refused(`Nothing to repeat before "${at(place)}".`)
    }
  }

  function single(): Node {
    const sign = at(place)
    place += 1
    if (sign === '(') return group()
    if (sign === '[') return { kind: 'test', test: charClass() }
    if (sign === '.') return { kind: 'test', test: (point) => point !== 10 }
    if (sign === '^') return { kind: 'edge', at: 'start' }
    if (sign === '$') return { kind: 'edge', at: 'end' }
    if (sign === '\\') return { kind: 'test', test: escaped() }
    if ('*+?'.includes(sign)) throw new Refused(`Nothing to repeat before "${sign}".`)
    return { kind: 'test', test: literal(sign.codePointAt(0) ?? 0) }
  }

  function group(): Node {
    depth += 1
    if (depth > 100) throw new Refused('Groups are nested more than 100 deep.')
    if (at(place) === '?') {
      const mark = points
        .slice(place, place + 3)
        .map((each) => String.fromCodePoint(each))
        .join('')
      if (mark.startsWith('?:')) place += 2
      else if (/^\?(=|!|<=|<!)/.test(mark)) throw new Refused('Looking ahead or behind is not supported.')
      else throw new Refused(`The group "(${mark}" is not supported; write "(" or "(?:".`)
    }
    const inner = alternatives()
    if (at(place) !== ')') throw new Refused('A "(" is not closed.')
    place += 1
    depth -= 1
    return inner
  }

  function escaped(): Test {
    const sign = at(place)
    if (sign === '') throw new Refused('The pattern ends in a backslash.')
    place += 1
    const set = shorthand(sign)
    if (set !== null) return set
    return literal(escapedPoint(sign))
  }

  function escapedPoint(sign: string): number {
    const control = controls[sign]
    if (control !== undefined) return control
    if (sign === 'x') {
      const digits = at(place) + at(place + 1)
      if (!/^[0-9a-fA-F]{2}$/.test(digits)) throw new Refused('Write \\x with two hex digits.')
      place += 2
      return Number.parseInt(digits, 16)
    }
    if (/[0-9]/.test(sign)) throw new Refused('Back-references are not supported.')
    if (/[A-Za-z]/.test(sign)) throw new Refused(`"\\${sign}" is not supported.`)
    return sign.codePointAt(0) ?? 0
  }

  function charClass(): Test {
    const negated = at(place) === '^'
    if (negated) place += 1
    const tests: Test[] = []
    for (let first = true; first || at(place) !== ']'; first = false) {
      if (place >= points.length) throw new Refused('A "[" is not closed.')
      if (at(place) === '[' && at(place + 1) === ':')
        throw new Refused('Classes such as [:alpha:] are not supported; write a-zA-Z.')
      const low = classPoint()
      if (typeof low === 'function') tests.push(low)
      else if (at(place) === '-' && at(place + 1) !== ']' && at(place + 1) !== '') {
        place += 1
        const high = classPoint()
        if (typeof high === 'function' || high < low) throw new Refused('A range in [] runs from low to high.')
        tests.push(folded((point) => point >= low && point <= high))
      } else tests.push(literal(low))
    }
    place += 1
    return negated ? (point) => !tests.some((test) => test(point)) : (point) => tests.some((test) => test(point))
  }

  function classPoint(): number | Test {
    const sign = at(place)
    place += 1
    if (sign !== '\\') return sign.codePointAt(0) ?? 0
    const escapedSign = at(place)
    if (escapedSign === '') throw new Refused('A "[" is not closed.')
    place += 1
    return shorthand(escapedSign) ?? escapedPoint(escapedSign)
  }

  function literal(wanted: number): Test {
    return folded((point) => point === wanted)
  }

  function folded(test: Test): Test {
    return fold ? (point) => test(point) || test(lower(point)) || test(upper(point)) : test
  }

  const tree = alternatives()
  if (place < points.length) throw new Refused('A ")" has no "(".')
  return tree
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
