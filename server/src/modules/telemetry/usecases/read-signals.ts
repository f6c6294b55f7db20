// The golden signals of one service as steps of a chart. What nobody told is null, and a step without it is a gap.
import { AppError } from '../../../kernel/app-error.ts'
import { day, hour, minute } from '../../../kernel/duration.ts'
import { formatInstant, type Instant, instant } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { findService } from '../../catalog/index.ts'
import {
  emptyMinute,
  type Latency,
  mergeMinutes,
  percentile,
  resources,
  type SignalMinute,
} from '../core/signals/index.ts'
import { signalFindingSentence } from '../signal-words.ts'
import { mostSignalPoints, type ServiceSignals, type SignalPoint, type SignalStanding } from '../signals.contract.ts'
import {
  findSignalServices,
  readSignalHours,
  readSignalMinutes,
  type SignalServiceRow,
  type StoredMinute,
} from '../signals.store.ts'

export interface SignalOrder {
  readonly service: string
  readonly from: Instant
  readonly to: Instant
  readonly stepMs: number | null
}

const fitting = 400
const steps = [minute, 5 * minute, 15 * minute, hour, 6 * hour, day]
const longestRangeMs = 800 * day
/** Longer without a word is silence. */
export const silentAfterMs = 5 * minute

export async function readSignals(queries: Queries, order: SignalOrder): Promise<ServiceSignals> {
  const { service } = order
  const span = order.to - order.from
  const stepMs = order.stepMs ?? steps.find((step) => span / step <= fitting) ?? day
  refuseWrong(span, stepMs)
  const known = (await findSignalServices(queries, [service])).get(service) ?? null
  if (known === null && (await findService(queries, service)) === null)
    throw new AppError('not-found', 'telemetry.unknown-service', `Nobody declared ${service}, and nothing tells of it.`)
  const [now, from] = [await queries.now(), Math.floor(order.from / stepMs) * stepMs]
  const hourly = stepMs % hour === 0
  const rows = hourly
    ? await readSignalHours(queries, service, from, order.to)
    : await readSignalMinutes(queries, service, from, order.to)
  // Minutes go sooner than hours: what is asked of long ago is answered by those unless somebody wants minutes.
  if (rows.length === 0 && !hourly && order.stepMs === null && hasHours(known, from))
    return readSignals(queries, { ...order, stepMs: hour })
  const points = pointsOf(rows, { from, to: order.to, stepMs, trafficAt: known?.trafficAt ?? 0 })
  return {
    service,
    from: formatInstant(instant(from)),
    to: formatInstant(order.to),
    stepMs,
    resolution: hourly ? 'hour' : 'minute',
    lastAt: known === null ? null : formatInstant(instant(known.lastAt)),
    signals: standingsOf(known, now),
    bound: boundOf(rows),
    findings: Object.entries(known?.findings ?? {}).map(([kind, { count, lastAt }]) => ({
      kind,
      count,
      lastAt,
      sentence: signalFindingSentence(kind),
    })),
    points,
  }
}

const hasHours = (known: SignalServiceRow | null, from: number): boolean => known !== null && from < known.lastAt

function refuseWrong(span: number, stepMs: number): void {
  const wrong =
    span <= 0
      ? 'The range ends before it begins.'
      : span > longestRangeMs
        ? 'The range is longer than hours are kept.'
        : stepMs % minute !== 0
          ? 'The step must be a number of whole minutes.'
          : span / stepMs > mostSignalPoints
            ? `The range holds more than ${mostSignalPoints} steps. Take a longer step.`
            : null
  if (wrong !== null)
    throw new AppError('invalid', 'telemetry.bad-range', wrong, { faults: [{ pointer: '?step', detail: wrong }] })
}

interface Axis {
  readonly from: number
  readonly to: number
  readonly stepMs: number
  readonly trafficAt: number
}

function pointsOf(rows: readonly StoredMinute[], { from, to, stepMs, trafficAt }: Axis): SignalPoint[] {
  const found = new Map<number, { sum: SignalMinute; measuredMs: number }>()
  for (const { start, minute: part, measured } of rows) {
    const at = Math.floor(start / stepMs) * stepMs
    const before = found.get(at) ?? { sum: emptyMinute, measuredMs: 0 }
    // Of the newest minute only what was told of counts, or its rate would look too low.
    const told = trafficAt > start ? Math.min(measured * minute, trafficAt - start) : measured * minute
    found.set(at, { sum: mergeMinutes(before.sum, part), measuredMs: before.measuredMs + told })
  }
  const points: SignalPoint[] = []
  for (let at = from; at < to; at += stepMs) {
    const { sum, measuredMs } = found.get(at) ?? { sum: emptyMinute, measuredMs: 0 }
    points.push(presentPoint(at, stepMs, sum, measuredMs))
  }
  return points
}

