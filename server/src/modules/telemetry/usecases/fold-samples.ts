// Counts what was accepted: one process at a time takes what waits, many requests in one transaction. What it adds to slices,
// what is remembered of series, and that the requests are done stand together, so each of them counts once whoever is killed.
import { setImmediate } from 'node:timers/promises'
import { AppError } from '../../../kernel/app-error.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { monotonicMs } from '../../../platform/monotonic.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import {
  type Attributes,
  type DecodedWrite,
  type DecodeMemory,
  decodeRemoteWrite,
  defaultLimits,
  electReplica,
  type RemoteWriteVersion,
  type Replica,
  readSampleBatch,
  type SampleBatch,
  trackOf,
} from '../core/index.ts'
import { countBatch, countMatched, type FoldRun, type KnownUse, namesHash, useOf } from '../count-batch.ts'
import { FoldMemory, type KeptSource } from '../fold-memory.ts'
import { lockFold, readWaiting, saveFold, takeWaiting, type WaitingBody } from '../inbox.store.ts'
import { type CompiledStreams, compileStreams, type Matched, matchPoints } from '../match-points.ts'
import { lockLeader, readLeader, saveLeader } from '../replicas.store.ts'
import { loadSeries, openSources, readTargets, saveSources } from '../series.store.ts'
import { addToSlices, readFeeds, saveFeeds } from '../slices.store.ts'
import { listStreams, registryRevision } from '../streams.store.ts'
import { unpackBody } from '../unpack-snappy.ts'
import { addToGroups } from './count-groups.ts'
import { addFindings } from './receive-metrics.ts'

/** One transaction: some tenths of a second of work. */
const mostAtOnce = { bodies: 1_000, samples: 400_000 }
/** Then whoever waits for the event loop comes first: pages do, too. */
const longestTurnMs = 10
/** The leader of a pair is written down this often at most. */
const renewMs = 5_000

export type DecodedBody = Extract<DecodedWrite, { state: 'decoded' }>
/** A request as it was read: the usual way, or with objects. */
export type ReadBody =
  | { readonly kind: 'batch'; readonly batch: SampleBatch }
  | { readonly kind: 'decoded'; readonly decoded: DecodedBody }

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

/** Samples that were read and are not counted yet; some 20 bytes each. */
const mostRemembered = 1_000_000

export function targetName(kind: string, target: Attributes): string {
  const named = ['job', 'instance'].flatMap((key) => target.get(key) || [])
  return `${kind}:${named.length === 0 ? 'unnamed' : named.join('/')}`.slice(0, 300)
}
export const nameOfTarget = (target: Attributes): string => targetName('remote-write', target)

interface Held {
  readonly turn: number
  readonly revision: number
  readonly compiled: CompiledStreams
  readonly sliceMsOf: ReadonlyMap<number, number>
  readonly memory: FoldMemory
}

export function createFolder(needs: Needs, names: DecodeMemory): Folder {
  const owner = needs.newId()
  const read = new Map<number, ReadBody>()
  let held: Held | null = null
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
    const waiting = await takeWaiting(tx, alone ? { ...mostAtOnce, bodies: 1 } : mostAtOnce, [...read.keys()])
    if (waiting.length === 0) return [nothing, before]
    const kept = mine && before !== null && before.turn === row.turn ? before : null
    const { memory, ...rest } = await current(tx, kept)
    const heard = await count(tx, { memory, ...rest }, await readAll(tx, waiting))
    await saveFold(tx, owner, row.turn + 1)
    const samples = heard.reduce((all, each) => all + samplesOf(each), 0)
    const full = alone || waiting.length >= mostAtOnce.bodies || samples >= mostAtOnce.samples / 2
    return [
      { elsewhere: false, bodies: waiting.map((each) => each.id), full, heard },
      { memory, ...rest, turn: row.turn + 1 },
    ]
  }

  /** What of each request is counted: of a pair, one of the two. */
  async function readAll(tx: Tx, waiting: readonly WaitingBody[]): Promise<readonly (ReadBody & { at: Instant })[]> {
    const bodies: (ReadBody & { at: Instant })[] = []
    let since = monotonicMs()
    for (const each of waiting) {
      const found = read.get(each.id) ?? readBody(each.body ?? Buffer.alloc(0), each.version, names)
      const replica = found.kind === 'batch' ? found.batch.replica : (found.decoded.replica ?? null)
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
      }
    },
    remember: (id, body) => {
      if (held === null || remembered > mostRemembered) return
      read.set(id, body)
      remembered += samplesOf(body)
    },
  }

  function forget(id: number): void {
    const body = read.get(id)
    if (body === undefined) return
    read.delete(id)
    remembered -= samplesOf(body)
  }
}

const samplesOf = (body: ReadBody): number => (body.kind === 'batch' ? body.batch.times.length : body.decoded.accepted)

