import { expect, test } from 'vitest'
import { minute } from '../../../kernel/duration.ts'
import { instant, plus } from '../../../kernel/instant.ts'
import { type AlertSeverity, alertSeverities, tiers } from '../../../kernel/severity.ts'
import { defaultUrgencies, groupOf, urgencyOf } from './grouping.ts'
import { readSeverity } from './severity-words.ts'
import { readSignal, type Signal, type SignalDraft } from './signal.ts'

const now = instant(Date.UTC(2026, 1, 2))
const ago = (minutes: number) => plus(now, -minutes * minute)
const draft: SignalDraft = { source: 'am', status: 'firing', labels: { alertname: 'Slow', service: 'checkout' } }
const read = (change: Partial<SignalDraft>, mapping: Record<string, AlertSeverity> = {}) =>
  readSignal({ ...draft, ...change }, now, mapping)
const signal = (change: Partial<SignalDraft>): Signal => {
  const found = read(change)
  if (!found.ok) throw new Error(JSON.stringify(found.faults))
  return found.signal
}

test.each<[string, string, AlertSeverity]>([
  ['PagerDuty', 'critical error', 'critical'],
  ['PagerDuty', 'warning', 'warning'],
  ['PagerDuty', 'info', 'info'],
  ['Keep', 'critical high', 'critical'],
  ['Keep', 'warning', 'warning'],
  ['Keep', 'info low', 'info'],
  ['Zabbix', 'Disaster High', 'critical'],
  ['Zabbix', 'Average Warning', 'warning'],
  ['Zabbix', 'Information', 'info'],
  ['Opsgenie', 'P1 P2', 'critical'],
  ['Opsgenie', 'P3', 'warning'],
  ['Opsgenie', 'P4 P5', 'info'],
  ['Prometheus', 'page critical', 'critical'],
  ['Prometheus', 'warning ticket', 'warning'],
  ['Prometheus', 'info none', 'info'],
])('%s: %s count as %s', (_, words, expected) => {
  for (const word of words.split(' ')) {
    expect(readSeverity(word)).toMatchObject({ severity: expected, known: true })
    expect(signal({ severity: word })).toMatchObject({ severity: expected, severityWord: word })
  }
})

test('a missing or unknown word counts as critical and is noted; the own mapping comes first', () => {
  expect(readSeverity('Not Classified').severity).toBe('info')
  for (const word of [null, ' ', 'constructor', 'rouge']) {
    expect(readSeverity(word)).toMatchObject({ severity: 'critical', known: false })
  }
  const found = read({ severity: 'rouge' })
  expect(found.ok && found.notes).toEqual(['"rouge" is no known severity. It counts as critical until it is mapped.'])
  expect(readSeverity('Critical', { critical: 'info' }).severity).toBe('info')
})

test.each<[string, Partial<SignalDraft>, Partial<Signal>]>([
  ['no start: now', {}, { startsAt: now, endsAt: null, status: 'firing' }],
  [
    'no start, ended before: when it ended',
    { endsAt: ago(3) },
    { startsAt: ago(3), endsAt: ago(3), status: 'resolved' },
  ],
  ['an end ahead: firing until then', { endsAt: plus(now, minute) }, { status: 'firing', endsAt: plus(now, minute) }],
  ['an end behind: resolved', { startsAt: ago(9), endsAt: ago(3) }, { status: 'resolved', endsAt: ago(3) }],
  ['resolved without an end: now', { status: 'resolved', startsAt: ago(9) }, { endsAt: now }],
  ['the key of the sender', { dedupKey: 'disk-1' }, { key: 'disk-1' }],
  ['else the fingerprint', {}, { key: signal({}).fingerprint }],
  ['empty labels do not exist', { labels: { alertname: 'Slow', service: 'checkout', x: '' } }, { key: signal({}).key }],
  ['the summary', { summary: 'Too slow', annotations: { summary: 'x' } }, { summary: 'Too slow' }],
  ['else the annotation', { annotations: { description: 'd', summary: ' s' } }, { summary: ' s' }],
  ['else the rule', {}, { summary: 'Slow', rule: 'Slow' }],
  ['else a plain sentence', { labels: { a: 'b' } }, { summary: 'Alert without a summary', service: null, rule: null }],
  ['the service of the draft before a label', { service: 'cart' }, { service: 'cart' }],
  ['the service of a label', { labels: { app: 'search' } }, { service: 'search' }],
  ['severity of a label', { labels: { alertname: 'a', severity: 'warning' } }, { severity: 'warning' }],
  ['NUL and half characters in texts', { summary: 'a\u0000b\ud800' }, { summary: 'a\ufffdb\ufffd' }],
  [
    'only links to the web',
    {
      links: [
        { href: 'javascript:alert(1)', text: 'x' },
        { href: 'https://a.example', text: 'run' },
      ],
    },
    { links: [{ href: 'https://a.example', text: 'run' }] },
  ],
])('%s', (_, change, expected) => {
  expect(signal(change)).toMatchObject(expected)
})

