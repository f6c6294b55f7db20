// OTLP metrics from protobuf (opentelemetry-proto v1: ExportMetricsServiceRequest). Unknown fields are skipped, as
// protobuf wants; exemplars, descriptions and schema URLs are not read.
import type { DecodeMemory } from './memory.ts'
import {
  type Decoded,
  type DecodeLimits,
  defaultLimits,
  leftOut,
  type Metric,
  newTally,
  type RawData,
  type RawExplicit,
  type RawExponential,
  type RawNumber,
  type RawPoint,
  type ResourceMetrics,
  type ScopeMetrics,
  settleMetric,
  type Tally,
} from './otlp-model.ts'
import { readSum, SumBatch } from './otlp-sums.ts'
import type { SampleBatch } from './sample-batch.ts'
import type { Attributes } from './selector.ts'
import {
  double,
  eachField,
  endOfRun,
  fail,
  fixedList,
  int64Text,
  lengthEnd,
  nanosAsMs,
  openWire,
  repeated,
  signed64,
  text,
  unsigned64,
  varint,
  type WireReader,
  wireTypes,
  zigzag32,
} from './wire.ts'

/** `batch`: counters that were read without objects; they stand in no resource. */
export type ReadOtlp = Exclude<Decoded, { state: 'decoded' }> | (DecodedOtlp & { readonly batch: SampleBatch | null })
type DecodedOtlp = Extract<Decoded, { state: 'decoded' }>

interface Quick {
  readonly memory: DecodeMemory
  readonly batch: SumBatch
  readonly isPlain: (metric: string) => boolean
  /** Something was told behind metrics that it is about. */
  disordered: boolean
}

interface Run {
  readonly reader: WireReader
  readonly limits: DecodeLimits
  readonly tally: Tally
  readonly memory: DecodeMemory | null
  readonly quick: Quick | null
  points: number
}

export function decodeOtlpProtobuf(
  bytes: Uint8Array,
  limits: DecodeLimits = defaultLimits,
  memory: DecodeMemory | null = null,
): Decoded {
  return decode({ reader: openWire(bytes), limits, tally: newTally(), memory, quick: null, points: 0 })
}

/** The same with counters in a batch, where `isPlain` allows it. */
export function readOtlpProtobuf(
  bytes: Uint8Array,
  memory: DecodeMemory,
  isPlain: (metric: string) => boolean,
  limits: DecodeLimits = defaultLimits,
): ReadOtlp {
  const batch = new SumBatch(memory.sums.room)
  const quick: Quick = { memory, batch, isPlain, disordered: false }
  const decoded = decode({ reader: openWire(bytes), limits, tally: newTally(), memory, quick, points: 0 })
  if (quick.disordered) return withoutBatch(decodeOtlpProtobuf(bytes, limits, memory))
  return decoded.state === 'refused' ? decoded : { ...decoded, batch: batch.done() }
}

const withoutBatch = (decoded: Decoded): ReadOtlp =>
  decoded.state === 'refused' ? decoded : { ...decoded, batch: null }

function decode(run: Run): Decoded {
  const { bytes } = run.reader
  const resources: ResourceMetrics[] = []
  message(run, bytes.length, { 1: () => resources.push(resourceMetrics(run)) })
  const { fault } = run.reader
  if (fault !== null) return { state: 'refused', at: `byte ${fault.offset}`, detail: fault.detail }
  return { state: 'decoded', resources, accepted: run.tally.accepted, ...leftOut(run.tally) }
}

// Every field named in `fields` is length-delimited; the scalars of points are read by their own functions.
function message(run: Run, end: number, fields: Readonly<Record<number, () => unknown>>): void {
  eachField(run.reader, end, (number, wireType) => {
    const read = wireType === wireTypes.bytes ? fields[number] : undefined
    read?.()
    return read !== undefined
  })
}

