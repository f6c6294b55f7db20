// OTLP metrics from JSON that was already parsed: camelCase names, 64-bit numbers as texts or numbers, doubles also as
// "NaN" and "Infinity", enums as numbers (their names are accepted too). Unknown keys are ignored, as OTLP wants.
import { isJsonObject, isStorableText } from '../../../kernel/json.ts'
import {
  type Decoded,
  type DecodeLimits,
  defaultLimits,
  leftOut,
  type Metric,
  newTally,
  type RawData,
  type RawPoint,
  type ResourceMetrics,
  type ScopeMetrics,
  settleMetric,
  type Tally,
} from './otlp-model.ts'

type Json = { readonly [key: string]: unknown }

interface Run {
  readonly limits: DecodeLimits
  readonly tally: Tally
  points: number
  /** The first fault sticks. */
  fault: { at: string; detail: string } | null
}

export function decodeOtlpJson(body: unknown, limits: DecodeLimits = defaultLimits): Decoded {
  const run: Run = { limits, tally: newTally(), points: 0, fault: null }
  const root = object(run, body, '')
  const resources = list(run, root.resourceMetrics, '/resourceMetrics').map(([each, at]) =>
    resourceMetrics(run, each, at),
  )
  if (run.fault !== null) return { state: 'refused', ...run.fault }
  return { state: 'decoded', resources, accepted: run.tally.accepted, ...leftOut(run.tally) }
}

function fail(run: Run, at: string, detail: string): void {
  run.fault ??= { at, detail }
}

function object(run: Run, value: unknown, at: string): Json {
  if (value === undefined || value === null) return {}
  if (isJsonObject(value)) return value
  fail(run, at, 'must be an object')
  return {}
}

function list(run: Run, value: unknown, at: string): [Json, string][] {
  return values(run, value, at).map((each, index) => [object(run, each, `${at}/${index}`), `${at}/${index}`])
}

function values(run: Run, value: unknown, at: string): readonly unknown[] {
  if (value === undefined || value === null || run.fault !== null) return []
  if (Array.isArray(value)) return value
  fail(run, at, 'must be a list')
  return []
}

function text(run: Run, value: unknown, at: string): string {
  if (value === undefined || value === null) return ''
  if (typeof value !== 'string') fail(run, at, 'must be a text')
  else if (value.length > run.limits.textLength) fail(run, at, `is longer than ${run.limits.textLength} characters`)
  else return isStorableText(value) ? value : value.toWellFormed().replaceAll('\u0000', '\ufffd')
  return ''
}

/** A 64-bit integer; beyond 2^53 only approximate, which the judge of the value refuses. */
function integer(run: Run, value: unknown, at: string): number {
  if (value === undefined || value === null) return 0
  if (typeof value === 'number' && Number.isInteger(value)) return value
  if (typeof value === 'string' && /^-?\d{1,20}$/.test(value)) return Number(value)
  fail(run, at, 'must be a whole number, or one written as text')
  return 0
}

function double(run: Run, value: unknown, at: string): number {
  if (value === undefined || value === null) return 0
  if (typeof value === 'number') return value
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value)
  if (typeof value === 'string' && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value)) return Number(value)
  fail(run, at, 'must be a number')
  return 0
}

/** Nanoseconds as text or number to whole milliseconds; the text is cut, so nothing is rounded. */
function nanosAsMs(run: Run, value: unknown, at: string): number {
  if (value === undefined || value === null || value === 0 || value === '0') return 0
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return Math.floor(value / 1_000_000)
  if (typeof value === 'string' && /^\d{1,20}$/.test(value)) return Number(value.slice(0, -6))
  fail(run, at, 'must be nanoseconds since 1970')
  return 0
}

function resourceMetrics(run: Run, value: Json, at: string): ResourceMetrics {
  const resource = object(run, value.resource, `${at}/resource`)
  return {
    attributes: attributes(run, resource.attributes, `${at}/resource/attributes`),
    scopes: list(run, value.scopeMetrics, `${at}/scopeMetrics`).map(([each, here]) => scopeMetrics(run, each, here)),
  }
}

function scopeMetrics(run: Run, value: Json, at: string): ScopeMetrics {
  const scope = object(run, value.scope, `${at}/scope`)
  const metrics = list(run, value.metrics, `${at}/metrics`)
    .map(([each, here]) => metric(run, each, here))
    .filter((each) => each !== null)
  const [name, version] = [text(run, scope.name, `${at}/scope/name`), text(run, scope.version, `${at}/scope/version`)]
  return { name, version, metrics }
}

function metric(run: Run, value: Json, at: string): Metric | null {
  const name = text(run, value.name, `${at}/name`)
  const unit = text(run, value.unit, `${at}/unit`)
  const data = metricData(run, value, at)
  return run.fault === null ? settleMetric({ name, unit, data }, run.tally) : null
}

function metricData(run: Run, value: Json, at: string): RawData | null {
  const points = (key: string): { read: [Json, string][]; temporality: number; monotonic: boolean } => {
    const holder = object(run, value[key], `${at}/${key}`)
    const read = list(run, holder.dataPoints, `${at}/${key}/dataPoints`)
    run.points += read.length
    if (run.points > run.limits.points)
      fail(run, `${at}/${key}/dataPoints`, `there are more than ${run.limits.points} points`)
    const temporality = temporalityOf(holder.aggregationTemporality)
    return { read: run.fault === null ? read : [], temporality, monotonic: holder.isMonotonic === true }
  }
  if (value.gauge !== undefined)
    return { kind: 'gauge', points: points('gauge').read.map((each) => numberPoint(run, ...each)) }
  if (value.sum !== undefined) {
    const { read, temporality, monotonic } = points('sum')
    return { kind: 'sum', temporality, monotonic, points: read.map((each) => numberPoint(run, ...each)) }
  }
  if (value.histogram !== undefined) {
    const { read, temporality } = points('histogram')
    return { kind: 'histogram', temporality, points: read.map((each) => explicitPoint(run, ...each)) }
  }
  if (value.exponentialHistogram !== undefined) {
    const { read, temporality } = points('exponentialHistogram')
    return { kind: 'exponential', temporality, points: read.map((each) => exponentialPoint(run, ...each)) }
  }
  return value.summary === undefined ? null : { kind: 'summary', points: points('summary').read.length }
}

