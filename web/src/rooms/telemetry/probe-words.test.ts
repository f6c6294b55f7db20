import { expect, test } from 'vitest'
import { probeLook, quantilesOf, stretchesOf } from './probe-words.ts'

const now = Date.UTC(2026, 2, 1, 9)
const at = (seconds: number) => new Date(now + seconds * 1000).toISOString()

test.each([
  [true, 10, 'ok', 'Good'],
  [false, 10, 'critical', 'Bad'],
  [null, 10, 'unknown', 'Not run yet'],
  [true, -61, 'unknown', 'Overdue'],
])('%s, due in %i s: %s', (lastGood, seconds, tone, word) => {
  expect(probeLook({ lastGood, nextAt: at(seconds), everyMs: 15_000 }, now)).toEqual({ tone, word })
})

test('an outage is one stretch', () => {
  const results = [
    { at: at(0), good: true },
    { at: at(-15), good: false },
    { at: at(-30), good: false },
    { at: at(-45), good: true },
  ]
  expect(stretchesOf(results)).toEqual([
    { good: true, checks: 1, from: at(0), to: at(0) },
    { good: false, checks: 2, from: at(-30), to: at(-15) },
    { good: true, checks: 1, from: at(-45), to: at(-45) },
  ])
  expect(stretchesOf([])).toEqual([])
})

test('quantiles are times that happened', () => {
  expect(quantilesOf(Array.from({ length: 100 }, (_, index) => index + 1))).toEqual({ p50: 50, p95: 95 })
  expect(quantilesOf([7])).toEqual({ p50: 7, p95: 7 })
  expect(quantilesOf([])).toBeNull()
})
