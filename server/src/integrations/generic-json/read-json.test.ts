import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instant, parseInstant } from '../../kernel/instant.ts'
import { hurt } from '../hurt-payload.fixture.ts'
import { explainJson, mappingFaults, readJson } from './read-json.ts'

const body = {
  kind: 'report',
  problems: [
    { id: 7, state: 'PROBLEM', title: 'Disk', level: 2, since: 1_772_333_970, tags: { host: 'db-1', rack: 4 } },
    { id: 8, state: 'OK', title: 'Load', since: '2026-03-01T02:59:30Z', tags: {} },
  ],
}
const mapping = {
  alerts: 'body.problems',
  status: 'item.state',
  key: '"p" + string(item.id)',
  summary: 'item.title',
  severity: 'item.level >= 2 ? "critical" : "warning"',
  labels: 'item.tags',
  startsAt: 'item.since',
}

test('a mapping reads each item', () => {
  expect(readJson({ body, headers: {} }, mapping).signals).toMatchObject([
    {
      status: 'firing',
      dedupKey: 'p7',
      summary: 'Disk',
      severity: 'critical',
      labels: { host: 'db-1', rack: '4' },
      startsAt: instant(1_772_333_970_000),
    },
    { status: 'resolved', dedupKey: 'p8', labels: {}, startsAt: parseInstant('2026-03-01T02:59:30Z') },
  ])
})

test('a field that is not there is left out and said; one that identifies makes it unread', () => {
  const { reading, notes } = explainJson({ body, headers: {} }, mapping)
  expect(notes).toEqual(['severity: field not found: level.'])
  expect(reading.unread).toEqual([])
  expect(readJson({ body, headers: {} }, { ...mapping, key: 'item.ident' }).unread).toEqual([
    'Item 1: key: field not found: ident.',
    'Item 2: key: field not found: ident.',
  ])
})

test.each([
  { name: 'when', own: { when: 'item.state == "PROBLEM"' }, signals: 1 },
  { name: 'when it is false for all', own: { when: 'item.id > 100' }, signals: 0 },
  { name: 'when it names what is not there', own: { when: 'item.nope == 1' }, signals: 0 },
  { name: 'a status that is true or false', own: { status: 'item.id == 7' }, signals: 2 },
])('$name', ({ own, signals }) => {
  const reading = readJson({ body, headers: {} }, { ...mapping, ...own })
  expect([reading.signals.length, reading.unread]).toEqual([signals, []])
})

test.each([
  { field: 'key', text: 'body.' },
  { field: 'labels', text: '{"a": ' },
  { field: 'alerts', text: 'body.a.map(x, body.b.map(y, body.c.map(z, x)))' },
])('refused: $text', ({ field, text }) => {
  expect(mappingFaults({ [field]: text })).toMatchObject([{ field }])
})

test('two lists inside each other are allowed', () => {
  expect(mappingFaults({ alerts: 'body.a.filter(x, body.b.exists(y, y == x))' })).toEqual([])
})

test.each([
  { body: { dedupKey: 'a', summary: 's' }, signals: 1 },
  { body: [{ dedupKey: 'a' }, { labels: { alertname: 'x' } }], signals: 2 },
  { body: { signals: [{ dedupKey: 'a', status: 'resolved' }] }, signals: 1 },
  { body: { summary: 's' }, signals: 0 },
  { body: { dedupKey: 'a', status: 'odd' }, signals: 0 },
  { body: 'text', signals: 0 },
])('our own shape: $body', ({ body: own, signals }) => {
  const reading = readJson({ body: own, headers: {} }, null)
  expect(reading.signals).toHaveLength(signals)
  expect(reading.unread).toHaveLength(signals === 0 ? 1 : 0)
})

test('whatever comes is read or refused', () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), hurt(body)), fc.boolean(), (given, isMapped) => {
      const reading = readJson({ body: given, headers: {} }, isMapped ? mapping : null)
      for (const { labels, summary, dedupKey } of reading.signals) {
        for (const text of Object.values(labels ?? {})) expect(typeof text).toBe('string')
        for (const text of [summary, dedupKey]) expect(text === null || typeof text === 'string').toBe(true)
      }
    }),
    { numRuns: 300 },
  )
})

test('whatever expression is written, compiling answers', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (text) => {
      expect(Array.isArray(mappingFaults({ key: text }))).toBe(true)
    }),
    { numRuns: 300 },
  )
})
