// Points that can be read and that nothing will count, whatever is known of their series: the sender is told with the answer.
import type { Instant } from '../../../kernel/instant.ts'
import type { Metric, ResourceMetrics } from './otlp-model.ts'
import type { SampleBatch } from './sample-batch.ts'
import { mostFutureMs, type SeriesFindingKind } from './series.ts'

export interface RefusedPoints {
  readonly kind: SeriesFindingKind
  readonly metric: string
  readonly points: number
}

/** `at`: when they were accepted. */
export function refusedPoints(resources: readonly ResourceMetrics[], at: Instant): readonly RefusedPoints[] {
  const found = new Map<string, RefusedPoints>()
  for (const { scopes } of resources)
    for (const { metrics } of scopes)
      for (const metric of metrics)
        for (const [kind, points] of refusedOf(metric, at)) {
          const key = `${kind} ${metric.name}`
          found.set(key, { kind, metric: metric.name, points: points + (found.get(key)?.points ?? 0) })
        }
  return [...found.values()]
}

/** What can fall counts no events, so nothing of it is refused. */
function refusedOf({ data }: Metric, at: Instant): readonly (readonly [SeriesFindingKind, number])[] {
  if (data.kind === 'gauge' || (data.kind === 'sum' && !data.monotonic)) return []
  let [negative, future] = [0, 0]
  for (const point of data.points)
    if (data.kind === 'sum' && typeof point.value === 'number' && point.value < 0) negative += 1
    else if (point.at > at + mostFutureMs) future += 1
  return (
    [
      ['negative', negative],
      ['future', future],
    ] as const
  ).filter(([, points]) => points > 0)
}

/** The same of counters in a batch: none is below 0. */
export function refusedSamples(batch: SampleBatch | null, at: Instant): readonly RefusedPoints[] {
  const found = new Map<string, number>()
  if (batch === null) return []
  const latest = at + mostFutureMs
  for (let index = 0, from = 0; index < batch.ends.length; index += 1)
    for (; from < (batch.ends[index] ?? 0); from += 1) {
      if ((batch.times[from] ?? 0) <= latest) continue
      const metric = batch.told[index]?.metric ?? ''
      found.set(metric, 1 + (found.get(metric) ?? 0))
    }
  return [...found].map(([metric, points]) => ({ kind: 'future', metric, points }))
}
