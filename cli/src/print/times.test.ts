import { expect, test } from 'vitest'
import { ago, exact, roughly } from './times.ts'

const now = Date.parse('2026-03-29T12:00:00Z')

test.each([
  [0, '0s'],
  [999, '0s'],
  [59_000, '59s'],
  [61_000, '1m 1s'],
  [12 * 60_000 + 5_000, '12m'],
  [3_600_000, '1h'],
  [90 * 60_000, '1h 30m'],
  [86_400_000 + 60_000, '1d'],
  [3 * 86_400_000 + 4 * 3_600_000, '3d 4h'],
])('%i ms is %s', (ms, text) => {
  expect(roughly(ms)).toBe(text)
})

test.each([
  ['2026-03-29T12:00:00Z', 'now'],
  ['2026-03-29T11:00:00Z', '1h ago'],
  ['2026-03-29T12:30:00Z', 'in 30m'],
  [null, ''],
  ['never', 'never'],
])('%s is %s', (time, text) => {
  expect(ago(time, now)).toBe(text)
})

test('the zone stands beside the time, on both sides of a change of clocks', () => {
  expect(exact('2026-03-29T00:30:00Z', 'Europe/Berlin')).toMatch(/^2026-03-29 01:30:00 (CET|GMT\+1)$/)
  expect(exact('2026-03-29T01:30:00Z', 'Europe/Berlin')).toMatch(/^2026-03-29 03:30:00 (CEST|GMT\+2)$/)
  expect(exact('2026-03-29T00:00:00Z', 'UTC')).toBe('2026-03-29 00:00:00 UTC')
})
