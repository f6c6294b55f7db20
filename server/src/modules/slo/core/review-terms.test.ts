import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Fault } from '../../../kernel/app-error.ts'
import { day } from '../../../kernel/duration.ts'
import { instant, parseInstant } from '../../../kernel/instant.ts'
import { readReviewTerms } from './review-annotations.ts'
import { judgeAlerts } from './review-figures.ts'
import {
  dayNameOf,
  dueOn,
  dueTimes,
  everyText,
  everyWords,
  expiryState,
  leadDays,
  occasionsNow,
  parseDay,
  parseEvery,
  type ReviewEvery,
  reviewState,
  shownState,
  startOfDay,
} from './review-terms.ts'
import { termsSentence } from './review-words.ts'

const every = (text: string): ReviewEvery => parseEvery(text) ?? expect.unreachable(`${text} is an interval`)
const at = (text: string) => parseInstant(text) ?? expect.unreachable(`${text} is a time`)

test.each([
  { text: '1w', words: 'week', lead: 1 },
  { text: '2w', words: '2 weeks', lead: 3 },
  { text: '3M', words: '3 months', lead: 14 },
  { text: '1Q', words: 'quarter', lead: 14 },
  { text: '1Y', words: 'year', lead: 14 },
  { text: '60M', words: '60 months', lead: 14 },
])('$text is every $words, asked for $lead days before', ({ text, words, lead }) => {
  expect(everyWords(every(text))).toBe(words)
  expect(leadDays(every(text))).toBe(lead)
  expect(everyText(every(text))).toBe(text)
})

test.each(['', '3m', '3', '0M', '61M', '6Y', '261w', '1d', '1.5M', '-1M', '3 M', 'P3M'])(
  '%j is no interval',
  (text) => {
    expect(parseEvery(text)).toBeNull()
  },
)

test.each(['2026-02-30', '2026-13-01', '26-01-01', '2026-1-1', 'tomorrow', '1999-01-01'])('%j is no day', (text) => {
  expect(parseDay(text)).toBeNull()
})

test.each([
  // Without a first day: an interval after what there was.
  { every: '3M', from: null, since: '2026-01-31', isReview: false, due: '2026-04-30' },
  { every: '1M', from: null, since: '2026-01-31', isReview: true, due: '2026-02-28' },
  { every: '1Y', from: null, since: '2024-02-29', isReview: true, due: '2025-02-28' },
  // Never looked at: the first day of the cycle from its declaration on.
  { every: '3M', from: '2026-01-15', since: '2026-01-15', isReview: false, due: '2026-01-15' },
  { every: '3M', from: '2026-01-15', since: '2026-01-16', isReview: false, due: '2026-04-15' },
  { every: '3M', from: '2027-01-15', since: '2026-01-16', isReview: false, due: '2027-01-15' },
  // Within 14 days before a day of the cycle, a review answers for it; earlier it stands beside the cycle.
  { every: '3M', from: '2026-01-15', since: '2026-04-01', isReview: true, due: '2026-07-15' },
  { every: '3M', from: '2026-01-15', since: '2026-03-31', isReview: true, due: '2026-04-15' },
  // Late: what was missed is not asked for a second time.
  { every: '3M', from: '2026-01-15', since: '2026-08-02', isReview: true, due: '2026-10-15' },
  // The 31st returns after short months.
  { every: '1M', from: '2026-01-31', since: '2026-02-20', isReview: true, due: '2026-02-28' },
  { every: '1M', from: '2026-01-31', since: '2026-02-21', isReview: true, due: '2026-03-31' },
  { every: '1M', from: '2026-01-31', since: '2026-03-30', isReview: true, due: '2026-04-30' },
])('every $every from $from, seen $since ($isReview): $due', ({ every: text, from, since, isReview, due }) => {
  expect(dueOn({ every: every(text), from }, { day: since, isReview })).toBe(due)
})

const anyEvery = fc.constantFrom('1w', '2w', '6w', '1M', '2M', '3M', '1Q', '6M', '1Y', '2Y').map(every)
const anyDay = fc
  .integer({ min: 0, max: 40 * 365 })
  .map((days) => dayNameOf(instant(Date.UTC(2010, 0, 1) + days * day)))

