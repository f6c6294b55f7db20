import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { unpackedLimit, unpackOtlp } from './read-body.ts'

const unpack = (body: Buffer) => unpackOtlp(body, 'otlp+gzip')
const saying = (packed: Buffer, size: number): Buffer => {
  const own = Buffer.from(packed)
  own.writeUInt32LE(size >>> 0, own.length - 4)
  return own
}

test('what was packed comes out, of any length', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 300_000 }), fc.integer({ min: 1, max: 255 }), async (length, step) => {
      const content = Buffer.alloc(length, Buffer.from([0, step, 2 * step, 7]))
      expect(Buffer.compare(await unpack(gzipSync(content)), content)).toBe(0)
    }),
    { numRuns: 200 },
  )
})

test('several parts behind each other are one body, although the end tells of the last one only', async () => {
  const [first, last] = [Buffer.alloc(500_000, 'a'), Buffer.from('end')]
  const unpacked = await unpack(Buffer.concat([gzipSync(first), gzipSync(last)]))
  expect(Buffer.compare(unpacked, Buffer.concat([first, last]))).toBe(0)
})

test.each([0, 1, 0x7fff_ffff, 0xffff_ffff])('an end that says %d bytes is not believed', async (size) => {
  await expect(unpack(saying(gzipSync(Buffer.alloc(100_000, 'a')), size))).rejects.toMatchObject({
    code: 'http.unreadable',
  })
})

test('a body that grows beyond the limit is refused, whatever its end says', async () => {
  const bomb = gzipSync(Buffer.alloc(4 * unpackedLimit))
  for (const body of [gzipSync(Buffer.alloc(unpackedLimit + 1)), bomb, saying(bomb, 10), saying(bomb, unpackedLimit)])
    await expect(unpack(body)).rejects.toMatchObject({ code: 'http.too-large' })
  expect((await unpack(gzipSync(Buffer.alloc(unpackedLimit)))).length).toBe(unpackedLimit)
})

test.each(['', 'no gzip', 'far too short for an end'])('%j is not gzip', async (text) => {
  await expect(unpack(Buffer.from(text))).rejects.toMatchObject({ code: 'http.unreadable' })
})
