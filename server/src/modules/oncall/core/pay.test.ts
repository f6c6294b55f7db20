import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hour, minute } from '../../../kernel/duration.ts'
import { type Instant, instant, parseInstant } from '../../../kernel/instant.ts'
import { type Interval, union } from '../../../kernel/interval.ts'
import type { PersonPage } from './calls.ts'
import { type PayFacts, payByClass, payLines, periodOf } from './pay.ts'
import { intersections, lengthOf, without } from './spans.ts'
import { defaultTerms } from './terms.ts'
import { byClass, daysElsewhere, type TimeClass, timeClasses } from './time-classes.ts'

const at = (text: string): Instant => parseInstant(text) ?? instant(Number.NaN)
const span = (start: string, end: string): Interval => ({ start: at(start), end: at(end) })
const facts = (zone: string, from: string, to: string, holidays: readonly Interval[] = []): PayFacts => {
  const period = periodOf(zone, from, to)
  if (period === null) throw new Error(`${from} to ${to} is no period.`)
  return { zone, period, holidays, terms: defaultTerms, now: at('2030-01-01T00:00:00Z') }
}
const hours = (lines: ReturnType<typeof payLines>) =>
  Object.fromEntries(
    payByClass(lines).flatMap((each) => (each.standbyMs === 0 ? [] : [[each.class, each.standbyMs / hour]])),
  )

// The clock of Berlin goes from 02:00 to 03:00 on 29 March 2026 and from 03:00 to 02:00 on 25 October, both Sundays.
test.each([
  ['a plain Tuesday', '2026-03-24', '2026-03-25', { weekday: 16, night: 8 }],
  ['the Sunday of 23 hours', '2026-03-29', '2026-03-30', { weekend: 23 }],
  ['the Sunday of 25 hours', '2026-10-25', '2026-10-26', { weekend: 25 }],
  ['March has an hour less', '2026-03-01', '2026-04-01', { weekday: 22 * 16, night: 22 * 8, weekend: 9 * 24 - 1 }],
])('on call without a break in Berlin: %s', (_name, from, to, expected) => {
  const always = [span('2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z')]
  expect(hours(payLines(always, [], facts('Europe/Berlin', from, to)))).toEqual(expected)
})

test('a night over the change of the clock on a weekday counts the hours that passed', () => {
  // Cairo: Friday 24 April 2026 begins at 01:00, so the night from Thursday 22:00 has 7 hours.
  const always = [span('2026-04-20T00:00:00Z', '2026-04-30T00:00:00Z')]
  const lines = payLines(always, [], facts('Africa/Cairo', '2026-04-23', '2026-04-25'))
  expect(hours(lines)).toEqual({ weekday: 32, night: 15 })
  expect(lines.filter((each) => each.date === '2026-04-24').reduce((sum, each) => sum + each.standbyMs, 0)).toBe(
    23 * hour,
  )
})

test('a holiday goes before a weekend and a night, on the days of the person’s own calendar', () => {
  const christmas = daysElsewhere(
    span('2026-12-24T23:00:00Z', '2026-12-26T23:00:00Z'),
    'Europe/Berlin',
    'America/New_York',
  )
  expect(christmas).toEqual(span('2026-12-25T05:00:00Z', '2026-12-27T05:00:00Z'))
  const always = [span('2026-12-01T00:00:00Z', '2027-01-31T00:00:00Z')]
  const lines = payLines(always, [], facts('America/New_York', '2026-12-25', '2026-12-28', [christmas]))
  expect(hours(lines)).toEqual({ holiday: 48, weekend: 24 })
})

test('on call twice at once is on call once', () => {
  const shifts = [
    span('2026-03-24T08:00:00Z', '2026-03-24T12:00:00Z'),
    span('2026-03-24T10:00:00Z', '2026-03-24T14:00:00Z'),
  ]
  expect(hours(payLines(shifts, [], facts('UTC', '2026-03-24', '2026-03-25')))).toEqual({ weekday: 6 })
})

const page = (time: string, answered: string | null, over: string | null, by = 'ana'): PersonPage => ({
  person: 'ana',
  at: at(time),
  escalation: time,
  service: 'checkout',
  answerKnown: true,
  answeredBy: answered === null ? null : by,
  answeredAt: answered === null ? null : at(answered),
  overAt: over === null ? null : at(over),
})
const duty = [span('2026-03-24T18:00:00Z', '2026-03-25T06:00:00Z')]
const awake = (pages: readonly PersonPage[]) =>
  payLines(duty, pages, facts('UTC', '2026-03-24', '2026-03-26'))
    .filter((each) => each.awakeMs > 0)
    .map((each) => [each.date, each.class, each.awakeMs / minute])