test('the next day lies on the cycle, after the review, and no day of the cycle is passed over', () => {
  fc.assert(
    fc.property(anyEvery, anyDay, anyDay, (each, from, since) => {
      const cycle = { every: each, from }
      const due = dueOn(cycle, { day: since, isReview: true })
      const answered = startOfDay(since) + leadDays(each) * day
      expect(startOfDay(due)).toBeGreaterThan(answered)
      // Walking the cycle a day at a time finds the same one.
      const seen = dueOn(cycle, { day: due, isReview: false })
      expect(seen).toBe(due)
      for (const before of [1, 2, 5, 11]) {
        const earlier = dayNameOf(instant(startOfDay(due) - before * day))
        if (startOfDay(earlier) > answered) expect(dueOn(cycle, { day: earlier, isReview: false })).toBe(due)
      }
    }),
    { numRuns: 1_000 },
  )
})

test('whoever looks at it every time it is asked for is never overdue', () => {
  fc.assert(
    fc.property(
      anyEvery,
      fc.option(anyDay, { nil: null }),
      anyDay,
      fc.array(fc.nat(14), { maxLength: 12 }),
      (each, from, declared, delays) => {
        let since = { day: declared, isReview: false }
        for (const delay of delays) {
          const due = dueOn({ every: each, from }, since)
          const { soonAt, overdueAt } = dueTimes(each, due)
          const reviewed = instant(Math.min(soonAt + delay * day, overdueAt - 1))
          expect(reviewState({ soonAt, overdueAt }, reviewed)).toBe('due')
          const next = dueOn({ every: each, from }, { day: dayNameOf(reviewed), isReview: true })
          expect(next > due).toBe(true)
          since = { day: dayNameOf(reviewed), isReview: true }
        }
      },
    ),
    { numRuns: 300 },
  )
})

test.each([
  { now: '2026-03-16T23:59:59.999Z', state: 'upcoming', occasions: [] },
  { now: '2026-03-17T00:00:00Z', state: 'due', occasions: ['due 2026-03-31'] },
  { now: '2026-03-31T23:59:59.999Z', state: 'due', occasions: ['due 2026-03-31'] },
  { now: '2026-04-01T00:00:00Z', state: 'overdue', occasions: ['overdue 2026-03-31'] },
])('at $now it is $state', ({ now, state, occasions }) => {
  const times = dueTimes(every('3M'), '2026-03-31')
  expect(reviewState(times, at(now))).toBe(state)
  expect(occasionsNow({ due: { ...times, on: '2026-03-31' }, expiresAt: null }, at(now))).toEqual(occasions)
})

test.each([
  { now: '2026-03-01T23:59:59Z', state: 'holds', occasions: [] },
  { now: '2026-03-02T00:00:00Z', state: 'expires-soon', occasions: ['expires-soon 2026-04-01T00:00:00.000Z'] },
  { now: '2026-03-25T00:00:00Z', state: 'expires-soon', occasions: ['expires-in-a-week 2026-04-01T00:00:00.000Z'] },
  { now: '2026-04-01T00:00:00Z', state: 'expired', occasions: ['expired 2026-04-01T00:00:00.000Z'] },
])('at $now the promise $state', ({ now, state, occasions }) => {
  const ends = at('2026-04-01T00:00:00Z')
  expect(expiryState(ends, at(now))).toBe(state)
  expect(occasionsNow({ due: null, expiresAt: ends }, at(now))).toEqual(occasions)
})

test.each([
  { state: 'ok', shown: 'expired' },
  { state: 'no-data', shown: 'expired' },
  { state: 'no-events', shown: 'expired' },
  // Worse than expired, and so not hidden by it.
  { state: 'burning', shown: 'burning' },
  { state: 'exhausted', shown: 'exhausted' },
])('$state is shown as $shown once the promise ended', ({ state, shown }) => {
  const now = at('2026-04-01T00:00:00Z')
  expect(shownState(state, now, now)).toBe(shown)
  expect(shownState(state, instant(now + 1), now)).toBe(state)
  expect(shownState(state, null, now)).toBe(state)
})

const read = (annotations: Record<string, string>) => {
  const faults: Fault[] = []
  return { terms: readReviewTerms(annotations, faults), faults: faults.map((each) => each.pointer) }
}

