// One sender (a process, or a target that is scraped) and what its readings add to the minutes of its service.
import { hour, minute } from '../../../../kernel/duration.ts'
import { totalOf } from '../histogram-model.ts'
import { mostFutureMs } from '../series.ts'
import { assemble, type Waiting } from './classic.ts'
import type { Protocol, RequestFamily, SaturatedResource, Verdict } from './families.ts'
import { growthOf, type Kept, longestStretchMs, type SignalReading, type SignalValue } from './growth.ts'
import type { Unit } from './latency.ts'
import { LatencyTally } from './latency-tally.ts'
import { emptyMinute, mergeMinutes, minutesOf, type SignalMinute, shareOut } from './minutes.ts'

/** A point of a histogram or a count of requests. */
export interface RequestPoint extends SignalReading {
  /** Its metric and attributes. */
  readonly series: string
  readonly family: RequestFamily
  readonly unit: Unit
  readonly verdict: Verdict
  /** One edge of a classic histogram; null for a whole one. */
  readonly edge: string | null
}

export interface FullnessPoint {
  readonly resource: SaturatedResource
  readonly at: number
  /** 1 is full. */
  readonly value: number
}

export interface SenderNews {
  readonly requests: readonly RequestPoint[]
  readonly fullness: readonly FullnessPoint[]
  /** The latest time it told anything at all, where that proves that the process itself is alive; else null. */
  readonly aliveAt: number | null
  /** A scrape tells of all series at once: one that was not there before began since. */
  readonly wholeTargets: boolean
}

export interface SenderState {
  readonly lastAt: number | null
  readonly ranks: Readonly<Partial<Record<Protocol, number>>>
  readonly series: Readonly<Record<string, Kept>>
  readonly waiting: Readonly<Record<string, Waiting>>
}

export const newSender: SenderState = { lastAt: null, ranks: {}, series: {}, waiting: {} }

export const signalFindingKinds = [
  'too-many-series',
  'too-many-senders',
  'too-many-services',
  'future',
  'too-old',
  'overload',
] as const
export type SignalFindingKind = (typeof signalFindingKinds)[number]

export interface SenderStep {
  readonly state: SenderState
  readonly minutes: ReadonlyMap<number, SignalMinute>
  /** Points left out, by why. */
  readonly findings: Readonly<Partial<Record<SignalFindingKind, number>>>
}

/** Older points are left out: their hour is summed up already. */
export const oldestMs = 2 * hour
/** A series that is not told any more is forgotten after this. */
const forgetMs = 24 * hour

interface MinuteTally {
  sum: SignalMinute
  /** Null until a histogram was told, even an empty one. */
  latency: LatencyTally | null
}

interface Run {
  readonly news: SenderNews
  readonly around: { readonly since: number; readonly now: number; readonly room: number }
  readonly lastAt: number | null
  readonly series: Map<string, Kept>
  readonly minutes: Map<number, MinuteTally>
  readonly findings: Partial<Record<SignalFindingKind, number>>
  newcomers: number
}

/** `room`: how many series more the service may have. `since`: since when it is listened to. */
export function advanceSender(
  state: SenderState,
  news: SenderNews,
  around: { readonly since: number; readonly now: number; readonly room: number },
): SenderStep {
  const series = new Map(Object.entries(state.series))
  const run: Run = { news, around, lastAt: state.lastAt, series, minutes: new Map(), findings: {}, newcomers: 0 }
  const ranks = ranksOf(state.ranks, news.requests)
  const points = news.requests
    .filter((point) => point.family.rank <= (ranks[point.family.protocol] ?? 0) && isTimely(run, point.at))
    .sort((a, b) => a.at - b.at)
  for (const point of points.filter((each) => each.edge === null)) place(run, point)
  const waiting = placeClassic(run, state.waiting, points)
  for (const { resource, at, value } of news.fullness)
    if (isTimely(run, at)) add(run, Math.floor((at - 1) / minute) * minute, { saturation: { [resource]: value } })
  noteAlive(run, Object.keys(ranks).length > 0)
  const told = [...points, ...news.fullness].map((each) => each.at)
  const lastAt = Math.max(state.lastAt ?? 0, news.aliveAt ?? 0, ...told.filter((at) => at <= around.now + mostFutureMs))
  const kept = [...run.series].filter(([, each]) => each.at > lastAt - forgetMs)
  return {
    state: { lastAt: lastAt === 0 ? null : lastAt, ranks, series: Object.fromEntries(kept), waiting },
    minutes: new Map(
      [...run.minutes].map(([start, { sum, latency }]) => [
        start,
        latency === null ? sum : { ...sum, latency: latency.read() },
      ]),
    ),
    findings: run.findings,
  }
}

