// From what an endpoint told to points, an object for each: how all of it was read once, and what tests compare with.
import fc from 'fast-check'
import { type Instant, instant } from '../../../kernel/instant.ts'
import { createdOf, familyOf, isFalling, startKey } from './exposed-points.ts'
import type { ExposedLine } from './exposition.ts'
import type { ScrapedTarget } from './exposition-memory.ts'
import type { Decoded, Metric, NumberPoint } from './otlp-model.ts'

export function pointsOf(
  lines: readonly ExposedLine[],
  { job, instance, at }: ScrapedTarget & { readonly at: Instant },
): Extract<Decoded, { state: 'decoded' }> {
  const types = new Map(
    lines.flatMap((each) =>
      each.kind === 'metadata' && each.what === 'TYPE' ? [[each.name, each.text] as const] : [],
    ),
  )
  const samples = lines.filter((each) => each.kind === 'sample')
  const created = new Map<string, number>()
  for (const sample of samples) {
    const [family, began] = [createdOf(sample.name), Math.round(sample.value * 1000)]
    if (family !== null && began > 0 && Number.isSafeInteger(began)) created.set(startKey(family, sample), began)
  }
  const metrics: Metric[] = samples
    .filter((sample) => !Number.isNaN(sample.value))
    .map((sample) => {
      const family = familyOf(sample.name, types)
      const start = created.get(startKey(family, sample)) ?? null
      const own: NumberPoint = {
        // Labels of the endpoint win over those of the target, as with Prometheus' honor_labels.
        attributes: new Map([['job', job], ['instance', instance], ...sample.labels]),
        at: sample.atMs === null ? at : instant(sample.atMs),
        startAt: start === null ? null : instant(start),
        value: sample.value,
      }
      const data = isFalling(types.get(family))
        ? { kind: 'gauge' as const, points: [own] }
        : { kind: 'sum' as const, temporality: 'cumulative' as const, monotonic: true, points: [own] }
      return { name: sample.name, unit: '', data }
    })
  const attributes = new Map([
    ['job', job],
    ['instance', instance],
  ])
  return {
    state: 'decoded',
    resources: [{ attributes, scopes: [{ name: '', version: '', metrics }] }],
    accepted: metrics.length,
    rejected: 0,
    findings: [],
  }
}

/** What texts of endpoints are made of, to be put together in any order. */
export const pieceOfText = fc.constantFrom(
  ...['a', '{', '}', '"', '\\', ',', '=', ' ', '# ', '\n', '\r', '1', '+Inf'],
  ...['# EOF', '# TYPE a counter', '_total', '_created', '{x="1"} '],
)
