// From an SLI to what is counted: one stream with its sides.
import type { Fault } from '../../../kernel/app-error.ts'
import type { Side, SideForm } from '../../telemetry/core/index.ts'
import type { StreamSource } from '../../telemetry/index.ts'
import type { MetricSource, ObjectiveSpec, RatioMetric, SliSpec } from '../core/openslo-model.ts'
import { type DataSourceTypes, type ReadSource, readSource } from './read-source.ts'

export interface ReadIndicator {
  readonly source: StreamSource
  readonly kind: 'availability' | 'latency'
}

export function readIndicator(
  sli: SliSpec,
  objective: Pick<ObjectiveSpec, 'op' | 'value'>,
  known: DataSourceTypes,
  faults: Fault[],
): ReadIndicator | null {
  if (sli.ratioMetric !== null) return readRatio(sli.ratioMetric, sli.at, known, faults)
  return sli.thresholdMetric === null ? null : readThreshold(sli.thresholdMetric, objective, known, faults)
}

function readRatio(ratio: RatioMetric, at: string, known: DataSourceTypes, faults: Fault[]): ReadIndicator | null {
  if (ratio.raw !== null) {
    const detail =
      'A ready-made ratio says nothing of how many events there were, so a budget of events cannot be kept. Give good (or bad) and total counts.'
    faults.push({ pointer: `${at}/ratioMetric/raw`, detail })
    return null
  }
  const side: Side = ratio.good === null ? 'bad' : 'good'
  const given = ratio.good ?? ratio.bad
  if (given === null || ratio.total === null) return null
  const [part, total] = [readSource(given, known, faults), readSource(ratio.total, known, faults)]
  if (part === null || total === null) return null
  if (part.type !== total.type) {
    faults.push({
      pointer: ratio.total.at,
      detail: `Both sides come from one kind of source; the other is ${part.type}.`,
    })
    return null
  }
  const form: SideForm = side === 'good' ? 'good-total' : 'bad-total'
  return { kind: isLatency(part) ? 'latency' : 'availability', ...sourceOf(part, total, { side, form, ratio, faults }) }
}

const isLatency = (part: ReadSource) =>
  (part.type === 'otlp' && part.atMost !== undefined) || (part.type === 'probe' && part.atMostMs !== undefined)

function sourceOf(
  part: ReadSource,
  total: ReadSource,
  { side, form, ratio, faults }: { side: Side; form: SideForm; ratio: RatioMetric; faults: Fault[] },
): { source: StreamSource } {
  if (part.type === 'otlp' && total.type === 'otlp') {
    const { type: _part, ...first } = part
    const { type: _total, ...second } = total
    return {
      source: {
        kind: 'otlp',
        form,
        parts: [
          { side, ...first },
          { side: 'total', ...second },
        ],
      },
    }
  }
  if (part.type === 'remote-write' && total.type === 'remote-write') {
    const { type: _part, ...first } = part
    const { type: _total, ...second } = total
    const parts = [
      { side, ...first },
      { side: 'total' as const, ...second },
    ]
    return { source: { kind: 'remote-write', form, parts } }
  }
  if (part.type === 'scrape' && total.type === 'scrape') {
    if (part.dataSource !== total.dataSource)
      faults.push({ pointer: ratio.total?.at ?? '', detail: 'Both sides come from one DataSource.' })
    const parts = [part, total].map(({ metric, filters }, index) => ({
      side: index === 0 ? side : ('total' as const),
      metric,
      filters,
    }))
    return { source: { kind: 'scrape', form, dataSource: part.dataSource, parts } }
  }
  if (part.type === 'prometheus' && total.type === 'prometheus') {
    const counter = ratio.counter ?? false
    if (part.dataSource !== total.dataSource)
      faults.push({ pointer: ratio.total?.at ?? '', detail: 'Both sides come from one DataSource.' })
    const queries = [
      { side, query: part.query, counter },
      { side: 'total' as const, query: total.query, counter },
    ]
    return { source: { kind: 'prometheus', form, dataSource: part.dataSource, queries } }
  }
  if (part.type === 'probe' && total.type === 'probe') {
    if (part.probe !== total.probe)
      faults.push({ pointer: ratio.total?.at ?? '', detail: 'Both sides name one Probe.' })
    if (side === 'bad')
      faults.push({ pointer: ratio.bad?.at ?? '', detail: 'A probe tells good checks: write `good` and `total`.' })
    const limit = part.atMostMs === undefined ? {} : { atMostMs: part.atMostMs }
    return { source: { kind: 'probe', form: 'good-bad', probe: part.probe, ...limit } }
  }
  return { source: { kind: 'push', form } }
}

function readThreshold(
  metric: MetricSource,
  objective: Pick<ObjectiveSpec, 'op' | 'value'>,
  known: DataSourceTypes,
  faults: Fault[],
): ReadIndicator | null {
  const source = readSource(metric, known, faults)
  const { op, value } = objective
  if (source === null || op === null || value === null) return null
  if (source.type !== 'prometheus') {
    const detail =
      source.type === 'otlp'
        ? 'A threshold on OTLP is a ratio of a histogram here: `good` with `atMost`, and `total`.'
        : `A threshold is read from Prometheus; for ${source.type} write a ratioMetric.`
    faults.push({ pointer: metric.at, detail })
    return null
  }
  const threshold = { query: source.query, op, value }
  const stream: StreamSource = {
    kind: 'prometheus',
    form: 'good-bad',
    dataSource: source.dataSource,
    queries: [],
    threshold,
  }
  return { kind: 'latency', source: stream }
}
