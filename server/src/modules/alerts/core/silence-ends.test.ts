import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hour, minute } from '../../../kernel/duration.ts'
import { instant, plus } from '../../../kernel/instant.ts'
import { countedSince, describeEnds, describeLost, judgeRate, remindAt, withoutTicket } from './silence-ends.ts'

const at = instant(1_790_000_000_000)

test.each([
  [19 * minute, null],
  [20 * minute, 15 * minute],
  [59 * minute, 54 * minute],
  [hour, 45 * minute],
  [48 * hour, 48 * hour - 15 * minute],
])('of a silence of %d ms people are reminded', (lasts, after) => {
  const reminder = remindAt({ startsAt: at, endsAt: plus(at, lasts) })
  expect(reminder).toBe(after === null ? null : plus(at, after))
})

test.each([
  [0, false],
  [3, false],
  [4, true],
])('%d alerts under a silence for three', (begun, ends) => {
  expect(judgeRate({ alerts: 3, withinMs: 10 * minute }, begun) !== null).toBe(ends)
})

test('what began before it does not count', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e8 }), fc.integer({ min: minute, max: 1e8 }), (after, withinMs) => {
      const since = countedSince({ alerts: 1, withinMs }, at, plus(at, after))
      expect(since).toBeGreaterThanOrEqual(at)
      expect(plus(at, after) - since).toBeLessThanOrEqual(withinMs)
    }),
  )
})

test('said in words', () => {
  expect(describeEnds({})).toEqual([])
  expect(
    describeEnds({
      ...{ incident: 'x', incidentNumber: '12', ticket: 'y', ticketKey: 'OPS-7', change: 'cart' },
      rate: { alerts: 5, withinMs: 10 * minute },
    }),
  ).toEqual([
    'when incident 12 is resolved',
    'when ticket OPS-7 is closed',
    'with the next change of cart',
    'when more than 5 alerts begin under it within 10m',
  ])
})

test('a ticket nobody hears of any more is said, and nothing else is lost with it', () => {
  const lost = withoutTicket({ ticket: 'y', ticketKey: 'OPS-7', change: 'cart' })
  expect(describeEnds(lost)).toEqual(['with the next change of cart'])
  expect(describeLost(lost)).toEqual(['ticket OPS-7, which is not looked after any more'])
  expect(withoutTicket(lost)).toEqual(lost)
  expect(describeLost({ ticket: 'y', ticketKey: 'OPS-7' })).toEqual([])
})
