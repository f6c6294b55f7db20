// Folds what was measured since the last run into each series' detector, and writes what begins and ends to be unusual.
// State, hints and journal entries of a batch stand in one transaction, so no step counts twice.
import { automation } from '../../../kernel/actor.ts'
import { day, hour, second } from '../../../kernel/duration.ts'
import { formatInstant, type Instant, instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { type Published, published } from '../../../platform/journal/journal.ts'
import { monotonicMs } from '../../../platform/monotonic.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import {
  type AnomalyRow,
  addSeries,
  type DueSeries,
  endAnomaly,
  type FedSeries,
  insertAnomaly,
  keyOfSeries,
  listOpenAnomalies,
  listSeriesNames,
  listSilent,
  listWatches,
  removeSeries,
  type SeriesName,
  saveSeries,
  takeDueSeries,
  type WatchRow,
} from '../anomalies.store.ts'
import { type AnomalyEnd, type AnomalySignal, anomalyBegan, anomalyEnded } from '../anomaly.contract.ts'
import type { AnomalyPorts, MeasuredObjective } from '../anomaly.ports.ts'
import {
  type CountedRange,
  type MeasuredStep,
  noiseOf,
  readCounted,
  readGolden,
  settledUntil,
  stepMs,
  unitOf,
} from '../anomaly-steps.ts'
import { explain, observe, rulesFor, type Unusual, unknownState, wallHourIn } from '../core/anomaly/index.ts'
import { listSignalServices, type SignalServiceRow } from '../signals.store.ts'
import type { Stream } from '../stream.ts'
import { listStreams, registryRevision } from '../streams.store.ts'

const actor = automation('telemetry.find-anomalies')
// Four weeks show each hour of the week four times.
const learnMs = 28 * day
/** As much of a past as is held in memory at once. */
const chunkMs = 4 * day
const mostServices = 10_000
const atOnce = 50
/** The rest waits for the next run: learning a long past must not hold the lane. */
const longestRunMs = 20 * second
// What began earlier is the past that is being learnt from: nobody is told of it now.
const newsMs = hour
// Without a measurement for so long nobody knows whether it is still unusual.
const unmeasuredMs = hour

interface World {
  readonly until: number
  readonly streams: ReadonlyMap<string, Stream>
  readonly watches: ReadonlyMap<string, WatchRow>
}

interface Found {
  readonly kind: 'begins' | 'ends'
  readonly at: number
  readonly because: AnomalyEnd
  readonly score: number
  readonly unusual: Unusual
}

/** What a process remembers from run to run. */
export interface AnomalyMemory {
  /** What series were last matched with: steps settle every five minutes, and looks are more often. */
  matched: string | null
}

export const newAnomalyMemory = (): AnomalyMemory => ({ matched: null })

export async function findAnomalies(
  needs: Needs,
  ports: AnomalyPorts,
  memory: AnomalyMemory = newAnomalyMemory(),
): Promise<void> {
  const { database } = needs
  const began = monotonicMs()
  const until = settledUntil(await database.now())
  const watches = await listWatches(database)
  const asOf = JSON.stringify([until, await registryRevision(database), [...watches]])
  const openWorld = async (): Promise<World> => {
    const streams = new Map((await listStreams(database, null)).map((stream) => [stream.id, stream]))
    return { until, streams, watches }
  }
  let world: World | null = null
  if (memory.matched !== asOf) {
    world = await openWorld()
    const services = await listSignalServices(database, mostServices)
    await matchSeries(needs, wantedSeries(world, await ports.objectives(database), services))
    memory.matched = asOf
  }
  for (;;) {
    const due = await takeDueSeries(database, until, atOnce)
    if (due.length === 0) break
    world ??= await openWorld()
    await feed(needs, world, due)
    if (monotonicMs() - began > longestRunMs) break
  }
  await endUnmeasured(needs, until)
}

/** Adds series of what is newly measured, removes those of what no longer is. */
async function matchSeries(needs: Needs, asked: readonly WantedSeries[]): Promise<void> {
  const wanted = new Map(asked.map((each) => [keyOfSeries(each), each]))
  const known = await listSeriesNames(needs.database)
  const stale = known.filter((each) => wanted.get(keyOfSeries(each))?.timeZone !== each.timeZone)
  const gone = new Set(stale.map(keyOfSeries))
  const stays = new Set(known.map(keyOfSeries).filter((key) => !gone.has(key)))
  const fresh = [...wanted.values()].filter((each) => !stays.has(keyOfSeries(each)))
  if (stale.length === 0 && fresh.length === 0) return
  await needs.database.transaction(async (tx) => {
    const now = await tx.now()
    await removeSeries(tx, stale)
    const open = new Set((await listOpenAnomalies(tx)).map(keyOfSeries))
    const entries: Published[] = []
    for (const each of stale)
      if (open.has(keyOfSeries(each))) entries.push(...(await end(tx, each, { at: now, because: 'gone' })))
    await addSeries(tx, fresh)
    await needs.journal.publishAll(tx, entries)
  })
}

