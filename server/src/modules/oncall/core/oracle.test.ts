import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findDifference, generatedSchedule } from '../testing/generated-schedules.ts'

// 20,000 and more: npx tsx bench/oncall-oracle.ts 20000
test('500 generated schedules over zones and years equal a walk over every minute', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(generatedSchedule, (given) => {
      expect(findDifference(given)).toBeNull()
    }),
    { numRuns: 500 },
  )
})
