// Counts one request after the other in memory: series go on, slices and senders gather what it adds. Everything it needs
// to know was read before.
import { minute } from '../../kernel/duration.ts'
import { type Instant, instant } from '../../kernel/instant.ts'
import { advanceAll, openState, rulesFor, sidesOf } from './advance-series.ts'
import {
  advanceTrack,
  type SampleBatch,
  type SampleRun,
  type SeriesFindingKind,
  SeriesUse,
  type Temporality,
  type ToldNames,
  type TrackListener,
  trackOf,
} from './core/index.ts'
import { isLate, longestBridgeMs, mostSeries } from './counting-rules.ts'
import { FoldMemory, type KeptSeries, type KeptSource } from './fold-memory.ts'
import { type CompiledStreams, type Counted, countedAs, type Matched, type PointReading } from './match-points.ts'
import type { Way } from './read-body.ts'
import { seriesHash } from './series.store.ts'
import type { Cells } from './slice-cells.ts'
import type { GroupCount } from './usecases/count-groups.ts'

/** What one series counts for: a stream, its sides, and where it is remembered. */
interface Target {
  readonly counted: Counted
  readonly cells: Cells
  /** Which sides count all of it. */
  readonly good: boolean
  readonly bad: boolean
  readonly total: boolean
  series: KeptSeries | null
  /** The sender of which it is known that it feeds the stream. */
  fed: KeptSource | null
}

/** What this process knows of a series by its names. */
export class KnownUse extends SeriesUse {
  readonly memory: FoldMemory
  readonly compiled: CompiledStreams
  readonly sourceName: string
  readonly targets: readonly Target[]
  source: KeptSource | null = null

  constructor(memory: FoldMemory, compiled: CompiledStreams, sourceName: string, counted: readonly Counted[]) {
    super()
    this.memory = memory
    this.compiled = compiled
    this.sourceName = sourceName
    this.targets = counted.map((each) => targetOf(memory, each))
  }
}

const targetOf = (memory: FoldMemory, counted: Counted): Target => ({
  counted,
  cells: memory.cellsOf(counted.stream),
  good: counted.whole.has('good'),
  bad: counted.whole.has('bad'),
  total: counted.whole.has('total'),
  series: memory.series.get(counted.id) ?? null,
  fed: null,
})

export interface FoldRun {
  readonly memory: FoldMemory
  readonly compiledFor: (way: Way) => CompiledStreams
  /** Of streams that may be counted now: the length of their slices. */
  readonly sliceMsOf: ReadonlyMap<number, number>
  readonly groups: GroupCount[]
  /** Senders that told something that counts. */
  readonly heard: Set<KeptSource>
}

export function useOf(run: FoldRun, told: ToldNames, way: Way): KnownUse {
  const { use } = told
  const compiled = run.compiledFor(way)
  if (use instanceof KnownUse && use.memory === run.memory && use.compiled === compiled) return use
  const source = way.nameOf(told.resource)
  const of = { resource: told.resource, scope: told.scope, metric: told.metric, source }
  const fresh = new KnownUse(run.memory, compiled, source, countedAs(compiled, of, told.attributes))
  told.use = fresh
  return fresh
}

/** 48 bits of the names of a series' attributes: what its target is known by, beside its sender. */
export const namesHash = (names: string): string => seriesHash(names).slice(0, 12)

/** Where one series stands that is new, and when it told. */
interface Place {
  readonly target: Target
  readonly source: KeptSource
  readonly temporality: Temporality
  readonly times: ArrayLike<number>
  readonly from: number
  readonly to: number
}

/** What is being counted, one series after the other: there are thousands in a request, so nothing is made for each of them. */
class Counting implements TrackListener {
  readonly run: FoldRun
  readonly way: Way
  readonly now: Instant
  readonly touched: KeptSource[] = []
  target: Target | null = null
  source: KeptSource | null = null

  constructor(run: FoldRun, way: Way, now: Instant) {
    this.run = run
    this.way = way
    this.now = now
  }

  begin(source: KeptSource): void {
    if (source.request === this) return
    source.request = this
    this.touched.push(source)
    FoldMemory.beginRequest(source)
  }

