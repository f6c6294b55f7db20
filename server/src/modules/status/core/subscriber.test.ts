import { expect, test } from 'vitest'
import { day } from '../../../kernel/duration.ts'
import { instant, plus } from '../../../kernel/instant.ts'
import { chosenComponents, judgeReceiver } from './subscriber.ts'

test.each([
  { chosen: ['b'], kept: ['b'] },
  { chosen: ['a', 'b'], kept: null },
  { chosen: [], kept: null },
  { chosen: ['gone'], kept: null },
])('$chosen of a and b is $kept', ({ chosen, kept }) => expect(chosenComponents(chosen, ['a', 'b'])).toEqual(kept))

test('a receiver that takes nothing for three days is paused, and one answer makes it good', () => {
  const now = instant(Date.parse('2026-03-02T09:00:00Z'))
  const failed = { state: 'failed', outcome: 'The receiver answered 500.' } as const
  expect(judgeReceiver({ state: 'waiting', outcome: '' }, null, now)).toBeNull()
  expect(judgeReceiver(failed, null, now)).toEqual({ failingSince: now, because: failed.outcome, paused: false })
  expect(judgeReceiver(failed, now, plus(now, 3 * day - 1))?.paused).toBe(false)
  expect(judgeReceiver(failed, now, plus(now, 3 * day))).toEqual({
    failingSince: now,
    because: failed.outcome,
    paused: true,
  })
  expect(judgeReceiver({ state: 'sent', outcome: 'HTTP 200' }, now, plus(now, day))?.failingSince).toBeNull()
})
