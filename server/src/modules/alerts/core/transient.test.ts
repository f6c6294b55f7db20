import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Instant, instant } from '../../../kernel/instant.ts'
import { alertSeverities } from '../../../kernel/severity.ts'
import { isWorse } from './episode.ts'
import { calmFrom, flappingFrom, judgeFlapping, type PastEpisode, restlessness } from './flapping.ts'
import { judgePause, leastEpisodes, readPause } from './transient.ts'

const now = instant(Date.UTC(2026, 0, 10))
const minutes = 60_000
const before = (ms: number): Instant => instant(now - ms)
/** Minutes ago it began, minutes it lasted. */
const episode = (ago: number, lasted: number, more: Partial<PastEpisode> = {}): PastEpisode => ({
  openedAt: before(ago * minutes),
  endedAt: before((ago - lasted) * minutes),
  healed: true,
  worst: 'warning',
  flapping: false,
  ...more,
})
const episodes = (count: number, more: Partial<PastEpisode> = {}, lasted = 2) =>
  Array.from({ length: count }, (_, index) => episode(60 * (index + 3), lasted, more))

const someEpisode: fc.Arbitrary<PastEpisode> = fc
  .record({
    ago: fc.integer({ min: 1, max: 600 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    healed: fc.boolean(),
    worst: fc.constantFrom(...alertSeverities),
    flapping: fc.boolean(),
  })
  .map(({ ago, share, ...rest }) => episode(ago, Math.round(ago * share), rest))
const history = fc.array(someEpisode, { maxLength: 25 }).map((past) => past.sort((a, b) => b.openedAt - a.openedAt))

test.each([
  ['never before', [], false, null],
  ['three in half an hour', [10, 20, 30].map((ago) => episode(ago, 5)), true, 'flapping'],
  ['two in half an hour', [10, 20].map((ago) => episode(ago, 5)), false, null],
  ['three, hours ago', [200, 210, 220].map((ago) => episode(ago, 5)), false, null],
  ['still restless', [episode(30, 5, { flapping: true })], true, 'flapping'],
  ['calm again', [episode(119, 5, { flapping: true })], false, 'calm'],
] as const)('flapping: %s', (_, past, flapping, verdict) => {
  const judged = judgeFlapping(past, now)
  expect([judged.flapping, judged.asked?.verdict ?? null]).toEqual([flapping, verdict])
})

test('the mark says how often', () => {
  expect(
    judgeFlapping(
      [10, 20, 30].map((ago) => episode(ago, 5)),
      now,
    ).asked?.because,
  ).toBe('It began 4 times in 2h: it is flapping until it has calmed.')
})

test('between the thresholds it stays what it was; one more change never calms, time alone never excites', () => {
  fc.assert(
    fc.property(history, someEpisode, fc.integer({ min: 0, max: 300 }), (past, more, later) => {
      const weight = restlessness(past, now)
      const was = past[0]?.flapping ?? false
      if (weight > calmFrom && weight < flappingFrom) expect(judgeFlapping(past, now).flapping).toBe(was)
      expect(restlessness([...past, more], now)).toBeGreaterThanOrEqual(weight)
      expect(restlessness(past, instant(now + later * minutes))).toBeLessThanOrEqual(weight)
    }),
  )
})

const label = { 'mainstay.dev/transient-pause': '5m' }
test.each([
  [{}, 'warning', null],
  [label, 'warning', 5 * minutes],
  [label, 'critical', null],
  [{ ...label, 'mainstay.dev/transient-pause-critical': 'true' }, 'critical', 5 * minutes],
  [{ 'mainstay.dev/transient-pause': '90s' }, 'info', 90_000],
  [{ 'mainstay.dev/transient-pause': '9999m' }, 'info', 30 * minutes],
  [{ 'mainstay.dev/transient-pause': '0m' }, 'info', null],
  [{ 'mainstay.dev/transient-pause': 'soon' }, 'info', null],
] as const)('%j lets a %s wait %s', (labels, severity, expected) => {
  expect(readPause(labels, severity)).toBe(expected)
})

const mixed = [...episodes(18, {}, 2.6), ...episodes(2, { healed: false }, 40)]
test.each([
  [
    'heals nearly always',
    mixed,
    3 * minutes,
    'It heals by itself within 3m in 18 of 20 times: people are told after 3m.',
  ],
  ['too seldom seen', episodes(3), null, 'It was here 3 times before; from 8 on it is known how it ends.'],
  [
    'heals too seldom',
    [...episodes(5), ...episodes(5, { healed: false })],
    null,
    'It healed by itself in 5 of 10 times only.',
  ],
  [
    'takes too long',
    episodes(10, {}, 7),
    null,
    'It heals by itself within 7m in 10 of 10 times, which is longer than its service lets it wait (5m).',
  ],
  ['never this bad', episodes(20, { worst: 'info' }), null, 'It was never this bad before: nobody waits.'],
] as const)('a pause: %s', (_, past, pauseMs, because) => {
  expect(judgePause('warning', past, 5 * minutes)).toEqual({
    pauseMs,
    asked: { rule: 'pause', verdict: pauseMs === null ? 'told now' : 'waits', because },
  })
})

test('a pause is never longer than it may be, never without enough that was as bad, and long enough for nine of ten', () => {
  fc.assert(
    fc.property(
      history,
      fc.constantFrom(...alertSeverities),
      fc.integer({ min: 1, max: 1_800_000 }),
      (past, worst, longest) => {
        const { pauseMs } = judgePause(worst, past, longest)
        if (pauseMs === null) return
        const sample = past.filter((each) => !isWorse(worst, each.worst)).slice(0, 20)
        const healed = sample.filter((each) => each.healed)
        expect(pauseMs).toBeLessThanOrEqual(longest)
        expect(sample.length).toBeGreaterThanOrEqual(leastEpisodes)
        const within = healed.filter(({ openedAt, endedAt }) => endedAt - openedAt <= pauseMs)
        expect(within.length).toBeGreaterThanOrEqual(healed.length * 0.9)
      },
    ),
  )
})