test.each<[string, Partial<SignalDraft>, string]>([
  ['no identity', { labels: {} }, '/labels'],
  ['only empty labels', { labels: { a: '' } }, '/labels'],
  ['too many labels', { labels: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`l${i}`, 'x'])) }, '/labels'],
  ['too long a value', { labels: { a: 'x'.repeat(2049) } }, '/labels/a'],
  ['NUL in a value', { labels: { 'a/b': 'x\u0000' } }, '/labels/a~1b'],
  ['an empty name', { labels: { '': 'x' } }, '/labels/'],
  ['too long a key', { dedupKey: 'x'.repeat(513) }, '/dedupKey'],
  ['an empty key', { dedupKey: '' }, '/dedupKey'],
  ['an end before the start', { startsAt: now, endsAt: ago(1) }, '/endsAt'],
])('refused: %s', (_, change, pointer) => {
  const found = read(change)
  expect(found.ok ? [] : found.faults.map((fault) => fault.pointer)).toEqual([pointer])
})

test('what only describes is cut, and the cut is noted', () => {
  const found = read({
    severity: 'info',
    summary: 'x'.repeat(2000),
    annotations: { ...Object.fromEntries(Array.from({ length: 70 }, (_, i) => [`a${i}`, 'y'])), a0: 'z'.repeat(9000) },
  })
  if (!found.ok) throw new Error('refused')
  expect(found.signal.summary).toHaveLength(1024)
  expect(Object.keys(found.signal.annotations)).toHaveLength(64)
  expect(found.signal.annotations.a0).toHaveLength(8192)
  expect(found.notes).toEqual([
    '6 annotations were left out.',
    'Annotation a0 was cut to 8192 characters.',
    'The summary was cut to 1024 characters.',
  ])
})

test('urgency by severity and tier', () => {
  const table = alertSeverities.map((severity) => tiers.map((tier) => urgencyOf(severity, tier).urgency))
  expect(table).toEqual([
    ['high', 'high', 'high', 'low'],
    ['low', 'low', 'low', 'low'],
    ['low', 'low', 'low', 'low'],
  ])
  expect(urgencyOf('critical', null)).toMatchObject({ urgency: 'high', asked: { verdict: 'high' } })
  const own = { ...defaultUrgencies, warning: ['high', 'low', 'low', 'low'] } as const
  expect(urgencyOf('warning', 0, own).urgency).toBe('high')
})

test('one group for a service and a rule, whatever else differs', () => {
  const of = (labels: Record<string, string>, by?: string[]) =>
    groupOf({ service: 'checkout', rule: 'Slow', labels }, by).key
  expect(of({ instance: '1' })).toBe(of({ instance: '2' }))
  expect(of({ instance: '1' }, ['service', 'instance'])).not.toBe(of({ instance: '2' }, ['instance', 'service']))
  expect(of({}, ['instance', 'service'])).toBe(of({ other: 'x' }, ['service', 'instance', 'service']))
  expect(of({ a: 'x&b=y' }, ['a', 'b'])).not.toBe(of({ a: 'x', b: 'y' }, ['a', 'b']))
  expect(of({}, [])).toBe('')
})
