// Prometheus remote write from protobuf: 1.0 (prometheus.WriteRequest) and 2.0 (io.prometheus.write.v2.Request, with
// its table of texts and created timestamps). Read into the same model as OTLP, one resource for each scraped target.
import type { DecodeMemory, SeriesNames, ToldNames } from './memory.ts'
import type {
  Decoded,
  DecodeLimits,
  Metric,
  RawData,
  RawExponential,
  RawNumber,
  ResourceMetrics,
} from './otlp-model.ts'
import { defaultLimits, newTally, settleMetric } from './otlp-model.ts'
import type { Attributes } from './selector.ts'
import {
  double,
  eachField,
  endOfRun,
  fail,
  lengthEnd,
  openWire,
  repeated,
  text,
  varint,
  type WireReader,
  wireTypes,
  zigzag32,
} from './wire.ts'

export type RemoteWriteVersion = '1.0' | '2.0'

interface Series {
  names: SeriesNames
  readonly samples: { value: number; timeMs: number; stale: boolean }[]
  readonly histograms: RawExponential[]
  createdMs: number
  /** 2.0 only: what the metric says it is. */
  type: number
}

interface Run {
  readonly reader: WireReader
  readonly limits: DecodeLimits
  readonly symbols: string[]
  readonly memory: DecodeMemory | null
  points: number
}

export type DecodedWrite = Decoded & {
  readonly histograms?: number
  /** The one sender in a highly available pair that this request is from; null when it names none. */
  readonly replica?: Replica | null
}

export interface Replica {
  readonly cluster: string
  readonly replica: string
}

export function decodeRemoteWrite(
  bytes: Uint8Array,
  version: RemoteWriteVersion,
  limits: DecodeLimits = defaultLimits,
  memory: DecodeMemory | null = null,
): DecodedWrite {
  const run: Run = { reader: openWire(bytes), limits, symbols: [], memory, points: 0 }
  const { reader } = run
  // Series of 2.0 refer to a table that may stand behind them.
  const found: { series: Series; refs: number[] }[] = []
  const at = version === '1.0' ? { series: 1, symbols: 0 } : { series: 5, symbols: 4 }
  eachField(reader, bytes.length, (number, wireType) => {
    if (wireType !== wireTypes.bytes) return false
    if (number === at.series) found.push(readSeries(run, version))
    else if (number === at.symbols) run.symbols.push(text(reader, limits.textLength))
    else return false
    if (run.symbols.length > limits.points) fail(reader, `more than ${limits.points} texts`)
    return true
  })
  if (version === '2.0') for (const { series, refs } of found) series.names = namesOf(run, refs)
  if (reader.fault !== null) return { state: 'refused', at: `byte ${reader.fault.offset}`, detail: reader.fault.detail }
  const series = found.map((each) => each.series)
  const wrong = series.find((each) => each.names.fault !== null)
  if (wrong !== undefined) return { state: 'refused', at: 'a series', detail: wrong.names.fault ?? '' }
  const replica = replicaOf(series.map((each) => each.names))
  return {
    ...toModel(series, replica?.name ?? '', memory),
    replica: replica === null ? null : { cluster: replica.cluster, replica: replica.replica },
  }
}

const nameless: SeriesNames = {
  labels: new Map(),
  fault: null,
  told: new Map(),
  bytes: null,
  texts: null,
  next: null,
}

function readSeries(run: Run, version: RemoteWriteVersion): { series: Series; refs: number[] } {
  const { reader, limits } = run
  const end = lengthEnd(reader)
  const names = version === '1.0' ? readNames(run, end) : nameless
  const series: Series = { names, samples: [], histograms: [], createdMs: 0, type: 0 }
  const refs: number[] = []
  const histogramField = version === '1.0' ? 4 : 3
  eachField(reader, end, (number, wireType) => {
    if (number === 6 && version === '2.0' && wireType === wireTypes.varint) series.createdMs = varint(reader)
    else if (number === 1 && version === '2.0') return repeated(reader, wireType, refs, 2 * limits.attributes, varint)
    else if (wireType !== wireTypes.bytes) return false
    else if (number === 1) {
      // Labels behind the samples, as nobody sends them: what is remembered of the others must not change.
      const labels = new Map(series.names.labels)
      readLabel(run, labels)
      series.names = newNames(labels)
    } else if (number === 2) series.samples.push(readSample(run))
    else if (number === histogramField) series.histograms.push(readHistogram(run))
    else if (number === 5 && version === '2.0')
      eachField(reader, lengthEnd(reader), (field, wire) => {
        if (field !== 1 || wire !== wireTypes.varint) return false
        series.type = varint(reader)
        return true
      })
    else return false
    return true
  })
  return { series, refs }
}

