// Indicators of OpenSLO v1: an SLI document, or the same written inside an SLO.
import { type Cursor, choice, exactlyOne, fault, flag, has, object, step, text } from './openslo-cursor.ts'
import type { Metadata, MetricSource, RatioMetric, SliSpec } from './openslo-model.ts'
import { description, metadata } from './openslo-parts.ts'

export interface IndicatorOf {
  readonly indicator: SliSpec | null
  readonly indicatorMetadata: Metadata | null
  readonly indicatorRef: string | null
}

export function indicatorOf(cursor: Cursor): IndicatorOf {
  if (has(cursor, 'indicator') && has(cursor, 'indicatorRef')) exactlyOne(cursor, ['indicator', 'indicatorRef'])
  const inline = object(cursor, 'indicator', ['apiVersion', 'kind', 'metadata', 'spec'])
  if (inline !== null) {
    text(inline, 'apiVersion', { among: ['openslo/v1'] })
    text(inline, 'kind', { among: ['SLI'] })
  }
  return {
    indicator: inline === null ? null : sliSpec(inline),
    indicatorMetadata: inline === null ? null : metadata(inline),
    indicatorRef: text(cursor, 'indicatorRef', { name: true }),
  }
}

export function sliSpec(root: Cursor): SliSpec | null {
  const cursor = object(root, 'spec', ['description', 'thresholdMetric', 'ratioMetric'], true)
  if (cursor === null) return null
  exactlyOne(cursor, ['thresholdMetric', 'ratioMetric'])
  const ratio = object(cursor, 'ratioMetric', ['counter', 'good', 'bad', 'total', 'raw', 'rawType'])
  return {
    at: cursor.at,
    description: description(cursor),
    thresholdMetric: metric(cursor, 'thresholdMetric'),
    ratioMetric: ratio === null ? null : ratioMetric(ratio),
  }
}

function ratioMetric(cursor: Cursor): RatioMetric {
  exactlyOne(cursor, ['total', 'raw'])
  const events = ['good', 'bad'].filter((key) => has(cursor, key))
  if (has(cursor, 'total') && events.length !== 1) exactlyOne(cursor, ['good', 'bad'])
  if (has(cursor, 'raw')) {
    for (const key of events) fault(cursor, step(key), '`raw` is a ratio already: leave `good` and `bad` out.')
    if (!has(cursor, 'rawType')) fault(cursor, '', '`rawType` is needed with `raw`: success or failure.')
  } else if (has(cursor, 'rawType')) fault(cursor, '/rawType', 'Means something only with `raw`.')
  return {
    counter: flag(cursor, 'counter'),
    good: metric(cursor, 'good'),
    bad: metric(cursor, 'bad'),
    total: metric(cursor, 'total'),
    raw: metric(cursor, 'raw'),
    rawType: choice(cursor, 'rawType', ['success', 'failure']),
  }
}

function metric(parent: Cursor, key: string): MetricSource | null {
  const holder = object(parent, key, ['metricSource'])
  const cursor = holder === null ? null : object(holder, 'metricSource', ['metricSourceRef', 'type', 'spec'], true)
  if (cursor === null) return null
  const metricSourceRef = text(cursor, 'metricSourceRef', { name: true })
  const type = text(cursor, 'type', { most: 63 })
  if (!has(cursor, 'type') && !has(cursor, 'metricSourceRef'))
    fault(cursor, '', 'A `type` is needed unless a `metricSourceRef` names a DataSource.')
  const spec = object(cursor, 'spec', null, true)
  if (spec !== null && Object.keys(spec.fields).length === 0) fault(cursor, '/spec', 'Must not be empty.')
  return { at: cursor.at, metricSourceRef, type, spec: spec?.fields ?? {} }
}
