import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day, hour, minute } from '../../../kernel/duration.ts'
import { formatInstant, type Instant, instant } from '../../../kernel/instant.ts'
import { occurrencesWithin, type Recurrence, recurrenceFault } from './recurrence.ts'

const at = (text: string): Instant => instant(Date.parse(text))
const sunday: Recurrence = {
  rule: 'FREQ=WEEKLY;BYDAY=SU',
  start: '2026-01-04 02:30',
  timeZone: 'Europe/Vienna',
  lastsMs: 2 * hour,
}
const between = (recurrence: Recurrence, from: string, to: string, most = 50) =>
  occurrencesWithin(recurrence, { start: at(from), end: at(to) }, most).map(
    ({ start, end }) => `${formatInstant(start).slice(0, 16)} ${(end - start) / minute}`,
  )

// In Vienna clocks go forward on 29 March 2026 (02:00 to 03:00) and back on 25 October (03:00 to 02:00).
test.each([
  { says: 'in winter, UTC+1', from: '2026-01-01T00:00Z', to: '2026-01-10T00:00Z', found: ['2026-01-04T01:30 120'] },
  { says: 'in summer, UTC+2', from: '2026-07-01T00:00Z', to: '2026-07-10T00:00Z', found: ['2026-07-05T00:30 120'] },
  // 02:30 does not exist: 03:30 is meant, as RFC 5545 has it, and two hours pass.
  { says: 'in a gap', from: '2026-03-28T00:00Z', to: '2026-03-30T00:00Z', found: ['2026-03-29T01:30 120'] },
  // 02:30 comes twice: the first is meant, and two hours pass, not three.
  { says: 'in a fold', from: '2026-10-24T00:00Z', to: '2026-10-26T00:00Z', found: ['2026-10-25T00:30 120'] },
  {
    says: 'one that began before and lasts',
    from: '2026-01-04T03:00Z',
    to: '2026-01-05T00:00Z',
    found: ['2026-01-04T01:30 120'],
  },
  { says: 'not one that is over', from: '2026-01-04T03:30Z', to: '2026-01-05T00:00Z', found: [] },
])('a Sunday night $says', ({ from, to, found }) => {
  expect(between(sunday, from, to)).toEqual(found)
})

test('whole days are days of the calendar, hours are hours that pass', () => {
  const from = { ...sunday, rule: null, start: '2026-03-28 12:00' }
  expect(between({ ...from, lastsMs: day }, '2026-03-28T00:00Z', '2026-04-01T00:00Z')).toEqual([
    `2026-03-28T11:00 ${23 * 60}`,
  ])
  expect(between({ ...from, lastsMs: 20 * hour }, '2026-03-28T00:00Z', '2026-04-01T00:00Z')).toEqual([
    `2026-03-28T11:00 ${20 * 60}`,
  ])
})

test('a rule that ends is followed to its end, and the first ones when there are too many', () => {
  const three = { ...sunday, rule: 'FREQ=WEEKLY;BYDAY=SU;COUNT=3' }
  expect(between(three, '2026-01-01T00:00Z', '2026-12-31T00:00Z')).toHaveLength(3)
  expect(between(sunday, '2026-01-01T00:00Z', '2026-12-31T00:00Z', 4)).toHaveLength(4)
  const third = { ...sunday, rule: 'FREQ=MONTHLY;BYDAY=3TU', start: '2026-01-20 22:00' }
  expect(between(third, '2026-01-01T00:00Z', '2026-03-31T00:00Z')).toEqual([
    '2026-01-20T21:00 120',
    '2026-02-17T21:00 120',
    '2026-03-17T21:00 120',
  ])
})

test.each([
  { change: { lastsMs: 1_000 }, field: 'lasts' },
  { change: { lastsMs: 32 * day }, field: 'lasts' },
  { change: { start: '2026-02-30 02:00' }, field: 'start' },
  { change: { start: '1999-01-01 02:00' }, field: 'start' },
  { change: { timeZone: 'Europe/Atlantis' }, field: 'timeZone' },
  { change: { timeZone: '+02:00' }, field: 'timeZone' },
  { change: { rule: 'FREQ=SOMETIMES' }, field: 'repeat' },
  { change: { rule: 'FREQ=MINUTELY' }, field: 'repeat' },
  { change: { rule: 'DTSTART:20260101T000000\nRRULE:FREQ=DAILY' }, field: 'repeat' },
  { change: { rule: 'FREQ=WEEKLY;UNTIL=20250101T000000' }, field: 'repeat' },
  { change: { rule: 'FREQ=DAILY', lastsMs: 25 * hour }, field: 'lasts' },
])('refused: $change', ({ change, field }) => {
  expect(recurrenceFault({ ...sunday, ...change })?.field).toBe(field)
})

test('what can be declared', () => {
  expect(recurrenceFault(sunday)).toBeNull()
  expect(recurrenceFault({ ...sunday, rule: null })).toBeNull()
})

const zones = ['Europe/Vienna', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC'] as const
test('whatever stretch is asked about, it finds the same occurrences, in order, and each lasts as long as it should', () => {
  const recurrence = fc.record({
    rule: fc.constantFrom('FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=SU,WE', 'FREQ=MONTHLY;BYDAY=-1SU'),
    start: fc.constantFrom('2026-01-01 02:30', '2026-01-03 23:59', '2026-01-05 01:45'),
    timeZone: fc.constantFrom(...zones),
    lastsMs: fc.constantFrom(30 * minute, 2 * hour, 9 * hour),
  })
  const begin = at('2026-01-10T00:00Z')
  fc.assert(
    fc.property(recurrence, fc.nat(250), fc.integer({ min: 1, max: 60 }), (each, from, days) => {
      const within = { start: instant(begin + from * day), end: instant(begin + (from + days) * day) }
      const found = occurrencesWithin(each, within, 1_000)
      const year = occurrencesWithin(each, { start: begin, end: instant(begin + 400 * day) }, 1_000)
      expect(found).toEqual(year.filter(({ start, end }) => start < within.end && end > within.start))
      for (const [index, one] of found.entries()) {
        expect(one.end - one.start).toBe(each.lastsMs)
        expect(one.start).toBeGreaterThanOrEqual(found[index - 1]?.end ?? 0)
      }
    }),
    { numRuns: 60 },
  )
})