const labelTag = 10

/** The labels a series begins with. */
function readNames(run: Run, end: number): SeriesNames {
  const { reader, memory } = run
  const until = endOfRun(reader, labelTag, end)
  const key = memory?.keyOf(reader.bytes, reader.at, until) ?? ''
  const known = memory?.series.find(key)
  if (known !== undefined) {
    reader.at = until
    return known
  }
  const labels = new Map<string, string>()
  const from = reader.at
  eachField(reader, until, (number) => {
    if (number === 1) readLabel(run, labels)
    return number === 1
  })
  const names = newNames(labels, memory === null ? null : reader.bytes.slice(from, until))
  if (reader.fault === null && until > 0) memory?.series.keep(key, names)
  return names
}

/** The labels that stand from `start` to `end`; null when they are not such as can be read. */
export function namesFrom(
  bytes: Uint8Array,
  start: number,
  end: number,
  memory: DecodeMemory,
  limits: DecodeLimits,
): SeriesNames | null {
  const key = memory.keyOf(bytes, start, end)
  const known = memory.series.find(key)
  if (known !== undefined) return known
  const run: Run = { reader: openWire(bytes), limits, symbols: [], memory: null, points: 0 }
  run.reader.at = start
  const labels = new Map<string, string>()
  eachField(run.reader, end, (number) => {
    if (number === 1) readLabel(run, labels)
    return number === 1
  })
  if (run.reader.fault !== null) return null
  const names = newNames(labels, bytes.slice(start, end))
  memory.series.keep(key, names)
  return names
}

function readLabel(run: Run, labels: Map<string, string>): void {
  const { reader, limits } = run
  let [name, value] = ['', '']
  eachField(reader, lengthEnd(reader), (number, wireType) => {
    if (wireType !== wireTypes.bytes || number > 2) return false
    if (number === 1) name = text(reader, limits.textLength)
    else value = text(reader, limits.textLength)
    return true
  })
  if (labels.has(name)) fail(reader, `the label ${name.slice(0, 100)} stands twice`)
  if (labels.size >= limits.attributes) fail(reader, `a series has more than ${limits.attributes} labels`)
  labels.set(name, value)
}

/** Labels of 2.0 are numbers of texts, which differ from request to request. */
function namesOf(run: Run, refs: readonly number[]): SeriesNames {
  const { memory, symbols, reader } = run
  // No text holds a NUL, and none of 1.0 begins with a 2.
  let key: string | null = memory === null ? null : '2'
  for (const ref of refs) key = key === null || symbols[ref] === undefined ? null : `${key}\u0000${symbols[ref]}`
  const known = key === null ? undefined : memory?.series.find(key)
  if (known !== undefined) return known
  const labels = new Map<string, string>()
  for (let index = 0; index < refs.length; index += 2) {
    const [name, value] = [symbols[refs[index] ?? -1], symbols[refs[index + 1] ?? -1]]
    if (name === undefined || value === undefined) fail(reader, 'a label refers to no text')
    else if (labels.has(name)) fail(reader, `the label ${name.slice(0, 100)} stands twice`)
    else labels.set(name, value)
  }
  const names = newNames(labels)
  if (reader.fault === null && key !== null) memory?.series.keep(key, names)
  return names
}

/** The same from the texts themselves, names and values in turn; null when they are no labels. */
export function namesOfTexts(texts: readonly string[], memory: DecodeMemory): SeriesNames | null {
  if (texts.length % 2 !== 0) return null
  let key = '2t'
  for (const text of texts) key = `${key}\u0000${text}`
  const known = memory.series.find(key)
  if (known !== undefined) return known
  const labels = new Map<string, string>()
  for (let index = 0; index < texts.length; index += 2) labels.set(texts[index] ?? '', texts[index + 1] ?? '')
  if (labels.size * 2 !== texts.length) return null
  const names = newNames(labels, null, [...texts])
  memory.series.keep(key, names)
  return names
}

