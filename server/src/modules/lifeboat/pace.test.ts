import { expect, test } from 'vitest'
import { createPace } from './pace.ts'

function pacing(mostRestMs?: number) {
  let now = 1_000_000
  const bound = mostRestMs === undefined ? {} : { mostRestMs }
  const pace = createPace({ crowdMs: 1_000, restMs: 5_000, share: 40, ...bound, monotonicMs: () => now })
  const pass = (ms: number) => {
    now += ms
  }
  const reading = (tookMs: number) => pace.run(async () => pass(tookMs))
  return { pace, reading, pass }
}

test('before anything was read a change waits for its crowd only', () => {
  const { pace } = pacing()
  expect([pace.delayMs(), pace.isDue(), pace.begunAt()]).toEqual([1_000, true, Number.NEGATIVE_INFINITY])
})

test.each([
  { tookMs: 10, mostRestMs: undefined, rest: 5_000 },
  { tookMs: 300, mostRestMs: undefined, rest: 12_000 },
  { tookMs: 300, mostRestMs: 9_000, rest: 9_000 },
  { tookMs: 2_000, mostRestMs: undefined, rest: 80_000 },
])('after $tookMs ms of reading it rests $rest ms', async ({ tookMs, mostRestMs, rest }) => {
  const { pace, reading, pass } = pacing(mostRestMs)
  await reading(tookMs)
  expect([pace.delayMs(), pace.isDue()]).toEqual([rest, false])
  pass(rest - 1)
  expect([pace.delayMs(), pace.isDue()]).toEqual([1_000, false])
  pass(1)
  expect(pace.isDue()).toBe(true)
})

test('a reading that fails leaves the pace as it was', async () => {
  const { pace, reading } = pacing()
  await reading(10)
  const before = pace.begunAt()
  await expect(
    pace.run(async () => {
      throw new Error('away')
    }),
  ).rejects.toThrow('away')
  expect(pace.begunAt()).toBe(before)
})