function temporalityOf(value: unknown): number {
  if (value === 'AGGREGATION_TEMPORALITY_DELTA') return 1
  if (value === 'AGGREGATION_TEMPORALITY_CUMULATIVE') return 2
  return typeof value === 'number' ? value : 0
}

function rawPoint(run: Run, value: Json, at: string): RawPoint {
  return {
    attributes: attributes(run, value.attributes, `${at}/attributes`),
    startMs: nanosAsMs(run, value.startTimeUnixNano, `${at}/startTimeUnixNano`),
    timeMs: nanosAsMs(run, value.timeUnixNano, `${at}/timeUnixNano`),
    flags: integer(run, value.flags, `${at}/flags`),
  }
}

function numberPoint(run: Run, value: Json, at: string) {
  const number =
    value.asInt !== undefined && value.asInt !== null
      ? integer(run, value.asInt, `${at}/asInt`)
      : value.asDouble !== undefined && value.asDouble !== null
        ? double(run, value.asDouble, `${at}/asDouble`)
        : undefined
  return { ...rawPoint(run, value, at), value: number }
}

function numbers(run: Run, value: unknown, at: string, read: typeof integer): number[] {
  const found = values(run, value, at)
  if (found.length > run.limits.buckets) fail(run, at, `has more than ${run.limits.buckets} entries`)
  return run.fault === null ? found.map((each, index) => read(run, each, `${at}/${index}`)) : []
}

function explicitPoint(run: Run, value: Json, at: string) {
  return {
    ...rawPoint(run, value, at),
    count: integer(run, value.count, `${at}/count`),
    counts: numbers(run, value.bucketCounts, `${at}/bucketCounts`, integer),
    bounds: numbers(run, value.explicitBounds, `${at}/explicitBounds`, double),
  }
}

function exponentialPoint(run: Run, value: Json, at: string) {
  const buckets = (key: 'positive' | 'negative') => {
    const held = object(run, value[key], `${at}/${key}`)
    const counts = numbers(run, held.bucketCounts, `${at}/${key}/bucketCounts`, integer)
    return { offset: integer(run, held.offset, `${at}/${key}/offset`), counts }
  }
  return {
    ...rawPoint(run, value, at),
    count: integer(run, value.count, `${at}/count`),
    scale: integer(run, value.scale, `${at}/scale`),
    zeroThreshold: double(run, value.zeroThreshold, `${at}/zeroThreshold`),
    zeroCount: integer(run, value.zeroCount, `${at}/zeroCount`),
    positive: buckets('positive'),
    negative: buckets('negative'),
  }
}

function attributes(run: Run, value: unknown, at: string, depth = 0): Map<string, string> {
  const found = new Map<string, string>()
  const pairs = list(run, value, at)
  if (pairs.length > run.limits.attributes) fail(run, at, `there are more than ${run.limits.attributes} attributes`)
  else
    for (const [pair, here] of pairs)
      found.set(text(run, pair.key, `${here}/key`), anyValue(run, pair.value, `${here}/value`, depth))
  return found
}

function anyValue(run: Run, value: unknown, at: string, depth: number): string {
  if (depth > run.limits.depth) fail(run, at, `attributes are nested deeper than ${run.limits.depth}`)
  if (run.fault !== null) return ''
  const held = object(run, value, at)
  if (held.stringValue !== undefined) return text(run, held.stringValue, `${at}/stringValue`)
  if (typeof held.boolValue === 'boolean') return String(held.boolValue)
  if (typeof held.intValue === 'string' && /^-?\d{1,20}$/.test(held.intValue)) return String(BigInt(held.intValue))
  if (held.intValue !== undefined) return String(integer(run, held.intValue, `${at}/intValue`))
  if (held.doubleValue !== undefined) return String(double(run, held.doubleValue, `${at}/doubleValue`))
  if (held.arrayValue !== undefined) {
    const items = list(run, object(run, held.arrayValue, `${at}/arrayValue`).values, `${at}/arrayValue/values`)
    if (items.length > run.limits.attributes) fail(run, at, `a list has more than ${run.limits.attributes} values`)
    return run.fault === null ? JSON.stringify(items.map(([item, here]) => anyValue(run, item, here, depth + 1))) : ''
  }
  if (held.kvlistValue !== undefined) {
    const inner = object(run, held.kvlistValue, `${at}/kvlistValue`)
    return JSON.stringify([...attributes(run, inner.values, `${at}/kvlistValue/values`, depth + 1)])
  }
  return held.bytesValue === undefined ? '' : base64AsHex(text(run, held.bytesValue, `${at}/bytesValue`))
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

// As the protobuf decoder writes bytes, so that both encodings of one stream share a key.
function base64AsHex(encoded: string): string {
  let [bits, held, hex] = [0, 0, '']
  for (const character of encoded.replaceAll('-', '+').replaceAll('_', '/')) {
    const digit = alphabet.indexOf(character)
    if (digit === -1) continue
    held = ((held << 6) | digit) & 0xfff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    hex += ((held >> bits) & 0xff).toString(16).padStart(2, '0')
  }
  return hex
}
