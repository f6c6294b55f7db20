import { expect, test } from 'vitest'
import { blastRadius, type Dependency, findLoop } from './graph.ts'

const hard = (from: string, to: string): Dependency => ({ from, to, strength: 'hard' })
const soft = (from: string, to: string): Dependency => ({ from, to, strength: 'soft' })
const shop = [
  hard('front', 'cart'),
  hard('front', 'checkout'),
  soft('front', 'ads'),
  hard('checkout', 'payment'),
  hard('checkout', 'cart'),
  hard('mobile', 'front'),
]

test('a failing payment hurts checkout, then front, then mobile', () => {
  expect(blastRadius('payment', shop).map((each) => [each.service, each.distance])).toEqual([
    ['checkout', 1],
    ['front', 2],
    ['mobile', 3],
  ])
})

test('what is reached only through a soft dependency is softened', () => {
  expect(blastRadius('ads', shop)).toEqual([
    { service: 'front', distance: 1, softened: true, via: 'ads' },
    { service: 'mobile', distance: 2, softened: true, via: 'front' },
  ])
})

test('a hard path beside a soft one counts as hard', () => {
  expect(
    blastRadius('c', [soft('a', 'c'), hard('a', 'b'), hard('b', 'c')]).find((each) => each.service === 'a')?.softened,
  ).toBe(false)
})

test('nobody depends on the outermost service', () => expect(blastRadius('mobile', shop)).toEqual([]))

test('loops are found and walked once', () => {
  const loop = [hard('a', 'b'), hard('b', 'c'), hard('c', 'a')]
  expect(findLoop(loop)).toEqual(['a', 'b', 'c'])
  expect(findLoop(shop)).toBeNull()
  expect(blastRadius('a', loop).map((each) => each.service)).toEqual(['c', 'b'])
})

test('a chain of 10,000 services is walked', () => {
  const chain = Array.from({ length: 10_000 }, (_, index) => hard(`s${index + 1}`, `s${index}`))
  expect(blastRadius('s0', chain)).toHaveLength(10_000)
  expect(findLoop(chain)).toBeNull()
})