test.each([
  [
    'works until it is over',
    [page('2026-03-24T20:00:00Z', '2026-03-24T20:02:00Z', '2026-03-24T21:10:00Z')],
    [['2026-03-24', 'weekday', 70]],
  ],
  [
    'half an hour at least',
    [page('2026-03-24T20:00:00Z', '2026-03-24T20:02:00Z', '2026-03-24T20:05:00Z')],
    [['2026-03-24', 'weekday', 30]],
  ],
  [
    'four hours at most',
    [page('2026-03-24T18:00:00Z', '2026-03-24T18:01:00Z', null)],
    [['2026-03-24', 'weekday', 240]],
  ],
  [
    'free once somebody else has it',
    [page('2026-03-24T20:00:00Z', '2026-03-24T20:40:00Z', '2026-03-24T23:00:00Z', 'ben')],
    [['2026-03-24', 'weekday', 40]],
  ],
  [
    'two at once are one',
    [
      page('2026-03-24T20:00:00Z', '2026-03-24T20:02:00Z', '2026-03-24T21:00:00Z'),
      page('2026-03-24T20:30:00Z', '2026-03-24T20:31:00Z', '2026-03-24T21:30:00Z'),
    ],
    [['2026-03-24', 'weekday', 90]],
  ],
  [
    'over midnight and into the night',
    [page('2026-03-24T21:30:00Z', '2026-03-24T21:31:00Z', '2026-03-25T00:30:00Z')],
    [
      ['2026-03-24', 'weekday', 30],
      ['2026-03-24', 'night', 120],
      ['2026-03-25', 'night', 30],
    ],
  ],
  [
    'beyond the end of the duty',
    [page('2026-03-25T05:50:00Z', '2026-03-25T05:51:00Z', '2026-03-25T07:00:00Z')],
    [
      ['2026-03-25', 'night', 10],
      ['2026-03-25', 'weekday', 60],
    ],
  ],
  [
    'a page just before the duty does not swallow the one that comes on duty',
    [
      page('2026-03-24T17:50:00Z', '2026-03-24T17:51:00Z', '2026-03-24T17:55:00Z'),
      page('2026-03-24T18:10:00Z', '2026-03-24T18:11:00Z', '2026-03-24T22:00:00Z'),
    ],
    [['2026-03-24', 'weekday', 230]],
  ],
  [
    'a page off duty is no call of this team',
    [page('2026-03-25T12:00:00Z', '2026-03-25T12:01:00Z', '2026-03-25T13:00:00Z')],
    [],
  ],
])('called out: %s', (_name, pages, expected) => {
  const sorted = [...awake(pages)].sort()
  expect(sorted).toEqual([...expected].sort())
})

test.each([
  ['2026-02-30', '2026-03-01'],
  ['2026-03-01', '2026-03-01'],
  ['2026-03-02', '2026-03-01'],
])('%s to %s is no period', (from, to) => {
  expect(periodOf('UTC', from, to)).toBe(null)
})

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Africa/Cairo',
  'Asia/Kathmandu',
  'America/Havana',
]
const anySpans = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 500_000 }), fc.integer({ min: 1, max: 4_000 })), { maxLength: 6 })
  .map((all) =>
    all.map(([from, length]): Interval => {
      const start = at('2026-02-01T00:00:00Z') + from * minute
      return { start: instant(start), end: instant(start + length * minute) }
    }),
  )

/** Asks the calendar of the platform about every tenth minute, knowing nothing of windows. */
function classAt(zone: string, when: Instant, holidays: readonly Interval[]): TimeClass {
  if (holidays.some((each) => when >= each.start && when < each.end)) return 'holiday'
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    hourCycle: 'h23',
  })
    .formatToParts(when)
    .map((each) => each.value)
  if (parts.includes('Sat') || parts.includes('Sun')) return 'weekend'
  const clock = Number(parts.find((each) => /^\d+$/.test(each)))
  return clock >= 22 || clock < 6 ? 'night' : 'weekday'
}

test('every instant has the class the calendar says, and classes add up to the whole', () => {
  fc.assert(
    fc.property(fc.constantFrom(...zones), anySpans, anySpans, (zone, spans, holidays) => {
      const whole = union(spans)
      const found = byClass(whole, { zone, night: defaultTerms.night, holidays })
      expect(timeClasses.reduce((sum, name) => sum + lengthOf(found[name]), 0)).toBe(lengthOf(whole))
      for (const name of timeClasses)
        for (const { start, end } of found[name])
          for (const when of [start, instant(Math.floor((start + end) / 2 / minute) * minute), instant(end - minute)])
            if (when >= start) expect(classAt(zone, when, holidays)).toBe(name)
    }),
    { numRuns: 60 },
  )
})

test('what two lists have in common and what only the first has make the first again', () => {
  fc.assert(
    fc.property(anySpans, anySpans, (a, b) => {
      const [first, second] = [union(a), union(b)]
      const [both, only] = [intersections(first, second), without(first, second)]
      expect(lengthOf(both) + lengthOf(only)).toBe(lengthOf(first))
      expect(union([...both, ...only])).toEqual(first)
      expect(intersections(only, second)).toEqual([])
    }),
  )
})
