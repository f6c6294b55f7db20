// From decoded OTLP to readings of series: which points count for which stream, and on which side.
import type { Instant } from '../../kernel/instant.ts'
import {
  type Attributes,
  type CompiledSelectors,
  compileSelectors,
  countAtMost,
  type ExplicitHistogram,
  groupValues,
  type HistogramValue,
  hitsOf,
  type Metric,
  type ResourceMetrics,
  type Selector,
  type Side,
  seriesKey,
  type Temporality,
  totalOf,
} from './core/index.ts'
import { seriesHash } from './series.store.ts'
import type { OtlpPart, Stream } from './stream.ts'

export interface CompiledStreams {
  readonly selectors: CompiledSelectors
  readonly parts: ReadonlyMap<Selector, { readonly stream: Stream; readonly part: OtlpPart }>
  /** Of names that decoders remember: what they count for, by resource, scope and metric, and point. */
  readonly known: Map<Attributes, Map<string, Map<Attributes, readonly Counted[]>>>
  /** Points among them; they are forgotten when there are too many. */
  size: number
}

/** As many as decoders remember names of. */
const mostKnown = 100_000

/** A series as one stream counts it, whatever it reads. */
export type Counted = Omit<MatchedSeries, 'temporality' | 'readings'>

export function compileStreams(streams: readonly Stream[]): CompiledStreams {
  const parts = new Map<Selector, { stream: Stream; part: OtlpPart }>()
  for (const stream of streams) {
    if (!('parts' in stream.source)) continue
    for (const part of stream.source.parts) {
      const measured = { kind: 'side', side: part.side } as const
      parts.set({ indicator: stream.id, measured, metric: part.metric, filters: part.filters }, { stream, part })
    }
  }
  return { selectors: compileSelectors([...parts.keys()]), parts, known: new Map(), size: 0 }
}

export interface PointReading {
  readonly at: Instant
  readonly startAt: Instant | null
  readonly value: number | HistogramValue
}

/** One series of one stream in one request. */
export interface MatchedSeries {
  /** Of stream and series. */
  readonly id: string
  readonly stream: Stream
  readonly series: string
  readonly source: string
  readonly temporality: Temporality
  /** Null: every event counts. Else a histogram is cut here. */
  readonly atMost: number | null
  /** Sides that count all of it, and sides that count only what is within `atMost`. */
  readonly whole: ReadonlySet<Side>
  readonly within: ReadonlySet<Side>
  readonly readings: PointReading[]
  /** Names of its attributes: a series renamed by its scrape is not taken for a new one. */
  readonly names: string
  /** What its events are told apart by; null when they are not. */
  readonly group: readonly string[] | null
}

export interface SeenSource {
  readonly name: string
  samples: number
  matched: number
  /** The latest instant it told of, matched or not. */
  lastAt: Instant | null
  readonly findings: { kind: string; example: string }[]
}

export interface Matched {
  readonly series: readonly MatchedSeries[]
  readonly sources: readonly SeenSource[]
}

/** Who sent a resource: by the semantic conventions, an instance of a service. */
export function sourceName(resource: Attributes): string {
  const words = ['service.namespace', 'service.name', 'service.instance.id'].map((key) => resource.get(key) ?? '')
  const named = words.filter((word) => word !== '').join('/')
  return `otlp:${named === '' ? 'unnamed' : named}`.slice(0, 300)
}

export function matchPoints(
  resources: readonly ResourceMetrics[],
  compiled: CompiledStreams,
  nameOf: (resource: Attributes) => string = sourceName,
): Matched {
  const found = new Map<string, MatchedSeries>()
  const sources = new Map<string, SeenSource>()
  for (const resource of resources) {
    const name = nameOf(resource.attributes)
    const source = sources.get(name) ?? { name, samples: 0, matched: 0, lastAt: null, findings: [] }
    sources.set(name, source)
    for (const scope of resource.scopes)
      for (const metric of scope.metrics) matchMetric({ resource, scope: scope.name, metric, compiled, found, source })
  }
  return { series: [...found.values()], sources: [...sources.values()] }
}

interface Order {
  readonly resource: ResourceMetrics
  readonly scope: string
  readonly metric: Metric
  readonly compiled: CompiledStreams
  readonly found: Map<string, MatchedSeries>
  readonly source: SeenSource
}

