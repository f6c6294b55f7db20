import { expect, test } from 'vitest'
import { timeAt } from './range-picker.tsx'

const hour = 3_600_000
// The week in which Berlin's clock goes forward has 167 hours.
const week = { from: Date.parse('2026-03-22T23:00:00Z'), to: Date.parse('2026-03-29T22:00:00Z') }

test.each([
  [0, 0],
  [1, 167],
  [0.5, 84],
  [-1, 0],
  [2, 167],
  [1 / 167, 1],
])('the share %d of a week is its hour %d', (share, expected) => {
  expect((timeAt(week, share) - week.from) / hour).toBe(expected)
})