function resourceMetrics(run: Run): ResourceMetrics {
  let attributes: ReadonlyMap<string, string> = new Map()
  let named = false
  const scopes: ScopeMetrics[] = []
  message(run, lengthEnd(run.reader), {
    1: () => {
      if (run.quick !== null && (named || scopes.length > 0)) run.quick.disordered = true
      named = true
      attributes = remembered(run, run.reader.at, lengthEnd(run.reader), (into, end) =>
        message(run, end, { 1: () => keyValue(run, into, 0) }),
      )
    },
    2: () => scopes.push(scopeMetrics(run, named ? attributes : null)),
  })
  return { attributes, scopes, ...(run.memory === null ? {} : { remembered: true }) }
}

/** Attributes from bytes that may have been read before; `from` stands where their key begins. */
function remembered(
  run: Run,
  from: number,
  end: number,
  read: (into: Map<string, string>, end: number) => void,
): Attributes {
  const { memory, reader } = run
  const key = memory?.keyOf(reader.bytes, from, end) ?? ''
  const known = memory?.attributes.find(key)
  if (known !== undefined) {
    reader.at = end
    return known
  }
  const found = new Map<string, string>()
  read(found, end)
  if (reader.fault === null) memory?.attributes.keep(key, found)
  return found
}

/** The attributes of a point, whose first one's tag was just read; one that stands apart from them is added to a copy. */
function pointAttributes(run: Run, point: RawPoint, tag: number, end: number): void {
  const { reader } = run
  if (run.memory === null || point.attributes.size > 0) {
    const isOwn = run.memory === null && point.attributes !== noAttributes
    const own = isOwn && point.attributes instanceof Map ? point.attributes : new Map(point.attributes)
    keyValue(run, own, 0)
    point.attributes = own
    return
  }
  reader.at -= 1
  const until = endOfRun(reader, tag, end)
  if (until === reader.at) {
    reader.at += 1
    const own = new Map<string, string>()
    keyValue(run, own, 0)
    point.attributes = own
    return
  }
  point.attributes = attributesAt(run, reader.at, until)
}

/** From here on, where `from` is, up to `until`: nothing but attributes. */
function attributesAt(run: Run, from: number, until: number): Attributes {
  const { reader } = run
  reader.at = from
  return remembered(run, from, until, (into) => {
    eachField(reader, until, () => {
      keyValue(run, into, 0)
      return true
    })
  })
}

function scopeMetrics(run: Run, resource: Attributes | null): ScopeMetrics {
  let [name, version, begun] = ['', '', false]
  const metrics: Metric[] = []
  message(run, lengthEnd(run.reader), {
    1: () => {
      if (run.quick !== null && begun) run.quick.disordered = true
      message(run, lengthEnd(run.reader), {
        1: () => (name = text(run.reader, run.limits.textLength)),
        2: () => (version = text(run.reader, run.limits.textLength)),
      })
    },
    2: () => {
      begun = true
      if (resource !== null && readQuickly(run, resource, name)) return
      const found = metric(run)
      if (found !== null) metrics.push(found)
    },
  })
  return { name, version, metrics }
}

/** Whether the metric that begins here was read without objects; else nothing was read. */
function readQuickly(run: Run, resource: Attributes, scope: string): boolean {
  const { quick, reader, limits } = run
  if (quick === null) return false
  const start = reader.at
  const { memory, batch, isPlain } = quick
  const end = lengthEnd(reader)
  const attributesFrom = (from: number, until: number) => attributesAt(run, from, until)
  const points = readSum(
    { reader, limits, memory, resource, scope, points: run.points, isPlain, attributesFrom },
    batch,
    end,
  )
  if (points < 0) {
    reader.at = start
    return false
  }
  run.points += points
  run.tally.accepted += points
  return true
}

