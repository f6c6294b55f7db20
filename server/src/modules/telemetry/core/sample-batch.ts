// The usual request of remote write, read without an object for a sample: which series, and their times and values in two
// lists of numbers. What is unusual (native histograms, labels behind samples, anything wrong) is not read here: null, and
// `decodeRemoteWrite` has the word. What is read here is what it would have read.
import { type DecodeMemory, type SeriesNames, standsThere, type ToldNames } from './memory.ts'
import { type DecodeLimits, defaultLimits } from './otlp-model.ts'
import {
  falling,
  namesFrom,
  namesOfTexts,
  type RemoteWriteVersion,
  type Replica,
  replicaOf,
  toldOf,
} from './remote-write.ts'
import { decodeUtf8 } from './wire.ts'

export interface SampleBatch {
  readonly told: readonly ToldNames[]
  /** The samples of series i stand from ends[i − 1] up to ends[i]. */
  readonly ends: readonly number[]
  readonly times: Float64Array
  readonly values: Float64Array
  /** For each series: when it began to count; 0 when nobody said. */
  readonly createdMs: readonly number[]
  /** For each series: it may fall, so it counts nothing. */
  readonly gauge: readonly boolean[]
  readonly replica: Replica | null
}

class Cursor {
  readonly bytes: Uint8Array
  at = 0
  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }
  /** A number of at most seven bytes; −1 for anything else. */
  number(): number {
    const { bytes } = this
    const first = bytes[this.at] ?? 0xff
    if (first < 0x80) {
      this.at += 1
      return first
    }
    let [value, scale] = [first & 0x7f, 128]
    for (let next = this.at + 1; next < this.at + 7; next += 1) {
      const byte = bytes[next]
      if (byte === undefined) return -1
      value += (byte & 0x7f) * scale
      if (byte < 0x80) {
        this.at = next + 1
        return value
      }
      scale *= 128
    }
    return -1
  }
  /** The end of a field whose length stands here; −1 when it reaches past `end`. */
  until(end: number): number {
    const length = this.number()
    return length < 0 || this.at + length > end ? -1 : this.at + length
  }
}

interface Run {
  readonly cursor: Cursor
  readonly view: DataView
  readonly limits: DecodeLimits
  readonly memory: DecodeMemory
  readonly names: SeriesNames[]
  readonly ends: number[]
  readonly createdMs: number[]
  readonly gauge: boolean[]
  /** Texts of 2.0. */
  readonly symbols: string[]
  times: Float64Array
  values: Float64Array
  /** Samples that are kept, and all there were. */
  kept: number
  seen: number
  last: SeriesNames | null
}

const seriesTag = { '1.0': 0x0a, '2.0': 0x2a } as const
const symbolTag = 0x22

export function readSampleBatch(
  bytes: Uint8Array,
  version: RemoteWriteVersion,
  memory: DecodeMemory,
  limits: DecodeLimits = defaultLimits,
): SampleBatch | null {
  const guess = Math.max(16, bytes.length >>> 4)
  const run: Run = {
    cursor: new Cursor(bytes),
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    limits,
    memory,
    names: [],
    ends: [],
    createdMs: [],
    gauge: [],
    symbols: [],
    times: new Float64Array(guess),
    values: new Float64Array(guess),
    kept: 0,
    seen: 0,
    last: null,
  }
  const { cursor } = run
  while (cursor.at < bytes.length) {
    const tag = bytes[cursor.at] ?? 0
    if ((tag & 7) !== 2 || tag >= 0x80 || tag < 8) return null
    cursor.at += 1
    const end = cursor.until(bytes.length)
    if (end < 0) return null
    if (tag === seriesTag[version]) {
      if (!(version === '1.0' ? readFirst(run, end) : readSecond(run, end))) return null
    } else if (tag === symbolTag && version === '2.0') {
      // A text behind a series may be one that it refers to.
      if (run.names.length > 0 || end - cursor.at > limits.textLength) return null
      run.symbols.push(decodeUtf8(bytes, cursor.at, end))
      if (run.symbols.length > limits.points) return null
    }
    cursor.at = end
  }
  return settle(run)
}

function settle(run: Run): SampleBatch | null {
  const { names, memory } = run
  if (names.some((each) => each.fault !== null)) return null
  const replica = replicaOf(names)
  return {
    told: names.map((each) => toldOf(each, replica?.name ?? '', memory)),
    ends: run.ends,
    times: run.times.slice(0, run.kept),
    values: run.values.slice(0, run.kept),
    createdMs: run.createdMs,
    gauge: run.gauge,
    replica: replica === null ? null : { cluster: replica.cluster, replica: replica.replica },
  }
}

const [labelTag, sampleTag, exemplarTag1, exemplarTag2, metadataTag, createdTag] = [0x0a, 0x12, 0x1a, 0x22, 0x2a, 0x30]