function presentPoint(start: number, stepMs: number, sum: SignalMinute, measuredMs: number): SignalPoint {
  const { traffic, judged, errors, latency } = sum
  const told = traffic !== null && measuredMs > 0
  const saturated = resources.flatMap((of) => {
    const value = sum.saturation[of]
    return value === undefined ? [] : [{ of, value }]
  })
  const fullest = saturated.reduce<(typeof saturated)[number] | null>(
    (most, each) => (most === null || each.value > most.value ? each : most),
    null,
  )
  return {
    start: formatInstant(instant(start)),
    state: !told ? 'gap' : measuredMs < stepMs ? 'partial' : 'measured',
    measuredMs: Math.min(measuredMs, stepMs),
    traffic: told ? { requests: traffic, perSecond: traffic / (measuredMs / 1_000) } : null,
    errors:
      told && (traffic === 0 || judged > 0)
        ? { count: errors, judged, ratio: judged === 0 ? null : errors / judged }
        : null,
    latency: latency === null ? null : percentilesOf(latency),
    saturation:
      fullest === null
        ? null
        : {
            highest: fullest.value,
            of: fullest.of,
            all: Object.fromEntries(saturated.map(({ of, value }) => [of, value])),
          },
  }
}

function percentilesOf(latency: Latency): SignalPoint['latency'] {
  const [p50, p90, p99] = [0.5, 0.9, 0.99].map((q) => percentile(latency, q))
  return p50 && p90 && p99 ? { p50, p90, p99 } : null
}

function boundOf(rows: readonly StoredMinute[]): string {
  const newest = rows.findLast(
    ({ minute: { latency } }) => latency !== null && (latency.sketches.length > 0 || latency.layouts.length > 0),
  )
  const latency = newest?.minute.latency
  if (latency === null || latency === undefined) return 'No latency was told in this time.'
  const words: string[] = []
  const scales = latency.sketches.map((sketch) => sketch.scale)
  if (scales.length > 0) {
    const base = 2 ** (2 ** -Math.min(...scales))
    words.push(
      `Percentiles from exponential histograms are within ${((100 * (base - 1)) / (base + 1)).toFixed(1)} % of the exact ones.`,
    )
  }
  if (latency.layouts.length > 0)
    words.push(
      `Percentiles from histograms with fixed edges lie somewhere between two edges${words.length === 0 ? '' : ', which is less exact'}; the range is shown with each.`,
    )
  if (latency.unplaced > 0) words.push('Some histograms have too many different edges to be added up.')
  return words.join(' ')
}

const names = { traffic: 'Requests', errors: 'How requests end', latency: 'Latency', saturation: 'Saturation' } as const
const missing = {
  traffic:
    'No histogram of served requests was ever received (http.server.request.duration, rpc.server.call.duration).',
  errors: 'No request ever said how it ended (http.response.status_code, rpc.grpc.status_code, error.type).',
  latency:
    'No histogram of served requests was ever received (http.server.request.duration, rpc.server.call.duration).',
  saturation:
    'Nothing ever said how full the service is (process.cpu.utilization, nodejs.eventloop.utilization, k8s.pod.memory_limit_utilization).',
} as const

export function standingsOf(known: SignalServiceRow | null, now: number): SignalStanding[] {
  const times = {
    traffic: known?.trafficAt,
    errors: known?.errorsAt,
    latency: known?.latencyAt,
    saturation: known?.saturationAt,
  }
  return (['traffic', 'errors', 'latency', 'saturation'] as const).map((signal) => {
    const at = times[signal] ?? null
    if (at === null) return { signal, state: 'never', lastAt: null, sentence: missing[signal] }
    const lastAt = formatInstant(instant(at))
    const silent = now - at > silentAfterMs
    return silent
      ? { signal, state: 'silent', lastAt, sentence: `${names[signal]}: nothing came since ${lastAt}.` }
      : { signal, state: 'told', lastAt, sentence: `${names[signal]}: told.` }
  })
}
