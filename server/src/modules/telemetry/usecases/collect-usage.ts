// Counts what services send, metric by metric, while the collector of signals reads it; written every few minutes.
import { day, minute } from '../../../kernel/duration.ts'
import { monotonicMs } from '../../../platform/monotonic.ts'
import { type Metric, SeriesUse } from '../core/index.ts'
import { hashAttributes, hashRemembered, joinHashes, type SignalIntake, serviceOf } from '../core/signals/index.ts'
import {
  type DayUsage,
  DistinctCounter,
  type LintFinding,
  lintMetric,
  mergeFindings,
  mergeUsage,
  mostMetrics,
  otherMetrics,
} from '../core/usage/index.ts'
import { lockSignals } from '../signals.store.ts'
import { countDayUsage, readDayUsage, type ServiceDayUsage, saveDayUsage } from '../usage.store.ts'
import type { MetricObserver } from './collect-signals.ts'
import { mostServices } from './write-signals.ts'

/** Metrics that nobody says a service of. */
export const unnamedService = 'unknown_service'
const writeEveryMs = 5 * minute
/** Whoever just connected a service wants to see it. */
const firstMs = 10 * minute
const writeFirstEveryMs = minute / 2
const atOnce = 50
/** A metric is looked at for what is odd about it this often, by some of its points. */
const lintEveryMs = 1 * minute
const lintPoints = 10

interface Tally {
  readonly unit: string
  readonly kind: string
  samples: number
  readonly series: DistinctCounter
  lastAt: number
  lintedAt: number
  findings: readonly LintFinding[]
}

interface ServiceTally {
  readonly metrics: Map<string, Tally>
  since: number
  /** Others are counted in the next one. */
  written: boolean
}

/** Where a series is counted that is known by its names, and is among those that were counted there. */
class SeenSeries extends SeriesUse {
  readonly service: string
  readonly tally: Tally
  readonly of: ServiceTally

  constructor(service: string, tally: Tally, of: ServiceTally) {
    super()
    this.service = service
    this.tally = tally
    this.of = of
  }
}

