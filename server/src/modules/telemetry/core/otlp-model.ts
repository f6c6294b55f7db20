// OTLP metrics as plain data, the same whether they came as JSON or as protobuf. Attribute values are texts (`503`,
// `true`), because that is how selectors compare them; times are whole milliseconds, counts safe integers.
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { ExplicitHistogram, ExponentialHistogram } from './histogram-model.ts'
import type { Attributes } from './selector.ts'
import type { Temporality } from './series.ts'

export interface Point {
  readonly attributes: Attributes
  readonly at: Instant
  readonly startAt: Instant | null
}

export interface NumberPoint extends Point {
  readonly value: number
}
export interface ExplicitPoint extends Point {
  readonly value: ExplicitHistogram
}
export interface ExponentialPoint extends Point {
  readonly value: ExponentialHistogram
}

export type MetricData =
  | { readonly kind: 'gauge'; readonly points: readonly NumberPoint[] }
  | {
      readonly kind: 'sum'
      readonly temporality: Temporality
      readonly monotonic: boolean
      readonly points: readonly NumberPoint[]
    }
  | { readonly kind: 'histogram'; readonly temporality: Temporality; readonly points: readonly ExplicitPoint[] }
  | { readonly kind: 'exponential'; readonly temporality: Temporality; readonly points: readonly ExponentialPoint[] }

export interface Metric {
  readonly name: string
  readonly unit: string
  readonly data: MetricData
}
export interface ScopeMetrics {
  readonly name: string
  readonly version: string
  readonly metrics: readonly Metric[]
}
export interface ResourceMetrics {
  readonly attributes: Attributes
  readonly scopes: readonly ScopeMetrics[]
  /** Attributes, its own and those of its points, are the same objects with every request that names them. */
  readonly remembered?: true
}

export const pointFindingKinds = [
  'not-finite',
  'no-time',
  'no-value',
  'no-temporality',
  'too-large',
  'uneven-buckets',
  'bounds-not-ascending',
  'count-mismatch',
  'summary',
  'no-name',
] as const
export type PointFindingKind = (typeof pointFindingKinds)[number]

/** Points left out, and why; the sender is told by OTLP's partial success. */
export interface PointFinding {
  readonly kind: PointFindingKind
  readonly metric: string
  readonly points: number
}

export type Decoded =
  | {
      readonly state: 'decoded'
      readonly resources: readonly ResourceMetrics[]
      readonly accepted: number
      /** Without `no-value` points: those say on purpose that there is nothing. */
      readonly rejected: number
      readonly findings: readonly PointFinding[]
    }
  /** Nothing was taken. `at` is a JSON pointer, or `byte 123`. */
  | { readonly state: 'refused'; readonly at: string; readonly detail: string }

/** Hard limits of one request; more is refused whole, with the limit named. */
export interface DecodeLimits {
  readonly points: number
  readonly attributes: number
  readonly textLength: number
  readonly buckets: number
  readonly depth: number
}

// An SDK batch is some hundred points; the Collector's default is 8,192. A native histogram has at most 160 buckets.
export const defaultLimits: DecodeLimits = {
  points: 50_000,
  attributes: 128,
  textLength: 8_192,
  buckets: 2_048,
  depth: 16,
}

// What both decoders read before it is judged. `undefined` is a field that was not sent.
export interface RawPoint {
  attributes: Attributes
  startMs: number
  timeMs: number
  flags: number
}
export interface RawNumber extends RawPoint {
  value: number | undefined
}
export interface RawExplicit extends RawPoint {
  count: number
  counts: number[]
  bounds: number[]
}
export interface RawExponential extends RawPoint {
  count: number
  scale: number
  zeroThreshold: number
  zeroCount: number
  positive: { offset: number; counts: number[] }
  negative: { offset: number; counts: number[] }
}
export type RawData =
  | { kind: 'gauge'; points: RawNumber[] }
  | { kind: 'sum'; points: RawNumber[]; temporality: number; monotonic: boolean }
  | { kind: 'histogram'; points: RawExplicit[]; temporality: number }
  | { kind: 'exponential'; points: RawExponential[]; temporality: number }
  | { kind: 'summary'; points: number }
export interface RawMetric {
  name: string
  unit: string
  data: RawData | null
}

/** Counts what was taken and what was left out while raw metrics are judged. */
export interface Tally {
  accepted: number
  readonly left: Map<string, PointFinding>
}

export const newTally = (): Tally => ({ accepted: 0, left: new Map() })

export function leftOut(tally: Tally): { rejected: number; findings: readonly PointFinding[] } {
  const findings = [...tally.left.values()]
  const rejected = findings.reduce((all, each) => (each.kind === 'no-value' ? all : all + each.points), 0)
  return { rejected, findings }
}

