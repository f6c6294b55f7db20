// Counts what one endpoint told: series go on in memory, and slices, what moved and how far it was counted are written in one transaction.
// A process that counted last goes on at once; one that missed something reads what others moved since, and counts that again.
import type { Instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { SampleBatch } from '../core/index.ts'
import { countRequest, type FoldRun, useOf } from '../count-batch.ts'
import { FoldMemory, type KeptSource } from '../fold-memory.ts'
import { type CompiledStreams, compileStreams } from '../match-points.ts'
import type { Way } from '../read-body.ts'
import { loadMovesSince, openFold, type ScrapeFold, saveScrapeFold, scrapedSeries } from '../scrape.store.ts'
import { dropSeriesOf, lockSources } from '../series.store.ts'
import { addToSlices } from '../slices.store.ts'
import { listStreams } from '../streams.store.ts'
import { adoptNewer, besideMs, mirrorSeries } from './beside-before.ts'
import { addToGroups } from './count-groups.ts'
import { adoptSeries, openSenders, saveHeard } from './count-requests.ts'

export const scrapeSource = (dataSource: string): string => `scrape:${dataSource}`

interface Held {
  readonly fold: number
  readonly turn: number
  readonly revision: number
  readonly compiled: CompiledStreams
  readonly sliceMsOf: ReadonlyMap<number, number>
  readonly memory: FoldMemory
}

export interface ScrapeFolder {
  /** One scrape of one target; `at` is when it was fetched. One at a time for each target. */
  fold(dataSource: string, batch: SampleBatch, at: Instant): Promise<void>
  /** What is kept of targets that are scraped no more goes. */
  keepOnly(dataSources: ReadonlySet<string>): void
}

/** More series than that are not kept of all targets: those counted longest ago are read when it is their turn. */
export function createScrapeFolder(needs: Pick<Needs, 'database'>, mostSeries: number): ScrapeFolder {
  // Those counted last stand last.
  const held = new Map<string, Held>()

  const tooMany = (): void => {
    let series = 0
    for (const { memory } of held.values()) series += memory.series.size
    for (const [name, { memory }] of held) {
      if (series <= mostSeries || held.size === 1) return
      series -= memory.series.size
      memory.close()
      held.delete(name)
    }
  }

  return {
    fold: async (dataSource, batch, at) => {
      const before = held.get(dataSource) ?? null
      held.delete(dataSource)
      let tries = 0
      let after: Held | null = null
      try {
        after = await needs.database.transaction((tx) => {
          tries += 1
          // After a conflict it runs again, and what was in memory has moved already.
          return count(tx, dataSource, tries === 1 ? before : null, { batch, at })
        })
        held.set(dataSource, after)
        tooMany()
      } finally {
        // What failed ran ahead of the database, or it is not known whether it was committed: it is read anew.
        if (before !== null && before.memory !== after?.memory) before.memory.close()
      }
    },
    keepOnly: (dataSources) => {
      for (const [name, { memory }] of held) {
        if (dataSources.has(name)) continue
        memory.close()
        held.delete(name)
      }
    },
  }
}

interface Told {
  readonly batch: SampleBatch
  readonly at: Instant
}

async function count(tx: Tx, dataSource: string, before: Held | null, { batch, at }: Told): Promise<Held> {
  const sourceName = scrapeSource(dataSource)
  const way: Way = { kind: 'scrape', nameOf: () => sourceName, wholeTargets: true, keepsAll: true }
  // A process of the version before takes turns by this lock; so does whoever notes that a target cannot be reached.
  await lockSources(tx, [sourceName])
  const fold = await openFold(tx, dataSource, sourceName)
  const turn = fold.turn + 1
  const store = scrapedSeries(dataSource, turn)
  const memory = (await caughtUp(tx, dataSource, before, fold)) ?? (await FoldMemory.loadScraped(tx, store))
  const { now, revision } = fold
  const known = before !== null && before.revision === revision ? before : await compiledFor(tx, dataSource)
  const run: FoldRun = {
    ...{ memory, sliceMsOf: known.sliceMsOf, groups: [], heard: new Set() },
    compiledFor: () => known.compiled,
  }
  const uses = batch.told.map((told) => useOf(run, told, way))
  const request = { way, at: now, batch: { batch, uses }, matched: null }
  const source = await meetTarget(tx, memory, fold, sourceName)
  memory.beginScrape(now, at)
  const besideAt = await goOnBeside(tx, memory, fold, [...known.sliceMsOf.keys()])
  await adoptSeries(tx, memory, [request])
  countRequest(run, request)
  memory.tidy(now)
  if (besideAt !== null) await mirrorSeries(tx, sourceName, memory)
  // It answered, whatever it told.
  if (!run.heard.has(source)) {
    FoldMemory.beginFold(source)
    source.lastHeard = now
    run.heard.add(source)
  }
  const { samples } = source.all
  await addToSlices(tx, [...memory.takeAdditions(), ...(await addToGroups(tx, run.groups))])
  await saveHeard(tx, [...run.heard], now)
  const packed = await memory.saveScraped(tx, store)
  await saveScrapeFold(tx, dataSource, { turn, packed, samples: (fold.source?.samples ?? 0) + samples, besideAt })
  return { ...known, fold: fold.id, turn, revision, memory }
}

/** What this process remembers, brought up to what others counted meanwhile; null when there is nothing to go on from. */
async function caughtUp(
  tx: Tx,
  dataSource: string,
  before: Held | null,
  { id, turn, packedTurn }: ScrapeFold,
): Promise<FoldMemory | null> {
  if (before === null || before.fold !== id || before.turn < packedTurn) return null
  if (before.turn < turn)
    for (const packed of await loadMovesSince(tx, dataSource, before.turn)) before.memory.replay(packed)
  // How far others told of streams is read with their sender.
  if (before.turn < turn) before.memory.forgetSources()
  return before.memory
}

async function compiledFor(tx: Tx, dataSource: string): Promise<Pick<Held, 'compiled' | 'sliceMsOf'>> {
  const streams = (await listStreams(tx, 'scrape')).filter(
    ({ source }) => source.kind === 'scrape' && source.dataSource === dataSource,
  )
  return {
    compiled: compileStreams(streams),
    sliceMsOf: new Map(streams.map((stream) => [stream.key, stream.sliceMs])),
  }
}

async function meetTarget(tx: Tx, memory: FoldMemory, fold: ScrapeFold, name: string): Promise<KeptSource> {
  const known = memory.sources.get(name)
  if (known !== undefined && known.key === fold.source?.key) {
    // Somebody may have noted meanwhile that it could not be reached.
    known.findings = fold.source.findings
    return known
  }
  memory.forgetSources()
  await openSenders(tx, memory, { kind: 'scrape', names: [name], now: fold.now })
  const source = memory.sources.get(name)
  if (source === undefined) throw new Error('A sender was forgotten in this moment.')
  return source
}

/** While a process of the version before counts, too, each goes on from where the other ended. Answers when one was last seen to. */
async function goOnBeside(
  tx: Tx,
  memory: FoldMemory,
  { turn, source, samples, besideAt, now }: ScrapeFold,
  streams: readonly number[],
): Promise<Instant | null> {
  const hasCounted = source !== null && (turn === 0 || source.samples !== samples)
  if (hasCounted) await adoptNewer(tx, memory, streams)
  const seenAt = hasCounted ? now : besideAt
  if (seenAt === null || now - seenAt <= besideMs) return seenAt
  // What stands there is behind from now on: one that came back would count again what was counted since.
  await dropSeriesOf(tx, streams)
  return null
}
