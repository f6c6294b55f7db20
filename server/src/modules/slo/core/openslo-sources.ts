// Metric sources of OpenSLO indicators, by type:
//   otlp        { metric, filters? }   filters: key → text, list of texts, or { not | in | notIn | prefix | notPrefix }
//   prometheus  { query }
//   push        { series }
//   probe       { probe }

import type { Fault } from '../../../kernel/app-error.ts'
import { nearest } from '../../../kernel/names.ts'
import type { Matcher } from '../../telemetry/core/index.ts'
import type { Indicator, Source } from './objective.ts'
import { type Cursor, exactlyOne, has, object, openObject, step, text } from './openslo-cursor.ts'
import type { MetricSource, ObjectiveSpec, SliSpec } from './openslo-model.ts'
import type { OpenSloLookup } from './openslo-translate.ts'

/** Notes a fault and gives null, so that a translation ends where it cannot go on. */
export type Refuse = (pointer: string, detail: string) => null

export const sourceTypes = ['otlp', 'prometheus', 'push', 'probe'] as const

export function translateIndicator(
  sli: SliSpec,
  objective: ObjectiveSpec,
  sourceAt: (metric: MetricSource) => Source | null,
  refuse: Refuse,
): Indicator | null {
  if (sli.ratioMetric !== null) return ratio(sli, sourceAt, refuse)
  const { op, value } = objective
  if (sli.thresholdMetric === null || op === null || value === null) return null
  const source = sourceAt(sli.thresholdMetric)
  if (source === null) return null
  switch (source.type) {
    case 'prometheus':
      return { kind: 'threshold', source, op, value }
    case 'push':
      return refuse(
        sli.thresholdMetric.at,
        'The push API takes counts: use a `ratioMetric` with good or bad, and total.',
      )
    case 'otlp':
    case 'probe':
      // Histogram buckets include their upper edge, so "less than" cannot be counted exactly.
      if (op !== 'lte')
        return refuse(
          `${objective.at}/op`,
          `Durations are counted up to and including a limit: write \`lte\` instead of \`${op}\`.`,
        )
      if (value <= 0) return refuse(`${objective.at}/value`, 'A duration limit must be above 0.')
      return { kind: 'latency', source, atMost: value }
  }
}

function ratio(sli: SliSpec, sourceAt: (metric: MetricSource) => Source | null, refuse: Refuse): Indicator | null {
  const { good, bad, total, raw, counter } = sli.ratioMetric ?? {
    good: null,
    bad: null,
    total: null,
    raw: null,
    counter: null,
  }
  if (raw !== null)
    return refuse(
      raw.at,
      'A `raw` ratio carries no event counts, so no exact budget follows from it; give good or bad, and total.',
    )
  const counted = (metric: MetricSource | null): Source | null => {
    const source = metric === null ? null : sourceAt(metric)
    return source?.type === 'prometheus' ? { ...source, counter: counter ?? true } : source
  }
  const [totals, events] = [counted(total), counted(good ?? bad)]
  if (totals === null || events === null) return null
  if (good === null) return { kind: 'ratio', form: 'bad-total', bad: events, total: totals }
  return { kind: 'ratio', form: 'good-total', good: events, total: totals }
}

export function sourceOf(metric: MetricSource, lookup: OpenSloLookup, refuse: Refuse): Source | null {
  const referred = metric.metricSourceRef === null ? null : lookup.find('DataSource', metric.metricSourceRef)
  if (metric.metricSourceRef !== null && referred === null)
    return refuse(`${metric.at}/metricSourceRef`, `There is no DataSource named \`${metric.metricSourceRef}\`.`)
  const written = metric.type ?? (referred?.kind === 'DataSource' ? referred.spec.type : '')
  const type = sourceTypes.find((each) => each === written.toLowerCase())
  if (type === undefined) {
    const near = nearest(written, sourceTypes)
    const hint = near === null ? `Supported are ${sourceTypes.join(', ')}.` : `Did you mean \`${near}\`?`
    return refuse(`${metric.at}/type`, `Metric sources of type \`${written}\` are not supported. ${hint}`)
  }
  const faults: Fault[] = []
  const source = readSource(type, metric, faults)
  for (const each of faults) refuse(each.pointer ?? metric.at, each.detail)
  return faults.length === 0 ? source : null
}

function readSource(type: (typeof sourceTypes)[number], metric: MetricSource, faults: Fault[]): Source | null {
  const keys = { otlp: ['metric', 'filters'], prometheus: ['query'], push: ['series'], probe: ['probe'] }[type]
  const cursor = openObject(metric.spec, `${metric.at}/spec`, faults, keys)
  if (cursor === null) return null
  const named = text(cursor, keys[0] ?? '', { required: true, most: 4_096 })
  if (named === null) return null
  switch (type) {
    case 'otlp': {
      const filters = object(cursor, 'filters', null)
      return {
        type,
        metric: named,
        filters: filters === null ? [] : Object.keys(filters.fields).flatMap((key) => matcher(filters, key) ?? []),
      }
    }
    case 'prometheus':
      return { type, query: named, counter: false, dataSource: metric.metricSourceRef }
    case 'push':
      return { type, series: named }
    case 'probe':
      return { type, probe: named }
  }
}

const texts = (value: unknown): readonly string[] | null => {
  const list = Array.isArray(value) ? value : [value]
  const found = list.map((each: unknown) =>
    typeof each === 'string' || typeof each === 'number' || typeof each === 'boolean' ? String(each) : null,
  )
  return found.length > 0 && found.every((each) => each !== null) ? found : null
}

const operators = ['not', 'in', 'notIn', 'prefix', 'notPrefix'] as const

// Attribute values are compared as texts, so `503` and `"503"` mean the same.
function matcher(filters: Cursor, key: string): Matcher | null {
  const value = filters.fields[key]
  const plain = texts(value)
  if (plain !== null)
    return Array.isArray(value) ? { key, op: 'in', values: plain } : { key, op: 'equals', value: plain[0] ?? '' }
  const cursor = openObject(value, `${filters.at}${step(key)}`, filters.faults, operators)
  const operator = cursor === null ? null : operators.find((each) => each === exactlyOne(cursor, operators))
  if (cursor === null || operator === undefined || operator === null || !has(cursor, operator)) return null
  const given = texts(cursor.fields[operator])
  const wrong = given === null || (operator !== 'in' && operator !== 'notIn' && given.length !== 1)
  if (wrong || given === null) {
    cursor.faults.push({
      pointer: `${cursor.at}/${operator}`,
      detail: 'Must be a text, or a list of texts for `in` and `notIn`.',
    })
    return null
  }
  const [first = ''] = given
  switch (operator) {
    case 'not':
      return { key, op: 'not-equals', value: first }
    case 'prefix':
      return { key, op: 'prefix', value: first }
    case 'notPrefix':
      return { key, op: 'not-prefix', value: first }
    case 'in':
      return { key, op: 'in', values: given }
    case 'notIn':
      return { key, op: 'not-in', values: given }
  }
}
