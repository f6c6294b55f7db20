import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packColumns, packedLength, packedNumber, unpackColumn } from './packed.ts'

const number = fc.oneof(
  fc.nat(3),
  fc.nat(300),
  fc.nat(70_000),
  fc.nat(2 ** 31 - 1),
  fc.integer({ min: 2 ** 31, max: 2 ** 32 + 5 }),
  fc.maxSafeNat(),
  fc.integer({ min: -9, max: -1 }),
)
const kinds: readonly fc.Arbitrary<number>[] = [
  fc.constant(7),
  fc.nat(1),
  fc.nat(12_000),
  fc.integer({ min: 4_000_000_000, max: 2 ** 32 - 1 }),
  fc.nat(2 ** 32 - 1),
  number,
]
/** Numbers about a line that climbs or falls, as a day's traffic does. */
const climbing = fc
  .record({
    from: fc.nat(2 ** 31 - 1),
    step: fc.double({ min: -40_000, max: 40_000, noNaN: true }),
    noise: fc.array(fc.oneof({ weight: 30, arbitrary: fc.nat(900) }, fc.nat(2 ** 30)), { minLength: 1, maxLength: 50 }),
    length: fc.integer({ min: 1, max: 400 }),
  })
  .map(({ from, step, noise, length }) =>
    Float64Array.from({ length }, (_, index) =>
      Math.max(0, Math.floor(from + step * index) + (noise[index % noise.length] ?? 0)),
    ),
  )
const columns = fc.integer({ min: 0, max: 400 }).chain((length) =>
  fc.array(
    fc
      .constantFrom(...kinds)
      .chain((kind) => fc.array(kind, { minLength: length, maxLength: length }))
      .map((numbers) => Float64Array.from(numbers)),
    { minLength: 1, maxLength: 4 },
  ),
)

test('what is packed comes back, all at once and one by one', () => {
  fc.assert(
    fc.property(columns, (given) => {
      const bytes = packColumns(given)
      const length = packedLength(bytes)
      expect(length).toBe(given[0]?.length)
      for (const [column, numbers] of given.entries()) {
        const back = new Float64Array(length)
        unpackColumn(bytes, column, back)
        expect(back).toEqual(numbers)
        for (let index = 0; index < length; index += 1) expect(packedNumber(bytes, column, index)).toBe(numbers[index])
      }
    }),
    { numRuns: 400 },
  )
})

test('what climbs or falls comes back to the number, into doubles and into bytes', () => {
  const bytesOf = (numbers: Float64Array) => Uint8Array.from(numbers, (each) => each % 256)
  fc.assert(
    fc.property(climbing, (doubles) => {
      for (const numbers of [doubles, bytesOf(doubles)]) {
        const bytes = packColumns([numbers])
        const back = numbers instanceof Uint8Array ? new Uint8Array(numbers.length) : new Float64Array(numbers.length)
        unpackColumn(bytes, 0, back)
        expect(back).toEqual(numbers)
        for (let index = 0; index < numbers.length; index += 1)
          expect(packedNumber(bytes, 0, index)).toBe(numbers[index])
      }
    }),
    { numRuns: 300 },
  )
})

test.each([
  { named: 'a quiet day', of: () => 0, most: 30 },
  { named: 'requests about 10,000 a minute', of: (index: number) => 9_700 + ((index * 7_919) % 600), most: 1_900 },
  {
    named: 'a day that climbs to 14,000 and falls to 6,000',
    of: (index: number) =>
      Math.round(10_000 + 4_000 * Math.sin((2 * Math.PI * index) / 1_440)) + ((index * 7_919) % 600),
    most: 2_000,
  },
  { named: 'few failures', of: (index: number) => (index * 31) % 8, most: 650 },
])('$named takes at most $most bytes for 1,440 minutes', ({ of, most }) => {
  expect(packColumns([Float64Array.from({ length: 1_440 }, (_, index) => of(index))]).length).toBeLessThan(most)
})

test('bytes of another version are refused, not misread', () => {
  const bytes = packColumns([Float64Array.of(1, 2, 3)])
  bytes[0] = 9
  expect(() => packedLength(bytes)).toThrow('unknown version')
})
