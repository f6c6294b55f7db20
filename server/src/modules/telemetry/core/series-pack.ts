// What is remembered of many series, as bytes: they are written with every fold, so they are small and quick to write.
//
// 1 byte version · u32 length and JSON of the different rules (ASCII) · u32 series · for each of them:
// u32 stream · 16 bytes series · u32 source · u8 flags · u16 rules · f64 first · f64 last · 6 bytes target, when flagged ·
// a counter: u32 carry when flagged, u8 readings, each f64 at, f64 value, and f64 start when flagged · a histogram that is cut at an edge:
// u8 readings, each f64 at, start, edge, counts up to it and above · else u32 length and JSON of the state.
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

/**
 * Version 1 had no carry. Beside packs of version 3 there may stand what moved since: whoever does not know of it must not
 * take the packs alone for all there is.
 */
const version = 3
const flag = { histogram: 1, whole: 2, target: 4, first: 8, starts: 16, carry: 32, halves: 64 } as const

export const isCurrentPack = (bytes: Uint8Array): boolean => bytes[0] === version

/** Where it is written; what is written is measured before. */
interface Writer {
  readonly bytes: Uint8Array
  readonly view: DataView
  at: number
}

function writeHex({ bytes, at }: Writer, text: string): void {
  for (let index = 0, into = at; index < text.length; index += 2, into += 1)
    bytes[into] = digit(text.charCodeAt(index)) * 16 + digit(text.charCodeAt(index + 1))
}

const digit = (code: number): number => (code < 58 ? code - 48 : code - 87)

function writeText(writer: Writer, text: string): void {
  const { bytes, view, at } = writer
  view.setUint32(at, text.length, true)
  for (let index = 0; index < text.length; index += 1) bytes[at + 4 + index] = text.charCodeAt(index)
  writer.at = at + 4 + text.length
}

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

// Rules never change, and series are written again and again.
const ruleTexts = new WeakMap<SeriesRules, string>()

function textOf(rules: SeriesRules): string {
  const found = ruleTexts.get(rules)
  if (found !== undefined) return found
  const text = JSON.stringify(rules)
  ruleTexts.set(rules, text)
  return text
}

/** A pack holds at most 65,535 different rules. */
export function packSeries(all: readonly PackedSeries[]): Uint8Array {
  const rules = new Map<string, number>()
  const indexOf = (given: SeriesRules): number => {
    const text = textOf(given)
    const found = rules.get(text)
    if (found !== undefined) return found
    rules.set(text, rules.size)
    return rules.size - 1
  }
  const used = new Uint16Array(all.length)
  // Those that keep all their buckets are few, and their layouts many: they are texts.
  const texts = new Map<PackedSeries, string>()
  let size = 0
  for (let index = 0; index < all.length; index += 1) {
    const each = all[index]
    if (each === undefined) continue
    const { mind } = each
    used[index] = indexOf(mind.kind === 'counter' ? mind.track.rules : mind.state.rules)
    size += fixedSize + (each.target === null ? 0 : 6)
    if (mind.kind === 'counter') size += trackSize(mind.track)
    else if (isHalved(mind.state)) size += 1 + 40 * mind.state.recent.length
    else {
      const text = JSON.stringify({ recent: mind.state.recent, whole: mind.state.whole })
      texts.set(each, text)
      size += 4 + text.length
    }
  }
  const head = `[${[...rules.keys()].join(',')}]`
  const bytes = new Uint8Array(9 + head.length + size)
  const writer: Writer = { bytes, view: new DataView(bytes.buffer), at: 1 }
  bytes[0] = version
  writeText(writer, head)
  writer.view.setUint32(writer.at, all.length, true)
  writer.at += 4
  for (let index = 0; index < all.length; index += 1) {
    const each = all[index]
    if (each === undefined) continue
    writeNames(writer, each, used[index] ?? 0)
    if (each.mind.kind === 'counter') writeTrack(writer, each.mind.track)
    else if (isHalved(each.mind.state)) writeHalves(writer, each.mind.state)
    else writeText(writer, texts.get(each) ?? '')
  }
  return bytes
}

const fixedSize = 43
const trackSize = (track: CounterTrack): number =>
  1 + (track.carry > 0 ? 4 : 0) + track.at.length * (hasStarts(track) ? 24 : 16)

