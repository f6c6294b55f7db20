// The parts OpenSLO documents share: metadata, durations, numbers, references.
import type { Fault } from '../../../kernel/app-error.ts'
import { day, hour, minute } from '../../../kernel/duration.ts'
import { parseRational, type Rational, rational } from '../../../kernel/rational.ts'
import { type Cursor, fault, has, number, object, openObject, step, text } from './openslo-cursor.ts'
import type { Metadata, OpenSloDuration, Referred } from './openslo-model.ts'

export const longestDescription = 1_050
const longestDisplayName = 63

export function description(cursor: Cursor): string | null {
  return text(cursor, 'description', { most: longestDescription })
}

export function displayName(cursor: Cursor): string | null {
  return text(cursor, 'displayName', { most: longestDisplayName })
}

const labelKey = /^[a-zA-Z0-9]([-._a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/
const annotationName = labelKey
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

export function metadata(document: Cursor): Metadata | null {
  const cursor = object(document, 'metadata', ['name', 'displayName', 'labels', 'annotations'], true)
  if (cursor === null) return null
  const name = text(cursor, 'name', { required: true, name: true })
  const shown = displayName(cursor)
  const [labels, annotations] = [labelsOf(cursor), annotationsOf(cursor)]
  return name === null ? null : { name, displayName: shown, labels, annotations }
}

function labelsOf(cursor: Cursor): Metadata['labels'] {
  const held = object(cursor, 'labels', null)
  const found: [string, string | readonly string[]][] = []
  for (const [key, value] of Object.entries(held?.fields ?? {})) {
    const texts =
      typeof value === 'string' ? value : Array.isArray(value) ? value.filter((each) => typeof each === 'string') : null
    if (held !== null && !labelKey.test(key))
      fault(held, step(key), `\`${key}\` is no label key: letters, digits, inner \`-._\`, at most 63.`)
    else if (held !== null && (texts === null || (Array.isArray(value) && texts.length !== value.length)))
      fault(held, step(key), 'Must be a text or a list of texts.')
    else if (texts !== null) found.push([key, texts])
  }
  return Object.fromEntries(found)
}

function annotationsOf(cursor: Cursor): Metadata['annotations'] {
  const held = object(cursor, 'annotations', null)
  const found: [string, string][] = []
  for (const [key, value] of Object.entries(held?.fields ?? {})) {
    if (held === null) continue
    const [name = '', prefix, ...more] = key.split('/').reverse()
    const wellFormed =
      annotationName.test(name) &&
      more.length === 0 &&
      (prefix === undefined || (subdomain.test(prefix) && prefix.length <= 253))
    if (!wellFormed) fault(held, step(key), `\`${key}\` is no annotation key: \`name\` or \`prefix.domain/name\`.`)
    else if (typeof value !== 'string') fault(held, step(key), 'Must be a text.')
    else found.push([key, value])
  }
  return Object.fromEntries(found)
}

const units = ['m', 'h', 'd', 'w', 'M', 'Q', 'Y'] as const

export interface DurationRule {
  readonly required?: boolean
  /** A bare number is minutes (only time-slice windows). */
  readonly bareMinutes?: boolean
  readonly zero?: boolean
}

export function duration(cursor: Cursor, key: string, rule: DurationRule = {}): OpenSloDuration | null {
  if (!has(cursor, key)) return rule.required === true ? fault(cursor, '', `\`${key}\` is missing.`) : null
  const written = cursor.fields[key]
  const value = rule.bareMinutes === true && typeof written === 'number' ? `${written}m` : written
  const match = typeof value === 'string' ? /^(0|[1-9]\d{0,8})([mhdwMQY])$/.exec(value) : null
  const unit = units.find((each) => each === match?.[2])
  const amount = Number(match?.[1])
  if (unit === undefined || (amount === 0 && rule.zero !== true))
    return fault(
      cursor,
      step(key),
      `${JSON.stringify(written)} is no duration: a whole number above 0 and one of m (minutes), h, d, w, M (months), Q, Y.`,
    )
  return { value: amount, unit }
}

const fixedUnits: Readonly<Record<string, number>> = { m: minute, h: hour, d: day, w: 7 * day }

/** Null for months, quarters and years: they have no fixed length. */
export function durationMs({ value, unit }: OpenSloDuration): number | null {
  const size = fixedUnits[unit]
  return size === undefined ? null : value * size
}

// Nine places are a millisecond in eleven days; more would only make sums leave the integers that doubles count.
const mostDecimals = 9

/** The decimal as written: 0.999 is 999/1000. */
export function exact(
  cursor: Cursor,
  key: string,
  range: { readonly holds: (value: number) => boolean; readonly words: string },
): Rational | null {
  const value = number(cursor, key)
  if (value === null) return null
  if (!range.holds(value)) return fault(cursor, step(key), `${value} is out of range: ${range.words}.`)
  const parsed = parseRational(String(value))
  const fine = parsed !== null && 10n ** BigInt(mostDecimals) % parsed.den === 0n && parsed.num < 10n ** 12n
  return fine
    ? parsed
    : fault(cursor, step(key), `${value} is too fine or too large: at most ${mostDecimals} decimal places.`)
}

export function percent(value: Rational): Rational {
  return rational(value.num, value.den * 100n)
}

/** An entry that is either `{ <refKey>: name }` or a whole object with kind, metadata and spec. */
export function referred<Spec>(
  value: unknown,
  at: string,
  faults: Fault[],
  what: { readonly refKey: string; readonly kind: string; readonly spec: (document: Cursor) => Spec | null },
): Referred<Spec> | null {
  const cursor = openObject(value, at, faults, [what.refKey, 'apiVersion', 'kind', 'metadata', 'spec'])
  if (cursor === null) return null
  if (has(cursor, what.refKey)) {
    for (const key of ['kind', 'metadata', 'spec'].filter((each) => has(cursor, each)))
      fault(cursor, step(key), `\`${what.refKey}\` names it already: either the reference or the object itself.`)
    const ref = text(cursor, what.refKey, { required: true, name: true })
    return ref === null ? null : { at, ref }
  }
  text(cursor, 'apiVersion', { among: ['openslo/v1'] })
  text(cursor, 'kind', { required: true, among: [what.kind] })
  const [meta, spec] = [metadata(cursor), what.spec(cursor)]
  return meta === null || spec === null ? null : { at, inline: { metadata: meta, spec } }
}
