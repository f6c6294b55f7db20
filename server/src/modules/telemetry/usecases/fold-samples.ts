// Counts what was accepted: one process at a time takes what waits, many requests in one transaction. What it adds to slices,
// what is remembered of series, and that the requests are done stand together, so each of them counts once whoever is killed.
import { setImmediate } from 'node:timers/promises'
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { monotonicMs } from '../../../platform/monotonic.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { type DecodeMemory, electReplica, type Replica, trackOf } from '../core/index.ts'
import { type CountedRequest, countRequest, type FoldRun, namesHash, useOf } from '../count-batch.ts'
import { FoldMemory, type KeptSource } from '../fold-memory.ts'
import { lockFold, readWaiting, saveFold, takeWaiting, type WaitingBody } from '../inbox.store.ts'
import { type Counted, compileStreams, matchPoints } from '../match-points.ts'
import { type ReadBody, readBody, samplesOf, type Way, ways } from '../read-body.ts'
import { lockLeader, readLeader, saveLeader } from '../replicas.store.ts'
import { loadSeries, openSources, readTargets, saveSources } from '../series.store.ts'
import { addToSlices, readFeeds, saveFeeds } from '../slices.store.ts'
import { listStreams, registryRevision } from '../streams.store.ts'
import { addToGroups } from './count-groups.ts'
import { addFindings } from './count-metrics.ts'

/** One transaction: some tenths of a second of work. */
const mostAtOnce = { bodies: 1_000, weight: 400_000 }
/** Samples; one that is read into objects takes the memory of many. */
export const weightOf = (body: ReadBody): number => 8 * samplesOf(body) - 7 * (body.batch?.times.length ?? 0)
/** Then whoever waits for the event loop comes first: pages do, too. */
const longestTurnMs = 10
/** The leader of a pair is written down this often at most. */
const renewMs = 5_000

export interface FoldOrder {
  /** What waits for less is left to the process that counted last; 0 takes over at once. */
  readonly patienceMs: number
  /** One request only: one that fails is found this way. */
  readonly alone: boolean
}

export interface FoldReport {
  /** Somebody else counts. */
  readonly elsewhere: boolean
  /** Those that are counted now. */
  readonly bodies: readonly number[]
  /** There may be more. */
  readonly full: boolean
  /** What was heard, for signals and usage. */
  readonly heard: readonly ReadBody[]
}

export interface Folder {
  fold(order: FoldOrder): Promise<FoldReport>
  /** What this process read already need not be read again. */
  remember(id: number, body: ReadBody): void
}

/** Of what was read and is not counted yet; some 20 bytes for a sample. */
const mostRemembered = 1_000_000

interface Held {
  readonly turn: number
  readonly revision: number
  readonly compiled: FoldRun['compiled']
  readonly sliceMsOf: ReadonlyMap<number, number>
  readonly memory: FoldMemory
}