  /** The series that counts it, and that it was told; null when there are too many. */
  meet(place: Place, newcomers: Newcomers | null): KeptSeries | null {
    const { target, source } = place
    const { memory } = this.run
    const { stream } = target.counted
    if (target.fed !== source) {
      if (!source.feeds.has(stream.key)) source.newFeeds.add(stream.key)
      target.fed = source
    }
    const series = seriesOf(memory, target) ?? newcomers?.admit(place) ?? null
    if (series === null) {
      source.now.findings.push({ kind: 'too-many-series', example: stream.id })
      return null
    }
    memory.note(series)
    for (let at = place.from; at < place.to; at += 1) {
      const time = place.times[at] ?? 0
      if (time > series.lastAt) series.lastAt = time
    }
    if (series.source !== source.key) move(memory, series, source, targetIn(this.way, target.counted))
    if (series.firstAt !== null && series.lastAt > series.report.lastAt) series.report.lastAt = series.lastAt
    this.target = target
    this.source = source
    return series
  }

  add(sliceStart: Instant, events: number): void {
    if (this.target === null) return
    const { good, bad, total } = this.target
    this.put(this.target, sliceStart, good ? events : 0, bad ? events : 0, total ? events : 0)
  }

  put({ cells, counted }: Target, sliceStart: Instant, good: number, bad: number, total: number): void {
    const cell = cells.at(sliceStart)
    cell.good += good
    cell.bad += bad
    cell.total += total
    const corrected = isLate(counted.stream, sliceStart, this.now)
    if (corrected) cell.corrected = true
    if (counted.group !== null)
      this.run.groups.push({
        ...{ stream: counted.stream, values: counted.group, sliceStart },
        ...{ good, bad, total, corrected },
      })
  }

  find(kind: SeriesFindingKind): void {
    if (kind === 'duplicate' || this.target === null) return
    this.source?.now.findings.push({ kind, example: this.target.counted.stream.id })
  }

  finish(): void {
    for (const source of this.touched)
      if (this.way.keepsAll || source.now.matched > 0) finish(this.run, source, this.now)
  }
}

/** One request, as far as it was read without objects, and the rest of it. */
export interface CountedRequest {
  readonly way: Way
  readonly at: Instant
  readonly batch: { readonly batch: SampleBatch; readonly uses: readonly KnownUse[] } | null
  readonly matched: Matched | null
}

export function countRequest(run: FoldRun, { way, at, batch, matched }: CountedRequest): void {
  const counting = new Counting(run, way, at)
  if (batch !== null) countBatch(counting, batch.batch, batch.uses)
  if (matched !== null) countMatched(counting, matched)
  counting.finish()
}

function countBatch(counting: Counting, batch: SampleBatch, uses: readonly KnownUse[]): void {
  const { run, way, now } = counting
  const { times, values, ends, createdMs, gauge } = batch
  const newcomers = hasNewcomers(run, uses) ? new Newcomers(run, way, placesOf(run, batch, uses)) : null
  for (let index = 0, from = 0, to = 0; index < uses.length; index += 1, from = to) {
    to = ends[index] ?? 0
    const use = uses[index]
    const source = use === undefined || to === from ? null : sourceOf(run, use)
    if (use === undefined || source === null) continue
    counting.begin(source)
    const seen = source.now
    seen.samples += to - from
    for (let at = from; at < to; at += 1) {
      const time = times[at] ?? 0
      if (time > seen.lastAt) seen.lastAt = time
    }
    if (use.targets.length === 0) continue
    seen.matched += to - from
    if (gauge[index] === true) {
      note(source, { kind: 'gauge', example: batch.told[index]?.metric ?? '' }, to - from)
      continue
    }
    for (const target of use.targets) {
      if (target.counted.atMost !== null) {
        note(source, { kind: 'no-edge-below', example: batch.told[index]?.metric ?? '' }, to - from)
        continue
      }
      const series = counting.meet({ target, source, temporality: 'cumulative', times, from, to }, newcomers)
      if (series?.mind.kind !== 'counter') continue
      const told = { times, values, from, to, createdMs: createdMs[index] ?? 0 }
      run.memory.step(series, told)
      advanceTrack(series.mind.track, told, now, counting)
    }
  }
}