function ranksOf(known: SenderState['ranks'], points: readonly RequestPoint[]): SenderState['ranks'] {
  const ranks = { ...known }
  for (const { family } of points) ranks[family.protocol] = Math.min(ranks[family.protocol] ?? family.rank, family.rank)
  return ranks
}

function isTimely(run: Run, at: number): boolean {
  const fault = at > run.around.now + mostFutureMs ? 'future' : at < run.around.now - oldestMs ? 'too-old' : null
  if (fault !== null) find(run, fault)
  return fault === null
}

const find = ({ findings }: Run, kind: SignalFindingKind): void => {
  findings[kind] = (findings[kind] ?? 0) + 1
}

const tallyOf = ({ minutes }: Run, start: number): MinuteTally => {
  const tally = minutes.get(start) ?? { sum: emptyMinute, latency: null }
  minutes.set(start, tally)
  return tally
}

const add = (run: Run, start: number, part: Partial<SignalMinute>): void => {
  const tally = tallyOf(run, start)
  tally.sum = mergeMinutes(tally.sum, { ...emptyMinute, ...part })
}

function place(run: Run, point: RequestPoint): void {
  const kept = run.series.get(point.series) ?? null
  if (kept === null) {
    if (run.newcomers >= run.around.room) {
      find(run, 'too-many-series')
      return
    }
    run.newcomers += 1
  }
  const reportedAt = run.news.wholeTargets ? run.lastAt : null
  const growth = growthOf(kept, point, { since: run.around.since, reportedAt })
  if (growth.state === 'old') return
  const { at, startAt, value } = point
  // Of what is sent as differences only the time has to be remembered.
  run.series.set(point.series, { at, startAt, value: point.temporality === 'delta' ? 0 : value })
  if (growth.state === 'unknown') return
  const touched = minutesOf(growth.from, at)
  const shares = shareOut(
    growth.value,
    touched.map((each) => each.ms),
  )
  for (const [index, { start }] of touched.entries()) addShare(run, start, point, shares[index] ?? 0)
}

function addShare(run: Run, start: number, { verdict, unit }: RequestPoint, value: SignalValue): void {
  const events = typeof value === 'number' ? value : totalOf(value)
  const tally = tallyOf(run, start)
  const { traffic, judged, errors } = tally.sum
  tally.sum = {
    ...tally.sum,
    traffic: (traffic ?? 0) + events,
    judged: judged + (verdict === 'unknown' ? 0 : events),
    errors: errors + (verdict === 'error' ? events : 0),
  }
  if (typeof value === 'number') return
  tally.latency ??= new LatencyTally()
  if (events > 0) tally.latency.add(value, unit)
}

/** Puts classic histograms together and places those that are whole; answers what waits for the rest. */
function placeClassic(
  run: Run,
  before: SenderState['waiting'],
  points: readonly RequestPoint[],
): Readonly<Record<string, Waiting>> {
  const edges = points.filter((each) => each.edge !== null)
  const waiting = new Map(Object.entries(before))
  const latest = new Map<string, RequestPoint>()
  for (const point of edges) {
    const { series, at, edge, value } = point
    if (typeof value !== 'number' || edge === null) continue
    // One that never becomes whole is bounded like every other.
    if (!waiting.has(series) && !run.series.has(series) && waiting.size >= run.around.room) {
      find(run, 'too-many-series')
      continue
    }
    const times = waiting.get(series) ?? {}
    waiting.set(series, { ...times, [at]: { ...times[at], [edge]: value } })
    latest.set(series, point)
  }
  for (const [series, point] of latest) {
    const kept = run.series.get(series)?.value
    const known = kept !== undefined && typeof kept !== 'number' && kept.kind === 'explicit' ? kept.bounds : null
    const { waiting: left, whole } = assemble(waiting.get(series) ?? {}, known, run.series.get(series)?.at ?? 0)
    if (Object.keys(left).length === 0) waiting.delete(series)
    else waiting.set(series, left)
    for (const { at, value } of whole) place(run, { ...point, at, value, edge: null })
  }
  return Object.fromEntries(waiting)
}

/** A process that reports and tells no request had none: its minutes were measured, with nothing in them. */
function noteAlive(run: Run, tellsRequests: boolean): void {
  const { aliveAt } = run.news
  const { lastAt } = run
  if (aliveAt === null || lastAt === null || !tellsRequests || aliveAt > run.around.now + mostFutureMs) return
  if (aliveAt <= lastAt || aliveAt - lastAt > longestStretchMs) return
  for (const { start } of minutesOf(lastAt, aliveAt)) add(run, start, { traffic: 0 })
}
