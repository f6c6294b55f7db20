// Reads protobuf's wire format from bytes without trusting them. The first fault sticks: every later read gives zero
// and the field loop ends, so hostile input costs at most one pass and never throws.

export interface WireReader {
  readonly bytes: Uint8Array
  readonly view: DataView
  at: number
  fault: { readonly offset: number; readonly detail: string } | null
}

export function openWire(bytes: Uint8Array): WireReader {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), at: 0, fault: null }
}

export function fail(reader: WireReader, detail: string): void {
  reader.fault ??= { offset: reader.at, detail }
}

export const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const

/** Calls `field` for each field of the message that ends at `end`; what `field` does not take is skipped. */
export function eachField(reader: WireReader, end: number, field: (number: number, wireType: number) => boolean): void {
  while (reader.fault === null && reader.at < end) {
    const tag = varint(reader)
    const [number, wireType] = [Math.floor(tag / 8), tag % 8]
    if (number === 0) fail(reader, 'a field has number 0')
    if (reader.fault === null && !field(number, wireType)) skip(reader, wireType)
  }
  if (reader.fault === null && reader.at !== end) fail(reader, 'a field reaches past the end of its message')
}

/**
 * Where the fields with this tag end that stand next to each other from here on; from here itself when there are none, or
 * when they are longer than names are.
 */
export function endOfRun({ bytes, at }: WireReader, tag: number, end: number): number {
  let next = at
  while (next < end && bytes[next] === tag) {
    const [first = 0x80, second = 0x80] = [bytes[next + 1], bytes[next + 2]]
    if (first < 0x80) next += 2 + first
    else if (second < 0x80) next += 3 + (first & 0x7f) + second * 128
    else return at
  }
  return next > end ? at : next
}

/** The end of a length-delimited field, checked against the bytes there are. */
export function lengthEnd(reader: WireReader): number {
  const length = varint(reader)
  const end = reader.at + length
  if (end > reader.bytes.length) {
    fail(reader, `a field of ${length} bytes is cut off`)
    return reader.at
  }
  return end
}

/** An unsigned varint. Beyond 2^53 it is only approximate, which the judge of the value refuses. */
export function varint(reader: WireReader): number {
  let value = 0
  let scale = 1
  for (let read = 0; read < 10; read += 1) {
    const byte = reader.bytes[reader.at]
    if (byte === undefined) {
      fail(reader, 'the input ends inside a number')
      return 0
    }
    reader.at += 1
    value += (byte & 0x7f) * scale
    if (byte < 0x80) return value
    scale *= 128
  }
  fail(reader, 'a number is longer than 10 bytes')
  return 0
}

/** A signed 32-bit number in zigzag form. */
export function zigzag32(reader: WireReader): number {
  const value = varint(reader)
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}

/** A signed 64-bit varint as text, exact over its whole range. */
export function int64Text(reader: WireReader): string {
  const start = reader.at
  const near = varint(reader)
  if (near <= Number.MAX_SAFE_INTEGER) return String(near)
  let exact = 0n
  for (let at = start, shift = 0n; at < reader.at; at += 1, shift += 7n)
    exact |= BigInt((reader.bytes[at] ?? 0) & 0x7f) << shift
  return String(BigInt.asIntN(64, exact))
}

function words(reader: WireReader): { low: number; high: number } {
  if (reader.at + 8 > reader.bytes.length) {
    fail(reader, 'the input ends inside a 64-bit number')
    return { low: 0, high: 0 }
  }
  const low = reader.view.getUint32(reader.at, true)
  const high = reader.view.getUint32(reader.at + 4, true)
  reader.at += 8
  return { low, high }
}

export function unsigned64(reader: WireReader): number {
  const { low, high } = words(reader)
  return high * 4_294_967_296 + low
}

export function signed64(reader: WireReader): number {
  const { low, high } = words(reader)
  return (high | 0) * 4_294_967_296 + low
}