export function createFolder(needs: Pick<Needs, 'database' | 'newId'>, names: DecodeMemory): Folder {
  const owner = needs.newId()
  const read = new Map<number, ReadBody>()
  let held: Held | null = null
  /** This process counted last, and counts right now. */
  let goesOn = false
  let remembered = 0

  async function run(
    tx: Tx,
    before: Held | null,
    { patienceMs, alone }: FoldOrder,
  ): Promise<[FoldReport, Held | null]> {
    const nothing: FoldReport = { elsewhere: false, bodies: [], full: false, heard: [] }
    const row = await lockFold(tx)
    if (row === null) return [{ ...nothing, elsewhere: true }, before]
    const mine = row.owner === owner
    if (!mine && row.owner !== '' && patienceMs > 0) {
      const [now, { oldest }] = [await tx.now(), await readWaiting(tx)]
      if (oldest === null || now - Math.max(row.at, oldest) < patienceMs)
        return [{ ...nothing, elsewhere: true }, before]
    }
    // Whoever finds that somebody else counts forgets what was read; it may be this very process.
    const known = new Map(read)
    const waiting = await takeWaiting(tx, alone ? { ...mostAtOnce, bodies: 1 } : mostAtOnce, [...known.keys()])
    if (waiting.length === 0) return [nothing, before]
    const kept = mine && before !== null && before.turn === row.turn ? before : null
    const { memory, ...rest } = await current(tx, kept)
    const heard = await count(tx, { memory, ...rest }, await readAll(tx, waiting, known))
    await saveFold(tx, owner, row.turn + 1)
    const weight = heard.reduce((all, each) => all + weightOf(each), 0)
    const full = alone || waiting.length >= mostAtOnce.bodies || weight >= mostAtOnce.weight / 2
    return [
      { elsewhere: false, bodies: waiting.map((each) => each.id), full, heard },
      { memory, ...rest, turn: row.turn + 1 },
    ]
  }

  /** What of each request is counted: of a pair, one of the two. */
  async function readAll(
    tx: Tx,
    waiting: readonly WaitingBody[],
    known: ReadonlyMap<number, ReadBody>,
  ): Promise<readonly (ReadBody & { at: Instant })[]> {
    const bodies: (ReadBody & { at: Instant })[] = []
    let since = monotonicMs()
    for (const each of waiting) {
      const found = known.get(each.id) ?? (await readBody(each.body ?? Buffer.alloc(0), each.form, names))
      const replica = found.batch?.replica ?? found.decoded?.replica ?? null
      if (replica === null || (await isHeard(tx, replica, each.at))) bodies.push({ ...found, at: each.at })
      if (monotonicMs() - since < longestTurnMs) continue
      await setImmediate()
      since = monotonicMs()
    }
    return bodies
  }

  return {
    fold: async (order) => {
      const before = held
      held = null
      goesOn = before !== null
      try {
        let tries = 0
        const [report, after] = await needs.database.transaction((tx) => {
          tries += 1
          // After a conflict it runs again, and what was in memory has moved already.
          return run(tx, tries === 1 ? before : null, order)
        })
        held = after
        if (before !== null && before.memory !== after?.memory) before.memory.close()
        for (const id of report.bodies) forget(id)
        if (report.elsewhere) for (const id of [...read.keys()]) forget(id)
        return report
      } catch (error) {
        // It ran ahead of the database: it is then read anew, and so is what waits. Whether it was committed is not known.
        before?.memory.close()
        for (const id of [...read.keys()]) forget(id)
        throw error
      } finally {
        goesOn = false
      }
    },
    remember: (id, body) => {
      if ((held === null && !goesOn) || remembered > mostRemembered) return
      read.set(id, body)
      remembered += weightOf(body)
    },
  }

  function forget(id: number): void {
    const body = read.get(id)
    if (body === undefined) return
    read.delete(id)
    remembered -= weightOf(body)
  }
}

async function isHeard(tx: Tx, { cluster, replica }: Replica, at: Instant): Promise<boolean> {
  const known = await readLeader(tx, cluster)
  if (known?.replica === replica && at - known.lastAt <= renewMs) return true
  const election = electReplica(await lockLeader(tx, cluster, { replica, lastAt: at }), replica, at)
  if (election.verdict === 'drop') return false
  await saveLeader(tx, cluster, election.leader)
  return true
}

/** What is remembered, brought up to the streams that are counted now. */
async function current(tx: Tx, kept: Held | null): Promise<Omit<Held, 'turn'>> {
  const revision = await registryRevision(tx)
  if (kept !== null && kept.revision === revision) return kept
  const [written, otlp] = [await listStreams(tx, 'remote-write'), await listStreams(tx, 'otlp')]
  return {
    revision,
    compiled: { 'remote-write': compileStreams(written), otlp: compileStreams(otlp) },
    sliceMsOf: new Map([...written, ...otlp].map((stream) => [stream.key, stream.sliceMs])),
    memory: kept?.memory ?? (await FoldMemory.load(tx)),
  }
}

async function count(
  tx: Tx,
  { memory, compiled, sliceMsOf }: Omit<Held, 'turn'>,
  bodies: readonly (ReadBody & { at: Instant })[],
): Promise<readonly ReadBody[]> {
  const run: FoldRun = { memory, compiled, sliceMsOf, groups: [], heard: new Set() }
  const prepared = bodies.map(({ way, at, batch, decoded }): CountedRequest => {
    const uses = batch?.told.map((told) => useOf(run, told, way)) ?? []
    const matched = decoded === null ? null : matchPoints(decoded.resources, compiled[way.kind], way.nameOf)
    for (const { kind, metric } of decoded?.findings ?? [])
      for (const source of matched?.sources ?? []) source.findings.push({ kind, example: metric })
    return { way, at, batch: batch === null ? null : { batch, uses }, matched }
  })
  const now = await tx.now()
  await meetSenders(tx, memory, prepared, now)
  await adoptSeries(tx, memory, prepared)
  let since = monotonicMs()
  for (const each of prepared) {
    countRequest(run, each)
    if (monotonicMs() - since < longestTurnMs) continue
    await setImmediate()
    since = monotonicMs()
  }
  memory.tidy(now)
  await addToSlices(tx, [...memory.takeAdditions(), ...(await addToGroups(tx, run.groups))])
  await saveHeard(tx, [...run.heard], now)
  await memory.save(tx)
  return bodies
}

