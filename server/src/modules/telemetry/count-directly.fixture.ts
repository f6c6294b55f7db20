// How all points were counted once, and what tests compare with: decoded points in a transaction of their own, exactly once by content. What
// is remembered of each series and what it added to slices are written at once, so a batch that is repeated, or failed half way, changes nothing.
import { minute } from '../../kernel/duration.ts'
import { type Instant, instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { advanceAll, openState, rulesFor, sidesOf } from './advance-series.ts'
import { type Decoded, sliceStartOf, slicesTouching } from './core/index.ts'
import { addFindings, isLate, longestBridgeMs, mostSeries } from './counting-rules.ts'
import {
  type CompiledStreams,
  compileStreams,
  type MatchedSeries,
  matchPoints,
  type SeenSource,
} from './match-points.ts'
import type { Way } from './read-body.ts'
import {
  countSeries,
  loadSeries,
  lockSources,
  openSources,
  readTargets,
  type SeriesRow,
  type SourceRow,
  saveSeries,
  saveSources,
  seriesHash,
} from './series.store.ts'
import { addToSlices, type FeedRow, readFeeds, type SliceAddition, saveFeeds } from './slices.store.ts'
import type { Stream } from './stream.ts'
import { listStreams, registryRevision } from './streams.store.ts'
import { addToGroups, type GroupCount } from './usecases/count-groups.ts'

/** Streams compiled once and kept while none of them changes. One for each process and way in. */
export interface StreamCache {
  revision: number
  compiled: CompiledStreams
  streams: readonly Stream[]
}

export const newStreamCache = (): StreamCache => ({
  revision: -1,
  compiled: compileStreams([]),
  streams: [],
})

/** By which way points came in. */
export interface Intake extends Omit<Way, 'kind'> {
  readonly kind: Way['kind'] | 'scrape'
  /** Only streams that read from it; null takes all of the kind. */
  readonly dataSource: string | null
}

type Taken = Extract<Decoded, { state: 'decoded' }>

export async function countMetrics(tx: Tx, cache: StreamCache, decoded: Taken, intake: Intake): Promise<void> {
  const revision = await registryRevision(tx)
  if (revision !== cache.revision) {
    cache.streams = (await listStreams(tx, intake.kind)).filter(
      ({ source }) => source.kind !== 'scrape' || source.dataSource === intake.dataSource,
    )
    cache.compiled = compileStreams(cache.streams)
    cache.revision = revision
  }
  const found = matchPoints(decoded.resources, cache.compiled, intake.nameOf)
  // Of some nothing can be counted: a threshold that lies below every edge is a finding of the sender.
  const series = found.series.filter((each) => each.readings.length > 0)
  const sources = intake.keepsAll ? found.sources : found.sources.filter((each) => each.matched > 0)
  await lockSources(
    tx,
    sources.map((source) => source.name),
  )
  const now = await tx.now()
  const known = await openSources(
    tx,
    intake.kind,
    sources.map((source) => source.name),
    now,
  )
  const counted = await countReadings(tx, series, { known, now, wholeTargets: intake.wholeTargets })
  for (const each of decoded.findings)
    for (const source of sources) source.findings.push({ kind: each.kind, example: each.metric })
  await measure(tx, { series, sources, known, counted, now, streams: cache.streams })
  await saveSources(
    tx,
    sources.flatMap((source) => {
      const row = known.get(source.name)
      if (row === undefined) return []
      const findings = [...source.findings, ...(counted.findings.get(source.name) ?? [])]
      // Nearly always there is nothing to note, and what stands there need not be written again.
      const noted = findings.length === 0 ? null : addFindings(row.findings, findings, now)
      return [{ ...source, key: row.key, findings: noted }]
    }),
    now,
  )
}

interface Counted {
  readonly additions: Map<string, SliceAddition>
  readonly groups: GroupCount[]
  readonly findings: Map<string, { kind: string; example: string }[]>
  readonly saved: SeriesRow[]
}

async function countReadings(
  tx: Tx,
  series: readonly MatchedSeries[],
  run: { known: ReadonlyMap<string, SourceRow>; now: Instant; wholeTargets: boolean },
): Promise<Counted> {
  const { known, now, wholeTargets } = run
  const counted: Counted = { additions: new Map(), groups: [], findings: new Map(), saved: [] }
  const rows = await loadSeries(
    tx,
    series.map((each) => ({ stream: each.stream.key, series: each.series })),
  )
  const kept = new Map(rows.map((row) => [`${row.stream} ${row.series}`, row]))
  const newcomers = series.filter((each) => !kept.has(each.id))
  const sizes = new Map(
    newcomers.length === 0 ? [] : await countSeries(tx, [...new Set(newcomers.map((each) => each.stream.key))]),
  )
  const reportBefore = wholeTargets ? await readReports(tx, series, newcomers) : () => null
  for (const each of series) {
    const { stream } = each
    const find = (kind: string) => {
      const list = counted.findings.get(each.source) ?? []
      list.push({ kind, example: stream.id })
      counted.findings.set(each.source, list)
    }
    const before = kept.get(each.id)
    if (before === undefined) {
      const size = sizes.get(stream.key) ?? 0
      if (size >= mostSeries) {
        find('too-many-series')
        continue
      }
      sizes.set(stream.key, size + 1)
    }
    let [first, last]: [number, number] = [Number.POSITIVE_INFINITY, before?.lastAt ?? 0]
    for (const { at } of each.readings) {
      if (at < first) first = at
      if (at > last) last = at
    }
    const state =
      before?.state ?? openState(each.atMost, rulesFor(stream, each.temporality, reportBefore(each, instant(first))))
    const step = advanceAll(state, each.readings, each.atMost, now)
    for (const { kind } of step.findings) if (kind !== 'duplicate') find(kind)
    for (const { sliceStart, counts } of step.deltas) {
      const sides = sidesOf(each, counts)
      addTo(counted.additions, stream, sliceStart, sides, now)
      if (each.group !== null)
        counted.groups.push({
          stream,
          values: each.group,
          sliceStart,
          ...sides,
          corrected: isLate(stream, sliceStart, now),
        })
    }
    const source = known.get(each.source)?.key ?? 0
    const target = before?.source === source && before.target !== null ? before.target : targetOf(each)
    counted.saved.push({
      stream: stream.key,
      series: each.series,
      source,
      target: wholeTargets ? target : null,
      state: step.state,
      lastAt: instant(last),
      firstAt: before?.firstAt ?? instant(first),
    })
  }
  await saveSeries(tx, counted.saved)
  return counted
}

const targetOf = ({ source, names }: MatchedSeries): string => `${source} ${seriesHash(names).slice(0, 12)}`

/** For each new series, the last time its target told something without it; null when the target is new too. */
async function readReports(
  tx: Tx,
  series: readonly MatchedSeries[],
  newcomers: readonly MatchedSeries[],
): Promise<(each: MatchedSeries, first: Instant) => Instant | null> {
  const keyOf = (each: MatchedSeries) => `${each.stream.key} ${targetOf(each)}`
  const reports = new Map<string, number[]>()
  for (const each of newcomers.length === 0 ? [] : series) {
    const times = reports.get(keyOf(each)) ?? []
    reports.set(keyOf(each), times)
    for (const { at } of each.readings) times.push(at)
  }
  const wanted = newcomers.map((each) => ({ stream: each.stream.key, target: targetOf(each) }))
  for (const { stream, target, firstAt, lastAt } of await readTargets(tx, wanted))
    reports.get(`${stream} ${target}`)?.push(firstAt, lastAt)
  return (each, first) => {
    const earlier = (reports.get(keyOf(each)) ?? []).filter((at) => at < first)
    return earlier.length === 0 ? null : instant(Math.max(...earlier))
  }
}

function addTo(
  additions: Map<string, SliceAddition>,
  stream: { readonly key: number; readonly sliceMs: number },
  sliceStart: Instant,
  sides: { readonly good: number; readonly bad: number; readonly total: number },
  now: Instant,
): void {
  const key = `${stream.key} ${sliceStart}`
  const found = additions.get(key)
  const corrected = isLate(stream, sliceStart, now)
  additions.set(key, {
    stream: stream.key,
    sliceStart,
    good: (found?.good ?? 0) + sides.good,
    bad: (found?.bad ?? 0) + sides.bad,
    total: (found?.total ?? 0) + sides.total,
    corrected,
  })
}

const nothing = { good: 0, bad: 0, total: 0 }

/**
 * A source that reports tells of all its streams, also of those in which nothing happened: the slices between its
 * last report and this one were measured.
 */
async function measure(
  tx: Tx,
  run: {
    series: readonly MatchedSeries[]
    sources: readonly SeenSource[]
    known: ReadonlyMap<string, SourceRow>
    counted: Counted
    now: Instant
    streams: readonly Stream[]
  },
): Promise<void> {
  const { series, sources, known, counted, now } = run
  const streams = new Map(series.map((each) => [each.stream.key, each.stream]))
  const feeds = await readFeeds(
    tx,
    [...known.values()].map((row) => row.key),
  )
  const slicesOf = new Map(run.streams.map((stream) => [stream.key, stream.sliceMs]))
  const lastAtOf = new Map(sources.map((source) => [known.get(source.name)?.key ?? 0, source.lastAt]))
  const saved = new Map<string, FeedRow>()
  const fed = new Set(feeds.map((feed) => `${feed.stream} ${feed.source}`))
  for (const feed of feeds) {
    const [at, sliceMs] = [lastAtOf.get(feed.source) ?? null, slicesOf.get(feed.stream)]
    if (at === null || sliceMs === undefined || at <= feed.lastAt || at > now + minute) continue
    saved.set(`${feed.stream} ${feed.source}`, { ...feed, lastAt: at })
    const bridged = at - feed.lastAt <= Math.max(longestBridgeMs, 3 * sliceMs)
    const start = bridged ? feed.lastAt : instant(sliceStartOf(instant(at - 1), sliceMs))
    for (const slice of slicesTouching({ start, end: at }, sliceMs))
      addTo(counted.additions, { key: feed.stream, sliceMs }, slice, nothing, now)
  }
  for (const each of series) {
    const source = known.get(each.source)?.key ?? 0
    const at = lastAtOf.get(source) ?? null
    const key = `${each.stream.key} ${source}`
    if (at === null || saved.has(key) || fed.has(key)) continue
    saved.set(key, { stream: each.stream.key, source, lastAt: at })
  }
  const whole = [...counted.additions.values()].filter(({ stream }) => streams.has(stream) || slicesOf.has(stream))
  await addToSlices(tx, [...whole, ...(await addToGroups(tx, counted.groups))])
  await saveFeeds(tx, [...saved.values()])
}
