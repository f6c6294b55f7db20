import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crc32, frame, readFrames } from './frames.ts'

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const payloads = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 8 })

function journalOf(all: readonly Uint8Array[]): { bytes: Uint8Array; ends: readonly number[] } {
  const frames = all.map(frame)
  let end = 0
  const ends = frames.map((each) => {
    end += each.length
    return end
  })
  return { bytes: new Uint8Array(Buffer.concat(frames)), ends }
}

test('the sum is CRC-32 as everybody computes it', () => {
  expect(crc32(new Uint8Array(Buffer.from('123456789')))).toBe(0xcbf43926)
})

test('torn at any byte, a journal gives every whole record before it and nothing else', () => {
  fc.assert(
    fc.property(payloads, (all) => {
      const { bytes, ends } = journalOf(all)
      for (let cut = 0; cut <= bytes.length; cut += 1) {
        const read = readFrames(bytes.subarray(0, cut))
        const whole = ends.filter((end) => end <= cut)
        expect(read.payloads.map(text)).toEqual(all.slice(0, whole.length).map(text))
        expect(read.whole).toBe(whole.at(-1) ?? 0)
      }
    }),
  )
})

test('a byte that changed on the disk ends what is believed at its record', () => {
  fc.assert(
    fc.property(payloads, fc.nat(), fc.integer({ min: 1, max: 255 }), (all, where, by) => {
      const { bytes, ends } = journalOf(all)
      const at = where % bytes.length
      const changed = Uint8Array.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ by
      const intact = ends.filter((end) => end <= at).length
      expect(readFrames(changed).payloads.slice(0, intact).map(text)).toEqual(all.slice(0, intact).map(text))
      expect(readFrames(changed).payloads.length).toBeLessThanOrEqual(intact)
    }),
  )
})

test('zeroes that a file system left behind a crash are no record', () => {
  const { bytes, ends } = journalOf([new Uint8Array([1, 2, 3])])
  const padded = new Uint8Array(bytes.length + 4096)
  padded.set(bytes)
  expect(readFrames(padded).whole).toBe(ends[0])
})
