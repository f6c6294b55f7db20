// The small parts: faults, seeded randomness, card numbers, pages.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openFaultSwitch, readFault } from './fault.ts'
import { seededRandom, seedOf, serviceTime } from './random.ts'
import { roster, serviceNames, startingWaves } from './roster.ts'
import { errorPage, productsPage } from './services/front-pages.ts'
import { isCardNumber } from './services/payment.ts'

test.each([
  { order: { mode: 'errors' }, fault: { mode: 'errors', ratio: 0.6 } },
  { order: { mode: 'latency' }, fault: { mode: 'latency', addedMs: 800, jitterMs: 200 } },
  { order: { mode: 'latency', addedMs: 10, jitterMs: 50 }, fault: { mode: 'latency', addedMs: 10, jitterMs: 10 } },
  { order: { mode: 'leak' }, fault: { mode: 'leak', bytesPerSecond: 4_194_304 } },
  { order: { mode: 'dead', ratio: 3 }, fault: { mode: 'dead' } },
])('$order is read as $fault', ({ order, fault }) => {
  expect(readFault(order)).toEqual({ fault })
})

test.each([
  { order: { mode: 'errors', ratio: 0 } },
  { order: { mode: 'errors', ratio: '1' } },
  { order: { mode: 'latency', addedMs: 60_001 } },
  { order: { mode: 'fire' } },
  { order: null },
])('$order is refused', ({ order }) => {
  expect(readFault(order)).toHaveProperty('refused')
})

test('errors hit the share that was asked for, and none after the repair', async () => {
  const faults = openFaultSwitch(seededRandom(7))
  const failures = async () => {
    const hits = await Promise.all(Array.from({ length: 2_000 }, () => faults.disturb()))
    return hits.filter(Boolean).length
  }
  faults.set({ mode: 'errors', ratio: 0.25 })
  // Five standard deviations around 500.
  expect(Math.abs((await failures()) - 500)).toBeLessThan(97)
  faults.set(null)
  expect(await failures()).toBe(0)
})

test('one seed gives one sequence, and service times have the median they were given', () => {
  const draw = (seed: number) => {
    const random = seededRandom(seed)
    return Array.from({ length: 4_001 }, () => serviceTime(random, 70, 0.35)).sort((a, b) => a - b)
  }
  expect(draw(3)).toEqual(draw(3))
  expect(draw(3)).not.toEqual(draw(4))
  const times = draw(seedOf('1/cardnet'))
  expect(times[2_000]).toBeGreaterThan(67)
  expect(times[2_000]).toBeLessThan(73)
  // The healthy tail stays below the objective of 300 ms.
  expect(times[Math.floor(4_001 * 0.999)]).toBeLessThan(300)
})

test('a wrong digit is never a card number', () => {
  const cards = ['4242424242424242', '5555555555554444', '378282246310005', '4000000000000002']
  for (const card of cards) expect(isCardNumber(card)).toBe(true)
  fc.assert(
    fc.property(fc.constantFrom(...cards), fc.nat(14), fc.integer({ min: 1, max: 9 }), (card, at, shift) => {
      const digit = (Number(card[at]) + shift) % 10
      expect(isCardNumber(card.slice(0, at) + digit + card.slice(at + 1))).toBe(false)
    }),
  )
})

test('pages escape what they are given', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const hostile = `${text}<script>"'&`
      const page = productsPage(hostile, [{ sku: hostile, name: hostile, priceCents: 1 }]) + errorPage(502, hostile)
      expect(page).not.toContain('<script>')
    }),
  )
})

test('nobody starts before those it calls', () => {
  expect(startingWaves.flat().toSorted()).toEqual(serviceNames.toSorted())
  const waveOf = (name: string) => startingWaves.findIndex((wave) => wave.some((member) => member === name))
  for (const name of serviceNames) {
    for (const target of roster[name].dependsOn) expect(waveOf(target)).toBeLessThan(waveOf(name))
  }
})