function matchMetric({ resource, scope, metric, compiled, found, source }: Order): void {
  const { data } = metric
  const known = resource.remembered === true ? knownOf(compiled, resource.attributes, `${scope} ${metric.name}`) : null
  for (const point of data.points) {
    source.samples += 1
    if (source.lastAt === null || point.at > source.lastAt) source.lastAt = point.at
    let counted = known?.get(point.attributes)
    if (counted === undefined) {
      const of = { resource: resource.attributes, scope, metric: metric.name, source: source.name }
      counted = countedAs(compiled, of, point.attributes)
      if (known !== null) {
        known.set(point.attributes, counted)
        compiled.size += 1
      }
    }
    if (counted.length === 0) continue
    source.matched += 1
    const unfit = data.kind === 'gauge' ? 'gauge' : data.kind === 'sum' && !data.monotonic ? 'not-monotonic' : null
    if (unfit !== null || data.kind === 'gauge') {
      source.findings.push({ kind: unfit ?? 'gauge', example: metric.name })
      continue
    }
    const reading = { at: point.at, startAt: point.startAt, value: point.value }
    for (const each of counted) {
      let entry = found.get(each.id)
      if (entry === undefined) {
        entry = opened(each, data.temporality)
        found.set(each.id, entry)
      }
      const fit = fitting(reading, entry.atMost)
      if (fit === null) source.findings.push({ kind: 'no-edge-below', example: metric.name })
      else entry.readings.push(fit)
    }
  }
}

// Written out: in the innermost loop a spread costs as much as all the rest.
const opened = (each: Counted, temporality: Temporality): MatchedSeries => ({
  id: each.id,
  stream: each.stream,
  series: each.series,
  source: each.source,
  temporality,
  atMost: each.atMost,
  whole: each.whole,
  within: each.within,
  readings: [],
  names: each.names,
  group: each.group,
})

function knownOf(compiled: CompiledStreams, resource: Attributes, metric: string): Map<Attributes, readonly Counted[]> {
  if (compiled.size > mostKnown) {
    compiled.known.clear()
    compiled.size = 0
  }
  let metrics = compiled.known.get(resource)
  if (metrics === undefined) {
    metrics = new Map()
    compiled.known.set(resource, metrics)
  }
  let points = metrics.get(metric)
  if (points === undefined) {
    points = new Map()
    metrics.set(metric, points)
  }
  return points
}

export interface SeriesOf {
  readonly resource: Attributes
  readonly scope: string
  readonly metric: string
  readonly source: string
}

/** As what streams count a series; one for each stream. */
export function countedAs(
  compiled: CompiledStreams,
  { resource, scope, metric, source }: SeriesOf,
  attributes: Attributes,
): readonly Counted[] {
  const hits = hitsOf(compiled.selectors, metric, attributes, resource)
  if (hits.length === 0) return nothing
  // The scope is part of a stream's identity in OTLP.
  const key = seriesKey(`${scope} ${metric}`, resource, attributes)
  const names = [...attributes.keys()].sort().join(',')
  const find = (attribute: string) => attributes.get(attribute) ?? resource.get(attribute)
  return [...byStream(hits, compiled)].map(([stream, parts]) => {
    const atMost = parts.find((part) => part.atMost !== undefined)?.atMost ?? null
    const series = seriesHash(atMost === null ? key : `${key} at most ${atMost}`)
    return {
      id: `${stream.key} ${series}`,
      stream,
      series,
      source,
      atMost,
      whole: new Set(parts.filter((part) => part.atMost === undefined).map((part) => part.side)),
      within: new Set(parts.filter((part) => part.atMost !== undefined).map((part) => part.side)),
      names,
      group: stream.grouping === null ? null : groupValues(stream.grouping, find),
    }
  })
}

const nothing: readonly Counted[] = []

function byStream(hits: readonly Selector[], compiled: CompiledStreams): ReadonlyMap<Stream, OtlpPart[]> {
  const parts = new Map<Stream, OtlpPart[]>()
  for (const hit of hits) {
    const found = compiled.parts.get(hit)
    if (found === undefined) continue
    const list = parts.get(found.stream)
    if (list === undefined) parts.set(found.stream, [found.part])
    else list.push(found.part)
  }
  return parts
}

/** What is kept of a value: its total, or for a threshold the two counts on its sides. Null: it cannot be cut there. */
function fitting(reading: PointReading, atMost: number | null): PointReading | null {
  const { at, startAt, value } = reading
  if (atMost === null) return typeof value === 'number' ? reading : { at, startAt, value: totalOf(value) }
  if (typeof value === 'number') return null
  const cut = countAtMost(value, atMost)
  if (cut.state === 'refused') return null
  // Exponential buckets stay whole: their edges move when a later reading has a coarser scale.
  if (value.kind === 'exponential') return reading
  const halves: ExplicitHistogram = {
    kind: 'explicit',
    bounds: [cut.lowerEdge],
    counts: [cut.good, cut.total - cut.good],
  }
  return { at, startAt, value: halves }
}
