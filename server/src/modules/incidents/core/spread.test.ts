import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tiers } from '../../../kernel/severity.ts'
import { type Spreading, spreadLimit, spreadTo } from './spread.ts'

interface One extends Spreading {
  readonly id: number
}

const one: Spreading = { status: 'triage', automatic: true, kind: 'normal', openedByRule: 'Down', openedByTier: 2 }
/** The newest first, as they are listed: the oldest is 0. */
const many = (count: number, change: (id: number) => Partial<Spreading> = () => ({})): One[] =>
  Array.from({ length: count }, (_, index) => ({ ...one, id: index, ...change(index) })).reverse()

test('beyond the first few one rule opens no more incidents: the oldest takes what comes', () => {
  expect(spreadTo({ rule: 'Down', tier: 2 }, many(spreadLimit - 1))).toBeNull()
  expect(spreadTo({ rule: 'Down', tier: 2 }, many(spreadLimit))?.id).toBe(0)
  expect(spreadTo({ rule: 'Down', tier: 2 }, many(spreadLimit * 20))?.id).toBe(0)
})

test.each<[string, (id: number) => Partial<Spreading>]>([
  ['by another rule', () => ({ openedByRule: 'Slow' })],
  ['by nobody knows what', () => ({ openedByRule: null })],
  ['by people', () => ({ automatic: false })],
  ['for readers of its own', () => ({ kind: 'security' })],
  ['and seems over', () => ({ status: 'mitigated' })],
])('one that was opened %s does not count', (_, change) => {
  const changed = (id: number) => (id === 5 ? change(id) : {})
  expect(spreadTo({ rule: 'Down', tier: 2 }, many(spreadLimit, changed))).toBeNull()
  expect(spreadTo({ rule: 'Down', tier: 2 }, many(spreadLimit + 1, changed))?.id).toBe(0)
})

test('what matters more is led by itself, or with its equals', () => {
  expect(spreadTo({ rule: 'Down', tier: 1 }, many(spreadLimit))).toBeNull()
  const third = many(spreadLimit, (id) => ({ openedByTier: id === 3 ? 1 : 2 }))
  expect(spreadTo({ rule: 'Down', tier: 1 }, third)?.id).toBe(3)
  expect(spreadTo({ rule: 'Down', tier: 0 }, third)).toBeNull()
  expect(spreadTo({ rule: null, tier: 3 }, third)).toBeNull()
})

test('whatever comes in whatever order, a rule opens no more than the limit for services of each importance', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ rule: fc.constantFrom('Down', 'Slow', null), tier: fc.constantFrom(null, ...tiers) }), {
        minLength: 30,
        maxLength: 120,
      }),
      (alerts) => {
        let open: One[] = []
        alerts.forEach(({ rule, tier }, id) => {
          const joined = spreadTo({ rule, tier }, open)
          if (joined === null) open = [{ ...one, id, openedByRule: rule, openedByTier: tier }, ...open]
          else {
            expect(joined.openedByRule).toBe(rule)
            expect(joined.openedByTier ?? 1).toBeLessThanOrEqual(tier ?? 1)
          }
        })
        for (const rule of ['Down', 'Slow']) {
          const own = open.filter((each) => each.openedByRule === rule)
          // Beyond the limit only what matters more than all before it is led by itself: once for each rank.
          expect(own.length).toBeLessThanOrEqual(spreadLimit + tiers.length)
        }
      },
    ),
  )
})
