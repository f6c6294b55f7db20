import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day, hour, minute } from '../../../kernel/duration.ts'
import { type Instant, instant, parseInstant } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'
import { answerTimes, callsOf, type PersonPage, percentile } from './calls.ts'
import { type Figures, figuresOf, noFigures, type PersonDuty, sumOf } from './health.ts'
import { adviceFor } from './health-advice.ts'
import { halves, joinedSpans, spansOf, trendOf, weeksUpTo, windowOfSums } from './health-weeks.ts'
import { defaultTerms, readNight } from './terms.ts'

const at = (text: string): Instant => parseInstant(text) ?? instant(Number.NaN)
const span = (start: string, end: string): Interval => ({ start: at(start), end: at(end) })
const now = at('2026-03-30T00:00:00Z')
const page = (time: string, more: Partial<PersonPage> = {}): PersonPage => ({
  person: 'ana',
  at: at(time),
  escalation: time,
  service: 'checkout',
  answerKnown: true,
  answeredBy: 'ana',
  answeredAt: instant(at(time) + 2 * minute),
  overAt: instant(at(time) + 10 * minute),
  ...more,
})
const week = span('2026-03-23T00:00:00Z', '2026-03-30T00:00:00Z')
const duty = (pages: readonly PersonPage[], more: Partial<PersonDuty> = {}): PersonDuty => ({
  person: 'ana',
  zone: 'UTC',
  shifts: [week],
  holidays: [],
  pages,
  ...more,
})
const figures = (of: PersonDuty): Figures => figuresOf(of, [week], defaultTerms, now)[0] ?? noFigures

test('pages within half an hour of each other are one call, however long the row', () => {
  const pages = ['10:00', '10:29', '10:58', '11:28'].map((time) => page(`2026-03-24T${time}:00Z`))
  expect(callsOf(pages, defaultTerms, now).map((each) => each.pages.length)).toEqual([3, 1])
  expect(figures(duty(pages))).toMatchObject({ pages: 4, calls: 2 })
})

// 24 March 2026 is a Tuesday.
test.each([
  [
    'in working hours',
    page('2026-03-24T10:00:00Z'),
    { afterHours: 0, brokenNights: 0, awakeMs: 0, busyMs: 30 * minute },
  ],
  ['in the evening', page('2026-03-24T19:00:00Z'), { afterHours: 1, brokenNights: 0, awakeMs: 0 }],
  ['at night', page('2026-03-24T23:00:00Z'), { afterHours: 1, brokenNights: 1, awakeMs: 30 * minute }],
  [
    'in the evening and on into the night',
    page('2026-03-24T21:50:00Z', { overAt: at('2026-03-24T23:00:00Z') }),
    { brokenNights: 0, awakeMs: 0, busyMs: 70 * minute },
  ],
  [
    'at the end of the night and on into the day',
    page('2026-03-25T05:50:00Z', { overAt: at('2026-03-25T07:00:00Z') }),
    { brokenNights: 1, awakeMs: 10 * minute, busyMs: 70 * minute },
  ],
  ['on a Saturday afternoon', page('2026-03-28T14:00:00Z'), { afterHours: 1, brokenNights: 0 }],
])('a page %s', (_name, one, expected) => {
  expect(figures(duty([one]))).toMatchObject({ pages: 1, calls: 1, nights: 7, ...expected })
})

test('night and working hours are those where the person lives', () => {
  const pages = [page('2026-03-24T15:00:00Z')]
  expect(figures(duty(pages))).toMatchObject({ afterHours: 0, brokenNights: 0 })
  expect(figures(duty(pages, { zone: 'Asia/Tokyo' }))).toMatchObject({ afterHours: 1, brokenNights: 1 })
})

test('a holiday is after hours all day', () => {
  const holidays = [span('2026-03-24T00:00:00Z', '2026-03-25T00:00:00Z')]
  expect(figures(duty([page('2026-03-24T10:00:00Z')], { holidays })).afterHours).toBe(1)
})

test('several pages of one night break it once', () => {
  const pages = ['2026-03-24T23:00:00Z', '2026-03-25T01:00:00Z', '2026-03-25T04:00:00Z'].map((time) => page(time))
  expect(figures(duty(pages))).toMatchObject({ brokenNights: 1, calls: 3, awakeMs: 90 * minute })
})

test('a stretch of twelve hours begins with its shift; three calls in one are too many', () => {
  const shifts = [span('2026-03-24T09:00:00Z', '2026-03-26T09:00:00Z')]
  const pages = ['09:30', '12:00', '20:00', '21:30'].map((time) => page(`2026-03-24T${time}:00Z`))
  expect(figures(duty(pages, { shifts }))).toMatchObject({ stretches: 4, overfull: 1 })
  // The same three calls on both sides of 21:00 are two and one.
  const moved = ['12:00', '20:00', '21:30'].map((time) => page(`2026-03-24T${time}:00Z`))
  expect(figures(duty(moved, { shifts }))).toMatchObject({ stretches: 4, overfull: 0 })
})

