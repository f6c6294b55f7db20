// JSON of any shape: our own signal, a list of them, or whatever a mapping makes of it.
import { type Instant, instant, parseInstant } from '../../kernel/instant.ts'
import { isJsonObject } from '../../kernel/json.ts'
import type { Mapping, Payload, Reading } from '../../modules/intake/core/index.ts'
import { type Compiled, compileMapping, type Field, type MappingFault } from './mapping.ts'

type Draft = Reading['signals'][number]

export interface Explained {
  readonly reading: Reading
  readonly notes: readonly string[]
}

/** Of the mappings in use; a changed one is another text. */
const compiledOnes = new Map<string, ReturnType<typeof compileMapping>>()
const mostCompiled = 500
const mostItems = 1_000

function compiledOf(mapping: Mapping): ReturnType<typeof compileMapping> {
  const key = JSON.stringify(mapping)
  const known = compiledOnes.get(key)
  if (known !== undefined) return known
  if (compiledOnes.size >= mostCompiled) compiledOnes.clear()
  const fresh = compileMapping(mapping)
  compiledOnes.set(key, fresh)
  return fresh
}

export function mappingFaults(mapping: Mapping): readonly MappingFault[] {
  return compileMapping(mapping).faults
}

export function readJson(payload: Payload, mapping: Mapping | null): Reading {
  return explainJson(payload, mapping).reading
}

export function explainJson({ body }: Payload, mapping: Mapping | null): Explained {
  if (mapping === null) return { reading: readOwn(body), notes: [] }
  const { compiled, faults } = compiledOf(mapping)
  if (faults.length > 0)
    return { reading: { signals: [], unread: faults.map(({ field, detail }) => `${field}: ${detail}`) }, notes: [] }
  const listed = compiled.get('alerts')?.({ body: body as never }) ?? { kind: 'value' as const, value: [body] }
  if (listed.kind !== 'value') return { reading: { signals: [], unread: [`alerts: ${listed.detail}.`] }, notes: [] }
  if (!Array.isArray(listed.value))
    return { reading: { signals: [], unread: ['alerts: The expression answers no list.'] }, notes: [] }
  const items: readonly unknown[] = listed.value
  if (items.length > mostItems)
    return {
      reading: { signals: [], unread: [`alerts: ${items.length} items; at most ${mostItems} are taken.`] },
      notes: [],
    }
  const signals: Draft[] = []
  const unread: string[] = []
  const notes = new Set<string>()
  for (const [index, item] of items.entries()) {
    const read = readItem(compiled, { body, item })
    for (const note of read.notes) notes.add(note)
    if (read.fault !== null) unread.push(items.length === 1 ? read.fault : `Item ${index + 1}: ${read.fault}`)
    else if (read.draft !== null) signals.push(read.draft)
  }
  const isNothing = signals.length === 0 && unread.length === 0
  const nothing = isNothing
    ? { nothing: items.length === 0 ? 'It lists no alarm.' : 'The mapping passes over it.' }
    : {}
  return { reading: { signals, unread, ...nothing }, notes: [...notes] }
}

interface ItemReading {
  readonly draft: Draft | null
  readonly fault: string | null
  readonly notes: readonly string[]
}

function readItem(compiled: Compiled, bindings: { readonly body: unknown; readonly item: unknown }): ItemReading {
  const notes: string[] = []
  const refused = (fault: string): ItemReading => ({ draft: null, fault, notes })
  const ask = (field: Field): unknown => {
    const result = compiled.get(field)?.(bindings)
    if (result === undefined) return null
    if (result.kind === 'value') return result.value
    notes.push(`${field}: ${result.detail}.`)
    return null
  }
  const wanted = compiled.get('when')?.(bindings)
  if (wanted !== undefined) {
    if (wanted.kind === 'failed') return refused(`when: ${wanted.detail}.`)
    if (wanted.kind === 'missing' || wanted.value !== true) return { draft: null, fault: null, notes }
  }
  // Whether it burns and which problem it is: a guess would resolve or merge strangers, so these must be there.
  const status = readStatus(compiled, bindings)
  if ('fault' in status) return refused(status.fault)
  const key = compiled.get('key')?.(bindings)
  if (key !== undefined && key.kind !== 'value') return refused(`key: ${key.detail}.`)
  const dedupKey = key === undefined ? null : textOf(key.value)
  if (key !== undefined && dedupKey === null) return refused('key: The expression answers no text.')
  const link = textOf(ask('link'))
  return {
    notes,
    fault: null,
    draft: {
      status: status.status,
      dedupKey,
      summary: textOf(ask('summary')),
      severity: textOf(ask('severity')),
      service: textOf(ask('service')),
      labels: mapOf(ask('labels')),
      annotations: mapOf(ask('annotations')),
      startsAt: timeOf(ask('startsAt')),
      endsAt: timeOf(ask('endsAt')),
      links: link === null ? [] : [{ href: link, text: 'At the sender' }],
    },
  }
}

