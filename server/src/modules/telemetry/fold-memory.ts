// What the process that counts keeps in memory of series and senders, from fold to fold. It holds while nobody else counted
// meanwhile; a fold that fails leaves it ahead of the database, and it is thrown away.
import { day } from '../../kernel/duration.ts'
import { type Instant, instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { isCurrentPack, type PackedSeries, packSeries, type SeriesMind, unpackSeries } from './core/index.ts'
import { appendMoves, dropMoves, dropPacks, loadMoves, loadPacks, savePack } from './inbox.store.ts'
import type { Findings } from './series.store.ts'
import type { SliceAddition } from './slices.store.ts'
import type { Stream } from './stream.ts'

/** Series in one row: some 100 kB. */
const seriesInPack = 1_000
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
  /** Forgotten; whoever still holds it looks for it anew. */
  gone: boolean
}

export interface Pack {
  readonly id: number
  series: KeptSeries[]
  /** Something of it moved since it was written. */
  dirty: boolean
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

interface Cell {
  good: number
  bad: number
  total: number
  corrected: boolean
}

/** What a fold adds to the slices of one stream. */
export class Cells {
  readonly stream: Pick<Stream, 'key' | 'sliceMs'>
  #bySlice = new Map<number, Cell>()
  #lastStart = Number.NaN
  #last: Cell = { good: 0, bad: 0, total: 0, corrected: false }

  constructor(stream: Pick<Stream, 'key' | 'sliceMs'>) {
    this.stream = stream
  }

  at(sliceStart: number): Cell {
    if (sliceStart === this.#lastStart) return this.#last
    const found = this.#bySlice.get(sliceStart) ?? { good: 0, bad: 0, total: 0, corrected: false }
    this.#bySlice.set(sliceStart, found)
    this.#lastStart = sliceStart
    this.#last = found
    return found
  }

  take(): readonly SliceAddition[] {
    const rows: SliceAddition[] = []
    for (const [sliceStart, { good, bad, total, corrected }] of this.#bySlice)
      rows.push({ stream: this.stream.key, sliceStart: instant(sliceStart), good, bad, total, corrected })
    this.#bySlice = new Map()
    this.#lastStart = Number.NaN
    return rows
  }
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
  /** How many stand in rows of their own because they moved since packs were written. */
  #apart = 0
  /** Packs are to be written: something was forgotten, or they are of a version before. */
  #anew = false

  static async load(tx: Tx): Promise<FoldMemory> {
    const memory = new FoldMemory()
    for (const { pack, packed } of await loadPacks(tx)) {
      const own: Pack = { id: pack, series: [], dirty: !isCurrentPack(packed) }
      if (own.dirty) memory.#anew = true
      memory.#packs.set(pack, own)
      for (const each of unpackSeries(packed)) memory.#put(each, own)
      if (own.series.length < seriesInPack) memory.#open = own
    }
    // The later ones stand for the earlier ones.
    for (const { packed } of await loadMoves(tx))
      for (const each of unpackSeries(packed)) {
        memory.#apart += 1
        const known = memory.series.get(`${each.stream} ${each.series}`)
        if (known === undefined) memory.#put(each, memory.#openPack())
        else memory.#follow(known, each)
      }
    return memory
  }

  add(given: PackedSeries): KeptSeries {
    const kept = this.#put(given, this.#openPack())
    this.note(kept)
    return kept
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
      this.#open = { id: Math.max(0, ...this.#packs.keys()) + 1, series: [], dirty: true }
      this.#packs.set(this.#open.id, this.#open)
    }
    this.#open.dirty = true
    return this.#open
  }

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
    const kept = { id, stream, series, source, target, report, firstAt, lastAt, mind, pack, moved: false, gone: false }
    pack.series.push(kept)
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
    return [...this.#cells.values()].flatMap((each) => each.take())
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
  async save(tx: Tx): Promise<void> {
    const moved = this.#moved
    this.#moved = []
    for (const each of moved) each.moved = false
    if (moved.length === 0 && !this.#anew) return
    this.#apart += moved.length
    if (this.#apart < this.series.size && !this.#anew) {
      await appendMoves(tx, Buffer.from(packSeries(moved.map(packedOf))))
      return
    }
    await this.#savePacks(tx)
    await dropMoves(tx)
    this.#apart = 0
    this.#anew = false
  }

  async #savePacks(tx: Tx): Promise<void> {
    const empty: number[] = []
    for (const pack of this.#packs.values()) {
      if (!pack.dirty) continue
      if (pack.series.length === 0) empty.push(pack.id)
      else await savePack(tx, { pack: pack.id, packed: Buffer.from(packSeries(pack.series.map(packedOf))) })
      pack.dirty = false
    }
    await dropPacks(tx, empty)
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
