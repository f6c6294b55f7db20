// Counts what was accepted: one process at a time takes what waits, many requests in one transaction. What it adds to slices,
// what is remembered of series, and that the requests are done stand together, so each of them counts once whoever is killed.
import { setImmediate } from 'node:timers/promises'
import type { Instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { monotonicMs } from '../../../platform/monotonic.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { type DecodeMemory, electReplica, type Replica } from '../core/index.ts'
import { type CountedRequest, countRequest, type FoldRun, useOf } from '../count-batch.ts'
import { FoldMemory } from '../fold-memory.ts'
import { lockFold, readWaiting, saveFold, sentSeries, takeWaiting, type WaitingBody } from '../inbox.store.ts'
import { type CompiledStreams, compileStreams, matchPoints } from '../match-points.ts'
import { type ReadBody, readBody, type SentKind, samplesOf } from '../read-body.ts'
import { lockLeader, readLeader, saveLeader } from '../replicas.store.ts'
import { addToSlices } from '../slices.store.ts'
import { listStreams, registryRevision } from '../streams.store.ts'
import { addToGroups } from './count-groups.ts'
import { adoptSeries, meetSenders, saveHeard } from './count-requests.ts'

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
  readonly compiled: Readonly<Record<SentKind, CompiledStreams>>
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
    memory: kept?.memory ?? (await FoldMemory.load(tx, sentSeries)),
  }
}

async function count(
  tx: Tx,
  { memory, compiled, sliceMsOf }: Omit<Held, 'turn'>,
  bodies: readonly (ReadBody & { at: Instant })[],
): Promise<readonly ReadBody[]> {
  const compiledFor: FoldRun['compiledFor'] = ({ kind }) => compiled[kind === 'otlp' ? 'otlp' : 'remote-write']
  const run: FoldRun = { memory, compiledFor, sliceMsOf, groups: [], heard: new Set() }
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
  await memory.save(tx, sentSeries)
  return bodies
}