type WantedSeries = SeriesName & { readonly fedUntil: number; readonly timeZone: string }

/**
 * The golden signals of whoever tells of itself; what it does not tell of is read from the counts of its objectives, so
 * that one thing is not told of twice.
 */
function wantedSeries(
  { until, streams, watches }: World,
  objectives: readonly MeasuredObjective[],
  services: readonly SignalServiceRow[],
): readonly WantedSeries[] {
  const wanted: WantedSeries[] = []
  const golden = new Set<string>()
  const add = (service: string, signal: AnomalySignal, objective: string, keptMs: number) => {
    const watch = watches.get(service)
    if (watch?.mode === 'off') return
    const fedUntil = until - Math.floor(Math.min(learnMs, keptMs) / stepMs) * stepMs
    wanted.push({ service, signal, objective, fedUntil, timeZone: watch?.timeZone ?? 'UTC' })
  }
  for (const { service, trafficAt, errorsAt, latencyAt } of services)
    for (const [signal, at] of [
      ['traffic', trafficAt],
      ['errors', errorsAt],
      ['latency', latencyAt],
    ] as const)
      if (at !== null && at >= until - learnMs) {
        golden.add(`${signal} ${service}`)
        add(service, signal, '', learnMs)
      }
  const counted = new Set<string>()
  // What is asked for is counted best where every request is: by the objective that asks whether they were answered.
  const ordered = [...objectives].sort(
    (a, b) => (a.kind === b.kind ? 0 : a.kind === 'availability' ? -1 : 1) || (a.name < b.name ? -1 : 1),
  )
  for (const { name, service, kind } of ordered) {
    const stream = streams.get(name)
    if (stream === undefined || stepMs % stream.sliceMs !== 0) continue
    const signals: AnomalySignal[] = [kind === 'latency' ? 'latency' : 'errors']
    // How often a probe asks says nothing of anybody's traffic.
    if (stream.source.kind !== 'probe' && !counted.has(service)) signals.push('traffic')
    if (signals.length === 2) counted.add(service)
    // What a probe sees from outside is another thing than what the service tells of itself.
    for (const signal of signals)
      if (stream.source.kind === 'probe' || !golden.has(`${signal} ${service}`))
        add(service, signal, name, stream.keepMs)
  }
  return wanted
}

async function feed(needs: Needs, world: World, due: readonly DueSeries[]): Promise<void> {
  const fed: { readonly row: FedSeries; readonly found: readonly Found[] }[] = []
  for (const { series, steps, until } of await readDue(needs.database, world, due))
    fed.push(fold(series, steps, until, world))
  await needs.database.transaction(async (tx) => {
    const kept = await saveSeries(
      tx,
      fed.map(({ row }) => row),
    )
    const entries: Published[] = []
    for (const { row, found } of fed)
      if (kept.has(keyOfSeries(row)))
        for (const each of found)
          entries.push(
            ...(each.kind === 'begins' ? await begin(tx, needs, row, each, world) : await end(tx, row, endOf(each))),
          )
    await needs.journal.publishAll(tx, entries)
  })
}

const endOf = ({ at, because }: Found) => ({ at: instant(at), because })

interface ReadSeries {
  readonly series: DueSeries
  readonly steps: readonly MeasuredStep[]
  readonly until: number
}

