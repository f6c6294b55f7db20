import fc from 'fast-check'
import { expect, test } from 'vitest'
import { admitGroups, groupKey, groupValues, isSameGrouping } from './grouping.ts'

/** Ten thousand lives take a while on a slow machine. */
const patient = { timeout: 300_000 }

const rule = { by: ['tenant', 'region'], most: 3 }
const lookup = (labels: Readonly<Record<string, string>>) => (name: string) => labels[name]

test('values stand in the order of the rule; what is missing is empty', () => {
  expect(groupValues(rule, lookup({ region: 'eu', tenant: 'acme', route: '/' }))).toEqual(['acme', 'eu'])
  expect(groupValues(rule, lookup({ region: 'eu' }))).toEqual(['', 'eu'])
})

test('values are texts that a database takes, told apart by 200 characters', () => {
  expect(groupValues({ by: ['a'], most: 1 }, lookup({ a: 'x\u0000y\ud800' }))).toEqual(['x\ufffdy\ufffd'])
  expect(groupValues({ by: ['a'], most: 1 }, lookup({ a: `${'x'.repeat(199)}\u{1f600}` }))[0]).toHaveLength(200)
})

test('no two lists of values have one key', () => {
  const values = fc.array(fc.string(), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(values, values, (a, b) => {
      expect(groupKey(a) === groupKey(b)).toBe(same(a, b))
    }),
  )
})
const same = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((each, at) => each === b[at])

test('C12 bounded memory: the first to come get a group while there is room; nobody is asked to leave', patient, () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.integer({ min: 0, max: 40 }).map(String), { maxLength: 30 }), { maxLength: 20 }),
      fc.integer({ min: 0, max: 12 }),
      (batches, most) => {
        const held = new Set<string>()
        const firsts = [...new Set(batches.flat())].slice(0, most)
        for (const batch of batches) {
          const before = [...held]
          const { fresh, others } = admitGroups(
            { by: ['x'], most },
            held.size,
            batch.filter((each) => !held.has(each)),
          )
          for (const each of fresh) held.add(each)
          expect(before.every((each) => held.has(each))).toBe(true)
          expect(held.size).toBeLessThanOrEqual(most)
          expect(new Set([...fresh, ...others])).toEqual(new Set(batch.filter((each) => !before.includes(each))))
        }
        expect([...held]).toEqual(firsts)
      },
    ),
    { numRuns: 10_000 },
  )
})

test('a million different values take no more than the limit', () => {
  function* flood() {
    for (let index = 0; index < 1_000_000; index += 1) yield `tenant-${index}`
  }
  const { fresh, others } = admitGroups({ by: ['tenant'], most: 100 }, 40, flood())
  expect([fresh.length, others.length]).toEqual([60, 999_940])
})

test('another limit keeps the groups, other attributes do not', () => {
  expect(isSameGrouping(rule, { ...rule, most: 9 })).toBe(true)
  expect(isSameGrouping(rule, { by: ['region', 'tenant'], most: 3 })).toBe(false)
  expect(isSameGrouping(null, null)).toBe(true)
  expect(isSameGrouping(rule, null)).toBe(false)
})
