import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dayKey, formatInZone } from './format.ts'
import { daysFrom, startOfDay, startOfWeek } from './schedule-days.ts'

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
] as const

test('a day begins at its first instant, whatever the zone', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2030, 0) }),
      fc.constantFrom(...zones),
      (at, zone) => {
        const start = startOfDay(at, zone)
        expect(dayKey(start, zone)).toBe(dayKey(at, zone))
        expect(dayKey(start - 60_000, zone)).not.toBe(dayKey(at, zone))
      },
    ),
    { numRuns: 60 },
  )
})

test('days follow each other without a hole; the day of the change has 23 hours', () => {
  const days = daysFrom(Date.UTC(2026, 2, 28, 12), 3, 'Europe/Berlin')
  expect(days.map((day) => (day.to - day.from) / 3_600_000)).toEqual([24, 23, 24])
  expect(days[1]?.from).toBe(days[0]?.to)
})

test('a week begins on Monday', () => {
  const monday = startOfWeek(Date.UTC(2026, 2, 1, 12), 'Europe/Berlin')
  expect(formatInZone(monday, { weekday: 'long' }, 'Europe/Berlin', 'en')).toBe('Monday')
  expect(dayKey(monday, 'Europe/Berlin')).toBe('2026-02-23')
})
