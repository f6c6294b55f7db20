// Prometheus remote write from protobuf: 1.0 (prometheus.WriteRequest) and 2.0 (io.prometheus.write.v2.Request, with
// its table of texts and created timestamps). Read into the same model as OTLP, one resource for each scraped target.
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
import {
  double,
  eachField,
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
  readonly labels: Map<string, string>
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
): DecodedWrite {
  const run: Run = { reader: openWire(bytes), limits, symbols: [], points: 0 }
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
  for (const { series, refs } of found) nameLabels(run, series, refs)
  if (reader.fault !== null) return { state: 'refused', at: `byte ${reader.fault.offset}`, detail: reader.fault.detail }
  const series = found.map((each) => each.series)
  const wrong = series.map(faultOf).find((each) => each !== null)
  if (wrong !== undefined) return { state: 'refused', at: 'a series', detail: wrong }
  const replica = replicaOf(series)
  if (replica !== null) for (const { labels } of series) for (const name of replica.names) labels.delete(name)
  return {
    ...toModel(series),
    replica: replica === null ? null : { cluster: replica.cluster, replica: replica.replica },
  }
}

function readSeries(run: Run, version: RemoteWriteVersion): { series: Series; refs: number[] } {
  const { reader, limits } = run
  const series: Series = { labels: new Map(), samples: [], histograms: [], createdMs: 0, type: 0 }
  const refs: number[] = []
  const histogramField = version === '1.0' ? 4 : 3
  eachField(reader, lengthEnd(reader), (number, wireType) => {
    if (number === 6 && version === '2.0' && wireType === wireTypes.varint) series.createdMs = varint(reader)
    else if (number === 1 && version === '2.0') return repeated(reader, wireType, refs, 2 * limits.attributes, varint)
    else if (wireType !== wireTypes.bytes) return false
    else if (number === 1) readLabel(run, series.labels)
    else if (number === 2) series.samples.push(readSample(run))
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

function nameLabels(run: Run, series: Series, refs: readonly number[]): void {
  for (let index = 0; index < refs.length; index += 2) {
    const [name, value] = [run.symbols[refs[index] ?? -1], run.symbols[refs[index + 1] ?? -1]]
    if (name === undefined || value === undefined) fail(run.reader, 'a label refers to no text')
    else if (series.labels.has(name)) fail(run.reader, `the label ${name.slice(0, 100)} stands twice`)
    else series.labels.set(name, value)
  }
}

function faultOf({ labels }: Series): string | null {
  const name = labels.get('__name__') ?? ''
  if (name === '') return 'it has no metric name.'
  return [...labels.keys()].some((label) => label === '') ? `a label of ${name.slice(0, 100)} has no name.` : null
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
function replicaOf(series: readonly Series[]): (Replica & { readonly names: readonly string[] }) | null {
  for (const name of replicaNames) {
    const values = new Set(series.map(({ labels }) => labels.get(name)))
    const [value] = values
    if (values.size !== 1 || value === undefined) continue
    const cluster = clusterNames.map((each) => series[0]?.labels.get(each)).find((each) => each !== undefined)
    if (name === 'replica' && cluster === undefined) continue
    return { cluster: (cluster ?? '').slice(0, 300), replica: value.slice(0, 300), names: [name] }
  }
  return null
}

// 2.0 says what a metric is: 1 counter, 3 histogram, 4 gauge histogram, 2 gauge, 5 summary, 6 info, 7 state set.
const falling = [2, 4, 6, 7]

function toModel(series: readonly Series[]): Extract<DecodedWrite, { state: 'decoded' }> {
  const tally = newTally()
  const resources = new Map<string, { attributes: ReadonlyMap<string, string>; metrics: Metric[] }>()
  let histograms = 0
  for (const { labels, samples, histograms: native, createdMs, type } of series) {
    const [name, job, instance] = ['__name__', 'job', 'instance'].map((each) => labels.get(each) ?? '')
    const key = JSON.stringify([job, instance])
    const resource = resources.get(key) ?? {
      attributes: new Map(Object.entries({ job: job ?? '', instance: instance ?? '' })),
      metrics: [],
    }
    resources.set(key, resource)
    const attributes = new Map(labels)
    attributes.delete('__name__')
    const points: RawNumber[] = samples.map(({ value, timeMs, stale }) => ({
      attributes,
      startMs: createdMs,
      timeMs,
      flags: stale ? 1 : 0,
      value,
    }))
    const settle = (data: RawData) => {
      const metric = settleMetric({ name: name ?? '', unit: '', data }, tally)
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
  }))
  // A server sends all it has: quantiles that are NaN, numbers of other people's metrics. That is no fault of the sender.
  return { state: 'decoded', resources: found, accepted: tally.accepted, histograms, rejected: 0, findings: [] }
}
