import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minute } from '../../../../kernel/duration.ts'
import { apportion } from '../apportion.ts'
import type { ExplicitHistogram } from '../histogram-model.ts'
import { familyOf, type RequestFamily } from './families.ts'
import { countOf } from './latency.ts'
import { emptyMinute, mergeMinutes, minutesOf, type SignalMinute, shareOut } from './minutes.ts'
import { advanceSender, newSender, type RequestPoint, type SenderNews, type SenderState } from './sender.ts'

const t0 = 1_700_000_040_000 - (1_700_000_040_000 % minute)
const around = { since: t0 - 10 * minute, now: t0 + 20 * minute, room: 100 }

function family(name: string): RequestFamily {
  const found = familyOf(name)?.family
  if (found?.kind !== 'requests') throw new Error(`${name} is no request family.`)
  return found
}
const http = family('http.server.request.duration')
const formerHttp = family('http.server.duration')

const explicit = (...counts: number[]): ExplicitHistogram => ({ kind: 'explicit', bounds: [0.1, 1], counts })
const point = (at: number, value: RequestPoint['value'], more: Partial<RequestPoint> = {}): RequestPoint => ({
  series: 'a',
  at,
  startAt: null,
  temporality: 'cumulative',
  value,
  family: http,
  unit: 's',
  verdict: 'fine',
  edge: null,
  ...more,
})
const news = (requests: readonly RequestPoint[], more: Partial<SenderNews> = {}): SenderNews => ({
  requests,
  fullness: [],
  aliveAt: null,
  wholeTargets: false,
  ...more,
})

function play(batches: readonly SenderNews[], settings = around) {
  let state: SenderState = newSender
  const minutes = new Map<number, SignalMinute>()
  const findings: Record<string, number> = {}
  for (const batch of batches) {
    const step = advanceSender(state, batch, settings)
    state = step.state
    for (const [start, part] of step.minutes) minutes.set(start, mergeMinutes(minutes.get(start) ?? emptyMinute, part))
    for (const [kind, count] of Object.entries(step.findings)) findings[kind] = (findings[kind] ?? 0) + (count ?? 0)
  }
  const at = (index: number) => minutes.get(t0 + index * minute) ?? null
  return { state, minutes, findings, at }
}

test('a cumulative histogram counts what it grew by; the first reading is only a beginning', () => {
  const { minutes, at } = play([
    news([point(t0, explicit(5, 5, 0))]),
    news([point(t0 + minute, explicit(8, 6, 0))]),
    news([point(t0 + 2 * minute, explicit(8, 6, 1), { verdict: 'error' })]),
  ])
  expect(minutes.size).toBe(2)
  expect(at(0)).toMatchObject({ traffic: 4, judged: 4, errors: 0 })
  expect(at(1)).toMatchObject({ traffic: 1, errors: 1 })
})

test('a batch sent twice changes nothing, nor does one that is older', () => {
  const once = [news([point(t0, 5)]), news([point(t0 + minute, 9)])]
  expect(play([...once, ...once]).minutes).toEqual(play(once).minutes)
})

test('a restart counts from 0, and a start that lies after the service is known counts whole', () => {
  const { at } = play([
    news([point(t0 + minute, 7, { startAt: t0 + 10_000 })]),
    news([point(t0 + 2 * minute, 3, { startAt: t0 + minute + 5_000 })]),
    news([point(t0 + 3 * minute, 1)]),
  ])
  expect([at(0)?.traffic, at(1)?.traffic, at(2)?.traffic]).toEqual([7, 3, 1])
})

test('a silence of more than five minutes is a gap, whatever the counter says after it', () => {
  const { minutes } = play([news([point(t0, 5)]), news([point(t0 + 6 * minute, 500)])])
  expect(minutes.size).toBe(0)
})

test('a process that reports without requests had none; one that never told of requests says nothing of them', () => {
  const quiet = play([
    news([point(t0, 5, { temporality: 'delta', startAt: t0 - minute })], { aliveAt: t0 }),
    news([], { aliveAt: t0 + minute }),
  ])
  expect(quiet.at(0)).toMatchObject({ traffic: 0, errors: 0 })
  expect(play([news([], { aliveAt: t0 }), news([], { aliveAt: t0 + minute })]).minutes.size).toBe(0)
})

