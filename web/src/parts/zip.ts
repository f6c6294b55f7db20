// A ZIP archive of a few small files, stored as they are (PKWARE's APPNOTE, 4.3): what an app package is.

export interface ZipFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** The first moment a ZIP can tell. */
const firstDay = 0x0021

export function zipOf(files: readonly ZipFile[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let offset = 0
  for (const { name, bytes } of files) {
    const named = new TextEncoder().encode(name)
    const known = [20, 0x0800, 0, 0, firstDay] as const
    const sizes = [crc32(bytes), bytes.length, bytes.length] as const
    const local = record([[0x04034b50], known, sizes, [named.length, 0]], named)
    directory.push(record([[0x02014b50], [20, ...known], sizes, [named.length, 0, 0, 0, 0], [0, offset]], named))
    parts.push(local, bytes)
    offset += local.length + bytes.length
  }
  const length = directory.reduce((sum, each) => sum + each.length, 0)
  const end = record([[0x06054b50], [0, 0, files.length, files.length], [length, offset], [0]], new Uint8Array())
  return joined([...parts, ...directory, end])
}

/** Rows of 32-bit and of 16-bit numbers in turn, the first of 32. */
function record(rows: readonly (readonly number[])[], tail: Uint8Array): Uint8Array {
  const bytes = rows.flatMap((row, index) => row.flatMap((value) => little(value, index % 2 === 0 ? 4 : 2)))
  return joined([Uint8Array.from(bytes), tail])
}

const little = (value: number, size: number): number[] =>
  Array.from({ length: size }, (_, index) => Math.floor(value / 256 ** index) % 256)

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, each) => sum + each.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}