const newNames = (
  labels: ReadonlyMap<string, string>,
  bytes: Uint8Array | null = null,
  texts: readonly string[] | null = null,
): SeriesNames => ({ labels, fault: faultOf(labels), told: new Map(), bytes, texts, next: null })

function faultOf(labels: ReadonlyMap<string, string>): string | null {
  const name = labels.get('__name__') ?? ''
  if (name === '') return 'it has no metric name.'
  return labels.has('') ? `a label of ${name.slice(0, 100)} has no name.` : null
}

function readSample(run: Run): Series['samples'][number] {
  const { reader } = run
  const sample = { value: 0, timeMs: 0, stale: false }
  eachField(reader, lengthEnd(reader), (number, wireType) => {
    if (number === 1 && wireType === wireTypes.fixed64) {
      sample.stale = isStaleMarker(reader)
      sample.value = double(reader)
    } else if (number === 2 && wireType === wireTypes.varint) sample.timeMs = varint(reader)
    else return false
    return true
  })
  countPoint(run)
  return sample
}

// The one NaN by which Prometheus says that a series ended. A number would lose which NaN it was.
function isStaleMarker({ view, at, bytes }: WireReader): boolean {
  return (
    at + 8 <= bytes.length && view.getUint32(at, true) === 0x00000002 && view.getUint32(at + 4, true) === 0x7ff00000
  )
}

interface BucketSide {
  readonly spans: number[]
  readonly deltas: number[]
}
const newSide = (): BucketSide => ({ spans: [], deltas: [] })

function readHistogram(run: Run): RawExponential {
  const { reader, limits } = run
  const raw = { count: 0, scale: 0, zeroThreshold: 0, zeroCount: 0, timeMs: 0, whole: true, stale: false }
  const sides = { negative: newSide(), positive: newSide() }
  const zigzag = (from: WireReader) => zigzag32(from)
  eachField(reader, lengthEnd(reader), (number, wireType) => {
    if (number === 1 && wireType === wireTypes.varint) raw.count = varint(reader)
    else if (number === 3 && wireType === wireTypes.fixed64) {
      raw.stale = isStaleMarker(reader)
      double(reader)
    } else if (number === 4 && wireType === wireTypes.varint) raw.scale = zigzag32(reader)
    else if (number === 5 && wireType === wireTypes.fixed64) raw.zeroThreshold = double(reader)
    else if (number === 6 && wireType === wireTypes.varint) raw.zeroCount = varint(reader)
    else if (number === 15 && wireType === wireTypes.varint) raw.timeMs = varint(reader)
    else if (number === 2 || number === 7 || number === 10 || number === 13) {
      raw.whole = false
      return false
    } else if (number === 9) return repeated(reader, wireType, sides.negative.deltas, limits.buckets, zigzag)
    else if (number === 12) return repeated(reader, wireType, sides.positive.deltas, limits.buckets, zigzag)
    else if (number === 8 && wireType === wireTypes.bytes) readSpan(run, sides.negative.spans)
    else if (number === 11 && wireType === wireTypes.bytes) readSpan(run, sides.positive.spans)
    else return false
    return true
  })
  countPoint(run)
  const { count, scale, zeroThreshold, zeroCount, timeMs, whole, stale } = raw
  return {
    attributes: new Map(),
    startMs: 0,
    timeMs,
    flags: stale ? 1 : 0,
    // Fractions of events cannot be counted, nor can layouts of one's own be cut as exponential ones.
    count: whole && scale >= -10 ? count : Number.NaN,
    scale,
    zeroThreshold,
    zeroCount,
    negative: bucketsOf(run, sides.negative),
    positive: bucketsOf(run, sides.positive),
  }
}

function readSpan(run: Run, spans: number[]): void {
  const { reader } = run
  let [offset, length] = [0, 0]
  eachField(reader, lengthEnd(reader), (number, wireType) => {
    if (wireType !== wireTypes.varint || number > 2) return false
    if (number === 1) offset = zigzag32(reader)
    else length = varint(reader)
    return true
  })
  spans.push(offset, length)
}

