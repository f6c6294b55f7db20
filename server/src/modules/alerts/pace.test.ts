import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPace } from './pace.ts'

test('what comes evenly is as many in a second as come, and none soon after the last', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 1, max: 50 }), (perSecond, everyMs) => {
      let now = 0
      const pace = createPace(() => now)
      for (; now < 10_000; now += everyMs) pace.add((perSecond * everyMs) / 1_000)
      expect(pace.perSecond() / perSecond).toBeGreaterThan(0.94)
      expect(pace.perSecond() / perSecond).toBeLessThan(1.06)
      now += 10_000
      expect(pace.perSecond()).toBeLessThan(1)
    }),
  )
})