/** Traffic and errors are of the same counts, which are read once; and those of many objectives together. At most a few days of each. */
async function readDue(queries: Queries, world: World, due: readonly DueSeries[]): Promise<readonly ReadSeries[]> {
  const ranged = due.map((series) => {
    const { fedUntil, objective, service } = series
    const range = { from: fedUntil, to: Math.min(world.until, fedUntil + chunkMs) }
    return { series, range, key: `${objective} ${objective === '' ? service : ''} ${fedUntil}` }
  })
  const read = new Map<string, readonly MeasuredStep[]>()
  let rest: { readonly key: string; readonly counted: CountedRange }[] = []
  for (const { series, range, key } of ranged) {
    if (read.has(key)) continue
    const stream = world.streams.get(series.objective)
    read.set(key, series.objective === '' ? await readGolden(queries, series.service, range) : [])
    if (series.objective !== '' && stream !== undefined) rest.push({ key, counted: { stream, ...range } })
  }
  while (rest.length > 0) {
    // A stream that is read from several instants is read once for each.
    const streams = new Set<number>()
    const now = rest.filter(({ counted: { stream } }) => !streams.has(stream.key) && streams.add(stream.key))
    const found = await readCounted(
      queries,
      now.map((each) => each.counted),
    )
    for (const { key, counted } of now) read.set(key, found.get(counted.stream.key) ?? [])
    rest = rest.filter((each) => !now.includes(each))
  }
  return ranged.map(({ series, range, key }) => ({ series, steps: read.get(key) ?? [], until: range.to }))
}

function fold(series: DueSeries, steps: readonly MeasuredStep[], fedUntil: number, { until, watches }: World) {
  const { service, signal, objective } = series
  const config = {
    rules: rulesFor[watches.get(service)?.sensitivity ?? 'hint'],
    wallHour: wallHourIn(series.timeZone),
    noise: noiseOf[unitOf(signal, objective)],
    side: signal === 'traffic' ? ('both' as const) : ('above' as const),
  }
  let state = series.state ?? unknownState
  const found: Found[] = []
  for (const step of steps) {
    const { at, [signal]: value } = step
    if (value === null) continue
    const observed = observe(config, state, { at, value })
    state = observed.state
    const { verdict, unusual, score } = observed
    if (unusual === null || verdict === 'goes-on') continue
    const because = verdict === 'ends-learnt' ? 'learnt' : 'back'
    if (verdict !== 'begins') found.push({ kind: 'ends', at, because, score, unusual })
    else if (at >= until - newsMs) found.push({ kind: 'begins', at, because, score, unusual })
  }
  const row = { service, signal, objective, fedBefore: series.fedUntil, fedUntil, lastAt: state.lastAt }
  return { row: { ...row, points: state.points, state }, found }
}

const words = { traffic: 'Traffic', errors: 'Errors', latency: 'Slow answers' } as const

async function begin(
  tx: Tx,
  needs: Needs,
  series: SeriesName,
  { at, score, unusual }: Found,
  { watches }: World,
): Promise<readonly Published[]> {
  const { service, signal, objective } = series
  const watch = watches.get(service)
  const alert = watch?.mode === 'alert' && watch.signals.includes(signal) ? watch.severity : null
  const word = signal === 'latency' && objective === '' ? 'Latency (p90)' : words[signal]
  const sentence = `${word}: ${explain(unusual, unitOf(signal, objective))}`
  const { value, usual } = unusual
  const row = { id: needs.newId(), service, signal, objective, beganAt: instant(at), value, usual, score, sentence }
  if (!(await insertAnomaly(tx, { ...row, alerted: alert !== null }))) return []
  const data = { service, signal, objective, sentence, value, usual, startedAt: formatInstant(row.beganAt), alert }
  return [published(anomalyBegan, { actor, ...about(row), data })]
}

async function end(
  tx: Tx,
  series: SeriesName,
  { at, because }: { readonly at: Instant; readonly because: AnomalyEnd },
): Promise<readonly Published[]> {
  const row = await endAnomaly(tx, series, { at, because })
  if (row === null) return []
  const { service, signal, objective, sentence, alerted } = row
  const endedAt = formatInstant(row.endedAt ?? at)
  const data = { service, signal, objective, sentence, because, endedAt, alerted }
  return [published(anomalyEnded, { actor, ...about(row), data })]
}

function about({ id, service, objective }: Pick<AnomalyRow, 'id' | 'service' | 'objective'>) {
  return {
    subject: { kind: 'anomaly', id },
    links: [{ kind: 'service', id: service }, ...(objective === '' ? [] : [{ kind: 'objective', id: objective }])],
  }
}

async function endUnmeasured(needs: Needs, until: number): Promise<void> {
  const silent = await listSilent(needs.database, until - unmeasuredMs)
  if (silent.length === 0) return
  await needs.database.transaction(async (tx) => {
    const entries: Published[] = []
    for (const each of silent) entries.push(...(await end(tx, each, { at: instant(until), because: 'unmeasured' })))
    await needs.journal.publishAll(tx, entries)
  })
}
