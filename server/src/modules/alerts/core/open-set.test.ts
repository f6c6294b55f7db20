import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openSet } from './open-set.ts'

const identity = fc.stringMatching(/^[0-9a-f]{32}$/)
const pack = (identities: readonly string[]) => Buffer.from(identities.map((each) => each.slice(0, 16)).join(''), 'hex')

test('every identity that was packed is found, others are not, and one that ended is not any more', () => {
  fc.assert(
    fc.property(fc.uniqueArray(identity, { minLength: 1 }), identity, (known, other) => {
      const set = openSet(pack(known))
      expect(set.size).toBe(known.length)
      expect(known.every((each) => set.has(each))).toBe(true)
      expect(set.has(other)).toBe(known.some((each) => each.slice(0, 16) === other.slice(0, 16)))
      const [first = ''] = known
      set.end(first)
      expect(set.has(first)).toBe(false)
    }),
  )
})

test('nothing is open', () => {
  expect(openSet(new Uint8Array()).has('0'.repeat(32))).toBe(false)
})

test('bytes that do not begin a buffer are read from where they are', () => {
  const [a, b] = ['1'.repeat(32), 'f'.repeat(32)]
  const packed = Buffer.concat([Buffer.from('xyz'), pack([b, a])]).subarray(3)
  const set = openSet(packed)
  expect([a, b, '2'.repeat(32)].map((each) => set.has(each))).toEqual([true, true, false])
})
