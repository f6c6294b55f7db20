// The usual counter of OTLP, read without an object for a point: a cumulative sum that only grows, its names known from the
// request before. What is unusual about a metric (flags, values below 0, fields in another order, anything wrong) is not
// read here: `decodeOtlpProtobuf` has the word. What is read here is what it would have read.
import { type DecodeMemory, type MetricNames, openRoom, type SumNames, type SumRoom, standsThere } from './memory.ts'
import type { DecodeLimits } from './otlp-model.ts'
import type { SampleBatch } from './sample-batch.ts'
import type { Attributes } from './selector.ts'
import { double, endOfRun, lengthEnd, nanosAsMs, signed64, text, type WireReader } from './wire.ts'

export interface SumReading {
  readonly reader: WireReader
  readonly limits: DecodeLimits
  readonly memory: DecodeMemory
  readonly resource: Attributes
  readonly scope: string
  /** Points of the request so far. */
  readonly points: number
  /** Whether metrics of this name may be read here. */
  readonly isPlain: (metric: string) => boolean
  readonly attributesFrom: (start: number, end: number) => Attributes
}

/** Gathers what was read; a metric that turns out to be unusual is taken out again. */
export class SumBatch {
  readonly told: SumNames['told'][] = []
  readonly ends: number[] = []
  readonly createdMs: number[] = []
  kept = 0
  readonly #room: SumRoom

  constructor(room: SumRoom) {
    this.#room = room
  }

