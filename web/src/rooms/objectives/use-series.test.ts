import { expect, test } from 'vitest'
import type { SeriesPoint } from '../../shell/api.ts'
import { beginning } from './use-series.ts'

const hour = 3_600_000
const span = { from: 0, to: 720 * hour }
const points = (firstKnown: number): SeriesPoint[] =>
  Array.from({ length: 720 }, (_, at) => ({
    at: new Date(at * hour).toISOString(),
    remainingRatio: at >= firstKnown ? 1 : null,
    burnRate: null,
    good: 0,
    bad: 0,
  }))

test('what was measured for a small part of the time is shown from its beginning', () => {
  expect(beginning(points(700), span)).toBe(699 * hour)
  expect(beginning(points(719), span)).toBe(718 * hour)
})

test('enough to see, and nothing at all, stay as they were asked for', () => {
  expect(beginning(points(0), span)).toBeNull()
  expect(beginning(points(500), span)).toBeNull()
  expect(beginning(points(720), span)).toBeNull()
  expect(beginning([], span)).toBeNull()
})

test('a line of a quarter of an hour at least', () => {
  const minutes = { from: 0, to: 6 * hour }
  const late: SeriesPoint[] = [
    { at: new Date(6 * hour - 60_000).toISOString(), remainingRatio: 1, burnRate: 0, good: 1, bad: 0 },
  ]
  expect(beginning(late, minutes)).toBe(6 * hour - 15 * 60_000)
})
