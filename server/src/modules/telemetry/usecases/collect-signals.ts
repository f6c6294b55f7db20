// Off the hot path: an intake hands over what it decoded once it has answered for it, and goes on. Batches are read in small
// pieces between other work, kept by sender, and written every few seconds, many senders in one transaction. Everything is
// bounded; what does not fit is left out and counted, and the intake never waits.

import { instant } from '../../../kernel/instant.ts'
import { monotonicMs } from '../../../platform/monotonic.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { Metric, NumberPoint, ResourceMetrics, SampleBatch } from '../core/index.ts'
import { type DigestedNews, digestMetric, noteHeard, type SignalIntake, tellsSignals } from '../core/signals/index.ts'
import { type SenderCache, writeSignals } from './write-signals.ts'

/** Decoded points that wait to be looked at; some 500 bytes each. */
const mostQueued = 100_000
/** Points of signals that wait to be written. */
const mostKept = 100_000
const flushEveryMs = 5_000
/** One piece of work; then whoever waits comes first. */
const pieceMs = 4
/** Series between two looks at the clock. */
const seriesAtOnce = 128
/** Senders in one transaction. */
const sendersAtOnce = 50
/** Senders whose state this process remembers, some 5 kB each; those of others are read when they speak. */
const mostCached = 2_000

interface Batch {
  readonly resources: readonly ResourceMetrics[]
  readonly samples: SampleBatch | null
  readonly intake: SignalIntake
  readonly points: number
}

export interface SignalCollector {
  /** Takes decoded points and returns at once. */
  readonly take: (resources: readonly ResourceMetrics[], points: number, intake: SignalIntake) => void
  /** The same of samples that were read without objects. */
  readonly takeSamples: (samples: SampleBatch, intake: SignalIntake) => void
  /** Everything taken so far is written when this is over. */
  readonly flush: () => Promise<void>
  readonly start: () => void
  readonly stop: () => Promise<void>
  /** Points that were left out because this process had too much to do. */
  readonly leftOut: () => number
}

/** Sees every metric that is read, and is written with the signals. */
export interface MetricObserver {
  readonly observe: (resource: ResourceMetrics, metric: Metric, intake: SignalIntake) => void
  /** The same for samples that were read without objects: some series of them. */
  readonly observeSamples: (
    samples: SampleBatch,
    series: { readonly from: number; readonly to: number },
    intake: SignalIntake,
  ) => void
  /** `everything`: also what would have waited for more. */
  readonly write: (database: Needs['database'], everything: boolean) => Promise<void>
}

