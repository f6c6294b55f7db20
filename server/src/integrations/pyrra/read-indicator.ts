// Pyrra's indicators as counts of events.
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.ts'
import { defaultLeastEvents } from '../../modules/slo/core/index.ts'
import { mostAttributes, readSelector } from '../../modules/telemetry/core/index.ts'

interface Place {
  readonly path: string
  readonly detail: string
}

export type IndicatorReading =
  | {
      readonly state: 'read'
      readonly ratioMetric: JsonObject
      /** Labels of which each combination has a budget of its own. */
      readonly grouping: readonly string[]
      readonly notes: readonly Place[]
    }
  | ({ readonly state: 'refused' } & Place)

const objectOf = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : {})
const metricOf = (value: JsonValue | undefined): string => {
  const { metric } = objectOf(value)
  return typeof metric === 'string' ? metric.trim() : ''
}
const refuse = (path: string, detail: string): IndicatorReading => ({ state: 'refused', path, detail })

const longestQuery = 4_000
const offset = /\s+offset\s+-?[0-9a-z]+$/
const kinds = ['ratio', 'latency', 'latencyNative', 'bool_gauge'] as const

export function readIndicator(indicator: JsonObject, dataSource: string): IndicatorReading {
  const kind = kinds.find((each) => isJsonObject(indicator[each]))
  if (kind === undefined) return refuse('', `one of ${kinds.join(', ')} is needed.`)
  const body = objectOf(indicator[kind])
  const side = (query: string) => ({ metricSource: { metricSourceRef: dataSource, spec: { query } } })
  const { grouping, notes } = readGrouping(body.grouping, kind)
  const counters = (part: 'good' | 'bad', given: readonly [string, string], all: string): IndicatorReading => {
    const [key, asked] = given
    if (Math.max(asked.length, all.length) > longestQuery)
      return refuse(`/${kind}`, `\`metric\` is longer than ${longestQuery} characters.`)
    const [query, total] = [asked.replace(offset, ''), all.replace(offset, '')]
    if (query !== asked || total !== all)
      notes.push({ path: `/${kind}`, detail: '`offset` is left out: late measurements are waited for here.' })
    for (const [path, each] of [[`/${kind}/${key}`, query] as const, [`/${kind}/total`, total] as const]) {
      const read = readSelector(each)
      if (read.state === 'refused') return refuse(path, `\`metric\`: ${read.detail}`)
    }
    return { state: 'read', ratioMetric: { counter: true, [part]: side(query), total: side(total) }, grouping, notes }
  }
  const computed = (good: string, total: string, detail: string): IndicatorReading => ({
    state: 'read',
    ratioMetric: { counter: false, good: side(good), total: side(total) },
    grouping,
    notes: [...notes, { path: `/${kind}`, detail }],
  })
  const sum = grouping.length === 0 ? 'sum' : `sum by (${grouping.join(', ')}) `
  switch (kind) {
    case 'ratio':
      return counters('bad', ['errors', metricOf(body.errors)], metricOf(body.total))
    case 'latency': {
      const success = metricOf(body.success)
      if (!/[{,]\s*le\s*=\s*["']/.test(success))
        return refuse(
          '/latency/success',
          'the metric must name one bucket: `le="0.5"`. Without it every bucket is counted.',
        )
      return counters('good', ['success', success], metricOf(body.total))
    }
    case 'latencyNative': {
      const [total, limit] = [metricOf(body.total), seconds(body.latency)]
      if (limit === null) return refuse('/latencyNative/latency', 'a duration such as `200ms` is needed.')
      const read = readSelector(total)
      if (read.state === 'refused') return refuse('/latencyNative/total', `\`metric\`: ${read.detail}`)
      const asked = `${sum}(increase(${total}[1m]))`
      return computed(
        `histogram_fraction(0, ${limit}, ${asked}) * histogram_count(${asked})`,
        `histogram_count(${asked})`,
        'Prometheus works out the share within the bucket that holds the limit; each minute is rounded to whole events.',
      )
    }
    case 'bool_gauge': {
      const metric = metricOf(body)
      const read = readSelector(metric)
      if (read.state === 'refused') return refuse('/bool_gauge', `\`metric\`: ${read.detail}`)
      return computed(
        `${sum}(sum_over_time(${metric}[1m]))`,
        `${sum}(count_over_time(${metric}[1m]))`,
        'Each scrape is an event, as in Pyrra: good when the gauge is 1.',
      )
    }
  }
}

function readGrouping(
  written: JsonValue | undefined,
  kind: string,
): { readonly grouping: readonly string[]; readonly notes: Place[] } {
  const labels = (Array.isArray(written) ? written : []).filter((each) => typeof each === 'string')
  if (labels.length === 0) return { grouping: [], notes: [] }
  const say = (detail: string) => [{ path: `/${kind}/grouping`, detail }]
  const by = labels.join(', ')
  const fit = labels.length <= mostAttributes && labels.every((label) => /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label))
  if (!fit)
    return {
      grouping: [],
      notes: say(`All groups (by ${by}) are counted as one objective here; Pyrra keeps a budget for each.`),
    }
  return {
    grouping: [...new Set(labels)],
    notes: say(
      `Each group (by ${by}) keeps a budget of its own and tells of itself, from ${defaultLeastEvents} events in a window on; Pyrra does so from the first. The objective itself is of all groups together, which Pyrra does not have.`,
    ),
  }
}

const sizes: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3_600 }

function seconds(written: JsonValue | undefined): number | null {
  const match = typeof written === 'string' ? /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(written.trim()) : null
  const size = sizes[match?.[2] ?? '']
  return match === null || size === undefined ? null : Number((Number(match[1]) * size).toFixed(6))
}
