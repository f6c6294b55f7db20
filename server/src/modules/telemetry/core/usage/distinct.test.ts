import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashText } from '../signals/series-hash.ts'
import {
  countDistinct,
  DistinctCounter,
  mergeDistinct,
  mostExact,
  noneSeen,
  readDistinct,
  writeDistinct,
} from './distinct.ts'

function seen(from: number, to: number) {
  const counter = new DistinctCounter()
  for (let index = from; index < to; index += 1) counter.add(hashText(`series ${index}`))
  return counter.read()
}

test.each([0, 1, 10, mostExact])('%i are counted exactly, however often they come', (count) => {
  const counter = new DistinctCounter(seen(0, count))
  for (let index = 0; index < count; index += 1) counter.add(hashText(`series ${index}`))
  expect(countDistinct(counter.read())).toBe(count)
})

// Three times the standard error: the series and their hashes are fixed, so this is no game of chance.
test.each([100, 500, 2_000, 20_000, 200_000])('%i are counted within 14 %%', (count) => {
  expect(Math.abs(countDistinct(seen(0, count)) - count)).toBeLessThan(0.14 * count)
})

test('adding up is associative and commutative, and the same series stay the same', () => {
  const anySeen = fc
    .record({ from: fc.nat({ max: 200 }), size: fc.nat({ max: 200 }) })
    .map(({ from, size }) => seen(from, from + size))
  fc.assert(
    fc.property(anySeen, anySeen, anySeen, (a, b, c) => {
      const text = (each: typeof a) => countDistinct(each)
      expect(text(mergeDistinct(a, b))).toBe(text(mergeDistinct(b, a)))
      expect(text(mergeDistinct(mergeDistinct(a, b), c))).toBe(text(mergeDistinct(a, mergeDistinct(b, c))))
      expect(mergeDistinct(a, noneSeen)).toEqual(a)
      expect(text(mergeDistinct(a, a))).toBe(text(a))
      expect(readDistinct(writeDistinct(a))).toEqual(a)
    }),
  )
})

test('what is no sketch is nothing', () => {
  expect(countDistinct(readDistinct(''))).toBe(0)
  expect(countDistinct(readDistinct('mxyz'))).toBe(0)
})
