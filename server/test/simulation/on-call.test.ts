// The second way of working out who is on call agrees with the product's own, through the changes of clocks.
import { expect, test } from 'vitest'
import { day, minute } from '../../src/kernel/duration.ts'
import { instant } from '../../src/kernel/instant.ts'
import { directoryOf } from '../../src/modules/oncall/core/index.ts'
import { nextChange, onCall } from './oracle/on-call.ts'
import { organisationOf } from './organisation.ts'
import { randomOf } from './random.ts'

test('60 organisations over two months: the same people, and the same next change', () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const { schedules, start } = organisationOf(randomOf(seed, 'organisation'))
    const random = randomOf(seed, 'instants')
    const directory = directoryOf(schedules, () => true)
    for (const schedule of schedules) {
      for (let look = 0; look < 20; look += 1) {
        const at = instant(start + random.whole(0, 60 * 24 * 60) * minute)
        const told = `${schedule.name} of seed ${seed} at ${new Date(at).toISOString()}`
        expect([...onCall(schedule, at)].sort(), told).toEqual([...directory.onCall(schedule.name, at)].sort())
      }
      const at = instant(start + random.whole(0, 30) * day)
      expect(nextChange(schedule, at, 8 * day), `${schedule.name} of seed ${seed}`).toBe(
        directory.changesAt(schedule.name, at),
      )
    }
  }
})
