// What is remembered of many series, as bytes: they are written with every fold, so they are small and quick to write.
//
// 1 byte version · u32 length and JSON of the different rules (ASCII) · u32 series · for each of them:
// u32 stream · 16 bytes series · u32 source · u8 flags · u16 rules · f64 first · f64 last · 6 bytes target, when flagged ·
// a counter: u32 carry when flagged, u8 readings, each f64 at, f64 value, and f64 start when flagged · else u32 length and JSON of the state.
import { type Instant, instant } from '../../../kernel/instant.ts'
import { type CounterTrack, openTrack } from './counter-track.ts'
import type { HistogramState } from './histogram.ts'
import type { SeriesRules } from './series.ts'

export type SeriesMind =
  | { readonly kind: 'counter'; readonly track: CounterTrack }
  | { readonly kind: 'histogram'; state: HistogramState }

export interface PackedSeries {
  readonly stream: number
  /** 32 hexadecimal digits. */
  readonly series: string
  readonly source: number
  /** 12 hexadecimal digits of the names of its attributes; null when its sender does not tell of whole targets. */
  readonly target: string | null
  readonly firstAt: Instant | null
  readonly lastAt: Instant
  readonly mind: SeriesMind
}

/** Version 1 had no carry. */
const version = 2
const flag = { histogram: 1, whole: 2, target: 4, first: 8, starts: 16, carry: 32 } as const

class Writer {
  #bytes = new Uint8Array(4096)
  #view = new DataView(this.#bytes.buffer)
  #at = 0

  #room(size: number): number {
    if (this.#at + size > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#at + size))
      larger.set(this.#bytes.subarray(0, this.#at))
      this.#bytes = larger
      this.#view = new DataView(larger.buffer)
    }
    const at = this.#at
    this.#at += size
    return at
  }
  // The place is made first: it may bring a larger view.
  byte(value: number): void {
    const at = this.#room(1)
    this.#bytes[at] = value
  }
  short(value: number): void {
    const at = this.#room(2)
    this.#view.setUint16(at, value, true)
  }
  word(value: number): void {
    const at = this.#room(4)
    this.#view.setUint32(at, value, true)
  }
  double(value: number): void {
    const at = this.#room(8)
    this.#view.setFloat64(at, value, true)
  }
  hex(text: string): void {
    const at = this.#room(text.length / 2)
    for (let index = 0; index < text.length; index += 2)
      this.#bytes[at + index / 2] = digit(text.charCodeAt(index)) * 16 + digit(text.charCodeAt(index + 1))
  }
  ascii(text: string): void {
    this.word(text.length)
    const at = this.#room(text.length)
    for (let index = 0; index < text.length; index += 1) this.#bytes[at + index] = text.charCodeAt(index)
  }
  done(): Uint8Array {
    return this.#bytes.slice(0, this.#at)
  }
}

const digit = (code: number): number => (code < 58 ? code - 48 : code - 87)

class Reader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
  #past(size: number): number {
    this.#at += size
    return this.#at - size
  }
  byte(): number {
    return this.#view.getUint8(this.#past(1))
  }
  short(): number {
    return this.#view.getUint16(this.#past(2), true)
  }
  word(): number {
    return this.#view.getUint32(this.#past(4), true)
  }
  double(): number {
    return this.#view.getFloat64(this.#past(8), true)
  }
  hex(size: number): string {
    let text = ''
    for (const byte of this.#bytes.subarray(this.#past(size), this.#at)) text += pairs[byte]
    return text
  }
  ascii(): string {
    const length = this.word()
    const start = this.#past(length)
    let text = ''
    for (let at = start; at < start + length; at += 1) text += String.fromCharCode(this.#bytes[at] ?? 0)
    return text
  }
}

const pairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** A pack holds at most 65,535 series. */
export function packSeries(all: readonly PackedSeries[]): Uint8Array {
  const rules = new Map<string, number>()
  const known = new Map<SeriesRules, number>()
  const indexOf = (given: SeriesRules): number => {
    const found = known.get(given)
    if (found !== undefined) return found
    const text = JSON.stringify(given)
    const index = rules.get(text) ?? rules.size
    rules.set(text, index)
    known.set(given, index)
    return index
  }
  const used = all.map(({ mind }) => indexOf(mind.kind === 'counter' ? mind.track.rules : mind.state.rules))
  const writer = new Writer()
  writer.byte(version)
  writer.ascii(`[${[...rules.keys()].join(',')}]`)
  writer.word(all.length)
  for (const [index, each] of all.entries()) {
    const { mind } = each
    const track = mind.kind === 'counter' ? mind.track : null
    const hasStarts = track?.starts.some((start) => start !== 0) ?? false
    writer.word(each.stream)
    writer.hex(each.series)
    writer.word(each.source)
    writer.byte(
      (track === null ? flag.histogram : 0) |
        (track?.whole === true ? flag.whole : 0) |
        (each.target === null ? 0 : flag.target) |
        (each.firstAt === null ? 0 : flag.first) |
        (hasStarts ? flag.starts : 0) |
        ((track?.carry ?? 0) > 0 ? flag.carry : 0),
    )
    writer.short(used[index] ?? 0)
    writer.double(each.firstAt ?? 0)
    writer.double(each.lastAt)
    if (each.target !== null) writer.hex(each.target)
    if (mind.kind === 'histogram') {
      writer.ascii(JSON.stringify({ recent: mind.state.recent, whole: mind.state.whole }))
      continue
    }
    if (mind.track.carry > 0) writer.word(mind.track.carry)
    writer.byte(mind.track.at.length)
    writeReadings(writer, mind.track, hasStarts)
  }
  return writer.done()
}

function writeReadings(writer: Writer, { at, values, starts }: CounterTrack, hasStarts: boolean): void {
  for (let index = 0; index < at.length; index += 1) {
    writer.double(at[index] ?? 0)
    writer.double(values[index] ?? 0)
    if (hasStarts) writer.double(starts[index] ?? 0)
  }
}

export function unpackSeries(bytes: Uint8Array): readonly PackedSeries[] {
  const reader = new Reader(bytes)
  const found = reader.byte()
  if (found !== version && found !== 1) throw new Error(`A pack of series of version ${found} is not known.`)
  const rules: readonly SeriesRules[] = JSON.parse(reader.ascii())
  return Array.from({ length: reader.word() }, () => readOne(reader, rules))
}

function readOne(reader: Reader, rules: readonly SeriesRules[]): PackedSeries {
  const [stream, series, source, flags] = [reader.word(), reader.hex(16), reader.word(), reader.byte()]
  const own = rules[reader.short()]
  if (own === undefined) throw new Error('A pack of series has no such rules.')
  const [first, last] = [reader.double(), reader.double()]
  const target = (flags & flag.target) === 0 ? null : reader.hex(6)
  const firstAt = (flags & flag.first) === 0 ? null : instant(first)
  const names = { stream, series, source, target, firstAt, lastAt: instant(last) }
  if ((flags & flag.histogram) !== 0)
    return { ...names, mind: { kind: 'histogram', state: { ...JSON.parse(reader.ascii()), rules: own } } }
  const track = openTrack(own)
  track.whole = (flags & flag.whole) !== 0
  if ((flags & flag.carry) !== 0) track.carry = reader.word()
  const count = reader.byte()
  for (let index = 0; index < count; index += 1) {
    track.at.push(reader.double())
    track.values.push(reader.double())
    track.starts.push((flags & flag.starts) === 0 ? 0 : reader.double())
  }
  return { ...names, mind: { kind: 'counter', track } }
}
