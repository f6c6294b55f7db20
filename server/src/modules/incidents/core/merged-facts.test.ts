import { expect, test } from 'vitest'
import { instant } from '../../../kernel/instant.ts'
import { earlier, type HurtFacts, mergedHurt, unmergedHurt } from './merged-facts.ts'

const facts = (change: Partial<HurtFacts> = {}): HurtFacts => ({
  ...{ people: null, regions: [], customers: [], statement: null },
  ...change,
})

test.each([
  [null, null, null, null],
  [null, 40, null, 40],
  [12_000, null, null, 12_000],
  [12_000, 3_000, null, 12_000],
  [3_000, 12_000, null, 12_000],
  // Whoever knows that they are others says so.
  [12_000, 3_000, 15_000, 15_000],
  [12_000, 3_000, 0, 0],
])('of %s and %s people, said %s: %s', (into, own, said, people) => {
  expect(mergedHurt(facts({ people: into }), facts({ people: own }), said).people).toBe(people)
})

test('regions and customers are those of both, and what was decided is said', () => {
  const into = facts({ people: 12_000, regions: ['eu'], customers: ['Acme'], statement: 'Payments fail.' })
  const own = facts({ people: 3_000, regions: ['eu', 'us'], customers: ['Globex'], statement: 'Cards fail.' })
  expect(mergedHurt(into, own)).toEqual({
    ...{ people: 12_000, regions: ['eu', 'us'], customers: ['Acme', 'Globex'], statement: 'Payments fail.' },
    because: [
      'Of 12,000 people and 3,000 people the larger number counts: they may be the same.',
      'Of two statements of the impact its own stays; the other can be read in the one that was merged.',
    ],
  })
  expect(mergedHurt(facts(), own)).toEqual({ ...own, because: [] })
  expect(mergedHurt(into, into).because).toEqual([])
})

test('apart again, each is as it was, and what was said since stays', () => {
  const before = facts({ people: 12_000, regions: ['eu'], customers: ['Acme', 'Initech'] })
  const merged = mergedHurt(before, facts({ people: 20_000, regions: ['us'], statement: 'Cards fail.' }))
  expect(unmergedHurt(merged, before, merged)).toEqual(before)
  const since = { ...merged, people: 21_000, regions: [...merged.regions, 'ap'], customers: ['Acme'] }
  expect(unmergedHurt(since, before, merged)).toEqual(
    facts({ people: 21_000, regions: ['eu', 'ap'], customers: ['Acme'] }),
  )
})

test('of two moments the first', () => {
  const [one, two] = [instant(1), instant(2)]
  expect([earlier(one, two), earlier(two, one), earlier(null, two), earlier(one, null), earlier(null, null)]).toEqual([
    ...[one, one, two, one, null],
  ])
})