/** Nanoseconds since the epoch as whole milliseconds, without ever passing 2^53: 2^32 ns = 4294 ms + 967,296 ns. */
export function nanosAsMs(reader: WireReader): number {
  const { low, high } = words(reader)
  return high * 4_294 + Math.floor((high * 967_296 + low) / 1_000_000)
}

export function double(reader: WireReader): number {
  if (reader.at + 8 > reader.bytes.length) {
    fail(reader, 'the input ends inside a 64-bit number')
    return 0
  }
  reader.at += 8
  return reader.view.getFloat64(reader.at - 8, true)
}

/** A repeated scalar, packed or not. */
export function repeated(
  reader: WireReader,
  wireType: number,
  into: number[],
  most: number,
  read: (reader: WireReader) => number,
): boolean {
  if (wireType !== wireTypes.bytes) into.push(read(reader))
  else {
    const end = lengthEnd(reader)
    while (reader.fault === null && reader.at < end && into.length <= most) into.push(read(reader))
    if (reader.fault === null && into.length <= most && reader.at !== end) fail(reader, 'a packed list is cut off')
  }
  if (into.length > most) fail(reader, `a list has more than ${most} entries`)
  return true
}

/** The same of numbers of eight bytes each; a whole list is read at once. */
export function fixedList(
  reader: WireReader,
  wireType: number,
  into: number[],
  most: number,
  read: typeof unsigned64 | typeof double,
): boolean {
  const start = reader.at
  if (wireType !== wireTypes.bytes) return repeated(reader, wireType, into, most, read)
  const end = lengthEnd(reader)
  const count = (end - reader.at) / 8
  if (reader.fault !== null) return true
  if (!Number.isInteger(count) || into.length + count > most) {
    reader.at = start
    return repeated(reader, wireType, into, most, read)
  }
  const { view } = reader
  if (read === double) for (let at = reader.at; at < end; at += 8) into.push(view.getFloat64(at, true))
  else
    for (let at = reader.at; at < end; at += 8)
      into.push(view.getUint32(at + 4, true) * 4_294_967_296 + view.getUint32(at, true))
  reader.at = end
  return true
}

export function text(reader: WireReader, most: number): string {
  const end = lengthEnd(reader)
  if (end - reader.at > most) {
    fail(reader, `a text of ${end - reader.at} bytes is longer than ${most}`)
    return ''
  }
  const start = reader.at
  reader.at = end
  return decodeUtf8(reader.bytes, start, end)
}

/** Malformed sequences become U+FFFD. NUL too: PostgreSQL text cannot hold it. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  let result = ''
  let at = start
  while (at < end) {
    const byte = bytes[at] ?? 0
    if (byte > 0 && byte < 0x80) {
      result += String.fromCharCode(byte)
      at += 1
      continue
    }
    const [code, length] = sequence(bytes, at, end, byte)
    result += String.fromCodePoint(code)
    at += length
  }
  return result
}

function sequence(bytes: Uint8Array, at: number, end: number, first: number): [code: number, length: number] {
  const length = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0
  if (length === 0 || first >= 0xf5 || at + length > end) return [0xfffd, 1]
  let code = first & (0xff >> (length + 1))
  for (let index = 1; index < length; index += 1) {
    const next = bytes[at + index] ?? 0
    if ((next & 0xc0) !== 0x80) return [0xfffd, 1]
    code = code * 64 + (next & 0x3f)
  }
  const least = [0, 0, 0x80, 0x800, 0x10000][length] ?? 0
  const valid = code >= least && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
  return valid ? [code, length] : [0xfffd, 1]
}

function skip(reader: WireReader, wireType: number): void {
  if (wireType === wireTypes.varint) varint(reader)
  else if (wireType === wireTypes.fixed64) reader.at += 8
  else if (wireType === wireTypes.fixed32) reader.at += 4
  else if (wireType === wireTypes.bytes) reader.at = lengthEnd(reader)
  else fail(reader, `wire type ${wireType} is not in use`)
  if (reader.at > reader.bytes.length) fail(reader, 'the input ends inside a field')
}