  /** `again`: of the series that was added last. */
  add(
    told: SumNames['told'],
    point: { readonly startMs: number; readonly timeMs: number; readonly value: number },
    again: boolean,
  ): void {
    if (this.kept === this.#room.times.length) this.#grow()
    this.#room.times[this.kept] = point.timeMs
    this.#room.values[this.kept] = point.value
    this.kept += 1
    const last = this.ends.length - 1
    if (again && this.told[last] === told && this.createdMs[last] === point.startMs) this.ends[last] = this.kept
    else {
      this.told.push(told)
      this.ends.push(this.kept)
      this.createdMs.push(point.startMs)
    }
  }

  cutTo(series: number, kept: number): void {
    this.told.length = series
    this.ends.length = series
    this.createdMs.length = series
    this.kept = kept
  }

  done(): SampleBatch | null {
    if (this.kept === 0) return null
    const { told, ends, createdMs, kept } = this
    const [times, values] = [this.#room.times.slice(0, kept), this.#room.values.slice(0, kept)]
    return { told, ends, times, values, createdMs, gauge: [], replica: null }
  }

  #grow(): void {
    const room = openRoom(2 * this.kept)
    room.times.set(this.#room.times)
    room.values.set(this.#room.values)
    Object.assign(this.#room, room)
  }
}

const [nameTag, descriptionTag, unitTag, sumTag, pointTag] = [0x0a, 0x12, 0x1a, 0x3a, 0x0a]
const [startTag, timeTag, doubleTag, intTag, exemplarTag, attributeTag, flagsTag] = [
  0x11, 0x19, 0x21, 0x31, 0x2a, 0x3a, 0x40,
]
/** Behind the points: temporality 2, cumulative, and monotonic. */
const ending = [0x10, 0x02, 0x18, 0x01] as const

/** How many points the metric has that begins here and ends at `end`; −1, with nothing read, when it is not such a one. */
export function readSum(run: SumReading, batch: SumBatch, end: number): number {
  const { reader } = run
  const [start, series, kept] = [reader.at, batch.told.length, batch.kept]
  const found = readMetric(run, batch, end)
  if (found && reader.fault === null) return batch.kept - kept
  batch.cutTo(series, kept)
  reader.at = start
  return -1
}

function readMetric(run: SumReading, batch: SumBatch, end: number): boolean {
  const { reader } = run
  const { bytes } = reader
  const start = reader.at
  let tag = bytes[reader.at]
  while (tag === nameTag || tag === descriptionTag || tag === unitTag) {
    reader.at += 1
    reader.at = lengthEnd(reader)
    if (reader.fault !== null || reader.at >= end) return false
    tag = bytes[reader.at]
  }
  if (tag !== sumTag) return false
  const names = namesOf(run, start, reader.at)
  if (!names.plain) return false
  reader.at += 1
  const until = end - ending.length
  if (lengthEnd(reader) !== end || until < reader.at) return false
  for (let index = 0; index < ending.length; index += 1) if (bytes[until + index] !== ending[index]) return false
  let last: SumNames | null = null
  let points = run.points
  while (reader.at < until) {
    if (bytes[reader.at] !== pointTag) return false
    reader.at += 1
    const pointEnd = lengthEnd(reader)
    points += 1
    if (pointEnd > until || points > run.limits.points) return false
    const read = readPoint(run, names, last, pointEnd)
    if (read === null) return false
    batch.add(read.told, point, last !== null)
    last = read
  }
  reader.at = end
  return true
}

/** The point at hand: there is one at a time. */
const point = { startMs: 0, timeMs: 0, value: 0 }

function readPoint(run: SumReading, metric: MetricNames, before: SumNames | null, end: number): SumNames | null {
  const { reader } = run
  const { bytes } = reader
  let [names, valued]: [SumNames | null, boolean] = [null, false]
  point.startMs = 0
  point.timeMs = 0
  while (reader.at < end) {
    const tag = bytes[reader.at]
    if (tag === attributeTag) {
      if (names !== null) return null
      names = pointNames(run, metric, before, end)
      if (names === null) return null
      continue
    }
    if (tag === flagsTag && bytes[reader.at + 1] === 0) {
      reader.at += 2
      continue
    }
    reader.at += 1
    if (tag === exemplarTag) {
      reader.at = lengthEnd(reader)
      continue
    }
    if (reader.at + 8 > end) return null
    if (tag === timeTag) point.timeMs = nanosAsMs(reader)
    else if (tag === startTag) point.startMs = nanosAsMs(reader)
    else if (tag === intTag || tag === doubleTag) {
      point.value = tag === intTag ? signed64(reader) : double(reader)
      valued = true
    } else return null
  }
  const fits = valued && point.timeMs > 0 && point.value >= 0 && point.value <= Number.MAX_SAFE_INTEGER
  if (reader.at !== end || !fits) return null
  return names ?? follow(metric, before, namesAt(run, metric, end, end))
}

/** The attributes that stand here next to each other; most likely those that followed last time. */
function pointNames(run: SumReading, metric: MetricNames, before: SumNames | null, end: number): SumNames | null {
  const { reader } = run
  const guess = before === null ? metric.first : before.next
  if (guess !== null) {
    const until = reader.at + guess.bytes.length
    if (guess.bytes.length > 0 && until <= end && (until === end || reader.bytes[until] !== attributeTag))
      if (standsThere(reader.bytes, reader.at, guess.bytes)) {
        reader.at = until
        return guess
      }
  }
  const until = endOfRun(reader, attributeTag, end)
  if (until === reader.at) return null
  const found = namesAt(run, metric, reader.at, until)
  reader.at = until
  return follow(metric, before, found)
}

function follow(metric: MetricNames, before: SumNames | null, found: SumNames): SumNames {
  if (before === null) metric.first = found
  else before.next = found
  return found
}

function namesAt(run: SumReading, metric: MetricNames, start: number, end: number): SumNames {
  const { memory, reader, resource, scope } = run
  const key = memory.keyOf(reader.bytes, start, end)
  const known = metric.points.get(key)
  if (known !== undefined) return known
  const told = {
    metric: metric.name,
    unit: metric.unit,
    scope,
    target: '',
    resource,
    attributes: run.attributesFrom(start, end),
    use: null,
    seen: null,
  }
  const names: SumNames = { told, bytes: reader.bytes.slice(start, end), next: null }
  if (reader.fault === null) {
    metric.points.set(key, names)
    memory.sums.points += 1
  }
  return names
}

/** Metrics of a resource are known by their scope and by the bytes that tell their name, words and unit. */
function namesOf(run: SumReading, start: number, end: number): MetricNames {
  const { memory, reader, resource, scope } = run
  const { sums } = memory
  if (sums.points > mostPoints) {
    sums.of = new WeakMap()
    sums.points = 0
  }
  let metrics = sums.of.get(resource)
  if (metrics === undefined) {
    metrics = new Map()
    sums.of.set(resource, metrics)
  }
  const key = `${memory.keyOf(reader.bytes, start, end)}\u0000${scope}`
  const known = metrics.get(key)
  if (known !== undefined) return known
  const at = reader.at
  let [name, unit] = ['', '']
  reader.at = start
  while (reader.at < end && reader.fault === null) {
    const tag = reader.bytes[reader.at]
    reader.at += 1
    if (tag === nameTag) name = text(reader, run.limits.textLength)
    else if (tag === unitTag) unit = text(reader, run.limits.textLength)
    else reader.at = lengthEnd(reader)
  }
  reader.at = at
  const names: MetricNames = { name, unit, plain: name !== '' && run.isPlain(name), points: new Map(), first: null }
  if (reader.fault === null) metrics.set(key, names)
  return names
}

/** Forgotten at once when there are more; then they are read once again. */
const mostPoints = 100_000
