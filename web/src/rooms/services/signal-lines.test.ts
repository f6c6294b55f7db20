import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ceilingOf, gapsOf, pathOf, percentileText, rateText, secondsText } from './signal-lines.ts'

test('a line breaks where nothing was told, and a lone value is seen', () => {
  expect(pathOf([1, 1, null, 1], 40, () => 5)).toBe('M5.0 5.0L15.0 5.0M30.0 5.0L40.0 5.0')
  expect(pathOf([null, null], 40, () => 5)).toBe('')
})

test('gaps and values share the width between them', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat()), { minLength: 1, maxLength: 50 }), (values) => {
      const share = gapsOf(values).reduce((all, gap) => all + gap.to - gap.from, 0)
      expect(share).toBeCloseTo(values.filter((value) => value === null).length / values.length, 6)
    }),
  )
})

test('the scale ends at a round number that holds everything', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (value) => {
      expect(ceilingOf(value)).toBeGreaterThanOrEqual(value * 0.999999)
      expect(ceilingOf(value)).toBeLessThanOrEqual(value * 10)
    }),
  )
  expect([ceilingOf(0), ceilingOf(0.031), ceilingOf(700)]).toEqual([1, 0.05, 1000])
})

test.each([
  [{ low: 0.198, high: 0.202, seconds: 0.2, error: 0.0108 }, '200 ms ± 1.1 %'],
  [{ low: 0.1, high: 0.25, seconds: 0.143, error: 0.43 }, 'between 100 ms and 250 ms'],
  [{ low: 0, high: 0.005, seconds: 0.0025, error: 1 }, 'at most 5 ms'],
  [{ low: 10, high: null, seconds: null, error: null }, 'above 10 s'],
])('%j is %s', (percentile, words) => {
  expect(percentileText(percentile)).toBe(words)
})

test('times and rates are read as people say them', () => {
  expect([0.0004, 0.0042, 0.25, 1.234, 30].map(secondsText)).toEqual(['0.4 ms', '4.2 ms', '250 ms', '1.23 s', '30 s'])
  expect([0, 0.05, 2.04, 1200].map(rateText)).toEqual(['0 a minute', '3 a minute', '2 a second', '1,200 a second'])
})