test('requests that do not say how they ended are traffic, and neither good nor bad', () => {
  const { at } = play([
    news([point(t0, 5, { verdict: 'unknown' })]),
    news([point(t0 + minute, 9, { verdict: 'unknown' })]),
  ])
  expect(at(0)).toMatchObject({ traffic: 4, judged: 0, errors: 0 })
})

test('who sends the old name and the new one is counted once', () => {
  const both = (at: number, value: number) => [
    point(at, value, { series: 'old', family: formerHttp, unit: 'ms' }),
    point(at, value),
  ]
  expect(play([news(both(t0, 1)), news(both(t0 + minute, 4))]).at(0)?.traffic).toBe(3)
})

test('past the limit of series nothing more is kept, and it is counted', () => {
  const many = (at: number) => Array.from({ length: 5 }, (_, index) => point(at, index + 1, { series: `s${index}` }))
  const { findings, state } = play([news(many(t0))], { ...around, room: 3 })
  expect(Object.keys(state.series)).toHaveLength(3)
  expect(findings).toEqual({ 'too-many-series': 2 })
})

test('what lies in the future or too far back is left out', () => {
  const { findings, minutes } = play([
    news([point(around.now + 10 * minute, 1), point(around.now - 3 * 60 * minute, 1, { series: 'b' })]),
  ])
  expect(findings).toEqual({ future: 1, 'too-old': 1 })
  expect(minutes.size).toBe(0)
})

test('saturation is the highest that was told', () => {
  const { at } = play([
    news([], {
      fullness: [
        { resource: 'cpu', at: t0 + 10_000, value: 0.4 },
        { resource: 'cpu', at: t0 + 20_000, value: 0.9 },
        { resource: 'loop', at: t0 + 20_000, value: 0.2 },
      ],
    }),
  ])
  expect(at(0)).toEqual({ ...emptyMinute, saturation: { cpu: 0.9, loop: 0.2 } })
})

const edges = ['0.1', '1', '+Inf']
const scrape = (at: number, counts: readonly number[]) =>
  edges.map((edge, index) => point(at, counts[index] ?? 0, { series: 'h', edge }))

test('classic histograms come out the same however their edges are spread over requests', () => {
  const scrapes = [scrape(t0, [1, 2, 2]), scrape(t0 + minute, [4, 6, 7]), scrape(t0 + 2 * minute, [4, 6, 9])]
  const together = play(scrapes.map((each) => news(each)))
  expect(together.at(0)?.traffic).toBe(5)
  expect(together.at(1)?.traffic).toBe(2)
  expect(countOf(together.at(1)?.latency ?? { sketches: [], layouts: [], unplaced: 0 })).toBe(2)
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 2 }), { minLength: 9, maxLength: 9 }), (cuts) => {
      // Each edge comes with its scrape or up to one scrape later, in order of time for each edge.
      const batches: RequestPoint[][] = [[], [], [], []]
      for (const [index, parts] of scrapes.entries())
        for (const [edge, each] of parts.entries())
          batches[index + ((cuts[index * 3 + edge] ?? 0) === 2 && index === 1 ? 1 : 0)]?.push(each)
      const apart = play(batches.map((each) => news(each)))
      expect(apart.at(0)?.traffic).toBe(5)
      expect(apart.at(1)?.traffic).toBe(2)
    }),
  )
})

test('edges that were changed begin anew instead of waiting for ever', () => {
  const changed = (at: number, count: number) => [
    point(at, count, { series: 'h', edge: '0.5' }),
    point(at, count, { series: 'h', edge: '+Inf' }),
  ]
  const { at, state } = play([
    news(scrape(t0, [1, 2, 2])),
    ...[1, 2, 3, 4, 5].map((index) => news(changed(t0 + index * minute, 10 * index))),
  ])
  expect(at(4)?.traffic).toBe(10)
  expect(Object.keys(state.waiting.h ?? {}).length).toBeLessThanOrEqual(2)
})

test('sharing out keeps every event, also of histograms', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 50 }), { minLength: 3, maxLength: 3 }),
      fc.integer({ min: 1, max: 5 * minute }),
      fc.nat({ max: minute }),
      (counts, length, offset) => {
        const weights = minutesOf(t0 + offset, t0 + offset + length).map((each) => each.ms)
        expect(weights.reduce((a, b) => a + b)).toBe(length)
        const shares = shareOut(explicit(...counts), weights)
        for (const index of [0, 1, 2])
          expect(shares.map((each) => each.counts[index] ?? 0)).toEqual(apportion(counts[index] ?? 0, weights))
      },
    ),
  )
})
