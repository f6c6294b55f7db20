import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day, hour, minute } from '../../../../kernel/duration.ts'
import { type AnomalyConfig, type AnomalyState, observe, type Point, unknownState, type Verdict } from './detector.ts'
import { rulesFor } from './rules.ts'
import { wallHourIn } from './wall.ts'

const step = 5 * minute
const config: AnomalyConfig = {
  rules: rulesFor.hint,
  wallHour: wallHourIn('UTC'),
  noise: (usual) => 0.01 + 0.01 * Math.abs(usual),
  side: 'both',
}
const monday = Date.UTC(2026, 10, 2)

function fold(points: readonly Point[], from: AnomalyState = unknownState, by: AnomalyConfig = config) {
  let state = from
  const told: { at: number; verdict: Verdict; score: number }[] = []
  for (const point of points) {
    const observed = observe(by, state, point)
    state = observed.state
    told.push({ at: point.at, verdict: observed.verdict, score: observed.score })
  }
  return { state, told }
}

/** Numbers without pattern that are the same in every run. */
function noiseOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32 - 0.5
  }
}

function series(steps: number, valueAt: (at: number, index: number) => number): readonly Point[] {
  return Array.from({ length: steps }, (_, index) => ({
    at: monday + index * step,
    value: valueAt(monday + index * step, index),
  }))
}

const perDay = day / step
const daily = (at: number) => 100 + 80 * Math.sin(((at % day) / day) * 2 * Math.PI)
const begins = (told: readonly { at: number; verdict: Verdict }[]) =>
  told.filter(({ verdict }) => verdict === 'begins').map(({ at }) => (at - monday) / step)

const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }), { maxLength: 400 })

test('a state that was written down and read again goes on the same', () => {
  fc.assert(
    fc.property(values, fc.nat(400), (numbers, cut) => {
      const points = series(numbers.length, (_, index) => numbers[index] ?? 0)
      const whole = fold(points)
      const first = fold(points.slice(0, cut))
      const second = fold(points.slice(cut), JSON.parse(JSON.stringify(first.state)) as AnomalyState)
      expect(second.state).toEqual(whole.state)
      expect([...first.told, ...second.told]).toEqual(whole.told)
    }),
  )
})

test('whatever comes, scores lie between 0 and 1 and the state holds numbers that can be written down', () => {
  fc.assert(
    fc.property(fc.oneof(values, fc.array(fc.double(), { maxLength: 300 })), (numbers) => {
      const { state, told } = fold(series(numbers.length, (_, index) => numbers[index] ?? 0))
      for (const { score } of told) expect(score >= 0 && score <= 1).toBe(true)
      expect(JSON.parse(JSON.stringify(state))).toEqual(state)
      expect(JSON.stringify(state).replace('"lastAt":null', '').replace('"open":null', '')).not.toContain('null')
    }),
  )
})

test('the past decides alone: what comes later changes no verdict', () => {
  fc.assert(
    fc.property(values, values, (before, after) => {
      const all = [...before, ...after]
      const whole = fold(series(all.length, (_, index) => all[index] ?? 0))
      const part = fold(series(before.length, (_, index) => before[index] ?? 0))
      expect(whole.told.slice(0, before.length)).toEqual(part.told)
    }),
  )
})

test('what is no number, or no later than the last point, changes nothing', () => {
  const { state } = fold(series(50, daily))
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const observed = observe(config, state, { at: monday + day, value })
    expect(observed.verdict).toBe('refused')
    expect(observed.state).toBe(state)
  }
  for (const at of [monday, monday + 49 * step, Number.NaN]) {
    expect(observe(config, state, { at, value: 1 }).state).toBe(state)
  }
})

test('a series that never changes is never unusual', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), (value) => {
      const { told } = fold(series(1000, () => value))
      expect(told.every(({ score }) => score === 0)).toBe(true)
    }),
    { numRuns: 20 },
  )
})

