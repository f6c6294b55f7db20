import { expect, test } from 'vitest'
import { crc32, zipOf } from './zip.ts'

// Of RFC 3720 and of everybody's test suites.
test.each([
  ['', 0],
  ['123456789', 0xcbf43926],
  ['The quick brown fox jumps over the lazy dog', 0x414fa339],
])('the checksum of %j is that of every ZIP', (text, crc) => {
  expect(crc32(new TextEncoder().encode(text))).toBe(crc)
})

/** As a reader goes: from the end to the directory, from there to each file. */
function unzip(zip: Uint8Array): readonly (readonly [name: string, bytes: string])[] {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.length)
  const text = (from: number, length: number) => new TextDecoder().decode(zip.subarray(from, from + length))
  const end = zip.length - 22
  expect(view.getUint32(end, true)).toBe(0x06054b50)
  const count = view.getUint16(end + 10, true)
  let at = view.getUint32(end + 16, true)
  expect(at + view.getUint32(end + 12, true)).toBe(end)
  return Array.from({ length: count }, () => {
    expect(view.getUint32(at, true)).toBe(0x02014b50)
    const size = view.getUint32(at + 20, true)
    const named = view.getUint16(at + 28, true)
    const local = view.getUint32(at + 42, true)
    expect(view.getUint32(local, true)).toBe(0x04034b50)
    expect(view.getUint32(local + 18, true)).toBe(size)
    const name = text(at + 46, named)
    expect(text(local + 30, view.getUint16(local + 26, true))).toBe(name)
    const from = local + 30 + named
    expect(view.getUint32(local + 14, true)).toBe(crc32(zip.subarray(from, from + size)))
    at += 46 + named
    return [name, text(from, size)] as const
  })
}

test('what was put in comes out', () => {
  const files = [
    { name: 'manifest.json', bytes: new TextEncoder().encode('{"ü":1}') },
    { name: 'color.png', bytes: new TextEncoder().encode('x'.repeat(70_000)) },
    { name: 'empty', bytes: new Uint8Array() },
  ]
  expect(unzip(zipOf(files))).toEqual([
    ['manifest.json', '{"ü":1}'],
    ['color.png', 'x'.repeat(70_000)],
    ['empty', ''],
  ])
  expect(zipOf([])).toHaveLength(22)
})
