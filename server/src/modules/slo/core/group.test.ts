import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type GroupNow, groupLabel, levelOf, mostTold, type Told, tellGroups, worstSentence } from './group.ts'

test('groups are called by what tells them apart', () => {
  expect(groupLabel(['tenant', 'region'], ['acme', ''])).toBe('tenant=acme region=(none)')
  expect(groupLabel(['tenant'], null)).toBe('all others')
})

const tier = (severity: Told, eventsInLong: number, firing = true) => ({ firing, severity, eventsInLong })
test.each<[string, ReturnType<typeof tier>[], Told | null, Told | null]>([
  ['one small tenant pages nobody', [tier('page', 20)], null, null],
  ['with its own minimum it does', [tier('page', 100)], null, 'page'],
  ['the guard of the whole holds for it, too', [tier('ticket', 100)], null, 'ticket'],
  ['a longer window may have enough', [tier('page', 20), tier('ticket', 4_000)], null, 'ticket'],
  ['what was told stays told while it burns, however little happens', [tier('page', 20)], 'page', 'page'],
  ['and is not told of as worse by a handful of events', [tier('page', 20)], 'ticket', 'ticket'],
  ['and ends when it does not', [tier('page', 20, false)], 'page', null],
])('%s', (_, tiers, told, level) => {
  expect(levelOf(tiers, { leastEvents: 100 }, told)).toBe(level)
})

const now = (key: number, level: Told | null, told: Told | null = null, burn = 1): GroupNow => ({
  key,
  level,
  told,
  burn,
})

test('while the whole is told of, its groups are not told of again', () => {
  expect(tellGroups('page', [now(1, 'page'), now(2, 'ticket')])).toEqual({ tell: [], end: [], untold: 2 })
  expect(tellGroups('ticket', [now(1, 'page'), now(2, 'ticket')])).toEqual({ tell: [1], end: [], untold: 1 })
  expect(tellGroups(null, [now(1, 'page'), now(2, 'ticket')])).toEqual({ tell: [1, 2], end: [], untold: 0 })
})

test('the worst are told of first, and no more than a few at a time', () => {
  const groups = Array.from({ length: 50 }, (_, key) => now(key, key === 40 ? 'page' : 'ticket', null, key))
  const { tell, untold } = tellGroups(null, groups)
  expect(tell.slice(0, 3)).toEqual([40, 49, 48])
  expect([tell.length, untold]).toEqual([mostTold, 50 - mostTold])
})

test('what begins ends once, and nobody is told twice of one level', () => {
  const level = fc.option(fc.constantFrom<Told>('page', 'ticket'))
  const steps = fc.array(fc.tuple(level, fc.array(level, { minLength: 6, maxLength: 6 })), { maxLength: 30 })
  fc.assert(
    fc.property(steps, (lived) => {
      const told = new Map<number, Told>()
      for (const [whole, levels] of lived) {
        const groups = levels.map((each, key) => now(key, each, told.get(key) ?? null))
        const { tell, end } = tellGroups(whole, groups)
        for (const key of tell) {
          const is = levels[key]
          expect(is).not.toBeNull()
          expect(told.get(key)).not.toBe(is)
          if (is != null) told.set(key, is)
        }
        for (const key of end) {
          expect(told.has(key)).toBe(true)
          expect(levels[key]).toBeNull()
          told.delete(key)
        }
        // Nothing that is over is still told of.
        for (const key of told.keys()) expect(levels[key]).not.toBeNull()
      }
    }),
  )
})

test('whoever is told of the whole reads who is hit', () => {
  const groups = [
    { label: 'tenant=acme', bad: 62 },
    { label: 'tenant=b', bad: 30 },
    { label: 'tenant=c', bad: 0 },
    { label: 'tenant=d', bad: 5 },
    { label: 'tenant=e', bad: 3 },
  ]
  expect(worstSentence(groups, 100)).toBe('Of 100 failures: tenant=acme 62 %, tenant=b 30 %, tenant=d 5 %.')
  expect(worstSentence([{ label: 'x', bad: 0 }], 0)).toBeNull()
})