test('the size of the numbers does not matter, only their pattern', () => {
  const next = noiseOf(3)
  const points = series(10 * perDay, (at, index) => daily(at) + 10 * next() + (index === 9 * perDay ? 900 : 0))
  const relative = { ...config, noise: (usual: number) => 0.01 * Math.abs(usual) }
  const times = points.map(({ at, value }) => ({ at, value: value * 1024 }))
  expect(begins(fold(times, unknownState, relative).told)).toEqual(begins(fold(points, unknownState, relative).told))
})

test('a day like the days before is usual, noise and all', () => {
  const next = noiseOf(1)
  const { told } = fold(series(21 * perDay, (at) => daily(at) + 10 * next()))
  // The first week is what the hours of the week are learnt from.
  expect(begins(told).filter((index) => index > 8 * perDay).length).toBeLessThanOrEqual(1)
})

test('a level that shifts for good is told once, at once, and then learnt', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const next = noiseOf(seed)
    const shift = 15 * perDay + 40
    const { told } = fold(series(30 * perDay, (_, index) => (index < shift ? 100 : 200) + 10 * next()))
    const found = begins(told).filter((index) => index >= shift)
    expect(found).toEqual([shift])
    expect(told.filter(({ verdict }) => verdict.startsWith('ends')).length).toBeGreaterThan(0)
    expect(told.at(-1)?.verdict).toBe('usual')
  }
})

test('an hour that is quiet every day but today is told, though the value is common at other hours', () => {
  const next = noiseOf(7)
  const at = 20 * perDay + 40
  const { told } = fold(
    series(21 * perDay, (time, index) => (index >= at && index < at + 12 ? 60 : daily(time)) + 4 * next()),
  )
  expect(begins(told).filter((index) => index >= at - 12)).toEqual([at])
})

test('one absurd point is told, does not become usual and hides nothing', () => {
  const next = noiseOf(11)
  const [absurd, real] = [10 * perDay, 12 * perDay]
  const { told, state } = fold(
    series(
      13 * perDay,
      (_, index) => (index === absurd ? 1e6 : index >= real && index < real + 12 ? 300 : 100) + 10 * next(),
    ),
  )
  expect(begins(told).filter((index) => index >= absurd)).toEqual([absurd, real])
  expect(state.level.middle).toBeGreaterThan(95)
  expect(state.level.middle).toBeLessThan(110)
})

test('it ends when the series comes back, and that is told once', () => {
  const next = noiseOf(13)
  const at = 10 * perDay
  const { told } = fold(series(12 * perDay, (_, index) => (index >= at && index < at + 20 ? 500 : 100) + 10 * next()))
  const back = told.findIndex(({ verdict }, index) => index > at && verdict === 'ends-back')
  expect(back).toBeGreaterThanOrEqual(at + 20)
  expect(back).toBeLessThan(at + 26)
})

test('nothing measured for days is no anomaly, and neither is coming back from it', () => {
  const next = noiseOf(17)
  const points = series(21 * perDay, (at) => daily(at) + 10 * next())
  const gap = points.filter(({ at }) => at < monday + 16 * day || at >= monday + 18 * day + 5 * hour)
  expect(begins(fold(gap).told)).toEqual(begins(fold(points).told).filter((index) => index < 16 * perDay))
})

test('what is watched from above may fall as it likes', () => {
  const next = noiseOf(23)
  const points = series(12 * perDay, (_, index) => (index >= 10 * perDay ? 10 : 100) + 8 * next())
  const found = (by: AnomalyConfig) => begins(fold(points, unknownState, by).told).filter((at) => at >= 10 * perDay)
  expect(found(config)).toEqual([10 * perDay])
  expect(found({ ...config, side: 'above' })).toEqual([])
})

test('the state does not grow', () => {
  const sizes = [2 * perDay, 30 * perDay].map((steps) => JSON.stringify(fold(series(steps, daily)).state).length)
  expect(sizes[1] ?? 0).toBeLessThan(6_000)
})