test('answers: a second round of the same question does not make anybody faster, and nobody’s is nobody’s', () => {
  const answered = { escalation: 'one', answeredAt: at('2026-03-24T10:08:00Z') }
  const pages = [page('2026-03-24T10:00:00Z', answered), page('2026-03-24T10:05:00Z', answered)]
  expect(answerTimes(pages)).toEqual([8 * minute])
  const others = page('2026-03-24T12:00:00Z', { answeredBy: 'ben' })
  const silent = page('2026-03-24T13:00:00Z', { answeredBy: null, answeredAt: null })
  const old = page('2026-03-24T14:00:00Z', { answerKnown: false, answeredBy: null, answeredAt: null })
  expect(figures(duty([...pages, others, silent, old]))).toMatchObject({
    ...{ answered: 2, answeredByOthers: 1, unanswered: 1, unknown: 1 },
  })
})

test.each([
  [[], 0.5, null],
  [[7], 0.9, 7],
  [[1, 2, 3, 4], 0.5, 2],
  [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.9, 9],
])('of %j the share %d is at %s', (sorted, share, expected) => {
  expect(percentile(sorted, share)).toBe(expected)
})

test('the figures of weeks add up to those of all the time they make', () => {
  const pages = fc.array(
    fc.record({ minutes: fc.integer({ min: 0, max: 27 * 24 * 60 }), lasts: fc.integer({ min: 1, max: 500 }) }),
    { maxLength: 40 },
  )
  fc.assert(
    fc.property(pages, fc.constantFrom('UTC', 'Europe/Berlin', 'America/Havana'), (all, zone) => {
      const weeks = weeksUpTo(zone, instant(now - 1), 4)
      const begin = weeks[0]?.start ?? now
      const made = all.map(({ minutes, lasts }, index) => {
        const from = instant(begin + minutes * minute)
        return page('2026-03-24T10:00:00Z', {
          at: from,
          escalation: `${index}`,
          overAt: instant(from + lasts * minute),
        })
      })
      const of = duty(made, { zone, shifts: [{ start: begin, end: now }] })
      const parts = sumOf(figuresOf(of, weeks, defaultTerms, now))
      const [whole] = figuresOf(of, [{ start: begin, end: weeks.at(-1)?.end ?? now }], defaultTerms, now)
      expect(parts).toEqual(whole)
    }),
    { numRuns: 40 },
  )
})

test('weeks begin on Monday where people live, also over a change of the clock', () => {
  const weeks = weeksUpTo('Europe/Berlin', at('2026-04-01T12:00:00Z'), 2)
  expect(weeks).toEqual([
    span('2026-03-22T23:00:00Z', '2026-03-29T22:00:00Z'),
    span('2026-03-29T22:00:00Z', '2026-04-05T22:00:00Z'),
  ])
})

const busyWeek: Figures = { ...noFigures, onCallMs: 7 * day, pages: 3, calls: 3 }
const four = weeksUpTo('UTC', instant(now - 1), 4)
const turns = (row: readonly string[]) =>
  [...new Set(row)].map((person) => ({ person, weeks: row.map((each) => (each === person ? busyWeek : noFigures)) }))

test.each([
  ['three people in turn: one stretch of three weeks, the fourth joins it', ['a', 'b', 'c', 'a'], [[4, 3]]],
  ['two people never make a stretch', ['a', 'b', 'a', 'b'], []],
])('for others: %s', (_name, row, expected) => {
  const joined = joinedSpans(four, turns(row), 3)
  expect(joined.map((each) => [(each.end - each.start) / (7 * day), each.people])).toEqual(expected)
})

test('no stretch told to others has fewer than three people, and none is left out', () => {
  const rows = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 4, maxLength: 4 })
  fc.assert(
    fc.property(rows, (row) => {
      const people = turns(row)
      const joined = joinedSpans(four, people, 3)
      for (const each of joined) expect(each.people).toBeGreaterThanOrEqual(3)
      if (joined.length > 0)
        expect(sumOf(joined.map((each) => each.figures))).toEqual(
          sumOf(spansOf(four, people).map((each) => each.figures)),
        )
      else expect(new Set(row).size).toBeLessThan(3)
    }),
  )
})

test.each([
  [2, 2, 'unknown'],
  [10, 14, 'same'],
  [4, 16, 'more'],
  [30, 9, 'fewer'],
])('from %d to %d calls is %s', (before, after, expected) => {
  expect(trendOf(before, after)).toBe(expected)
})

test.each([
  [1, 4],
  [4, 4],
  [11, 12],
  [13, 26],
  [26, 26],
])('whoever reads sums and asks for %d weeks gets %d', (asked, given) => {
  expect(windowOfSums(asked)).toBe(given)
})

