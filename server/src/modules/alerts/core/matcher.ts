// `name op value` over labels, as Alertmanager writes it: = != =~ !~, anchored patterns, a missing label is empty.
import type { Fault } from '../../../kernel/app-error.ts'
import { type Labels, labelOf } from './fingerprint.ts'
import { type Pattern, readPattern } from './pattern.ts'

export const operators = ['=', '!=', '=~', '!~'] as const
export type Operator = (typeof operators)[number]

export interface Matcher {
  readonly name: string
  readonly operator: Operator
  readonly value: string
}

/** A matcher whose pattern has been read; the only kind that is evaluated. */
export interface ReadyMatcher extends Matcher {
  readonly matches: (labels: Labels) => boolean
}

export type MatcherReading =
  | { readonly ok: true; readonly matchers: readonly ReadyMatcher[] }
  | { readonly ok: false; readonly faults: readonly Fault[] }

export function readMatchers(matchers: readonly Matcher[], pointer = ''): MatcherReading {
  const ready: ReadyMatcher[] = []
  const faults: Fault[] = []
  for (const [index, matcher] of matchers.entries()) {
    const { name, operator, value } = matcher
    if (name === '') faults.push({ pointer: `${pointer}/${index}/name`, detail: 'A matcher names a label.' })
    if (operator === '=' || operator === '!=') {
      const wanted = operator === '='
      ready.push({ ...matcher, matches: (labels) => (labelOf(labels, name) === value) === wanted })
      continue
    }
    const read = readPattern(value)
    if (!read.ok) faults.push({ pointer: `${pointer}/${index}/value`, detail: read.detail })
    else ready.push(ofPattern(matcher, read.pattern))
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, matchers: ready }
}

function ofPattern(matcher: Matcher, pattern: Pattern): ReadyMatcher {
  const wanted = matcher.operator === '=~'
  return { ...matcher, matches: (labels) => pattern.matches(labelOf(labels, matcher.name)) === wanted }
}

export function matchesAll(matchers: readonly ReadyMatcher[], labels: Labels): boolean {
  return matchers.every((each) => each.matches(labels))
}

/** What has to stand in an alert for these to hold, as far as they name it. */
export function labelsAsked(matchers: readonly Matcher[]): Labels {
  const named = matchers.filter(({ operator, value }) => operator === '=' && value !== '')
  return Object.fromEntries(named.map(({ name, value }) => [name, value]))
}

/** True when it holds for a label that is not there; a silence of only such matchers would silence everything. */
export function matchesEmpty(matcher: ReadyMatcher): boolean {
  return matcher.matches({})
}

export function formatMatcher({ name, operator, value }: Matcher): string {
  const plain = /^[^\s{}!=~,\\"'`]+$/.test(name) ? name : quote(name)
  return `${plain}${operator}${quote(value)}`
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
}

export type ParsedMatchers =
  | { readonly ok: true; readonly matchers: readonly Matcher[] }
  | { readonly ok: false; readonly detail: string }

/**
 * Reads `{a="b", c=~"d.*"}`, with or without braces, values quoted or bare, one comma at the end allowed. What these
 * rules refuse is read by the older ones, where a bare value may hold nearly anything: old files go on working.
 */
export function parseMatchers(text: string): ParsedMatchers {
  const bad = (detail: string) => ({ ok: false, detail }) as const
  let rest = text.trim()
  const [opens, closes] = [rest.startsWith('{'), rest.endsWith('}')]
  if (opens !== closes) return bad('The braces do not balance.')
  if (opens) rest = rest.slice(1, -1).trim()
  const strict = parseStrict(rest)
  if (strict.ok) return strict
  const classic = parseClassic(rest)
  return classic ?? strict
}

function parseStrict(text: string): ParsedMatchers {
  let rest = text
  const matchers: Matcher[] = []
  while (rest !== '') {
    const match =
      /^("(?:[^"\\]|\\.)*"|[^\s{}!=~,\\"'`]+)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|[^\s{}!=~,\\"'`]*)\s*(,\s*|$)/.exec(
        rest,
      )
    if (match === null)
      return { ok: false, detail: `Cannot read a matcher at "${rest.slice(0, 40)}". Write name="value".` }
    const [whole, name = '', sign, value = ''] = match
    const operator = operators.find((each) => each === sign) ?? '='
    matchers.push({ name: unquote(name), operator, value: unquote(value) })
    rest = rest.slice(whole.length)
  }
  return { ok: true, matchers }
}

/** As Alertmanager read them before UTF-8 names: a plain name, and a value up to the next comma outside of quotes. */
function parseClassic(text: string): ParsedMatchers | null {
  const matchers: Matcher[] = []
  for (const part of splitOutsideQuotes(text)) {
    const match = /^\s*([A-Za-z_:][A-Za-z0-9_:]*)\s*(=~|=|!=|!~)\s*(.*?)\s*$/s.exec(part)
    if (match === null) return null
    const [, name = '', sign, raw = ''] = match
    // Half a quotation is a mistake, not a value.
    const quoted = /^"(?:[^"\\]|\\.)*"$/s.test(raw)
    if (!quoted && raw.includes('"')) return null
    const operator = operators.find((each) => each === sign) ?? '='
    matchers.push({ name, operator, value: quoted ? unquote(raw) : raw })
  }
  return { ok: true, matchers }
}

function splitOutsideQuotes(text: string): readonly string[] {
  const parts: string[] = []
  let [from, quoted] = [0, false]
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '"') quoted = !quoted
    else if (text[at] === ',' && !quoted) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  const last = text.slice(from)
  return last.trim() === '' && parts.length > 0 ? parts : [...parts, last]
}

function unquote(text: string): string {
  if (!text.startsWith('"')) return text
  const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }
  return text.slice(1, -1).replace(/\\(.)/gs, (_, sign: string) => escapes[sign] ?? sign)
}