/** Senders of something that counts, as they stand in the database. */
async function meetSenders(
  tx: Tx,
  memory: FoldMemory,
  prepared: readonly CountedRequest[],
  now: Instant,
): Promise<void> {
  const wanted = { 'remote-write': new Set<string>(), otlp: new Set<string>() }
  for (const { way, batch, matched } of prepared) {
    for (const use of batch?.uses ?? [])
      if ((use.targets.length > 0 || way.keepsAll) && (use.source === null || use.source.gone))
        wanted[way.kind].add(use.sourceName)
    for (const source of matched?.sources ?? [])
      if (source.matched > 0 || way.keepsAll) wanted[way.kind].add(source.name)
  }
  for (const { kind } of Object.values(ways)) {
    const names = [...wanted[kind]].filter((name) => !memory.sources.has(name))
    if (names.length === 0) continue
    const rows = await openSources(tx, kind, names, now)
    const byKey = new Map<number, KeptSource>()
    for (const { name, key, findings } of rows.values()) byKey.set(key, memory.keepSource({ name, key, findings }, now))
    for (const feed of await readFeeds(tx, [...byKey.keys()]))
      byKey.get(feed.source)?.feeds.set(feed.stream, { lastAt: feed.lastAt, moved: false, cells: null })
  }
}

/** Series that are not known may be known from before there were packs. */
async function adoptSeries(tx: Tx, memory: FoldMemory, prepared: readonly CountedRequest[]): Promise<void> {
  const wanted = new Map<string, { stream: number; series: string; source: string; names: string; way: Way }>()
  const want = (way: Way, { id, stream, series, source, names }: Counted) => {
    if (!memory.series.has(id)) wanted.set(id, { stream: stream.key, series, source, names, way })
  }
  for (const { way, batch, matched } of prepared) {
    for (const { targets } of batch?.uses ?? [])
      for (const { series, counted } of targets) if (series === null || series.gone) want(way, counted)
    for (const series of matched?.series ?? []) want(way, series)
  }
  if (wanted.size === 0) return
  for (const row of await loadSeries(tx, [...wanted.values()])) {
    const { state } = row
    memory.add({
      ...row,
      target: row.target?.slice(-12) ?? null,
      mind: state.kind === 'counter' ? { kind: 'counter', track: trackOf(state.state) } : state,
    })
  }
  const targets = [...wanted.values()]
    .filter(({ way }) => way.wholeTargets)
    .map((each) => ({ ...each, target: `${each.source} ${namesHash(each.names)}` }))
  const byTarget = new Map(targets.map((each) => [`${each.stream} ${each.target}`, each]))
  for (const { stream, target, firstAt, lastAt } of await readTargets(tx, targets)) {
    const found = byTarget.get(`${stream} ${target}`)
    const source = found === undefined ? undefined : memory.sources.get(found.source)
    if (found === undefined || source === undefined) continue
    const report = memory.reportOf(stream, source.key, namesHash(found.names))
    report.firstAt = Math.min(report.firstAt, firstAt)
    report.lastAt = Math.max(report.lastAt, lastAt)
  }
}

async function saveHeard(tx: Tx, heard: readonly KeptSource[], now: Instant): Promise<void> {
  await saveFeeds(
    tx,
    heard.flatMap(({ key, feeds }) =>
      [...feeds].flatMap(([stream, { lastAt, moved }]) =>
        moved ? [{ stream, source: key, lastAt: instant(lastAt) }] : [],
      ),
    ),
  )
  const news = heard.map((source) => {
    const { samples, matched, findings } = source.all
    if (findings.length > 0) source.findings = addFindings(source.findings, findings, now)
    return { key: source.key, samples, matched, findings: findings.length === 0 ? null : source.findings }
  })
  await saveSources(tx, news, now)
}