function metric(run: Run): Metric | null {
  let [name, unit] = ['', '']
  let data: RawData | null = null
  message(run, lengthEnd(run.reader), {
    1: () => (name = text(run.reader, run.limits.textLength)),
    3: () => (unit = text(run.reader, run.limits.textLength)),
    5: () => (data = { kind: 'gauge', ...series(run, numberPoint) }),
    7: () => (data = { kind: 'sum', ...series(run, numberPoint) }),
    9: () => (data = { kind: 'histogram', ...series(run, explicitPoint) }),
    10: () => (data = { kind: 'exponential', ...series(run, exponentialPoint) }),
    11: () => (data = { kind: 'summary', points: series(run, summaryPoint).points.length }),
  })
  return run.reader.fault === null ? settleMetric({ name, unit, data }, run.tally) : null
}

function series<P>(
  run: Run,
  point: (run: Run, end: number) => P,
): { points: P[]; temporality: number; monotonic: boolean } {
  const { reader, limits } = run
  const points: P[] = []
  let [temporality, monotonic] = [0, false]
  eachField(reader, lengthEnd(reader), (number, wireType) => {
    if (number === 1 && wireType === wireTypes.bytes) {
      run.points += 1
      if (run.points > limits.points) fail(reader, `there are more than ${limits.points} points`)
      else points.push(point(run, lengthEnd(reader)))
      return true
    }
    if (wireType !== wireTypes.varint) return false
    if (number === 2) temporality = varint(reader)
    else if (number === 3) monotonic = varint(reader) !== 0
    else return false
    return true
  })
  return { points, temporality, monotonic }
}

// The field numbers of times are the same in every kind of point; those of attributes and flags are not.
function times(run: Run, point: RawPoint, number: number, wireType: number): boolean {
  if (wireType !== wireTypes.fixed64) return false
  if (number === 2) point.startMs = nanosAsMs(run.reader)
  else if (number === 3) point.timeMs = nanosAsMs(run.reader)
  else return false
  return true
}

// The field of attributes, length-delimited, in one byte.
const tagOf = { number: 0x3a, explicit: 0x4a, exponential: 0x0a } as const

/** Of a point that has told none so far. */
const noAttributes: Attributes = new Map()

function open(): RawPoint {
  return { attributes: noAttributes, startMs: 0, timeMs: 0, flags: 0 }
}

function summaryPoint(run: Run, end: number): null {
  run.reader.at = end
  return null
}

function numberPoint(run: Run, end: number): RawNumber {
  const { reader } = run
  const point: RawNumber = { ...open(), value: undefined }
  eachField(reader, end, (number, wireType) => {
    if (times(run, point, number, wireType)) return true
    if (number === 4 && wireType === wireTypes.fixed64) point.value = double(reader)
    else if (number === 6 && wireType === wireTypes.fixed64) point.value = signed64(reader)
    else if (number === 7 && wireType === wireTypes.bytes) pointAttributes(run, point, tagOf.number, end)
    else if (number === 8 && wireType === wireTypes.varint) point.flags = varint(reader)
    else return false
    return true
  })
  return point
}

function explicitPoint(run: Run, end: number): RawExplicit {
  const { reader, limits } = run
  // Written out: there are thousands of them.
  const point: RawExplicit = {
    attributes: noAttributes,
    startMs: 0,
    timeMs: 0,
    flags: 0,
    count: 0,
    counts: [],
    bounds: [],
  }
  eachField(reader, end, (number, wireType) => {
    if (times(run, point, number, wireType)) return true
    if (number === 4 && wireType === wireTypes.fixed64) point.count = unsigned64(reader)
    else if (number === 6) return fixedList(reader, wireType, point.counts, limits.buckets, unsigned64)
    else if (number === 7) return fixedList(reader, wireType, point.bounds, limits.buckets, double)
    else if (number === 9 && wireType === wireTypes.bytes) pointAttributes(run, point, tagOf.explicit, end)
    else if (number === 10 && wireType === wireTypes.varint) point.flags = varint(reader)
    else return false
    return true
  })
  return point
}