test('annotations say how often, from when, who, and until when', () => {
  expect(
    read({
      'mainstay.dev/review-every': '3M',
      'mainstay.dev/review-from': '2026-01-15',
      'mainstay.dev/review-owner': 'person/ana',
      'mainstay.dev/expires-at': '2027-04-01',
    }),
  ).toEqual({
    terms: {
      cycle: { every: { count: 3, unit: 'M' }, from: '2026-01-15' },
      owner: { kind: 'person', name: 'ana' },
      expiresAt: at('2027-04-01T00:00:00Z'),
    },
    faults: [],
  })
  expect(read({ 'example.org/else': '1' })).toEqual({ terms: null, faults: [] })
  expect(read({ 'mainstay.dev/expires-at': '2027-04-01T10:00:00+02:00' }).terms?.expiresAt).toBe(
    at('2027-04-01T08:00:00Z'),
  )
})

test.each([
  { key: 'review-every', value: '3m' },
  { key: 'review-from', value: '2026-02-30', every: '1M' },
  // Who would be asked, and when?
  { key: 'review-from', value: '2026-02-20' },
  { key: 'review-owner', value: 'team/web' },
  { key: 'review-owner', value: 'web', every: '1M' },
  { key: 'review-owner', value: 'group/web', every: '1M' },
  { key: 'review-owner', value: 'team/Not A Name', every: '1M' },
  { key: 'expires-at', value: 'next year' },
  { key: 'expires-at', value: '2027-02-29' },
])('$key: $value is refused where it stands', ({ key, value, every: often }) => {
  const { faults } = read({
    [`mainstay.dev/${key}`]: value,
    ...(often === undefined ? {} : { 'mainstay.dev/review-every': often }),
  })
  expect(faults).toEqual([`/metadata/annotations/mainstay.dev~1${key}`])
})

test('words', () => {
  const now = at('2026-04-12T09:00:00Z')
  const due = { on: '2026-03-31', overdueAt: at('2026-04-01T00:00:00Z') }
  const none = { every: '3M', due: null, expiry: null, pending: null }
  expect(termsSentence({ ...none, due: { ...due, state: 'overdue' } }, now)).toBe(
    'Its review was due on 2026-03-31, 12 days ago; it is looked at every 3 months.',
  )
  expect(termsSentence({ ...none, due: { ...due, state: 'overdue' } }, at('2026-04-01T05:00:00Z'))).toContain(
    'a day ago',
  )
  expect(
    termsSentence(
      {
        ...none,
        due: { ...due, state: 'upcoming' },
        expiry: { at: at('2026-04-01T00:00:00Z'), state: 'expired' },
        pending: { decision: 'change-target', newTarget: '99.5', on: '2026-03-02' },
      },
      now,
    ),
  ).toBe(
    'Expired at 2026-04-01 00:00 UTC: nobody has renewed this promise. It is looked at every 3 months, next by 2026-03-31. ' +
      'The review of 2026-03-02 decided to change its target to 99.5 %; its definition does not say so yet.',
  )
})

const span = (from: number, to: number | null, level: 'page' | 'ticket' = 'page') => ({
  level,
  firedAt: instant(from),
  endedAt: to === null ? null : instant(to),
})
const incident = (start: number, end: number) => ({ start: instant(start), end: instant(end) })

test.each([
  { what: 'nothing', alerts: [], incidents: [], precision: null, recall: null },
  { what: 'a page without an incident', alerts: [span(10, 20)], incidents: [], precision: 0, recall: null },
  { what: 'an incident without a page', alerts: [], incidents: [incident(10, 20)], precision: null, recall: 0 },
  { what: 'a page in an incident', alerts: [span(15, 18)], incidents: [incident(10, 20)], precision: 1, recall: 1 },
  { what: 'one that ended as it began', alerts: [span(5, 10)], incidents: [incident(10, 20)], precision: 0, recall: 0 },
  { what: 'one that still burns', alerts: [span(5, null)], incidents: [incident(10, 20)], precision: 1, recall: 1 },
  {
    what: 'a ticket alone',
    alerts: [span(15, 18, 'ticket')],
    incidents: [incident(10, 20)],
    precision: null,
    recall: 0,
  },
  {
    what: 'one of two pages, two of three incidents',
    alerts: [span(5, 40), span(90, 95)],
    incidents: [incident(10, 20), incident(30, 50), incident(60, 70)],
    precision: 0.5,
    recall: 2 / 3,
  },
])('precision and recall of $what', ({ alerts, incidents, precision, recall }) => {
  expect(judgeAlerts(alerts, incidents)).toMatchObject({ precision, recall })
})
