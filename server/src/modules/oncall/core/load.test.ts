import { expect, test } from 'vitest'
import { hour } from '../../../kernel/duration.ts'
import { type Instant, parseInstant } from '../../../kernel/instant.ts'
import { loadOf, unevenness } from './load.ts'
import type { Shift } from './schedule.ts'

const at = (text: string): Instant => {
  const read = parseInstant(`${text}:00Z`)
  if (read === null) throw new Error(`Not an instant: ${text}`)
  return read
}
const shift = (person: string, start: string, end: string): Shift => ({
  person,
  start: at(start),
  end: at(end),
  source: { kind: 'custom-shift', shift: 'x', reason: null },
})
const facts = {
  window: { start: at('2026-03-02T00:00'), end: at('2026-03-16T00:00') },
  zone: 'UTC',
  zoneOf: (person: string) => (person === 'aki' ? 'Asia/Tokyo' : 'UTC'),
  holidays: [{ name: 'Founding day', span: { start: at('2026-03-04T00:00'), end: at('2026-03-05T00:00') } }],
}

test.each<[string, Shift[], { total: number; night: number; weekend: number; holiday: number; weighted: number }]>([
  [
    'a plain working day',
    [shift('ana', '2026-03-02T09:00', '2026-03-02T17:00')],
    { total: 8, night: 0, weekend: 0, holiday: 0, weighted: 8 },
  ],
  [
    'a night',
    [shift('ana', '2026-03-02T20:00', '2026-03-03T08:00')],
    { total: 12, night: 8, weekend: 0, holiday: 0, weighted: 16 },
  ],
  [
    'the same hours where it is day',
    [shift('aki', '2026-03-02T22:00', '2026-03-03T06:00')],
    { total: 8, night: 0, weekend: 0, holiday: 0, weighted: 8 },
  ],
  [
    'a night of a weekend counts once',
    [shift('ana', '2026-03-07T20:00', '2026-03-08T08:00')],
    { total: 12, night: 8, weekend: 12, holiday: 0, weighted: 18 },
  ],
  [
    'a holiday and its night',
    [shift('ana', '2026-03-04T00:00', '2026-03-05T00:00')],
    { total: 24, night: 8, weekend: 0, holiday: 24, weighted: 48 },
  ],
  [
    'two rotations at once are one person',
    [shift('ana', '2026-03-02T09:00', '2026-03-02T17:00'), shift('ana', '2026-03-02T12:00', '2026-03-02T18:00')],
    { total: 9, night: 0, weekend: 0, holiday: 0, weighted: 9 },
  ],
])('%s', (_, shifts, expected) => {
  const [load] = loadOf(shifts, facts)
  expect(load).toMatchObject({
    totalMs: expected.total * hour,
    nightMs: expected.night * hour,
    weekendMs: expected.weekend * hour,
    holidayMs: expected.holiday * hour,
    weightedMs: expected.weighted * hour,
    share: 1,
  })
})

test('the most loaded comes first, and how uneven it is is one number', () => {
  const loads = loadOf(
    [shift('ana', '2026-03-02T08:00', '2026-03-02T20:00'), shift('ben', '2026-03-03T08:00', '2026-03-03T12:00')],
    facts,
  )
  expect(loads.map((each) => [each.person, each.share])).toEqual([
    ['ana', 0.75],
    ['ben', 0.25],
  ])
  expect(unevenness(loads)).toBe(50)
  expect(unevenness([])).toBe(0)
})
