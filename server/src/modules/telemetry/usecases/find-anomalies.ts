// Folds what was measured since the last run into each series' detector, and writes what begins and ends to be unusual.
// State, hints and journal entries of a batch stand in one transaction, so no step counts twice.
import { automation } from '../../../kernel/actor.ts'
import { day, hour, second } from '../../../kernel/duration.ts'
import { formatInstant, type Instant, instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
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
import { type CountedStep, noiseOf, pointOf, readCounted, settledUntil, stepMs, unitOf } from '../anomaly-steps.ts'
import { explain, observe, rulesFor, type Unusual, unknownState, wallHourIn } from '../core/anomaly/index.ts'
import type { Stream } from '../stream.ts'
import { listStreams } from '../streams.store.ts'

const actor = automation('telemetry.find-anomalies')
// Four weeks show each hour of the week four times.
const learnMs = 28 * day
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

export async function findAnomalies(needs: Needs, ports: AnomalyPorts): Promise<void> {
  const { database } = needs
  const began = monotonicMs()
  const until = settledUntil(await database.now())
  const streams = new Map((await listStreams(database, null)).map((stream) => [stream.id, stream]))
  const world: World = { until, streams, watches: await listWatches(database) }
  await matchSeries(needs, world, await ports.objectives(database))
  for (;;) {
    const due = await takeDueSeries(database, until, atOnce)
    if (due.length === 0) break
    await feed(needs, world, due)
    if (monotonicMs() - began > longestRunMs) break
  }
  await endUnmeasured(needs, until)
}

/** Adds series of what is newly measured, removes those of what no longer is. */
async function matchSeries(needs: Needs, world: World, objectives: readonly MeasuredObjective[]): Promise<void> {
  const wanted = new Map(wantedSeries(world, objectives).map((each) => [keyOfSeries(each), each]))
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

function wantedSeries(
  { until, streams, watches }: World,
  objectives: readonly MeasuredObjective[],
): readonly (SeriesName & { readonly fedUntil: number; readonly timeZone: string })[] {
  const counted = new Set<string>()
  // What is asked for is counted best where every request is: by the objective that asks whether they were answered.
  const ordered = [...objectives].sort(
    (a, b) => (a.kind === b.kind ? 0 : a.kind === 'availability' ? -1 : 1) || (a.name < b.name ? -1 : 1),
  )
  return ordered.flatMap(({ name, service, kind }) => {
    const stream = streams.get(name)
    const watch = watches.get(service)
    if (stream === undefined || watch?.mode === 'off' || stepMs % stream.sliceMs !== 0) return []
    const signals: AnomalySignal[] = [kind === 'latency' ? 'latency' : 'errors']
    // How often a probe asks says nothing of anybody's traffic.
    if (stream.source.kind !== 'probe' && !counted.has(service)) {
      counted.add(service)
      signals.push('traffic')
    }
    const fedUntil = until - Math.floor(Math.min(learnMs, stream.keepMs) / stepMs) * stepMs
    const timeZone = watch?.timeZone ?? 'UTC'
    return signals.map((signal) => ({ service, signal, objective: name, fedUntil, timeZone }))
  })
}

async function feed(needs: Needs, world: World, due: readonly DueSeries[]): Promise<void> {
  const read = new Map<string, Promise<readonly CountedStep[]>>()
  const fed: { readonly row: FedSeries; readonly found: readonly Found[] }[] = []
  for (const series of due) {
    const stream = world.streams.get(series.objective)
    const key = `${series.objective} ${series.fedUntil}`
    const range = { from: series.fedUntil, to: world.until }
    const steps =
      read.get(key) ?? (stream === undefined ? Promise.resolve([]) : readCounted(needs.database, stream, range))
    read.set(key, steps)
    fed.push(fold(series, await steps, world))
  }
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

function fold(series: DueSeries, steps: readonly CountedStep[], { until, watches }: World) {
  const { service, signal, objective } = series
  const config = {
    rules: rulesFor[watches.get(service)?.sensitivity ?? 'hint'],
    wallHour: wallHourIn(series.timeZone),
    noise: noiseOf[signal],
    side: signal === 'traffic' ? ('both' as const) : ('above' as const),
  }
  let state = series.state ?? unknownState
  const found: Found[] = []
  for (const step of steps) {
    const point = pointOf(signal, step)
    if (point === null) continue
    const observed = observe(config, state, point)
    state = observed.state
    const { verdict, unusual, score } = observed
    if (unusual === null || verdict === 'goes-on') continue
    const because = verdict === 'ends-learnt' ? 'learnt' : 'back'
    if (verdict !== 'begins') found.push({ kind: 'ends', at: point.at, because, score, unusual })
    else if (point.at >= until - newsMs) found.push({ kind: 'begins', at: point.at, because, score, unusual })
  }
  const row = { service, signal, objective, fedBefore: series.fedUntil, fedUntil: until, lastAt: state.lastAt }
  return { row: { ...row, points: state.points, state }, found }
}

const words: Readonly<Record<AnomalySignal, string>> = { traffic: 'Traffic', errors: 'Errors', latency: 'Slow answers' }

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
  const sentence = `${words[signal]}: ${explain(unusual, unitOf[signal])}`
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
