import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day, hour, minute } from '../../../kernel/duration.ts'
import { instant } from '../../../kernel/instant.ts'
import { type Calendar, calendarFault, longestPeriodMs, nominalMs, periodAt } from './calendar.ts'

/** Ten thousand lives take a while on a slow machine. */
const patient = { timeout: 300_000 }

const text = (at: number) => new Date(at).toISOString().replace(':00.000Z', 'Z')
const monthly = (timeZone: string): Calendar => ({ count: 1, unit: 'M', startTime: '2026-01-01 00:00:00', timeZone })

test.each([
  {
    says: 'a month in Vienna',
    calendar: monthly('Europe/Vienna'),
    at: '2026-03-31T21:59Z',
    from: '2026-02-28T23:00Z',
    to: '2026-03-31T22:00Z',
  },
  {
    says: 'its end belongs to the next',
    calendar: monthly('Europe/Vienna'),
    at: '2026-03-31T22:00Z',
    from: '2026-03-31T22:00Z',
    to: '2026-04-30T22:00Z',
  },
  {
    says: 'before the first one',
    calendar: monthly('UTC'),
    at: '2025-12-31T23:00Z',
    from: '2025-12-01T00:00Z',
    to: '2026-01-01T00:00Z',
  },
  {
    says: 'a quarter',
    calendar: { ...monthly('UTC'), unit: 'Q' as const },
    at: '2026-05-05T00:00Z',
    from: '2026-04-01T00:00Z',
    to: '2026-07-01T00:00Z',
  },
  {
    says: 'a leap year',
    calendar: { ...monthly('UTC'), unit: 'Y' as const },
    at: '2028-06-01T00:00Z',
    from: '2028-01-01T00:00Z',
    to: '2029-01-01T00:00Z',
  },
  {
    says: 'two weeks from a Monday in Kathmandu',
    calendar: { count: 2, unit: 'w' as const, startTime: '2026-01-05 00:00:00', timeZone: 'Asia/Kathmandu' },
    at: '2026-01-20T00:00Z',
    from: '2026-01-18T18:15Z',
    to: '2026-02-01T18:15Z',
  },
  {
    says: 'the 31st comes back after February',
    calendar: { ...monthly('UTC'), startTime: '2026-01-31 00:00:00' },
    at: '2026-03-15T00:00Z',
    from: '2026-02-28T00:00Z',
    to: '2026-03-31T00:00Z',
  },
])('$says', ({ calendar, at, from, to }) => {
  const period = periodAt(calendar, instant(Date.parse(at)))
  expect([text(period.start), text(period.end)]).toEqual([from, to])
})

// R11: minutes that really passed.
test.each([
  { date: '2026-03-29', minutes: 1_380 },
  { date: '2026-10-25', minutes: 1_500 },
  { date: '2026-06-01', minutes: 1_440 },
])('$date in Vienna has $minutes minutes', ({ date, minutes }) => {
  const daily: Calendar = { count: 1, unit: 'd', startTime: '2026-01-01 00:00:00', timeZone: 'Europe/Vienna' }
  const { start, end } = periodAt(daily, instant(Date.parse(`${date}T12:00Z`)))
  expect((end - start) / minute).toBe(minutes)
})

test('a week of five-minute slices has 2,016 of them', () => {
  const weekly: Calendar = { count: 1, unit: 'w', startTime: '2026-01-05 00:00:00', timeZone: 'UTC' }
  const { start, end } = periodAt(weekly, instant(Date.parse('2026-02-03T12:00Z')))
  expect((end - start) / (5 * minute)).toBe(2_016)
})

test(
  'C5 boundaries: every instant lies in exactly one period, half-open, in zones with days of 23 and 25 hours',
  patient,
  () => {
    const calendar: fc.Arbitrary<Calendar> = fc.record({
      count: fc.integer({ min: 1, max: 5 }),
      unit: fc.constantFrom('m', 'h', 'd', 'w', 'M', 'Q', 'Y'),
      startTime: fc.constantFrom('2026-01-01 00:00:00', '2024-02-29 02:30:00', '2026-01-31 23:59:59'),
      timeZone: fc.constantFrom('UTC', 'Europe/Vienna', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'),
    })
    fc.assert(
      fc.property(calendar, fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2032, 0) }), (each, at) => {
        const period = periodAt(each, instant(at))
        expect(period.start <= at && at < period.end).toBe(true)
        expect(period.end - period.start).toBeLessThanOrEqual(longestPeriodMs(each))
        expect(periodAt(each, period.end).start).toBe(period.end)
        expect(periodAt(each, instant(period.start - 1)).end).toBe(period.start)
      }),
      { numRuns: 10_000 },
    )
  },
)

test('lengths that tiers are planned with, and what cannot be read', () => {
  expect(nominalMs(monthly('UTC'))).toBe(30 * day)
  expect(nominalMs({ ...monthly('UTC'), count: 12, unit: 'h' })).toBe(12 * hour)
  expect(calendarFault({ startTime: '2026-01-01 00:00:00', timeZone: 'Europe/Atlantis' })).toContain('no time')
  expect(calendarFault({ startTime: '2026-01-01 00:00:00', timeZone: 'Europe/Vienna' })).toBeNull()
})