function exponentialPoint(run: Run, end: number): RawExponential {
  const { reader } = run
  const empty = () => ({ offset: 0, counts: [] })
  const scalars = { count: 0, scale: 0, zeroThreshold: 0, zeroCount: 0 }
  const point = { ...open(), ...scalars, positive: empty(), negative: empty() }
  eachField(reader, end, (number, wireType) => {
    if (times(run, point, number, wireType)) return true
    if (wireType === wireTypes.fixed64) {
      if (number === 4) point.count = unsigned64(reader)
      else if (number === 7) point.zeroCount = unsigned64(reader)
      else if (number === 14) point.zeroThreshold = double(reader)
      else return false
    } else if (wireType === wireTypes.varint) {
      if (number === 6) point.scale = zigzag32(reader)
      else if (number === 10) point.flags = varint(reader)
      else return false
    } else if (wireType === wireTypes.bytes) {
      if (number === 1) pointAttributes(run, point, tagOf.exponential, end)
      else if (number === 8) exponentialBuckets(run, point.positive)
      else if (number === 9) exponentialBuckets(run, point.negative)
      else return false
    } else return false
    return true
  })
  return point
}

function exponentialBuckets(run: Run, into: { offset: number; counts: number[] }): void {
  const { reader, limits } = run
  eachField(reader, lengthEnd(reader), (number, wireType) => {
    if (number === 2) return repeated(reader, wireType, into.counts, limits.buckets, varint)
    if (number !== 1 || wireType !== wireTypes.varint) return false
    into.offset = zigzag32(reader)
    return true
  })
}

function keyValue(run: Run, into: Map<string, string>, depth: number): void {
  const { reader, limits } = run
  let [key, value] = ['', '']
  message(run, lengthEnd(reader), {
    1: () => (key = text(reader, limits.textLength)),
    2: () => (value = anyValue(run, depth)),
  })
  into.set(key, value)
  if (into.size > limits.attributes) fail(reader, `there are more than ${limits.attributes} attributes`)
}

function anyValue(run: Run, depth: number): string {
  const { reader, limits } = run
  if (depth > limits.depth) {
    fail(reader, `attributes are nested deeper than ${limits.depth}`)
    return ''
  }
  let value = ''
  eachField(reader, lengthEnd(reader), (number, wireType) => {
    if (wireType === wireTypes.varint && number === 2) value = String(varint(reader) !== 0)
    else if (wireType === wireTypes.varint && number === 3) value = int64Text(reader)
    else if (wireType === wireTypes.fixed64 && number === 4) value = String(double(reader))
    else if (wireType !== wireTypes.bytes) return false
    else if (number === 1) value = text(reader, limits.textLength)
    else if (number === 5) value = arrayValue(run, depth + 1)
    else if (number === 6) value = mapValue(run, depth + 1)
    else if (number === 7) value = hex(reader, limits)
    else return false
    return true
  })
  return value
}

// Lists and maps cannot be matched by part; they are kept as JSON texts so that streams stay apart.
function arrayValue(run: Run, depth: number): string {
  const values: string[] = []
  message(run, lengthEnd(run.reader), {
    1: () => {
      values.push(anyValue(run, depth))
      if (values.length > run.limits.attributes)
        fail(run.reader, `a list has more than ${run.limits.attributes} values`)
    },
  })
  return JSON.stringify(values)
}

function mapValue(run: Run, depth: number): string {
  const found = new Map<string, string>()
  message(run, lengthEnd(run.reader), { 1: () => keyValue(run, found, depth) })
  return JSON.stringify([...found])
}

function hex(reader: WireReader, limits: DecodeLimits): string {
  const end = lengthEnd(reader)
  if (end - reader.at > limits.textLength) fail(reader, `bytes are longer than ${limits.textLength}`)
  const digits = [...reader.bytes.subarray(reader.at, reader.fault === null ? end : reader.at)]
  reader.at = end
  return digits.map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