function note(source: KeptSource, finding: { kind: string; example: string }, times: number): void {
  for (let count = 0; count < times; count += 1) source.now.findings.push(finding)
}

function hasNewcomers({ memory }: FoldRun, uses: readonly KnownUse[]): boolean {
  for (const { targets } of uses) for (const target of targets) if (seriesOf(memory, target) === null) return true
  return false
}

/** Every series of a request that counts. */
function placesOf(run: FoldRun, { times, ends, gauge }: SampleBatch, uses: readonly KnownUse[]): readonly Place[] {
  return uses.flatMap((use, index) => {
    const [from, to, source] = [ends[index - 1] ?? 0, ends[index] ?? 0, sourceOf(run, use)]
    if (source === null || to === from || gauge[index] === true) return []
    return use.targets.map((target): Place => ({ target, source, temporality: 'cumulative', times, from, to }))
  })
}

/** A request that was read into objects. */
function countMatched(counting: Counting, matched: Matched): void {
  const { run, way, now } = counting
  for (const { name, samples, matched: counted, lastAt, findings } of matched.sources) {
    const source = run.memory.sources.get(name)
    if (source === undefined || (counted === 0 && !way.keepsAll)) continue
    counting.begin(source)
    source.now.samples += samples
    source.now.matched += counted
    source.now.lastAt = Math.max(source.now.lastAt, lastAt ?? 0)
    source.now.findings.push(...findings)
  }
  const places = matched.series.flatMap((each) => {
    const source = run.memory.sources.get(each.source)
    if (source === undefined || each.readings.length === 0) return []
    const times = each.readings.map((reading) => reading.at)
    const { temporality } = each
    const target = targetOf(run.memory, each)
    return [{ target, source, temporality, times, from: 0, to: times.length, matched: each }]
  })
  const newcomers = new Newcomers(run, way, places)
  for (const place of places) {
    const series = counting.meet(place, newcomers)
    if (series === null) continue
    const { mind } = series
    const { readings, atMost } = place.matched
    if (mind.kind === 'counter') {
      eachRun(readings, (part) => advanceTrack(mind.track, part, now, counting))
      continue
    }
    const step = advanceAll({ kind: 'histogram', state: mind.state }, readings, atMost, now)
    if (step.state.kind === 'histogram') mind.state = step.state.state
    for (const { sliceStart, counts } of step.deltas) {
      // A histogram counts differently on each side.
      const { good, bad, total } = sidesOf(place.matched, counts)
      if (good !== 0 || bad !== 0 || total !== 0) counting.put(place.target, sliceStart, good, bad, total)
    }
    for (const { kind } of step.findings) counting.find(kind)
  }
}

/** Readings of one kind and one start, in the order of time, as runs of numbers. */
function eachRun(readings: readonly PointReading[], take: (run: SampleRun) => void): void {
  const ordered = readings.filter((each) => typeof each.value === 'number').sort((a, b) => a.at - b.at)
  for (let from = 0; from < ordered.length; ) {
    const startAt = ordered[from]?.startAt ?? null
    let to = from + 1
    while (to < ordered.length && (ordered[to]?.startAt ?? null) === startAt) to += 1
    const part = ordered.slice(from, to)
    take({
      times: Float64Array.from(part, (each) => each.at),
      values: Float64Array.from(part, (each) => (typeof each.value === 'number' ? each.value : 0)),
      from: 0,
      to: part.length,
      createdMs: startAt ?? 0,
    })
    from = to
  }
}

function sourceOf(run: FoldRun, use: KnownUse): KeptSource | null {
  if (use.source !== null && !use.source.gone) return use.source
  use.source = run.memory.sources.get(use.sourceName) ?? null
  return use.source
}

function seriesOf(memory: FoldMemory, target: Target): KeptSeries | null {
  if (target.series === null || target.series.gone) target.series = memory.series.get(target.counted.id) ?? null
  return target.series
}