/** Null when nothing of the metric can be used. */
export function settleMetric(raw: RawMetric, tally: Tally): Metric | null {
  const { data, name, unit } = raw
  if (data === null) return null
  const leave = (kind: PointFindingKind, points: number) => {
    const key = `${kind} ${name}`
    tally.left.set(key, { kind, metric: name, points: points + (tally.left.get(key)?.points ?? 0) })
    return null
  }
  if (data.kind === 'summary') return leave('summary', data.points)
  if (name === '') return leave('no-name', data.points.length)
  const settle = <R extends RawPoint, V>(points: readonly R[], judge: (raw: R) => V | PointFindingKind) => {
    const settled: { attributes: Attributes; at: Instant; startAt: Instant | null; value: V }[] = []
    for (const each of points) {
      const value = each.timeMs <= 0 ? 'no-time' : (each.flags & noRecordedValue) !== 0 ? 'no-value' : judge(each)
      if (isFinding(value)) {
        leave(value, 1)
        continue
      }
      tally.accepted += 1
      const startAt = each.startMs > 0 ? instant(each.startMs) : null
      settled.push({ attributes: each.attributes, at: instant(each.timeMs), startAt, value })
    }
    return settled
  }
  if (data.kind === 'gauge') return { name, unit, data: { kind: 'gauge', points: settle(data.points, judgeNumber) } }
  const temporality = data.temporality === 2 ? 'cumulative' : data.temporality === 1 ? 'delta' : null
  if (temporality === null) return leave('no-temporality', data.points.length)
  if (data.kind === 'sum') {
    const points = settle(data.points, judgeNumber)
    return { name, unit, data: { kind: 'sum', temporality, monotonic: data.monotonic, points } }
  }
  if (data.kind === 'histogram')
    return { name, unit, data: { kind: 'histogram', temporality, points: settle(data.points, judgeExplicit) } }
  return { name, unit, data: { kind: 'exponential', temporality, points: settle(data.points, judgeExponential) } }
}

// DataPointFlags bit 0: the stream went away on purpose (Prometheus' staleness marker).
const noRecordedValue = 1

const isFinding = (value: unknown): value is PointFindingKind => typeof value === 'string'

function judgeNumber(raw: RawNumber): number | PointFindingKind {
  if (raw.value === undefined) return 'no-value'
  if (!Number.isFinite(raw.value)) return 'not-finite'
  return Math.abs(raw.value) > Number.MAX_SAFE_INTEGER ? 'too-large' : raw.value
}

function judgeExplicit(raw: RawExplicit): ExplicitHistogram | PointFindingKind {
  // No buckets at all is allowed by OTLP: only the count is known, so every threshold is refused later.
  const counts = raw.counts.length === 0 && raw.bounds.length === 0 ? [raw.count] : raw.counts
  if (counts.length !== raw.bounds.length + 1) return 'uneven-buckets'
  return judgeBounds(raw.bounds) ?? judgeCounts(counts, raw.count) ?? { kind: 'explicit', bounds: raw.bounds, counts }
}

function judgeExponential(raw: RawExponential): ExponentialHistogram | PointFindingKind {
  const { scale, zeroThreshold, zeroCount, positive, negative } = raw
  if (!Number.isFinite(zeroThreshold) || zeroThreshold < 0) return 'not-finite'
  // Scales beyond these have buckets narrower than a double can tell apart, or wider than all doubles together.
  if (scale > 20 || scale < -10) return 'too-large'
  const fault = judgeCounts([zeroCount, ...positive.counts, ...negative.counts], raw.count)
  return fault ?? { kind: 'exponential', scale, zeroThreshold, zeroCount, positive, negative }
}

function judgeBounds(bounds: readonly number[]): PointFindingKind | null {
  let ascending = true
  for (let index = 0; index < bounds.length; index += 1) {
    const bound = bounds[index] ?? 0
    if (!Number.isFinite(bound)) return 'not-finite'
    if (index > 0 && bound <= (bounds[index - 1] ?? 0)) ascending = false
  }
  return ascending ? null : 'bounds-not-ascending'
}

function judgeCounts(counts: readonly number[], count: number): PointFindingKind | null {
  let sum = 0
  for (let index = 0; index < counts.length; index += 1) {
    const each = counts[index] ?? 0
    if (!Number.isSafeInteger(each) || each < 0) return 'too-large'
    sum += each
  }
  if (!Number.isSafeInteger(sum)) return 'too-large'
  return sum === count ? null : 'count-mismatch'
}
