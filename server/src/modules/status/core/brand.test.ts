import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contrast, judgeImage, neededContrast, papers, readableOn, readColor } from './brand.ts'

test('whatever the colour, it can be read in both themes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffff }), (value) => {
      const color = `#${value.toString(16).padStart(6, '0')}`
      for (const paper of Object.values(papers))
        expect(contrast(readableOn(color, paper), paper)).toBeGreaterThanOrEqual(neededContrast)
    }),
  )
})

test('a colour that can be read stays as it is', () => {
  expect(readableOn('#0b4fd6', papers.light)).toBe('#0b4fd6')
  expect(readableOn('#ffd400', papers.dark)).toBe('#ffd400')
  expect(readableOn('#ffd400', papers.light)).not.toBe('#ffd400')
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
})

test.each(['red', '#fff', '#12345', '#1234567', 'url(x)', '#12345g'])('%s is no colour', (text) => {
  expect(readColor(text)).toBeNull()
})

const png = (width: number, height: number, length = 60) => {
  const bytes = Buffer.alloc(length)
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]).copy(bytes)
  bytes.write('IHDR', 12, 'latin1')
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  return bytes
}
const webp = (chunk: string, fill: (bytes: Buffer) => void) => {
  const bytes = Buffer.alloc(60)
  bytes.write('RIFF', 0, 'latin1')
  bytes.write(`WEBP${chunk}`, 8, 'latin1')
  fill(bytes)
  return bytes
}

test.each([
  { what: 'a PNG', bytes: png(120, 40), type: 'image/png' },
  { what: 'a lossy WebP', bytes: webp('VP8 ', (all) => all.writeUInt32LE((40 << 16) | 120, 26)), type: 'image/webp' },
  {
    what: 'a lossless WebP',
    bytes: webp('VP8L', (all) => all.writeUInt32LE((39 << 14) | 119, 21)),
    type: 'image/webp',
  },
  { what: 'an extended WebP', bytes: webp('VP8X', (all) => all.writeUIntLE(119, 24, 3)), type: 'image/webp' },
])('$what is taken', ({ bytes, type }) => expect(judgeImage('logo', bytes)).toEqual({ ok: true, type }))

test.each([
  { what: 'an SVG', bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>') },
  {
    what: 'HTML that begins like a PNG',
    bytes: Buffer.from('\x89PNG<html><script>alert(1)</script></html>'.padEnd(80)),
  },
  { what: 'nothing', bytes: Buffer.alloc(0) },
  { what: 'a picture as wide as a wall', bytes: png(4_000, 10) },
  { what: 'a picture of no width', bytes: png(0, 10) },
  { what: 'too many bytes', bytes: png(100, 100, 200_001) },
])('$what is refused', ({ bytes }) => expect(judgeImage('logo', bytes).ok).toBe(false))