export function createUsageCollector(): MetricObserver {
  const services = new Map<string, ServiceTally>()
  // When each service was written first by this process: at once, then often, then seldom.
  const written = new Map<string, number>()

  const tallyOf = (
    service: string,
    metric: { readonly name: string; readonly unit: string; readonly data: { readonly kind: string } },
  ): Tally | null => {
    let found = services.get(service)
    if (found === undefined) {
      if (services.size >= mostServices) return null
      found = { metrics: new Map(), since: monotonicMs(), written: false }
      services.set(service, found)
    }
    const crowded = !found.metrics.has(metric.name) && found.metrics.size >= mostMetrics
    const name = crowded ? otherMetrics : metric.name
    let tally = found.metrics.get(name)
    if (tally === undefined) {
      const findings: LintFinding[] = crowded ? [{ code: 'too-many-metrics', about: '', example: metric.name }] : []
      const series = new DistinctCounter()
      tally = {
        unit: metric.unit,
        kind: metric.data.kind,
        samples: 0,
        series,
        lastAt: 0,
        lintedAt: Number.NEGATIVE_INFINITY,
        findings,
      }
      found.metrics.set(name, tally)
    }
    return tally
  }

  return {
    observe: (resource, metric, intake) => {
      const hash = resource.remembered === true ? hashRemembered : hashAttributes
      const base = hash(resource.attributes)
      let [last, lastService]: [Tally | null, string | null] = [null, null]
      const linted: (typeof metric.data.points)[number][] = []
      for (const point of metric.data.points) {
        const service = serviceOf(resource.attributes, point.attributes) ?? unnamedService
        const tally: Tally | null = service === lastService ? last : tallyOf(service, metric)
        last = tally
        lastService = service
        if (tally === null) continue
        tally.samples += 1
        tally.series.add(joinHashes(base, hash(point.attributes)))
        if (point.at > tally.lastAt) tally.lastAt = point.at
        if (linted.length < lintPoints) linted.push(point)
      }
      if (last === null || lastService === null || monotonicMs() - last.lintedAt < lintEveryMs) return
      last.lintedAt = monotonicMs()
      last.findings = mergeFindings(last.findings, findingsOf(lintedOf(metric), linted, lastService, intake))
    },
    observeSamples: (batch, { from: first, to: until }, intake) => {
      const now = monotonicMs()
      for (let index = first, from = batch.ends[first - 1] ?? 0; index < until; index += 1) {
        const [told, to] = [batch.told[index], batch.ends[index] ?? 0]
        const kind = batch.gauge[index] === true ? ('gauge' as const) : ('sum' as const)
        const [start, samples] = [from, to - from]
        from = to
        if (told === undefined || samples === 0) continue
        let seen = told.seen instanceof SeenSeries ? told.seen : null
        if (seen === null || seen.of.written) {
          const service = seen?.service ?? serviceOf(told.resource, told.attributes) ?? unnamedService
          const tally = tallyOf(service, { name: told.metric, unit: told.unit, data: { kind } })
          const of = services.get(service)
          if (tally === null || of === undefined) continue
          tally.series.add(joinHashes(hashRemembered(told.resource), hashRemembered(told.attributes)))
          seen = new SeenSeries(service, tally, of)
          told.seen = seen
        }
        const { tally } = seen
        tally.samples += samples
        for (let at = start; at < to; at += 1) tally.lastAt = Math.max(tally.lastAt, batch.times[at] ?? 0)
        if (now - tally.lintedAt < lintEveryMs) continue
        tally.lintedAt = now
        const linted = { name: told.metric, unit: told.unit, kind, edges: null }
        tally.findings = mergeFindings(tally.findings, findingsOf(linted, [told], seen.service, intake))
      }
    },
    write: async (database, everything) => {
      const now = monotonicMs()
      const due = [...services].filter(([name, each]) => everything || isDue(written.get(name), each.since, now))
      for (let at = 0; at < due.length; at += atOnce) {
        const part = due.slice(at, at + atOnce)
        // Taken out first: what comes meanwhile is counted for the next time.
        for (const [name, each] of part) {
          each.written = true
          services.delete(name)
        }
        const rows = part.map(([service, each]) => ({ service, usage: usageOf(each) }))
        await database.transaction(async (tx) => {
          await lockSignals(
            tx,
            rows.map((row) => row.service),
          )
          const today = Math.floor((await tx.now()) / day) * day
          const before = await readDayUsage(
            tx,
            rows.map((row) => row.service),
            today,
          )
          const newcomers = rows.filter((row) => !before.has(row.service))
          const room = newcomers.length === 0 ? 0 : Math.max(0, mostServices - (await countDayUsage(tx, today)))
          const refused = new Set(newcomers.slice(room).map((row) => row.service))
          const merged: ServiceDayUsage[] = rows
            .filter((row) => !refused.has(row.service))
            .map(({ service, usage }) => ({
              service,
              day: today,
              usage: mergeUsage(before.get(service) ?? new Map(), usage),
            }))
          await saveDayUsage(tx, merged)
        })
        if (written.size > mostServices) written.clear()
        for (const [name] of part) written.set(name, written.get(name) ?? now)
      }
    },
  }
}

const isDue = (firstAt: number | undefined, since: number, now: number): boolean =>
  firstAt === undefined || now - since >= (now - firstAt < firstMs ? writeFirstEveryMs : writeEveryMs)

const usageOf = ({ metrics }: ServiceTally): DayUsage =>
  new Map(
    [...metrics].map(([name, { unit, kind, samples, series, lastAt, findings }]) => [
      name,
      { unit, kind, samples, series: series.read(), lastAt, findings },
    ]),
  )

type Linted = Pick<Parameters<typeof lintMetric>[0], 'name' | 'unit' | 'kind' | 'edges'>

function lintedOf({ name, unit, data }: Metric): Linted {
  const first = data.kind === 'histogram' ? data.points[0]?.value : undefined
  return { name, unit, kind: data.kind, edges: first?.bounds ?? null }
}

function findingsOf(
  linted: Linted,
  points: readonly { readonly attributes: ReadonlyMap<string, string> }[],
  service: string,
  intake: SignalIntake,
): readonly LintFinding[] {
  const found = lintMetric({ ...linted, points: points.map((each) => each.attributes) })
  return service === unnamedService && intake.kind === 'otlp'
    ? [{ code: 'no-service-name', about: '', example: linted.name }, ...found]
    : found
}