/** The labels stand in front; then samples. */
function readFirst(run: Run, end: number): boolean {
  const { cursor, memory } = run
  const { bytes } = cursor
  const start = cursor.at
  let found: SeriesNames | null = null
  // A sender names its series in the same order with every request.
  const guess = run.last === null ? (memory.first ?? null) : run.last.next
  const length = guess?.bytes?.length ?? 0
  if (guess !== null && length > 0 && start + length <= end && bytes[start + length] !== labelTag)
    if (standsThere(bytes, start, guess.bytes ?? bytes)) {
      found = guess
      cursor.at = start + length
    }
  if (found === null) {
    while (cursor.at < end && bytes[cursor.at] === labelTag) {
      cursor.at += 1
      cursor.at = cursor.until(end)
      if (cursor.at < 0) return false
    }
    found = namesFrom(bytes, start, cursor.at, memory, run.limits)
    if (found === null) return false
  }
  follow(run, found)
  while (cursor.at < end) {
    const tag = bytes[cursor.at]
    cursor.at += 1
    if (tag === sampleTag) {
      if (!readSample(run, end)) return false
    } else if (tag === exemplarTag1) {
      cursor.at = cursor.until(end)
      if (cursor.at < 0) return false
    } else return false
  }
  return cursor.at === end && close(run, found, 0, false)
}

function readSecond(run: Run, end: number): boolean {
  const { cursor, symbols, memory } = run
  const { bytes } = cursor
  const refs: string[] = []
  let [createdMs, gauge] = [0, false]
  while (cursor.at < end) {
    const tag = bytes[cursor.at]
    cursor.at += 1
    if (tag === createdTag) {
      createdMs = cursor.number()
      if (createdMs < 0) return false
    } else if (tag === sampleTag) {
      if (!readSample(run, end)) return false
    } else if (tag === labelTag || tag === metadataTag || tag === exemplarTag2) {
      const until = cursor.until(end)
      if (until < 0) return false
      if (tag === labelTag)
        while (cursor.at < until) {
          const text = symbols[cursor.number()]
          if (text === undefined || refs.length >= 2 * run.limits.attributes) return false
          refs.push(text)
        }
      else if (tag === metadataTag)
        while (cursor.at < until) {
          const field = bytes[cursor.at]
          cursor.at += 1
          const value = cursor.number()
          if (value < 0 || (field !== 0x08 && field !== 0x18 && field !== 0x20)) return false
          if (field === 0x08) gauge = falling.includes(value)
        }
      if (tag !== exemplarTag2 && cursor.at !== until) return false
      cursor.at = until
    } else return false
  }
  if (cursor.at !== end) return false
  const found = namesInOrder(run, refs) ?? namesOfTexts(refs, memory)
  if (found === null) return false
  follow(run, found)
  return close(run, found, createdMs, gauge)
}

function namesInOrder(run: Run, refs: readonly string[]): SeriesNames | null {
  const guess = run.last === null ? (run.memory.second ?? null) : run.last.next
  const texts = guess?.texts
  if (guess === null || texts === null || texts === undefined || texts.length !== refs.length) return null
  for (let index = 0; index < refs.length; index += 1) if (texts[index] !== refs[index]) return null
  return guess
}

function follow(run: Run, found: SeriesNames): void {
  if (run.last !== null) run.last.next = found
  else if (found.bytes !== null) run.memory.first = found
  else run.memory.second = found
  run.last = found
}

function close(run: Run, names: SeriesNames, createdMs: number, gauge: boolean): boolean {
  run.names.push(names)
  run.ends.push(run.kept)
  run.createdMs.push(createdMs)
  run.gauge.push(gauge)
  return run.seen <= run.limits.points
}

/** Left out are, as ever: the mark of an end, what is no number, what has no time, and what doubles cannot count. */
function readSample(run: Run, within: number): boolean {
  const { cursor, view } = run
  const { bytes } = cursor
  const end = cursor.until(within)
  if (end < 0) return false
  let [value, time] = [0, 0]
  while (cursor.at < end) {
    const tag = bytes[cursor.at]
    cursor.at += 1
    if (tag === 0x09) {
      if (cursor.at + 8 > end) return false
      value = view.getFloat64(cursor.at, true)
      cursor.at += 8
    } else if (tag === 0x10) {
      time = cursor.number()
      if (time < 0) return false
    } else return false
  }
  if (cursor.at !== end) return false
  run.seen += 1
  if (time === 0 || !(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) return true
  if (run.kept === run.times.length) grow(run)
  run.times[run.kept] = time
  run.values[run.kept] = value
  run.kept += 1
  return true
}

function grow(run: Run): void {
  const [times, values] = [new Float64Array(2 * run.times.length), new Float64Array(2 * run.times.length)]
  times.set(run.times)
  values.set(run.values)
  run.times = times
  run.values = values
}
