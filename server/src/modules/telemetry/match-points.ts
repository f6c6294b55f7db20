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
  type Metric,
  matches,
  type ResourceMetrics,
  type Selector,
  type Side,
  selectorsFor,
  seriesKey,
  type Temporality,
  totalOf,
} from './core/index.ts'
import { seriesHash } from './series.store.ts'
import type { OtlpPart, Stream } from './stream.ts'

export interface CompiledStreams {
  readonly selectors: CompiledSelectors
  readonly parts: ReadonlyMap<Selector, { readonly stream: Stream; readonly part: OtlpPart }>
}

export function compileStreams(streams: readonly Stream[]): CompiledStreams {
  const parts = new Map<Selector, { stream: Stream; part: OtlpPart }>()
  for (const stream of streams) {
    if (!('parts' in stream.source)) continue
    for (const part of stream.source.parts) {
      const measured = { kind: 'side', side: part.side } as const
      parts.set({ indicator: stream.id, measured, metric: part.metric, filters: part.filters }, { stream, part })
    }
  }
  return { selectors: compileSelectors([...parts.keys()]), parts }
}

export interface PointReading {
  readonly at: Instant
  readonly startAt: Instant | null
  readonly value: number | HistogramValue
}

/** One series of one stream in one request. */
export interface MatchedSeries {
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
  const selectors = selectorsFor(compiled.selectors, metric.name)
  for (const point of data.points) {
    source.samples += 1
    if (source.lastAt === null || point.at > source.lastAt) source.lastAt = point.at
    const hits = selectors.filter((selector) => matches(selector, point.attributes, resource.attributes))
    if (hits.length === 0) continue
    source.matched += 1
    const unfit = data.kind === 'gauge' ? 'gauge' : data.kind === 'sum' && !data.monotonic ? 'not-monotonic' : null
    if (unfit !== null || data.kind === 'gauge') {
      source.findings.push({ kind: unfit ?? 'gauge', example: metric.name })
      continue
    }
    // The scope is part of a stream's identity in OTLP.
    const key = seriesKey(`${scope} ${metric.name}`, resource.attributes, point.attributes)
    const reading = { at: point.at, startAt: point.startAt, value: point.value }
    for (const [stream, parts] of byStream(hits, compiled)) {
      const names = [...point.attributes.keys()].sort().join(',')
      const find = (attribute: string) => point.attributes.get(attribute) ?? resource.attributes.get(attribute)
      const entry = place(found, {
        stream,
        parts,
        key,
        source: source.name,
        temporality: data.temporality,
        names,
        find,
      })
      const fit = fitting(reading, entry.atMost)
      if (fit === null) source.findings.push({ kind: 'no-edge-below', example: metric.name })
      else entry.readings.push(fit)
    }
  }
}

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

function place(
  found: Map<string, MatchedSeries>,
  of: {
    stream: Stream
    parts: readonly OtlpPart[]
    key: string
    source: string
    temporality: Temporality
    names: string
    find: (attribute: string) => string | undefined
  },
): MatchedSeries {
  const id = `${of.stream.key} ${of.key}`
  const known = found.get(id)
  if (known !== undefined) return known
  const atMost = of.parts.find((part) => part.atMost !== undefined)?.atMost ?? null
  const entry: MatchedSeries = {
    stream: of.stream,
    series: seriesHash(atMost === null ? of.key : `${of.key} at most ${atMost}`),
    source: of.source,
    temporality: of.temporality,
    atMost,
    whole: new Set(of.parts.filter((part) => part.atMost === undefined).map((part) => part.side)),
    within: new Set(of.parts.filter((part) => part.atMost !== undefined).map((part) => part.side)),
    readings: [],
    names: of.names,
    group: of.stream.grouping === null ? null : groupValues(of.stream.grouping, of.find),
  }
  found.set(id, entry)
  return entry
}

/** What is kept of a value: its total, or for a threshold the two counts on its sides. Null: it cannot be cut there. */
function fitting(reading: PointReading, atMost: number | null): PointReading | null {
  const { value } = reading
  if (atMost === null) return { ...reading, value: typeof value === 'number' ? value : totalOf(value) }
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
  return { ...reading, value: halves }
}