/** Where senders do not tell of whole targets it says nothing what a series' target is. */
const targetIn = (way: Way, { names }: Counted): string => (way.wholeTargets ? namesHash(names) : '')

function move(memory: FoldMemory, series: KeptSeries, source: KeptSource, target: string): void {
  series.source = source.key
  series.target = target
  series.told = 'whole'
  series.report = memory.reportOf(series.stream, series.source, series.target)
  if (series.firstAt !== null) series.report.firstAt = Math.min(series.report.firstAt, series.firstAt)
}

/** New series of one request: for each the last time its target told something without it; none when the target is new, too. */
class Newcomers {
  readonly #run: FoldRun
  readonly #way: Way
  readonly #reports = new Map<string, number[]>()

  constructor(run: FoldRun, way: Way, places: readonly Place[]) {
    this.#run = run
    this.#way = way
    if (!way.wholeTargets) return
    for (const place of places) {
      const key = this.#keyOf(place)
      let times = this.#reports.get(key)
      if (times === undefined) {
        const known = run.memory.reportOf(
          place.target.counted.stream.key,
          place.source.key,
          namesHash(place.target.counted.names),
        )
        times = [known.firstAt, known.lastAt].filter(Number.isFinite)
        this.#reports.set(key, times)
      }
      for (let at = place.from; at < place.to; at += 1) times.push(place.times[at] ?? 0)
    }
  }

  #keyOf({ target, source }: Place): string {
    return `${target.counted.stream.key} ${source.key} ${namesHash(target.counted.names)}`
  }

  admit(place: Place): KeptSeries | null {
    const { memory } = this.#run
    const { counted } = place.target
    if ((memory.sizes.get(counted.stream.key) ?? 0) >= mostSeries) return null
    let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (let at = place.from; at < place.to; at += 1) {
      const time = place.times[at] ?? 0
      first = Math.min(first, time)
      last = Math.max(last, time)
    }
    let before = Number.NEGATIVE_INFINITY
    for (const at of this.#reports.get(this.#keyOf(place)) ?? []) if (at < first && at > before) before = at
    const rules = rulesFor(counted.stream, place.temporality, Number.isFinite(before) ? instant(before) : null)
    const opened = openState(counted.atMost, rules)
    const series = memory.add({
      stream: counted.stream.key,
      series: counted.series,
      source: place.source.key,
      target: this.#way.wholeTargets ? namesHash(counted.names) : null,
      firstAt: instant(first),
      lastAt: instant(last),
      mind: opened.kind === 'counter' ? { kind: 'counter', track: trackOf(opened.state) } : opened,
    })
    place.target.series = series
    return series
  }
}

/**
 * A sender that tells tells of all its streams, also of those in which nothing happened: the slices between its last report
 * and this one were measured.
 */
function finish(run: FoldRun, source: KeptSource, now: Instant): void {
  const { samples, matched, lastAt: at, findings } = source.now
  if (!run.heard.has(source)) {
    run.heard.add(source)
    FoldMemory.beginFold(source)
  }
  source.all.samples += samples
  source.all.matched += matched
  source.all.findings.push(...findings)
  source.lastHeard = now
  for (const [key, feed] of source.feeds) {
    const { lastAt } = feed
    const sliceMs = run.sliceMsOf.get(key)
    if (sliceMs === undefined || at <= lastAt || at > now + minute) continue
    const bridged = at - lastAt <= Math.max(longestBridgeMs, 3 * sliceMs)
    // The slice that it told of last was written then, unless it ended with it.
    const first = feed.measured && bridged ? Math.ceil(lastAt / sliceMs) * sliceMs : null
    const start = first ?? Math.floor((bridged ? lastAt : at - 1) / sliceMs) * sliceMs
    if (start < at) {
      const cells = run.memory.cellsOfFeed(feed, key, sliceMs)
      for (let slice = start; slice < at; slice += sliceMs) cells.at(slice)
    }
    feed.lastAt = at
    feed.moved = true
    feed.measured = true
  }
  if (source.newFeeds.size === 0) return
  for (const key of source.newFeeds) source.feeds.set(key, { lastAt: at, moved: true, measured: false, cells: null })
  source.newFeeds.clear()
}
