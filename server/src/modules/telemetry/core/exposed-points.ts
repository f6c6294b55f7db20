// From what an endpoint told to points: types say what can fall, `_created` when a counter began.
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { ExposedLine, ExposedSample } from './exposition.ts'
import { suffixes } from './openmetrics.ts'
import type { Decoded, Metric, NumberPoint } from './otlp-model.ts'

export interface ScrapedTarget {
  readonly job: string
  readonly instance: string
  readonly at: Instant
}

const counting = ['_total', '_bucket', '_count', '_sum', '_gcount', '_gsum']
const falling = ['gauge', 'gaugehistogram', 'info', 'stateset']

export function pointsOf(
  lines: readonly ExposedLine[],
  { job, instance, at }: ScrapedTarget,
): Extract<Decoded, { state: 'decoded' }> {
  const types = new Map(
    lines.flatMap((each) =>
      each.kind === 'metadata' && each.what === 'TYPE' ? [[each.name, each.text] as const] : [],
    ),
  )
  const samples = lines.filter((each) => each.kind === 'sample')
  const created = new Map<string, number>()
  for (const sample of samples)
    if (sample.name.endsWith('_created') && sample.value > 0)
      created.set(startKey(sample.name.slice(0, -'_created'.length), sample), Math.round(sample.value * 1000))
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
      const data = falling.includes(types.get(family) ?? '')
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

function familyOf(name: string, types: ReadonlyMap<string, string>): string {
  // In the text format the type of a counter is said of its whole name.
  if (types.has(name)) return name
  const suffix = counting.find((each) => name.endsWith(each)) ?? ''
  const family = name.slice(0, name.length - suffix.length)
  const type = types.get(family)
  return type !== undefined && suffixes[type]?.includes(suffix) === true ? family : suffix === '_total' ? family : name
}

function startKey(family: string, { labels }: Pick<ExposedSample, 'labels'>): string {
  return JSON.stringify([family.replace(/_total$/, ''), [...labels].filter(([label]) => label !== 'le').sort()])
}
