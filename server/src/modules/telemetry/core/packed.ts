// Columns of whole numbers packed to the bit: a month of minutes in some ten kilobytes instead of a megabyte, on disk,
// on the wire and in memory alike. Numbers are kept as the difference from the least of their frame, or, where traffic climbs or
// falls with the hour, from a straight line under it.
//
// Layout, little endian: 1 byte of version, 1 of columns, 2 of length, 4 for each column's offset; then the columns:
// `same` (8 bytes of double), `framed` (for each frame 1 byte of width and 4 of least number, then the bits), `wide`
// (doubles: what is negative or beyond 32 bits) or, since version 2, `fitted` (numbers below 2^31; for each frame 1 byte of width, 4 of
// least number and 2 of slope in sixteenths, then the bits).

/** Of what has no fitted column, so that a process of an earlier version beside this one reads it too. */
const version = 1
const versionOfFitted = 2
const same = 0
const framed = 1
const wide = 2
const fitted = 3

// 96 numbers take 12 whole bytes for each bit of width.
const frame = 96
const flatHead = 5
const fittedHead = 7
/** Reading four bytes at once may look past the last one. */
const padding = 4

export type Numbers = Uint8Array | Float64Array

/** All columns have one length, at most 65,535. */
export function packColumns(columns: readonly Numbers[]): Uint8Array {
  const length = columns[0]?.length ?? 0
  const parts = columns.map(packColumn)
  const head = 4 + 4 * columns.length
  const bytes = new Uint8Array(parts.reduce((all, part) => all + part.length, head + padding))
  const view = new DataView(bytes.buffer)
  bytes[0] = parts.some((part) => part[0] === fitted) ? versionOfFitted : version
  bytes[1] = columns.length
  view.setUint16(2, length, true)
  let at = head
  for (const [index, part] of parts.entries()) {
    view.setUint32(4 + 4 * index, at, true)
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

interface Frames {
  readonly least: Float64Array
  readonly widths: Uint8Array
  /** Of its numbers, without the heads. */
  readonly bytes: number
  readonly low: number
  readonly high: number
}

function measureFrames(numbers: Numbers): Frames {
  const frames = Math.ceil(numbers.length / frame)
  const [least, widths] = [new Float64Array(frames), new Uint8Array(frames)]
  let [low, high, bytes] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]
  for (let index = 0; index < frames; index += 1) {
    let from = Number.POSITIVE_INFINITY
    let to = Number.NEGATIVE_INFINITY
    const [first, last] = [index * frame, Math.min(numbers.length, (index + 1) * frame)]
    for (let at = first; at < last; at += 1) {
      const number = numbers[at] ?? 0
      if (number < from) from = number
      if (number > to) to = number
    }
    const width = to - from > 0 ? Math.floor(Math.log2(to - from)) + 1 : 0
    least[index] = from
    widths[index] = width
    bytes += 12 * width
    low = Math.min(low, from)
    high = Math.max(high, to)
  }
  return { least, widths, bytes, low, high }
}

function packColumn(numbers: Numbers): Uint8Array {
  const flat = measureFrames(numbers)
  const { low, high } = flat
  if (low === high || numbers.length === 0) return withDoubles(same, [numbers.length === 0 ? 0 : low])
  if (low < 0 || high >= 2 ** 32) return withDoubles(wide, numbers)
  if (high < 2 ** 31) {
    const slopes = slopesOf(numbers)
    const leveled = Float64Array.from(numbers)
    for (const [index, slope] of slopes.entries()) addSlope(leveled, index * frame, (index + 1) * frame, slope, -1)
    const fit = measureFrames(leveled)
    if (fit.bytes + fittedHead * slopes.length < flat.bytes + flatHead * slopes.length)
      return layFrames(leveled, fit, slopes)
  }
  return layFrames(numbers, flat, null)
}

function layFrames(numbers: Numbers, { least, widths, bytes: size }: Frames, slopes: Int16Array | null): Uint8Array {
  const frameHead = slopes === null ? flatHead : fittedHead
  const heads = 1 + widths.length * frameHead
  const bytes = new Uint8Array(heads + size)
  const view = new DataView(bytes.buffer)
  bytes[0] = slopes === null ? framed : fitted
  let at = heads
  for (const [index, width] of widths.entries()) {
    const from = least[index] ?? 0
    const head = 1 + index * frameHead
    bytes[head] = width
    if (slopes === null) view.setUint32(head + 1, from, true)
    else {
      view.setInt32(head + 1, from, true)
      view.setInt16(head + 5, slopes[index] ?? 0, true)
    }
    if (width > 0) packFrame(numbers, index * frame, { bytes, at, from, width })
    at += 12 * width
  }
  return bytes
}

/** How much each frame climbs from one number to the next, in sixteenths: by the means of its halves. */
function slopesOf(numbers: Numbers): Int16Array {
  const slopes = new Int16Array(Math.ceil(numbers.length / frame))
  for (let index = 0; index < slopes.length; index += 1) {
    const first = index * frame
    const half = Math.floor((Math.min(numbers.length, first + frame) - first) / 2)
    let climb = 0
    for (let at = first; at < first + half; at += 1) climb += (numbers[at + half] ?? 0) - (numbers[at] ?? 0)
    const slope = half === 0 ? 0 : Math.round((16 * climb) / (half * half))
    slopes[index] = Math.max(-32_767, Math.min(32_767, slope))
  }
  return slopes
}

/** Lays the line of a frame under its numbers, or with -1 takes it away. */
function addSlope(numbers: Numbers, first: number, end: number, slope: number, times: 1 | -1 = 1): void {
  if (slope === 0) return
  const last = Math.min(numbers.length, end)
  for (let at = first; at < last; at += 1) numbers[at] = (numbers[at] ?? 0) + times * stepOf(slope, at - first)
}

const stepOf = (slope: number, steps: number) => (slope * steps) >> 4

function packFrame(
  numbers: Numbers,
  first: number,
  into: { bytes: Uint8Array; at: number; from: number; width: number },
): void {
  const { bytes, from, width } = into
  if (width <= 24) {
    packNarrow(numbers, first, into)
    return
  }
  // Held as a plain number: fewer than 8 bits wait for company, so it stays below 2^40.
  let [held, filled, at] = [0, 0, into.at]
  const last = Math.min(numbers.length, first + frame)
  for (let index = first; index < last; index += 1) {
    held += ((numbers[index] ?? 0) - from) * 2 ** filled
    filled += width
    while (filled >= 8) {
      bytes[at] = held % 256
      held = Math.floor(held / 256)
      at += 1
      filled -= 8
    }
  }
  if (filled > 0) bytes[at] = held
}

/** Up to 24 bits, and the fewer than 8 that wait, fit the 32 of fast arithmetic. */
function packNarrow(
  numbers: Numbers,
  first: number,
  { bytes, at: start, from, width }: { bytes: Uint8Array; at: number; from: number; width: number },
): void {
  let held = 0
  let filled = 0
  let at = start
  const last = Math.min(numbers.length, first + frame)
  for (let index = first; index < last; index += 1) {
    held |= ((numbers[index] ?? 0) - from) << filled
    filled += width
    while (filled >= 8) {
      bytes[at] = held & 255
      held >>>= 8
      at += 1
      filled -= 8
    }
  }
  if (filled > 0) bytes[at] = held
}

function withDoubles(kind: number, numbers: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(1 + 8 * numbers.length)
  const view = new DataView(bytes.buffer)
  bytes[0] = kind
  for (let index = 0; index < numbers.length; index += 1) view.setFloat64(1 + 8 * index, numbers[index] ?? 0, true)
  return bytes
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** How many numbers each column has; refuses what this version cannot read. */
export function packedLength(bytes: Uint8Array): number {
  if (bytes[0] !== version && bytes[0] !== versionOfFitted)
    throw new RangeError(`Packed columns of an unknown version, ${bytes[0]}.`)
  return viewOf(bytes).getUint16(2, true)
}

export function unpackColumn(bytes: Uint8Array, column: number, into: Numbers): void {
  const [view, length] = [viewOf(bytes), packedLength(bytes)]
  const start = view.getUint32(4 + 4 * column, true)
  if (bytes[start] === same) into.fill(view.getFloat64(start + 1, true), 0, length)
  else if (bytes[start] === wide)
    for (let index = 0; index < length; index += 1) into[index] = view.getFloat64(start + 1 + 8 * index, true)
  else {
    const frames = Math.ceil(length / frame)
    let at = start + 1 + frames * headOf(bytes, start)
    for (let index = 0; index < frames; index += 1) {
      const { width, from, slope } = readHead(view, start, index)
      const [first, last] = [index * frame, Math.min(length, (index + 1) * frame)]
      if (width === 0) into.fill(from, first, last)
      else unpackFrame(bytes, { at, from, width }, into, { first, last })
      at += 12 * width
      // A column of bytes wraps on the way and is right again with the line.
      addSlope(into, first, last, slope)
    }
  }
}

interface FrameHead {
  readonly width: number
  readonly from: number
  readonly slope: number
}

const headOf = (bytes: Uint8Array, start: number) => (bytes[start] === fitted ? fittedHead : flatHead)

function readHead(view: DataView, start: number, index: number): FrameHead {
  if (view.getUint8(start) === fitted) {
    const head = start + 1 + index * fittedHead
    return {
      width: view.getUint8(head),
      from: view.getInt32(head + 1, true),
      slope: view.getInt16(head + 5, true),
    }
  }
  const head = start + 1 + index * flatHead
  return { width: view.getUint8(head), from: view.getUint32(head + 1, true), slope: 0 }
}

// The innermost loop of a restart: tens of millions of times for a thousand objectives.
function unpackFrame(
  bytes: Uint8Array,
  { at, from, width }: { readonly at: number; readonly from: number; readonly width: number },
  into: Numbers,
  { first, last }: { readonly first: number; readonly last: number },
): void {
  let bit = at * 8
  if (width > 24) {
    for (let cell = first; cell < last; cell += 1, bit += width) into[cell] = from + bitsAt(bytes, bit, width)
    return
  }
  // At most 24 bits, beginning at most 7 bits into a byte: four bytes hold them.
  const mask = 2 ** width - 1
  for (let cell = first; cell < last; cell += 1, bit += width) {
    const byte = bit >>> 3
    const low =
      (bytes[byte] ?? 0) |
      ((bytes[byte + 1] ?? 0) << 8) |
      ((bytes[byte + 2] ?? 0) << 16) |
      ((bytes[byte + 3] ?? 0) << 24)
    into[cell] = from + ((low >>> (bit & 7)) & mask)
  }
}

/** One number, without unpacking the others. */
export function packedNumber(bytes: Uint8Array, column: number, index: number): number {
  const view = viewOf(bytes)
  const start = view.getUint32(4 + 4 * column, true)
  if (bytes[start] === same) return view.getFloat64(start + 1, true)
  if (bytes[start] === wide) return view.getFloat64(start + 1 + 8 * index, true)
  const own = Math.floor(index / frame)
  let at = start + 1 + Math.ceil(view.getUint16(2, true) / frame) * headOf(bytes, start)
  for (let before = 0; before < own; before += 1) at += 12 * readHead(view, start, before).width
  const { width, from, slope } = readHead(view, start, own)
  const steps = index % frame
  const line = from + stepOf(slope, steps)
  return width === 0 ? line : line + bitsAt(bytes, at * 8 + steps * width, width)
}

function bitsAt(bytes: Uint8Array, bit: number, width: number): number {
  const at = bit >>> 3
  const shift = bit & 7
  const low =
    ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0
  const above = shift + width - 32
  if (above <= 0) return width === 32 ? low : (low >>> shift) & (2 ** width - 1)
  return (low >>> shift) + ((bytes[at + 4] ?? 0) & ((1 << above) - 1)) * 2 ** (32 - shift)
}