export function createSignalCollector(needs: Needs, usage: MetricObserver): SignalCollector {
  const queue: Batch[] = []
  let [queued, kept, leftOut, told] = [0, 0, 0, 0]
  let news = new Map<string, DigestedNews>()
  let again: readonly DigestedNews[] = []
  const cache: SenderCache = new Map()
  let reading: Promise<void> | null = null
  let flushing: Promise<void> | null = null
  let timer: NodeJS.Timeout | null = null

  const readAll = async (): Promise<void> => {
    for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
      let since = monotonicMs()
      for (const resource of batch.resources)
        for (const metric of resource.scopes.flatMap((scope) => scope.metrics)) {
          usage.observe(resource, metric, batch.intake)
          if (kept > mostKept) leftOut += metric.data.points.length
          else kept += digestMetric(resource, metric, batch.intake, news)
          if (monotonicMs() - since < pieceMs) continue
          await breathe()
          since = monotonicMs()
        }
      if (batch.samples !== null) await readSamples(batch.samples, batch.intake)
      queued -= batch.points
    }
  }
  const readSamples = async (batch: SampleBatch, intake: SignalIntake): Promise<void> => {
    let since = monotonicMs()
    for (let first = 0; first < batch.told.length; first += seriesAtOnce) {
      const until = Math.min(batch.told.length, first + seriesAtOnce)
      usage.observeSamples(batch, { from: first, to: until }, intake)
      for (let index = first; index < until; index += 1) {
        const told = batch.told[index]
        const [from, to] = [batch.ends[index - 1] ?? 0, batch.ends[index] ?? 0]
        if (told === undefined || to === from) continue
        if (!tellsSignals(told.metric)) {
          // Once for what stands together; of an OTLP process any metric proves that it is alive.
          const next = index + 1 < until ? batch.told[index + 1] : undefined
          if (intake.kind === 'otlp' && (next?.resource !== told.resource || next.metric !== told.metric))
            noteHeard({ ...told, at: batch.times[to - 1] ?? 0 }, intake, news)
          continue
        }
        if (kept > mostKept) leftOut += to - from
        else {
          const resource = { attributes: told.resource, scopes: [], remembered: true as const }
          kept += digestMetric(resource, metricOf(batch, { index, from, to }), intake, news)
        }
      }
      if (monotonicMs() - since < pieceMs) continue
      await breathe()
      since = monotonicMs()
    }
  }
  const read = (): Promise<void> => {
    reading ??= breathe()
      .then(readAll)
      .finally(() => {
        reading = null
      })
    return reading
  }

  const write = async (): Promise<void> => {
    await read()
    const [before, waiting] = [again, [...news.values()]]
    news = new Map()
    kept = 0
    again = []
    const failed: DigestedNews[] = []
    for (const [list, tries] of [[before, 1] as const, [waiting, 2] as const])
      for (let at = 0; at < list.length; at += sendersAtOnce) {
        const part = list.slice(at, at + sendersAtOnce)
        try {
          const { senders, refused } = await needs.database.transaction((tx) => writeSignals(tx, part, cache))
          remember(cache, senders)
          leftOut += refused
        } catch (error) {
          // Once more with the next write; after that a cumulative counter brings it again by itself.
          if (tries > 1) failed.push(...part)
          else leftOut += part.reduce((all, each) => all + each.requests.length + each.fullness.length, 0)
          needs.log.warn('Signals could not be written.', { error: String(error), again: tries > 1 })
        }
      }
    again = failed
    await usage.write(needs.database, timer === null)
    if (leftOut > told)
      needs.log.warn('Points were left out of the signals: more came, or from more services, than are looked at.', {
        points: leftOut - told,
      })
    told = leftOut
  }
  const flush = (): Promise<void> => {
    flushing ??= write().finally(() => {
      flushing = null
    })
    return flushing
  }

  return {
    take: (resources, points, intake) => {
      if (queued + points > mostQueued) {
        leftOut += points
        return
      }
      queued += points
      queue.push({ resources, samples: null, intake, points })
      void read()
    },
    takeSamples: (samples, intake) => {
      // A series is looked at once, however many samples it has.
      const points = samples.told.length
      if (queued + points > mostQueued) {
        leftOut += points
        return
      }
      queued += points
      queue.push({ resources: [], samples, intake, points })
      void read()
    },
    flush,
    start: () => {
      timer = setInterval(() => {
        flush().catch((error: unknown) => needs.log.warn('What was sent could not be noted.', { error: String(error) }))
      }, flushEveryMs)
      timer.unref()
    },
    stop: async () => {
      if (timer !== null) clearInterval(timer)
      timer = null
      await flush().catch((error: unknown) =>
        needs.log.warn('The last signals could not be written.', { error: String(error) }),
      )
    },
    leftOut: () => leftOut,
  }
}

function metricOf(
  { told, times, values, createdMs, gauge }: SampleBatch,
  { index, from, to }: { readonly index: number; readonly from: number; readonly to: number },
): Metric {
  const [names, started] = [told[index], createdMs[index] ?? 0]
  const startAt = started > 0 ? instant(started) : null
  const attributes = names?.attributes ?? new Map<string, string>()
  const points = Array.from(
    { length: to - from },
    (_, at): NumberPoint => ({
      attributes,
      at: instant(times[from + at] ?? 0),
      startAt,
      value: values[from + at] ?? 0,
    }),
  )
  const data =
    gauge[index] === true
      ? ({ kind: 'gauge', points } as const)
      : ({ kind: 'sum', temporality: 'cumulative', monotonic: true, points } as const)
  return { name: names?.metric ?? '', unit: names?.unit ?? '', data }
}

const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** The newest stay. */
function remember(cache: SenderCache, fresh: SenderCache): void {
  for (const [name, each] of fresh) {
    cache.delete(name)
    cache.set(name, each)
  }
  for (const name of cache.keys()) {
    if (cache.size <= mostCached) break
    cache.delete(name)
  }
}
