import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instant } from '../../../kernel/instant.ts'
import type { AlertSeverity } from '../../../kernel/severity.ts'
import { readSignal, type Signal } from '../../alerts/core/index.ts'
import { press, refill } from './pressure.ts'

const now = instant(0)
function signalOf(key: string, status: 'firing' | 'resolved', severity: AlertSeverity): Signal {
  const read = readSignal({ source: 's', status, dedupKey: key, severity }, now)
  if (!read.ok) throw new Error('A signal of a test is right.')
  return read.signal
}
const severities = fc.constantFrom<AlertSeverity>('critical', 'warning', 'info')
const signals = fc.array(
  fc
    .tuple(
      fc.constantFrom('a', 'b', 'c'),
      fc.constantFrom<'firing' | 'resolved'>('firing', 'firing', 'resolved'),
      severities,
    )
    .map(([key, status, severity]) => signalOf(key, status, severity)),
  { maxLength: 30 },
)
const open = fc
  .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c'), severities), { selector: ([key]) => key })
  .map((pairs) => new Map(pairs))

test('whatever the limit, every end, every first event and every rise passes, in order', () => {
  fc.assert(
    fc.property(signals, open, fc.nat({ max: 5 }), (given, known, tokens) => {
      const { taken, counted, allowance } = press(given, known, { tokens, at: 0 })
      expect(taken.length + counted).toBe(given.length)
      expect(allowance.tokens).toBeGreaterThanOrEqual(0)
      const order = taken.map((each) => given.indexOf(each))
      expect(order).toEqual([...order].sort((a, b) => a - b))
      const state = new Map<string, AlertSeverity>(known)
      const rank = { info: 0, warning: 1, critical: 2 }
      for (const each of given) {
        const worst = state.get(each.key)
        const isNews = each.status === 'resolved' || worst === undefined || rank[each.severity] > rank[worst]
        if (isNews) expect(taken).toContain(each)
        if (each.status === 'resolved') state.delete(each.key)
        else if (isNews) state.set(each.key, each.severity)
      }
    }),
  )
})

test('with tokens to spare nothing is held; what is held is the newest of its key and of nothing that ended', () => {
  fc.assert(
    fc.property(signals, open, (given, known) => {
      expect(press(given, known, { tokens: 1_000, at: 0 }).taken).toEqual(given)
      const { held } = press(given, known, { tokens: 0, at: 0 })
      for (const each of held) expect(given.filter(({ key }) => key === each.key).at(-1)).toBe(each)
    }),
  )
})

test('an allowance fills by the minute and no further', () => {
  const fresh = refill(null, 60, 1_000)
  expect(fresh.tokens).toBe(60)
  expect(refill({ tokens: 0, at: 1_000 }, 60, 11_000).tokens).toBe(10)
  expect(refill({ tokens: 0, at: 1_000 }, 60, 10_000_000).tokens).toBe(60)
  expect(refill({ tokens: 5, at: 1_000 }, 60, 0).tokens).toBe(5)
})