/** Prometheus' bucket i is (base^(i−1), base^i], OTLP's (base^i, base^(i+1)]. */
function bucketsOf(run: Run, { spans, deltas }: BucketSide) {
  const counts: number[] = []
  let [at, first, value, next] = [0, 0, 0, 0]
  for (let index = 0; index < spans.length; index += 2) {
    const [gap, length] = [spans[index] ?? 0, spans[index + 1] ?? 0]
    at += gap
    if (index === 0) first = at
    if (length > run.limits.buckets || at - first + length > 16 * run.limits.buckets || at < first) {
      fail(run.reader, 'the spans of a histogram are too wide')
      break
    }
    while (counts.length < at - first) counts.push(0)
    for (let bucket = 0; bucket < length; bucket += 1, next += 1) {
      value += deltas[next] ?? 0
      counts.push(value)
    }
    at += length
  }
  return { offset: first - 1, counts }
}

function countPoint(run: Run): void {
  run.points += 1
  if (run.points > run.limits.points) fail(run.reader, `more than ${run.limits.points} samples`)
}

const replicaNames = ['__replica__', 'prometheus_replica', 'replica']
const clusterNames = ['cluster', 'prometheus']

/**
 * A Prometheus of a pair says on all it sends which one it is. `replica` alone is too common a word: it counts only
 * beside a cluster.
 */
export function replicaOf(series: readonly SeriesNames[]): (Replica & { readonly name: string }) | null {
  const [first] = series
  if (first === undefined) return null
  for (const name of replicaNames) {
    const value = first.labels.get(name)
    if (value === undefined || series.some(({ labels }) => labels.get(name) !== value)) continue
    const cluster = clusterNames.map((each) => first.labels.get(each)).find((each) => each !== undefined)
    if (name === 'replica' && cluster === undefined) continue
    return { cluster: (cluster ?? '').slice(0, 300), replica: value.slice(0, 300), name }
  }
  return null
}

// 2.0 says what a metric is: 1 counter, 3 histogram, 4 gauge histogram, 2 gauge, 5 summary, 6 info, 7 state set.
export const falling: readonly number[] = [2, 4, 6, 7]

export function toldOf(names: SeriesNames, without: string, memory: DecodeMemory | null): ToldNames {
  const known = names.told.get(without)
  if (known !== undefined) return known
  const attributes = new Map(names.labels)
  attributes.delete('__name__')
  attributes.delete(without)
  const [job = '', instance = ''] = [attributes.get('job'), attributes.get('instance')]
  const target = JSON.stringify([job, instance])
  const resource: Attributes = memory?.attributes.find(target) ?? new Map(Object.entries({ job, instance }))
  memory?.attributes.keep(target, resource)
  const metric = names.labels.get('__name__') ?? ''
  const told: ToldNames = { metric, unit: '', scope: '', target, resource, attributes, use: null, seen: null }
  names.told.set(without, told)
  return told
}

/** `without`: the label of a replica, which is no part of a series' name. */
function toModel(
  series: readonly Series[],
  without: string,
  memory: DecodeMemory | null,
): Extract<DecodedWrite, { state: 'decoded' }> {
  const tally = newTally()
  const resources = new Map<string, { attributes: Attributes; metrics: Metric[] }>()
  let histograms = 0
  for (const { names, samples, histograms: native, createdMs, type } of series) {
    const { metric: name, target, resource: targetNames, attributes } = toldOf(names, without, memory)
    const resource = resources.get(target) ?? { attributes: targetNames, metrics: [] }
    resources.set(target, resource)
    const points: RawNumber[] = samples.map(({ value, timeMs, stale }) => ({
      attributes,
      startMs: createdMs,
      timeMs,
      flags: stale ? 1 : 0,
      value,
    }))
    const settle = (data: RawData) => {
      const metric = settleMetric({ name, unit: '', data }, tally)
      if (metric !== null) resource.metrics.push(metric)
    }
    if (points.length > 0)
      settle(
        falling.includes(type) ? { kind: 'gauge', points } : { kind: 'sum', temporality: 2, monotonic: true, points },
      )
    if (native.length > 0) {
      histograms += native.length
      settle({
        kind: 'exponential',
        temporality: 2,
        points: native.map((point) => ({ ...point, attributes, startMs: createdMs })),
      })
    }
  }
  const found: ResourceMetrics[] = [...resources.values()].map(({ attributes, metrics }) => ({
    attributes,
    scopes: [{ name: '', version: '', metrics }],
    ...(memory === null ? {} : { remembered: true as const }),
  }))
  // A server sends all it has: quantiles that are NaN, numbers of other people's metrics. That is no fault of the sender.
  return { state: 'decoded', resources: found, accepted: tally.accepted, histograms, rejected: 0, findings: [] }
}
