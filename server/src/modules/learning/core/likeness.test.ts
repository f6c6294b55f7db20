import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  leastLikeness,
  likenessOf,
  likenessWeights,
  prepare,
  proposeRepeats,
  type Traits,
  weighWords,
} from './likeness.ts'

const none: Traits = { id: 'x', title: '', text: '', services: [], alerts: [], classes: [] }
const pool: Traits = {
  id: 'pool',
  title: 'Payments fail: pool exhausted',
  text: 'pgbouncer ran out of connections after the release',
  services: ['payment'],
  alerts: ['payment: errors high'],
  classes: ['capacity'],
}
const score = (one: Partial<Traits>, other: Partial<Traits>) => {
  const [a, b] = [prepare({ ...none, ...one, id: 'a' }), prepare({ ...none, ...other, id: 'b' })]
  return likenessOf(a, b, weighWords([a, b]))
}

test('the weights add up to one', () => {
  expect(Object.values(likenessWeights).reduce((sum, each) => sum + each, 0)).toBeCloseTo(1)
})

test.each([
  ['nothing known of either', {}, {}, 0],
  ['the same in everything', pool, pool, 1],
  ['all that is known is the same', { title: 'Payments fail' }, { title: 'payments FAIL' }, 1],
  ['only numbers differ', { title: 'Queue 12 is full' }, { title: 'Queue 431 is full' }, 1],
  ['the same service only', { services: ['a'], alerts: ['a: x'] }, { services: ['a'], alerts: ['a: y'] }, 0.15 / 0.5],
  [
    'the same class and service, other alerts',
    { ...pool, title: '', text: '' },
    { ...pool, title: '', text: '', alerts: ['z'] },
    0.4 / 0.75,
  ],
  ['half of the services', { services: ['a', 'b'] }, { services: ['a'] }, 0.5],
])('%s', (_name, one, other, expected) => {
  expect(score(one, other).score).toBeCloseTo(expected)
})

test('each part says in words what it saw, and what is unknown', () => {
  const { evidence, unknown } = score(pool, { ...pool, classes: [], title: 'Checkout slow', text: 'pgbouncer again' })
  expect(evidence.map((each) => each.sentence)).toEqual([
    '1 of 1 alert in common: payment: errors high.',
    expect.stringMatching(/^The words are \d+ % alike: pgbouncer\.$/),
    '1 of 1 service in common: payment.',
  ])
  expect(unknown).toEqual(['classes'])
})

test('words of a template that all use say little, a rare word says much', () => {
  const draft = 'Users were hurt for minutes It was detected after minutes'
  const many = Array.from({ length: 40 }, (_, index) =>
    prepare({ ...none, id: `${index}`, title: `Number${index}`, text: draft }),
  )
  const rare = ['a', 'b'].map((id) => prepare({ ...none, id, title: `other${id}`, text: `${draft} pgbouncer` }))
  const weights = weighWords([...many, ...rare])
  const [first = rare[0], second] = rare
  const [one, two] = many
  if (first === undefined || second === undefined || one === undefined || two === undefined) throw new Error('none')
  expect(likenessOf(one, two, weights).score).toBeLessThan(0.3)
  expect(likenessOf(first, second, weights).score).toBeGreaterThan(likenessOf(one, two, weights).score + 0.1)
})

const some = fc.record({
  id: fc.uuid(),
  title: fc.string({ maxLength: 40 }),
  text: fc.oneof(
    fc.string({ maxLength: 80, unit: 'grapheme' }),
    fc.array(fc.constantFrom('pool', 'queue', 'dns', 'quota'), { maxLength: 5 }).map((each) => each.join(' ')),
  ),
  services: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 4 }),
  alerts: fc.array(fc.constantFrom('k', 'l', 'm'), { maxLength: 4 }),
  classes: fc.array(fc.constantFrom('change', 'config'), { maxLength: 2 }),
})

test('a likeness lies between 0 and 1, is the same both ways, and whole with itself where anything is known', () => {
  fc.assert(
    fc.property(some, some, (one, other) => {
      const [a, b] = [prepare(one), prepare(other)]
      const weights = weighWords([a, b])
      const { score: there } = likenessOf(a, b, weights)
      expect(there).toBeGreaterThanOrEqual(0)
      expect(there).toBeLessThanOrEqual(1)
      expect(likenessOf(b, a, weights).score).toBeCloseTo(there)
      const itself = likenessOf(a, a, weights)
      if (itself.unknown.length < 4) expect(itself.score).toBeCloseTo(1)
    }),
  )
})

test('proposed are only those that reach the threshold, the most alike first, in any order they come', () => {
  fc.assert(
    fc.property(some, fc.uniqueArray(some, { selector: (each) => each.id, maxLength: 15 }), (one, others) => {
      const [of, all] = [prepare(one), others.map(prepare)]
      const weights = weighWords([of, ...all])
      const found = proposeRepeats(of, all, weights)
      const scores = found.map((each) => each.likeness.score)
      expect(scores.every((each) => each >= leastLikeness)).toBe(true)
      expect([...scores].sort((a, b) => b - a)).toEqual(scores)
      expect(proposeRepeats(of, [...all].reverse(), weights)).toEqual(found)
      // What is left out early is what would not have reached it.
      const reach = all.filter((each) => likenessOf(of, each, weights).score >= leastLikeness)
      expect(found).toHaveLength(Math.min(10, reach.length))
      for (const { earlier, likeness } of found)
        expect(likeness).toEqual(likenessOf(of, all.find((each) => each.id === earlier) ?? of, weights))
    }),
  )
})
