import { expect, test } from 'vitest'
import { closes, instantOf, nextStates } from './status-words.ts'

test.each([
  ['incident', 'identified', ['identified', 'monitoring', 'resolved', 'investigating']],
  ['incident', 'investigating', ['investigating', 'identified', 'monitoring', 'resolved']],
  ['maintenance', 'scheduled', ['scheduled', 'in_progress', 'cancelled']],
  ['maintenance', 'in_progress', ['in_progress', 'completed', 'cancelled']],
] as const)('%s that is %s', (kind, state, next) => {
  expect(nextStates(kind, state)).toEqual(next)
})

test('only an end ends', () => {
  expect(
    ['resolved', 'completed', 'cancelled', 'monitoring', 'in_progress'].map((each) => closes(each as 'resolved')),
  ).toEqual([true, true, true, false, false])
})

test('what is no time is none', () => {
  expect([instantOf(''), instantOf('soon')]).toEqual([null, null])
  expect(instantOf('2026-03-01T09:00')).toBe(new Date('2026-03-01T09:00').toISOString())
})