test('a half in which two people served says so, whoever else served in the other', () => {
  const both = halves(four, turns(['a', 'b', 'c', 'a']), now)
  expect([both?.before.people, both?.after.people]).toEqual([2, 2])
})

test('halves leave out the week under way and an odd one at the beginning', () => {
  const people = [{ person: 'a', weeks: [1, 2, 3, 4].map((calls) => ({ ...noFigures, calls, pages: calls })) }]
  const both = halves(four, people, now)
  expect([both?.weeks, both?.before.figures.calls, both?.after.figures.calls]).toEqual([2, 3, 7])
  expect([both?.before.people, both?.after.people]).toEqual([1, 1])
  expect(halves(four, people, instant(now - day))).toBe(null)
})

const facts = {
  knownMs: 28 * day,
  pagesByService: [{ service: 'checkout', pages: 9 }],
  uncoveredMs: 0,
  terms: defaultTerms,
}
const person = (name: string, more: Partial<Figures>, mostBrokenInAWeek = 0) => ({
  person: name,
  mostBrokenInAWeek,
  figures: { ...noFigures, onCallMs: 3 * day, ...more },
})
const codes = (of: Parameters<typeof adviceFor>[0]) => adviceFor(of).map((each) => each.code)

test.each([
  ['a calm team needs none', [person('ana', { pages: 2, calls: 2, answered: 2, answerMs: [minute, minute] })], []],
  ['too many calls in a stretch', [person('ana', { stretches: 10, overfull: 3, pages: 10 })], ['too-many-calls']],
  [
    'nights on one pair of shoulders',
    [person('ana', { brokenNights: 6 }), person('ben', {}), person('chi', {})],
    ['nights-uneven'],
  ],
  ['even nights are even', [person('ana', { brokenNights: 3 }), person('ben', { brokenNights: 3 })], []],
  ['a week without sleep', [person('ana', { brokenNights: 3 }, 3)], ['nights-broken']],
  [
    'two people for everything',
    [person('ana', { onCallMs: 14 * day }), person('ben', { onCallMs: 14 * day })],
    ['too-few-people'],
  ],
  [
    'nobody answers',
    [person('ana', { pages: 10, answered: 6, unanswered: 4, answerMs: Array(6).fill(minute) })],
    ['nobody-answers'],
  ],
  [
    'slow answers',
    [person('ana', { pages: 5, answered: 5, answerMs: [1, 2, 3, 4, 20].map((each) => each * minute) })],
    ['slow-answers'],
  ],
  [
    'mostly nights',
    [
      person('ana', { brokenNights: 3, calls: 3, awakeMs: 3 * hour, busyMs: 4 * hour }),
      person('ben', { brokenNights: 3, calls: 3, awakeMs: 3 * hour, busyMs: 4 * hour }),
    ],
    ['mostly-nights'],
  ],
])('suggestions: %s', (_name, people, expected) => {
  expect(codes({ ...facts, people })).toEqual(expected)
})

test.each([
  [13 * day, ['too-few-people']],
  [13 * day - 1, []],
])('of %d ms on record the share of time is looked at: %j', (knownMs, expected) => {
  const people = [person('ana', { onCallMs: knownMs / 2 }), person('ben', { onCallMs: knownMs / 2 })]
  expect(codes({ ...facts, people, knownMs })).toEqual(expected)
})

test('a suggestion says its reason with the figures, and whom it names', () => {
  const people = [person('ana', { brokenNights: 6 }), person('ben', {}), person('chi', { brokenNights: 1 })]
  expect(adviceFor({ ...facts, people, uncoveredMs: 90 * minute })).toEqual([
    {
      code: 'cover-gaps',
      sentence: 'Close the gaps of the schedule.',
      because: 'For 1h30m nobody was on call although somebody had to be.',
      people: [],
    },
    {
      code: 'nights-uneven',
      sentence: "Let ben take some of ana's nights: a swap does it.",
      because: 'ana was woken in 6 of 7 broken nights; an even share is 2.3. ben was woken in 0.',
      people: ['ana', 'ben'],
    },
  ])
  expect(
    adviceFor({ ...facts, people: [person('a', { onCallMs: 14 * day }), person('b', { onCallMs: 14 * day })] })[0],
  ).toMatchObject({
    sentence: 'At least 4 people have to share this duty; 2 do.',
    because: '2 of 2 people are on call more than 25 % of the time.',
  })
})

test.each([
  ['22:00', '06:00', { fromMinute: 1320, lengthMinutes: 480 }],
  ['00:00', '05:30', { fromMinute: 0, lengthMinutes: 330 }],
  ['22:00', '22:00', null],
  ['24:00', '06:00', null],
  ['', '06:00', null],
])('a night from %s to %s', (from, to, expected) => {
  expect(readNight(from, to)).toEqual(expected)
})
