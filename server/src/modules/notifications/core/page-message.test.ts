import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minute } from '../../../kernel/duration.ts'
import { type Instant, instant, plus } from '../../../kernel/instant.ts'
import { clockTime, inWords } from './clock-words.ts'
import { acknowledgeLink, oneLine, shorten } from './message.ts'
import {
  bundleMessage,
  endedMessage,
  onCallMessage,
  type PageFacts,
  pageAgainMessage,
  pageMessage,
  testMessage,
} from './page-message.ts'

const at = (text: string): Instant => instant(Date.parse(text))
const reader = { zone: 'Europe/Berlin', now: at('2026-02-03T02:16:00Z') }
const facts: PageFacts = {
  service: 'checkout',
  severity: 'critical',
  summary: 'Card payments fail',
  startedAt: at('2026-02-03T02:04:00Z'),
  impact: 'about 4 % of payments fail',
  action: 'Roll back checkout 1.42',
  runbook: 'https://run.example/checkout',
  change: { summary: 'checkout 1.42 deployed', at: at('2026-02-03T01:58:00Z') },
  because: 'on call in schedule web; level 1, round 1',
  link: 'https://mainstay.example/alerts/7',
}

test('a page', () => {
  expect(pageMessage(facts, reader)).toEqual({
    subject: 'Critical: checkout – Card payments fail',
    short: 'checkout: Card payments fail. Since 03:04 (12 minutes). about 4 % of payments fail',
    body: [
      'What: Card payments fail',
      'Service: checkout (critical)',
      'Who is hurt: about 4 % of payments fail',
      'Since: 03:04 (12 minutes), Europe/Berlin',
      'Changed before: checkout 1.42 deployed, 02:58',
      'Do first: Roll back checkout 1.42',
      'Runbook: https://run.example/checkout',
      'Why you: on call in schedule web; level 1, round 1',
      '',
      'Acknowledge: {{acknowledge-link}}',
      'Open: https://mainstay.example/alerts/7',
    ].join('\n'),
  })
})

test('a page of which little is known says so', () => {
  const bare: PageFacts = { ...facts, impact: null, action: null, runbook: null, change: null, severity: 'warning' }
  expect(pageMessage(bare, reader).body).toBe(
    [
      'What: Card payments fail',
      'Service: checkout (warning)',
      'Who is hurt: not known yet',
      'Since: 03:04 (12 minutes), Europe/Berlin',
      'Do first: open the alert and look at what changed',
      'Why you: on call in schedule web; level 1, round 1',
      '',
      'Acknowledge: {{acknowledge-link}}',
      'Open: https://mainstay.example/alerts/7',
    ].join('\n'),
  )
})

test('a page once more', () => {
  const again = pageAgainMessage(facts, 'ben acknowledged 30m ago and it is not resolved.', reader)
  expect(again.subject).toBe('Again: Critical: checkout – Card payments fail')
  const long = { ...facts, summary: 'Card payments fail in every country we sell to', more: { count: 12, named: [] } }
  expect(pageAgainMessage(long, 'round 2', reader).subject).toBe(
    'Again: Critical: checkout – Card payments fail in every country… and 12 more',
  )
  expect(again.body.split('\n').slice(0, 2)).toEqual([
    'Again: ben acknowledged 30m ago and it is not resolved.',
    'What: Card payments fail',
  ])
})

test('a bundle names the worst first', () => {
  const pages = [
    { service: 'search', severity: 'warning', summary: 'Slow', link: 'https://m.example/1' },
    { service: 'checkout', severity: 'critical', summary: 'Payments fail', link: 'https://m.example/2' },
  ] as const
  expect(bundleMessage(pages, 'https://m.example/alerts')).toEqual({
    subject: 'Critical: 2 alerts on checkout, search',
    short: '2 alerts on checkout, search. The worst: Payments fail',
    body: [
      '2 alerts came within a minute, so they come as one message. The worst first:',
      '- checkout (critical): Payments fail https://m.example/2',
      '- search (warning): Slow https://m.example/1',
      '',
      'Acknowledge all: {{acknowledge-link}}',
      'Open: https://m.example/alerts',
    ].join('\n'),
  })
  const many = Array.from({ length: 50 }, (_, index) => ({ ...pages[0], service: `s${index}` }))
  expect(bundleMessage(many, 'x').body).toContain('- and 30 more')
  expect(bundleMessage(many, 'x').subject).toBe('Warning: 50 alerts on s0, s1, s2 and 47 more')
})

test.each([
  ['resolved', 'Resolved: checkout – Card payments fail', 'Nothing needs to be done now.'],
  [
    'expired',
    'No longer reported: checkout – Card payments fail',
    'Check that the service is well before you go back to sleep.',
  ],
  ['silent', 'Sender silent: checkout – Card payments fail', 'Check the sender first, then the service.'],
  ['closed', 'Closed: checkout – Card payments fail', 'Nothing needs to be done now.'],
] as const)('the end of a page that %s', (ended, subject, todo) => {
  const message = endedMessage({ ...facts, ended, endedAt: plus(facts.startedAt, 65 * minute) }, reader)
  expect(message.subject).toBe(subject)
  expect(message.short).toContain('after 1 hour 5 minutes')
  expect(message.body.split('\n')[3]).toBe(todo)
})

test('the beginning of a shift and a test', () => {
  const shift = {
    schedule: 'web',
    until: at('2026-02-09T08:00:00Z'),
    because: 'covering for ben: holiday',
    open: 1,
    link: 'x',
  }
  expect(onCallMessage(shift, reader).body.split('\n')).toEqual([
    'You are on call for web until Mon 9 Feb 09:00 (Europe/Berlin).',
    'Why: covering for ben: holiday',
    '1 alert is open.',
    'Open: x',
  ])
  expect(onCallMessage({ ...shift, until: null, open: 0 }, reader).short).toBe(
    'You are on call for web until further notice. No alert is open.',
  )
  expect(testMessage('Pixel 9').subject).toBe('Test page: no action needed')
})

test.each([
  [0, 'less than a minute'],
  [60_000, '1 minute'],
  [3_600_000, '1 hour'],
  [47 * 3_600_000, '47 hours'],
  [49 * 3_600_000, '2 days'],
])('%d ms is %s', (durationMs, words) => {
  expect(inWords(durationMs)).toBe(words)
})

test('a time on another day carries its day', () => {
  expect(clockTime(at('2026-02-01T22:59:00Z'), reader.now, 'Europe/Berlin')).toBe('Sun 1 Feb 23:59')
  expect(clockTime(at('2026-02-02T23:00:00Z'), reader.now, 'Europe/Berlin')).toBe('00:00')
})

test('whatever the text from outside, a subject is one line of 78, a short text one of 160, and the link survives', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.constantFrom('a\r\nBcc: all@example.org', '\u202egnp.exe', '\u2028', '😀'.repeat(90), 'x'.repeat(20_000)),
  )
  fc.assert(
    fc.property(hostile, hostile, hostile, (summary, service, impact) => {
      const message = pageMessage({ ...facts, summary, service: oneLine(service), impact, action: summary }, reader)
      expect(message.subject.length).toBeLessThanOrEqual(78)
      expect(message.short.length).toBeLessThanOrEqual(160)
      for (const line of [message.subject, message.short]) expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202e]/u)
      expect(message.body.split('\n')).toHaveLength(11)
      expect(message.body).toContain(acknowledgeLink)
    }),
  )
})

test('a cut never splits a character', () => {
  expect(shorten('😀😀😀', 4)).toBe('😀…')
  expect(shorten('one two three', 11)).toBe('one two…')
})
