import fc from 'fast-check'
import { expect, test } from 'vitest'
import { double, fixedList, openWire, repeated, unsigned64, wireTypes } from './wire.ts'

const list = fc
  .tuple(fc.array(fc.oneof(fc.nat(), fc.double()), { maxLength: 6 }), fc.integer({ min: -9, max: 9 }), fc.nat(9))
  .map(([numbers, told, more]) => {
    const bytes = new Uint8Array(1 + 8 * numbers.length + more)
    bytes[0] = Math.max(0, 8 * numbers.length + told)
    const view = new DataView(bytes.buffer)
    for (const [index, each] of numbers.entries()) view.setFloat64(1 + 8 * index, each, true)
    return bytes
  })

test.each([
  ['counts', unsigned64],
  ['edges', double],
] as const)('a list of %s read at once is what is read number by number, whole or hurt', (_name, read) => {
  fc.assert(
    fc.property(
      list,
      fc.nat(7),
      fc.constantFrom(0, 2),
      fc.constantFrom(...Object.values(wireTypes)),
      (bytes, most, had, type) => {
        const [one, other] = [openWire(bytes), openWire(bytes)]
        const [a, b] = [Array.from({ length: had }, () => 1), Array.from({ length: had }, () => 1)]
        expect(fixedList(one, type, a, most, read)).toBe(repeated(other, type, b, most, read))
        expect([one.fault, one.fault === null ? [a, one.at] : null]).toEqual([
          other.fault,
          other.fault === null ? [b, other.at] : null,
        ])
      },
    ),
    { numRuns: 3_000 },
  )
})
