import { expect, test } from 'vitest'
import { spanOf } from './signals.ts'

test.each([
  [{ low: 0.198, high: 0.202, seconds: 0.2, error: 0.0108 }, '200 ms ±1.08 %'],
  [{ low: 0.1, high: 0.25, seconds: 0.143, error: 0.43 }, '100 ms to 250 ms'],
  [{ low: 0, high: 0.005, seconds: 0.0025, error: 1 }, '<= 5 ms'],
  [{ low: 10, high: null, seconds: null, error: null }, '> 10 s'],
])('%j is %s', (percentile, words) => {
  expect(spanOf(percentile)).toBe(words)
})
