// What the process that counts keeps in memory of series and senders, from fold to fold. It holds while nobody else counted
// meanwhile; a fold that fails leaves it ahead of the database, and it is thrown away.
import { day } from '../../kernel/duration.ts'
import { type Instant, instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import {
  advanceTrack,
  eachStep,
  isCurrentPack,
  type PackedSeries,
  packMove,
  packSeries,
  type SampleRun,
  type SeriesMind,
  StepWriter,
  unpackMove,
  unpackSeries,
} from './core/index.ts'
import type { Findings } from './series.store.ts'
import type { SeriesStore } from './series-keeping.ts'
import { Cells } from './slice-cells.ts'
import type { SliceAddition } from './slices.store.ts'
import type { Stream } from './stream.ts'

/** Series in one row: some 100 kB. */
const seriesInPack = 1_000
/** Rows of what moved that whoever takes over counts again at most: some tenths of a second for 10,000 series. */
const mostMoves = 120
/** What was silent for longer is forgotten, as everywhere. */
const keptMs = day
const tidyEveryMs = day / 48

/** What a target told of one stream: the first and the last time. */
export interface Report {
  firstAt: number
  lastAt: number
}

export interface KeptSeries {
  readonly id: string
  readonly stream: number
  readonly series: string
  source: number
  target: string
  report: Report
  firstAt: Instant | null
  lastAt: number
  mind: SeriesMind
  readonly pack: Pack
  /** In this fold. */
  moved: boolean
  /** Among all, as they stand in packs and behind them. */
  place: number
  /** How this fold tells what moved: as a step of the scrape, or all that is remembered. */
  told: 'not yet' | 'as a step' | 'whole'
  /** Forgotten; whoever still holds it looks for it anew. */
  gone: boolean
}

export interface Pack {
  readonly id: number
  series: KeptSeries[]
  /** Something of it moved since it was written. */
  dirty: boolean
  /** As it was written. */
  bytes: number
}

interface Seen {
  samples: number
  matched: number
  lastAt: number
  readonly findings: { kind: string; example: string }[]
}

/** How far a sender has told of one stream. */
export interface Feed {
  lastAt: number
  /** In this fold. */
  moved: boolean
  /** That the slice it told of last was measured has been told to slices, by this memory. */
  measured: boolean
  cells: Cells | null
}

export interface KeptSource {
  readonly name: string
  readonly key: number
  findings: Findings
  /** By the stream that it feeds. */
  readonly feeds: Map<number, Feed>
  /** Streams it is the first time a feed of, in the request at hand. */
  readonly newFeeds: Set<number>
  /** The request that it told something in last. */
  request: object | null
  /** In the request at hand, and in this fold. */
  readonly now: Seen
  readonly all: Seen
  lastHeard: number
  /** Forgotten; whoever still holds it looks for it anew. */
  gone: boolean
}

/** Steps that are counted again were told to slices already. */
const nobody = { add: () => undefined, find: () => undefined }

/** What a scrape tells, while it is counted. */
interface Scrape {
  readonly now: number
  readonly at: number
  readonly steps: StepWriter
}

const newSeen = (): Seen => ({ samples: 0, matched: 0, lastAt: 0, findings: [] })

function clear(seen: Seen): void {
  seen.samples = 0
  seen.matched = 0
  seen.lastAt = 0
  seen.findings.length = 0
}

export class FoldMemory {
  readonly series = new Map<string, KeptSeries>()
  readonly sources = new Map<string, KeptSource>()
  /** How many series each stream has. */
  readonly sizes = new Map<number, number>()
  readonly #packs = new Map<number, Pack>()
  readonly #reports = new Map<string, Report>()
  readonly #cells = new Map<number, Cells>()
  #open: Pack | null = null
  #tidiedAt: number | null = null
  #moved: KeptSeries[] = []
  #places: KeptSeries[] = []
  #scrape: Scrape | null = null
  readonly #steps = new StepWriter()
  /** What stands in rows of its own because it moved since packs were written: series, and of scrapes bytes and rows. */
  #apart = 0
  #rows = 0
  /** Packs are to be written: something was forgotten, or they are of a version before. */
  #anew = false

  static async load(tx: Tx, store: SeriesStore): Promise<FoldMemory> {
    const memory = await FoldMemory.#ofPacks(tx, store)
    // The later ones stand for the earlier ones.
    for (const packed of await store.loadMoves(tx))
      for (const each of unpackSeries(packed)) {
        memory.#apart += 1
        memory.#take(each)
      }
    return memory
  }

  /** Of one target that is scraped. */
  static async loadScraped(tx: Tx, store: SeriesStore): Promise<FoldMemory> {
    const memory = await FoldMemory.#ofPacks(tx, store)
    for (const packed of await store.loadMoves(tx)) memory.replay(packed)
    return memory
  }

  static async #ofPacks(tx: Tx, store: SeriesStore): Promise<FoldMemory> {
    const memory = new FoldMemory()
    for (const { pack, packed } of await store.loadPacks(tx)) {
      const own: Pack = { id: pack, series: [], dirty: !isCurrentPack(packed), bytes: packed.length }
      if (own.dirty) memory.#anew = true
      memory.#packs.set(pack, own)
      for (const each of unpackSeries(packed)) memory.#put(each, own)
      if (own.series.length < seriesInPack) memory.#open = own
    }
    return memory
  }

  /** What somebody else counted of the target, counted again: to the very same. */
  replay(packed: Uint8Array): void {
    const { now, at, steps, whole } = unpackMove(packed)
    const run = { times: Float64Array.of(at), values: new Float64Array(1), from: 0, to: 1, createdMs: 0 }
    eachStep(
      steps,
      (place) => {
        const track = this.#stepping(place)
        return track.values[track.values.length - 1] ?? 0
      },
      (place, value) => {
        const track = this.#stepping(place)
        run.values[0] = value
        run.createdMs = track.starts[track.starts.length - 1] ?? 0
        advanceTrack(track, run, instant(now), nobody)
        const series = this.#places[place]
        if (series === undefined) return
        series.pack.dirty = true
        if (at > series.lastAt) series.lastAt = at
        if (series.firstAt !== null && at > series.report.lastAt) series.report.lastAt = at
      },
    )
    for (const each of whole) this.#take(each)
    this.#apart += packed.length
    this.#rows += 1
  }

  #stepping(place: number): Extract<SeriesMind, { kind: 'counter' }>['track'] {
    const mind = this.#places[place]?.mind
    if (mind?.kind !== 'counter') throw new Error('A scrape moved a series that nobody remembers.')
    return mind.track
  }

  #take(each: PackedSeries): void {
    const known = this.series.get(`${each.stream} ${each.series}`)
    if (known === undefined) this.#put(each, this.#openPack())
    else this.#follow(known, each)
  }

  add(given: PackedSeries): KeptSeries {
    const kept = this.#put(given, this.#openPack())
    this.note(kept)
    kept.told = 'whole'
    return kept
  }

  /** It was counted elsewhere, and goes on from there. */
  adopt(known: KeptSeries, given: PackedSeries): void {
    this.#follow(known, given)
    this.note(known)
    known.told = 'whole'
  }

  /** All that follows, until it is saved, is told by one scrape. */
  beginScrape(now: number, at: number): void {
    this.#steps.take()
    this.#scrape = { now, at, steps: this.#steps }
  }

  /** What is about to be counted of a series. A scrape has one reading for each, and then that says it all. */
  step(series: KeptSeries, { times, values, from, to, createdMs }: SampleRun): void {
    if (this.#scrape === null || series.mind.kind !== 'counter') return
    const { track } = series.mind
    const last = track.at.length - 1
    const isStep = to - from === 1 && times[from] === this.#scrape.at && last >= 0 && track.starts[last] === createdMs
    if (series.told === 'not yet' && isStep) {
      this.#scrape.steps.put(series.place, values[from] ?? 0, track.values[last] ?? 0)
      series.told = 'as a step'
    } else series.told = 'whole'
  }

  /** It moved, so it is written with this fold. */
  note(series: KeptSeries): void {
    if (series.moved) return
    series.moved = true
    series.pack.dirty = true
    this.#moved.push(series)
  }

  #openPack(): Pack {
    if (this.#open === null || this.#open.series.length >= seriesInPack) {
      this.#open = { id: Math.max(0, ...this.#packs.keys()) + 1, series: [], dirty: true, bytes: 0 }
      this.#packs.set(this.#open.id, this.#open)
    }
    this.#open.dirty = true
    return this.#open
  }

  /** As somebody else left it. */
  #follow(known: KeptSeries, { source, target, firstAt, lastAt, mind }: PackedSeries): void {
    known.source = source
    known.target = target ?? ''
    known.firstAt = firstAt
    known.lastAt = lastAt
    known.mind = mind
    known.pack.dirty = true
    known.report = this.reportOf(known.stream, known.source, known.target)
    if (firstAt === null) return
    known.report.firstAt = Math.min(known.report.firstAt, firstAt)
    known.report.lastAt = Math.max(known.report.lastAt, lastAt)
  }

  #put(given: PackedSeries, pack: Pack): KeptSeries {
    const { stream, series, source, firstAt, lastAt, mind } = given
    const target = given.target ?? ''
    const id = `${stream} ${series}`
    const report = this.reportOf(stream, source, target)
    if (firstAt !== null) {
      report.firstAt = Math.min(report.firstAt, firstAt)
      report.lastAt = Math.max(report.lastAt, lastAt)
    }
    const place = this.#places.length
    const news = { moved: false, told: 'not yet', gone: false } as const
    const kept: KeptSeries = { id, stream, series, source, target, report, firstAt, lastAt, mind, pack, place, ...news }
    pack.series.push(kept)
    this.#places.push(kept)
    this.series.set(id, kept)
    this.sizes.set(stream, (this.sizes.get(stream) ?? 0) + 1)
    return kept
  }

  reportOf(stream: number, source: number, target: string): Report {
    const key = `${stream} ${source} ${target}`
    const found = this.#reports.get(key) ?? { firstAt: Number.POSITIVE_INFINITY, lastAt: Number.NEGATIVE_INFINITY }
    this.#reports.set(key, found)
    return found
  }

  cellsOf(stream: Pick<Stream, 'key' | 'sliceMs'>): Cells {
    const found = this.#cells.get(stream.key)
    if (found !== undefined && found.stream.sliceMs === stream.sliceMs) return found
    const fresh = new Cells(stream)
    this.#cells.set(stream.key, fresh)
    return fresh
  }

  /** Those of a feed, found once. */
  cellsOfFeed(feed: Feed, key: number, sliceMs: number): Cells {
    if (feed.cells === null || feed.cells.stream.sliceMs !== sliceMs) feed.cells = this.cellsOf({ key, sliceMs })
    return feed.cells
  }

  takeAdditions(): readonly SliceAddition[] {
    const additions: SliceAddition[] = []
    for (const each of this.#cells.values()) each.take(additions)
    return additions
  }

  keepSource(source: Pick<KeptSource, 'name' | 'key' | 'findings'>, now: number): KeptSource {
    const kept: KeptSource = {
      ...source,
      feeds: new Map(),
      newFeeds: new Set<number>(),
      request: null,
      now: newSeen(),
      all: newSeen(),
      lastHeard: now,
      gone: false,
    }
    this.sources.set(source.name, kept)
    return kept
  }

  /** They are looked for anew: somebody else counted meanwhile. */
  forgetSources(): void {
    for (const source of this.sources.values()) source.gone = true
    this.sources.clear()
  }

  static beginRequest(source: KeptSource): void {
    clear(source.now)
  }

  static beginFold(source: KeptSource): void {
    clear(source.all)
    for (const feed of source.feeds.values()) feed.moved = false
  }

  /** What is too old goes, now and then. */
  tidy(now: number): void {
    if (this.#tidiedAt !== null && now - this.#tidiedAt < tidyEveryMs) return
    this.#tidiedAt = now
    for (const pack of this.#packs.values()) {
      const old = pack.series.filter((each) => each.lastAt < now - keptMs)
      if (old.length === 0) continue
      for (const each of old) {
        each.gone = true
        this.series.delete(each.id)
        this.sizes.set(each.stream, (this.sizes.get(each.stream) ?? 1) - 1)
      }
      pack.series = pack.series.filter((each) => !each.gone)
      pack.dirty = true
      this.#anew = true
      this.#open = pack
    }
    this.#reports.clear()
    for (const each of this.series.values()) {
      each.report = this.reportOf(each.stream, each.source, each.target)
      if (each.firstAt === null) continue
      each.report.firstAt = Math.min(each.report.firstAt, each.firstAt)
      each.report.lastAt = Math.max(each.report.lastAt, each.lastAt)
    }
    // Rows of senders are removed after two days; long before that they are looked for again.
    for (const [name, source] of this.sources) {
      if (source.lastHeard >= now - keptMs) continue
      source.gone = true
      this.sources.delete(name)
    }
  }

  /** A sample costs writing one series at most twice: in a row of what moved, and in its pack when all have moved once. */
  async save(tx: Tx, store: SeriesStore): Promise<void> {
    const moved = this.#takeMoved()
    if (moved.length === 0 && !this.#anew) return
    this.#apart += moved.length
    if (this.#apart < this.series.size && !this.#anew)
      await store.appendMoves(tx, Buffer.from(packSeries(moved.map(packedOf))))
    else await this.#saveAnew(tx, store)
  }

  /** Answers whether packs were written: rows of what moved have gone then. They are when rows have become as long as packs. */
  async saveScraped(tx: Tx, store: SeriesStore): Promise<boolean> {
    if (this.#scrape === null) throw new Error('No scrape was begun.')
    const { now, at, steps } = this.#scrape
    this.#scrape = null
    const whole = this.#moved.filter((each) => each.told !== 'as a step')
    const any = this.#takeMoved().length > 0
    const row = { now, at, steps: steps.take(), whole: whole.map(packedOf) }
    if (!any && !this.#anew) return false
    const packed = Buffer.from(packMove(row))
    this.#apart += packed.length
    this.#rows += 1
    let bytes = 0
    for (const pack of this.#packs.values()) bytes += pack.bytes
    if (this.#apart < bytes && this.#rows < mostMoves && !this.#anew) {
      await store.appendMoves(tx, packed)
      return false
    }
    await this.#saveAnew(tx, store)
    return true
  }

  #takeMoved(): readonly KeptSeries[] {
    const moved = this.#moved
    this.#moved = []
    for (const each of moved) {
      each.moved = false
      each.told = 'not yet'
    }
    return moved
  }

  async #saveAnew(tx: Tx, store: SeriesStore): Promise<void> {
    await this.#savePacks(tx, store)
    await store.dropMoves(tx)
    this.#apart = 0
    this.#rows = 0
    this.#anew = false
    // As whoever reads them will find them.
    this.#places = []
    for (const pack of [...this.#packs.values()].sort((a, b) => a.id - b.id))
      for (const each of pack.series) {
        each.place = this.#places.length
        this.#places.push(each)
      }
  }

  async #savePacks(tx: Tx, store: SeriesStore): Promise<void> {
    const empty: number[] = []
    for (const pack of this.#packs.values()) {
      if (!pack.dirty) continue
      if (pack.series.length === 0) empty.push(pack.id)
      else {
        const packed = Buffer.from(packSeries(pack.series.map(packedOf)))
        pack.bytes = packed.length
        await store.savePack(tx, { pack: pack.id, packed })
      }
      pack.dirty = false
    }
    await store.dropPacks(tx, empty)
    for (const id of empty) {
      if (this.#open?.id === id) this.#open = null
      this.#packs.delete(id)
    }
  }

  /** Lets go of what requests still point to. */
  close(): void {
    for (const each of this.series.values()) each.gone = true
    for (const each of this.sources.values()) each.gone = true
    this.series.clear()
    this.sources.clear()
    this.#packs.clear()
    this.#reports.clear()
    this.#cells.clear()
    this.#moved = []
    this.#places = []
  }
}

const packedOf = (each: KeptSeries): PackedSeries => ({
  stream: each.stream,
  series: each.series,
  source: each.source,
  target: each.target === '' ? null : each.target,
  firstAt: each.firstAt,
  lastAt: instant(each.lastAt),
  mind: each.mind,
})