function hasStarts({ starts }: CounterTrack): boolean {
  for (let index = 0; index < starts.length; index += 1) if (starts[index] !== 0) return true
  return false
}

function writeNames(writer: Writer, each: PackedSeries, rules: number): void {
  const { bytes, view, at } = writer
  const track = each.mind.kind === 'counter' ? each.mind.track : null
  view.setUint32(at, each.stream, true)
  writer.at = at + 4
  writeHex(writer, each.series)
  view.setUint32(at + 20, each.source, true)
  const halved = each.mind.kind === 'histogram' && isHalved(each.mind.state) ? each.mind.state : null
  bytes[at + 24] =
    (track === null ? flag.histogram : 0) |
    (halved === null ? 0 : flag.halves) |
    ((track ?? halved)?.whole === true ? flag.whole : 0) |
    (each.target === null ? 0 : flag.target) |
    (each.firstAt === null ? 0 : flag.first) |
    (track !== null && hasStarts(track) ? flag.starts : 0) |
    (track !== null && track.carry > 0 ? flag.carry : 0)
  view.setUint16(at + 25, rules, true)
  view.setFloat64(at + 27, each.firstAt ?? 0, true)
  view.setFloat64(at + 35, each.lastAt, true)
  writer.at = at + fixedSize
  if (each.target === null) return
  writeHex(writer, each.target)
  writer.at += 6
}

/** Cut at one edge, as what a threshold reads of explicit buckets is kept. */
function isHalved({ recent }: HistogramState): boolean {
  if (recent.length > 255) return false
  for (let index = 0; index < recent.length; index += 1) {
    const reading = recent[index]
    if (reading === undefined || reading.startAt === 0) return false
    const { value } = reading
    if (value.kind !== 'explicit' || value.bounds.length !== 1 || value.counts.length !== 2) return false
  }
  return true
}

function writeHalves(writer: Writer, { recent }: HistogramState): void {
  const { view } = writer
  view.setUint8(writer.at, recent.length)
  let at = writer.at + 1
  for (let index = 0; index < recent.length; index += 1, at += 40) {
    const reading = recent[index]
    if (reading?.value.kind !== 'explicit') continue
    const { bounds, counts } = reading.value
    view.setFloat64(at, reading.at, true)
    view.setFloat64(at + 8, reading.startAt ?? 0, true)
    view.setFloat64(at + 16, bounds[0] ?? 0, true)
    view.setFloat64(at + 24, counts[0] ?? 0, true)
    view.setFloat64(at + 32, counts[1] ?? 0, true)
  }
  writer.at = at
}

function readHalves(reader: Reader): HistogramState['recent'] {
  return Array.from({ length: reader.byte() }, () => {
    const [at, startAt, edge] = [reader.double(), reader.double(), reader.double()]
    const counts = [reader.double(), reader.double()]
    const value = { kind: 'explicit' as const, bounds: [edge], counts }
    return { at: instant(at), startAt: startAt === 0 ? null : instant(startAt), value }
  })
}

function writeTrack(writer: Writer, track: CounterTrack): void {
  const { view } = writer
  const { at, values, starts, carry } = track
  if (carry > 0) {
    view.setUint32(writer.at, carry, true)
    writer.at += 4
  }
  view.setUint8(writer.at, at.length)
  writer.at += 1
  const started = hasStarts(track)
  for (let index = 0; index < at.length; index += 1) {
    view.setFloat64(writer.at, at[index] ?? 0, true)
    view.setFloat64(writer.at + 8, values[index] ?? 0, true)
    if (started) view.setFloat64(writer.at + 16, starts[index] ?? 0, true)
    writer.at += started ? 24 : 16
  }
}

export function unpackSeries(bytes: Uint8Array): readonly PackedSeries[] {
  const reader = new Reader(bytes)
  const found = reader.byte()
  if (found < 1 || found > version) throw new Error(`A pack of series of version ${found} is not known.`)
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
  if ((flags & flag.halves) !== 0) {
    const state = { rules: own, recent: readHalves(reader), whole: (flags & flag.whole) !== 0 }
    return { ...names, mind: { kind: 'histogram', state } }
  }
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