const resolvedWords = new Set([
  'resolved',
  'ok',
  'up',
  'closed',
  'recovered',
  'recovery',
  'normal',
  'inactive',
  'false',
  '0',
])
const firingWords = new Set([
  'firing',
  'alert',
  'alerting',
  'down',
  'open',
  'triggered',
  'problem',
  'active',
  'true',
  '1',
])

function readStatus(
  compiled: Compiled,
  bindings: { readonly body: unknown; readonly item: unknown },
): { readonly status: 'firing' | 'resolved' } | { readonly fault: string } {
  const result = compiled.get('status')?.(bindings)
  if (result === undefined) return { status: 'firing' }
  if (result.kind !== 'value') return { fault: `status: ${result.detail}.` }
  const word = textOf(result.value)?.toLowerCase() ?? ''
  if (firingWords.has(word)) return { status: 'firing' }
  if (resolvedWords.has(word)) return { status: 'resolved' }
  return { fault: `status: "${word.slice(0, 40)}" is neither firing nor resolved.` }
}

/** Without a mapping: the same fields as `POST /api/v1/signals`, one alone, a list, or under `signals`. */
function readOwn(body: unknown): Reading {
  const given = isJsonObject(body) && Array.isArray(body.signals) ? body.signals : body
  const items: readonly unknown[] = Array.isArray(given) ? given : [given]
  if (items.length > mostItems)
    return { signals: [], unread: [`${items.length} alarms in one delivery; at most ${mostItems} are taken.`] }
  const signals: Draft[] = []
  const unread: string[] = []
  for (const [index, item] of items.entries()) {
    const read = readOwnSignal(item)
    if (typeof read === 'string') unread.push(items.length === 1 ? read : `Alarm ${index + 1}: ${read}`)
    else signals.push(read)
  }
  return { signals, unread, ...(items.length === 0 ? { nothing: 'It lists no alarm.' } : {}) }
}

function readOwnSignal(item: unknown): Draft | string {
  if (!isJsonObject(item)) return 'It is no object, and the source has no mapping.'
  const dedupKey = textOf(item.dedupKey)
  const labels = mapOf(item.labels)
  if (dedupKey === null && Object.keys(labels).length === 0)
    return 'It has neither dedupKey nor labels, and the source has no mapping that says where they are.'
  const status = item.status === undefined ? 'firing' : item.status
  if (status !== 'firing' && status !== 'resolved') return 'Its status is neither firing nor resolved.'
  return {
    ...{ status, dedupKey, labels, annotations: mapOf(item.annotations) },
    ...{ summary: textOf(item.summary), severity: textOf(item.severity), service: textOf(item.service) },
    ...{ startsAt: timeOf(item.startsAt), endsAt: timeOf(item.endsAt) },
    links: linksOf(item.links),
  }
}

function linksOf(value: unknown): readonly { readonly href: string; readonly text: string }[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : []
  return list.filter(isJsonObject).flatMap((each) => {
    const href = textOf(each.url)
    return href === null ? [] : [{ href, text: textOf(each.title) ?? href }]
  })
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value.trim() === '' ? null : value
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  return null
}

function mapOf(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {}
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => {
      const text =
        textOf(each) ?? (typeof each === 'object' && each !== null ? JSON.stringify(each, replaceBigints) : null)
      return text === null ? [] : [[name, text]]
    }),
  )
}

const replaceBigints = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value)

/** RFC 3339, or seconds or milliseconds since 1970: a number below the year 2286 in seconds is one of seconds. */
function timeOf(value: unknown): Instant | null {
  if (typeof value === 'string' && !/^\d{9,13}(\.\d+)?$/.test(value)) return parseInstant(value)
  const number = Number(value)
  if (value === null || value === '' || !Number.isFinite(number) || number <= 0 || number > 9.9e12) return null
  return instant(Math.floor(number < 1e10 ? number * 1_000 : number))
}
