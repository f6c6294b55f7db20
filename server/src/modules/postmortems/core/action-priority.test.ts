import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day } from '../../../kernel/duration.ts'
import { ageingOf, mostRepeats, priorityOf } from './action-priority.ts'
import { actionKinds } from './action-proof.ts'

test.each([
  { kind: 'prevent', size: 'S', severity: 'SEV1', repeats: 0, hurtMinutes: null, points: 8, perDay: 8 },
  { kind: 'prevent', size: 'L', severity: 'SEV1', repeats: 0, hurtMinutes: null, points: 8, perDay: 0.8 },
  { kind: 'prevent', size: 'M', severity: 'SEV2', repeats: 1, hurtMinutes: 30, points: 12, perDay: 4 },
  { kind: 'detect', size: null, severity: 'SEV3', repeats: 0, hurtMinutes: 0, points: 1, perDay: 0.3 },
  { kind: 'prevent', size: 'S', severity: 'SEV4', repeats: 99, hurtMinutes: 9_999, points: 30, perDay: 30 },
  { kind: 'prevent', size: 'S', severity: 'of another house', repeats: 0, hurtMinutes: 0, points: 1, perDay: 1 },
] as const)(
  '$severity, $repeats repeats, $hurtMinutes min, $kind of size $size',
  ({ kind, size, points, perDay, ...facts }) => {
    expect(priorityOf({ kind, size }, facts)).toMatchObject({ points, perDay })
  },
)

test('in words', () => {
  const facts = { severity: 'SEV2', repeats: 1, hurtMinutes: 30 }
  expect(priorityOf({ kind: 'mitigate', size: null }, facts).sentence).toBe(
    'SEV2 4 × 2 for 1 repeat × 1.5 for 30 min of hurt users × 0.6 because it mitigates = 7.2 points of risk; over 24 h (nobody has estimated it), 2.4 a day.',
  )
})

test('worse, again and longer never comes later; more work never comes earlier', () => {
  const facts = fc.record({
    severity: fc.constantFrom('SEV1', 'SEV2', 'SEV3', 'SEV4'),
    repeats: fc.nat(10),
    hurtMinutes: fc.option(fc.nat(1_000)),
  })
  fc.assert(
    fc.property(facts, fc.constantFrom(...actionKinds), (risk, kind) => {
      const of = (more: object, size: 'S' | 'M' | 'L' = 'M') => priorityOf({ kind, size }, { ...risk, ...more }).perDay
      expect(of({ repeats: risk.repeats + 1 })).toBeGreaterThanOrEqual(of({}))
      expect(of({ hurtMinutes: (risk.hurtMinutes ?? 0) + 60 })).toBeGreaterThanOrEqual(of({}))
      expect(of({ severity: 'SEV1' })).toBeGreaterThanOrEqual(of({}))
      expect(of({}, 'S')).toBeGreaterThanOrEqual(of({}, 'L'))
    }),
  )
})

test('similar ones beyond those that count change nothing, so a store may stop counting there', () => {
  fc.assert(
    fc.property(fc.nat(40), fc.nat(10), (similar, reopened) => {
      const of = (repeats: number) =>
        priorityOf({ kind: 'prevent', size: 'M' }, { severity: 'SEV2', repeats, hurtMinutes: 30 })
      expect(of(Math.min(mostRepeats, similar) + reopened)).toEqual(of(similar + reopened))
    }),
  )
})

test('every open action is in one bucket of age', () => {
  const now = 1_000 * day
  const at = (age: number, due = now + day) => ({ createdAt: now - age * day, dueAt: due })
  expect(ageingOf([at(0), at(29), at(30, now - 1), at(89), at(90), at(180), at(999, now - 1)], now)).toEqual([
    { bucket: 'under 30 days', actions: 2, overdue: 0 },
    { bucket: '30 to 89 days', actions: 2, overdue: 1 },
    { bucket: '90 to 179 days', actions: 1, overdue: 0 },
    { bucket: '180 days and more', actions: 2, overdue: 1 },
  ])
})
