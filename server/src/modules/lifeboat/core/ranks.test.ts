import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mostCopies, rankOf, waitOf } from './ranks.ts'

const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 9 })

test('every process computes the same order, so one acts at once, one waits, and the others stay silent', () => {
  fc.assert(
    fc.property(names, fc.uuid(), (boats, what) => {
      const ranks = boats.map((boat) => rankOf(boat, [...boats].reverse(), what)).sort((a, b) => a - b)
      expect(ranks).toEqual(boats.map((_, index) => index))
      const acting = ranks.map(waitOf).filter((wait) => wait !== null)
      expect(acting).toEqual([0, 5_000].slice(0, Math.min(boats.length, mostCopies)))
    }),
  )
})

test('one that nobody has on the list acts rather than not', () => {
  expect(rankOf('new', ['a', 'b'], 'alert')).toBe(0)
})

test('what there is to carry is spread over the processes', () => {
  const boats = ['host-a.1', 'host-b.1', 'host-c.1']
  const first = Array.from({ length: 900 }, (_, index) =>
    boats.find((boat) => rankOf(boat, boats, `alert-${index}`) === 0),
  )
  for (const boat of boats) expect(first.filter((each) => each === boat).length).toBeGreaterThan(200)
})
