import { expect, test } from 'vitest'
import { spanWords, trendWords } from './health-words.ts'

test.each([
  ['a week', '2026-03-02T00:00:00Z', '2026-03-09T00:00:00Z', '2 Mar'],
  ['three weeks, to their Sunday', '2026-03-02T00:00:00Z', '2026-03-23T00:00:00Z', '2 Mar to 22 Mar'],
  ['where weeks begin the evening before', '2026-03-01T23:00:00Z', '2026-03-15T23:00:00Z', '2 Mar to 15 Mar'],
])('%s', (_name, from, to, expected) => {
  expect(spanWords({ from, to }, 'en-GB')).toBe(expected)
})

test('a trend says both figures and what their difference is worth', () => {
  const calls = { before: 4, after: 5, trend: 'same' } as const
  expect(trendWords({ weeks: 6, calls, brokenNights: { before: 0, after: 1, trend: 'unknown' } })).toBe(
    'Calls: 5 in the last 6 whole weeks, 4 in the 6 before (no more of a difference than chance makes). Broken nights: 1 in the last 6 whole weeks, 0 in the 6 before (too few to compare).',
  )
})
