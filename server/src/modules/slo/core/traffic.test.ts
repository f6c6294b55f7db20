import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day, hour } from '../../../kernel/duration.ts'
import { rational } from '../../../kernel/rational.ts'
import { defaultTiers } from './tiers.ts'
import { adviseTraffic, fewEventsSentence } from './traffic.ts'

const of = (target: [number, number], windowMs: number, events: number, more: object = {}) => ({
  target: rational(...target),
  windowMs,
  events,
  measuredShare: 1,
  tiers: defaultTiers(windowMs, 60_000),
  leastBadForPage: 5,
  ...more,
})

test('10 requests an hour at 99.9 % over 30 days: 7.2 are allowed, and one failure spends 13.9 % of them', () => {
  const advice = adviseTraffic(of([999, 1000], 30 * day, 7_200))
  expect(advice).toMatchObject({ verdict: 'thin', eventsInWindow: 7_200, allowedBad: 7.2 })
  expect(advice?.oneFailureFires).toEqual(['1h/5m', '6h/30m', '1d/2h', '3d/6h'])
  expect(advice?.sentence).toBe(
    'At this traffic (7,200 events in 30 d) one failure alone spends 13.9 % of the budget. It sets off 1h/5m and 6h/30m and 1d/2h and 3d/6h where its traffic is as usual. The guard keeps that from paging: below 5 failures it is a ticket.',
  )
  expect(advice?.ways[0]).toContain('from 10,000 events in 30 d on')
})

test('424 requests a week at 99 %: 4.24 are allowed, one failure is 23.6 %', () => {
  const advice = adviseTraffic(of([99, 100], 7 * day, 424))
  expect(advice?.allowedBad).toBe(4.24)
  expect(advice?.sentence).toContain('one failure alone spends 23.6 % of the budget')
})

test('less than one allowed failure is an objective that one failure breaks', () => {
  const advice = adviseTraffic(of([999, 1000], 30 * day, 400))
  expect(advice).toMatchObject({ verdict: 'impossible' })
  expect(advice?.sentence).toContain('one failure alone breaks the objective: 0.4 are allowed.')
})

test('69.4 requests an hour are where one failure no longer passes 14.4 at 99.9 %', () => {
  const fires = (perHour: number) => adviseTraffic(of([999, 1000], 30 * day, perHour * 720))?.oneFailureFires ?? []
  expect(fires(69)).toContain('1h/5m')
  expect(fires(70)).not.toContain('1h/5m')
})

test('a window measured in part stands for the whole; too small a part says nothing', () => {
  expect(adviseTraffic(of([999, 1000], 30 * day, 720, { measuredShare: 0.1 }))?.eventsInWindow).toBe(7_200)
  expect(adviseTraffic(of([999, 1000], 30 * day, 720, { measuredShare: 0.05 }))).toBeNull()
  expect(adviseTraffic(of([999, 1000], 30 * day, 0))).toBeNull()
})

test('without a guard it says that one failure pages', () => {
  expect(adviseTraffic(of([999, 1000], 30 * day, 7_200, { leastBadForPage: 0 }))?.sentence).toContain(
    'No guard is set: it pages.',
  )
})

test('more traffic never makes one failure weigh more', () => {
  const spends = (events: number) => adviseTraffic(of([999, 1000], 30 * day, events))?.oneFailureSpends ?? 0
  const events = fc.integer({ min: 1_001, max: 1_000_000 })
  fc.assert(
    fc.property(events, events, (a, b) => {
      expect(spends(Math.max(a, b))).toBeLessThanOrEqual(spends(Math.min(a, b)))
    }),
  )
})

test('10 requests in an hour: one failure alone is a burn rate of 100, not 1,000', () => {
  const tier = { bad: 1, events: 10, threshold: rational(144, 10), longMs: hour }
  expect(fewEventsSentence(tier, rational(1, 1000))).toBe(
    'With 10 events in 1 h one failure alone is a burn rate of 100×, above the limit.',
  )
  expect(fewEventsSentence({ ...tier, events: 70 }, rational(1, 1000))).toBeNull()
})
