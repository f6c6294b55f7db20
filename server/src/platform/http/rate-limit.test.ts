import { expect, test } from 'vitest'
import { createRateLimits, takeToken } from './rate-limit.ts'

const taken = (
  limits: ReturnType<typeof createRateLimits>,
  caller: string,
  operation: string,
  most: number,
): number => {
  for (let count = 0; count < most; count += 1) {
    try {
      takeToken(limits, caller, operation)
    } catch (error) {
      expect(error).toMatchObject({ kind: 'limited', code: 'http.too-many-requests' })
      return count
    }
  }
  return most
}

test('a caller has a burst, and another caller has one of its own', () => {
  const limits = createRateLimits({ perSecond: 1, burst: 5 })
  expect(taken(limits, 'a', 'alerts.list', 50)).toBe(5)
  expect(taken(limits, 'b', 'alerts.get', 50)).toBe(5)
})

test('what is guessed at is tight, and apart from everything else', () => {
  const limits = createRateLimits({ perSecond: 1, burst: 5, tight: { 'session.sign-in': 2 } })
  expect(taken(limits, 'a', 'session.sign-in', 50)).toBe(2)
  expect(taken(limits, 'a', 'alerts.list', 50)).toBe(5)
})

test('what reports is wide: asking too often turns no alarm away, and alarms keep nobody from asking', () => {
  const limits = createRateLimits({ perSecond: 1, burst: 5, wide: { 'intake.alertmanager': 1_000 } })
  expect(taken(limits, 'a', 'alerts.list', 50)).toBe(5)
  expect(taken(limits, 'a', 'intake.alertmanager', 1_500)).toBe(1_500)
  expect(taken(limits, 'b', 'intake.alertmanager', 1_500)).toBe(1_500)
  expect(taken(limits, 'b', 'alerts.list', 50)).toBe(5)
})