/** Throws an AppError that says what is wrong with it. */
export function readBody(body: Buffer, version: RemoteWriteVersion, names: DecodeMemory): ReadBody {
  const bytes = unpackBody(body)
  const batch = readSampleBatch(bytes, version, names)
  if (batch !== null) return { kind: 'batch', batch }
  const decoded = decodeRemoteWrite(bytes, version, defaultLimits, names)
  if (decoded.state === 'decoded') return { kind: 'decoded', decoded }
  throw new AppError('invalid', 'http.unreadable', `The request cannot be read at ${decoded.at}: ${decoded.detail}`)
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
  const streams = await listStreams(tx, 'remote-write')
  return {
    revision,
    compiled: compileStreams(streams),
    sliceMsOf: new Map(streams.map((stream) => [stream.key, stream.sliceMs])),
    memory: kept?.memory ?? (await FoldMemory.load(tx)),
  }
}

type Prepared =
  | { readonly kind: 'batch'; readonly at: Instant; readonly batch: SampleBatch; readonly uses: readonly KnownUse[] }
  | { readonly kind: 'decoded'; readonly at: Instant; readonly matched: Matched }

async function count(
  tx: Tx,
  { memory, compiled, sliceMsOf }: Omit<Held, 'turn'>,
  bodies: readonly (ReadBody & { at: Instant })[],
): Promise<readonly ReadBody[]> {
  const run: FoldRun = { memory, compiled, sliceMsOf, groups: [], heard: new Set() }
  const prepared = bodies.map((each): Prepared => {
    if (each.kind === 'decoded') {
      const matched = matchPoints(each.decoded.resources, compiled, nameOfTarget)
      return { kind: 'decoded', at: each.at, matched }
    }
    const uses = each.batch.told.map((told) => useOf(run, told, nameOfTarget))
    return { kind: 'batch', at: each.at, batch: each.batch, uses }
  })
  const now = await tx.now()
  await meetSenders(tx, memory, prepared, now)
  await adoptSeries(tx, memory, prepared)
  let since = monotonicMs()
  for (const each of prepared) {
    if (each.kind === 'batch') countBatch(run, each.batch, each.uses, each.at)
    else countMatched(run, each.matched, each.at)
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
async function meetSenders(tx: Tx, memory: FoldMemory, prepared: readonly Prepared[], now: Instant): Promise<void> {
  const names = new Set<string>()
  for (const each of prepared)
    if (each.kind === 'batch')
      for (const use of each.uses) {
        if (use.targets.length > 0 && (use.source === null || use.source.gone)) names.add(use.sourceName)
      }
    else for (const source of each.matched.sources) if (source.matched > 0) names.add(source.name)
  for (const name of names) if (memory.sources.has(name)) names.delete(name)
  if (names.size === 0) return
  const rows = await openSources(tx, 'remote-write', [...names], now)
  const byKey = new Map<number, KeptSource>()
  for (const { name, key, findings } of rows.values()) byKey.set(key, memory.keepSource({ name, key, findings }, now))
  for (const feed of await readFeeds(tx, [...byKey.keys()])) byKey.get(feed.source)?.feeds.set(feed.stream, feed.lastAt)
}

/** Series that are not known may be known from before there were packs. */
async function adoptSeries(tx: Tx, memory: FoldMemory, prepared: readonly Prepared[]): Promise<void> {
  const wanted = new Map<string, { stream: number; series: string; source: string; names: string }>()
  const want = (id: string, stream: number, series: string, source: string, names: string) => {
    if (!memory.series.has(id)) wanted.set(id, { stream, series, source, names })
  }
  for (const each of prepared)
    if (each.kind === 'batch')
      for (const { targets, sourceName } of each.uses)
        for (const { series, counted } of targets) {
          if (series === null || series.gone)
            want(counted.id, counted.stream.key, counted.series, sourceName, counted.names)
        }
    else
      for (const { id, stream, series, source, names } of each.matched.series)
        want(id, stream.key, series, source, names)
  if (wanted.size === 0) return
  for (const row of await loadSeries(tx, [...wanted.values()])) {
    const { state } = row
    memory.add({
      ...row,
      target: row.target?.slice(-12) ?? null,
      mind: state.kind === 'counter' ? { kind: 'counter', track: trackOf(state.state) } : state,
    })
  }
  const targets = [...wanted.values()].map((each) => ({ ...each, target: `${each.source} ${namesHash(each.names)}` }))
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
    heard.flatMap(({ key, feeds, movedFeeds }) =>
      [...movedFeeds].map((stream) => ({ stream, source: key, lastAt: instant(feeds.get(stream) ?? 0) })),
    ),
  )
  const news = heard.map((source) => {
    const { samples, matched, findings } = source.all
    if (findings.length > 0) source.findings = addFindings(source.findings, findings, now)
    return { key: source.key, samples, matched, findings: findings.length === 0 ? null : source.findings }
  })
  await saveSources(tx, news, now)
}
