// The `spec` of a metric source, for each type we count: OTLP, Prometheus, pushes, probes.
import type { Fault } from '../../../kernel/app-error.ts'
import { parseDuration } from '../../../kernel/duration.ts'
import { isName, nearest } from '../../../kernel/names.ts'
import { type Matcher, readSelector } from '../../telemetry/core/index.ts'
import type { MetricSource } from '../core/openslo-model.ts'

export type ReadSource =
  | { readonly type: 'otlp'; readonly metric: string; readonly filters: readonly Matcher[]; readonly atMost?: number }
  | { readonly type: 'prometheus'; readonly dataSource: string; readonly query: string }
  | { readonly type: 'remote-write'; readonly metric: string; readonly filters: readonly Matcher[] }
  | {
      readonly type: 'scrape'
      readonly dataSource: string
      readonly metric: string
      readonly filters: readonly Matcher[]
    }
  | { readonly type: 'push' }
  | { readonly type: 'probe'; readonly probe: string; readonly atMostMs?: number }

const types = ['otlp', 'prometheus', 'remote-write', 'scrape', 'push', 'probe'] as const
const keysOf = {
  otlp: ['metric', 'filters', 'atMost'],
  prometheus: ['query'],
  'remote-write': ['query'],
  scrape: ['query'],
  push: ['series'],
  probe: ['probe', 'within'],
} as const

/** Types of the DataSources a document refers to, by name. */
export type DataSourceTypes = ReadonlyMap<string, string>

export function readSource(source: MetricSource, known: DataSourceTypes, faults: Fault[]): ReadSource | null {
  const refuse = (path: string, detail: string) => {
    faults.push({ pointer: `${source.at}${path}`, detail })
    return null
  }
  const referred = source.metricSourceRef === null ? null : (known.get(source.metricSourceRef) ?? null)
  if (source.metricSourceRef !== null && referred === null)
    return refuse('/metricSourceRef', `There is no DataSource ${source.metricSourceRef}.`)
  const written = (source.type ?? referred ?? '').toLowerCase()
  const type = types.find((each) => each === written)
  if (type === undefined) {
    const near = nearest(written, types)
    return refuse(
      '/type',
      `\`${written}\` cannot be counted; ${near === null ? `use ${types.join(', ')}` : `did you mean \`${near}\``}.`,
    )
  }
  const keys: readonly string[] = keysOf[type]
  for (const key of Object.keys(source.spec))
    if (!keys.includes(key))
      refuse(
        `/spec/${key}`,
        `\`${key}\` is not known for ${type}; there are ${keys.map((each) => `\`${each}\``).join(', ')}.`,
      )
  const { spec } = source
  switch (type) {
    case 'push':
      return { type }
    case 'prometheus':
      if (source.metricSourceRef === null)
        return refuse('', 'Name the server: `metricSourceRef` with the name of a DataSource.')
      if (typeof spec.query !== 'string' || spec.query.trim() === '') return refuse('/spec', '`query` is missing.')
      return { type, dataSource: source.metricSourceRef, query: spec.query }
    case 'remote-write': {
      const selector = readSelectorOf(spec, refuse)
      return selector === null ? null : { type, ...selector }
    }
    case 'scrape': {
      if (source.metricSourceRef === null)
        return refuse('', 'Name the endpoint: `metricSourceRef` with the name of a DataSource of type scrape.')
      const selector = readSelectorOf(spec, refuse)
      return selector === null ? null : { type, dataSource: source.metricSourceRef, ...selector }
    }
    case 'probe':
      return readProbe(spec, refuse)
    case 'otlp':
      return readOtlp(spec, refuse)
  }
}

type Refuse = (path: string, detail: string) => null

function readSelectorOf(
  spec: MetricSource['spec'],
  refuse: Refuse,
): { readonly metric: string; readonly filters: readonly Matcher[] } | null {
  if (typeof spec.query !== 'string') return refuse('/spec', '`query` is missing: a metric and its labels.')
  const selector = readSelector(spec.query)
  return selector.state === 'read'
    ? { metric: selector.metric, filters: selector.filters }
    : refuse('/spec/query', selector.detail)
}

function readProbe(spec: MetricSource['spec'], refuse: Refuse): ReadSource | null {
  if (typeof spec.probe !== 'string' || !isName(spec.probe)) return refuse('/spec', '`probe` must name a Probe.')
  if (spec.within === undefined) return { type: 'probe', probe: spec.probe }
  const within = typeof spec.within === 'string' ? parseDuration(spec.within) : null
  return within === null
    ? refuse('/spec/within', 'A duration such as `500ms`.')
    : { type: 'probe', probe: spec.probe, atMostMs: within }
}

function readOtlp(spec: MetricSource['spec'], refuse: Refuse): ReadSource | null {
  const { metric, atMost } = spec
  if (typeof metric !== 'string' || metric === '') return refuse('/spec', '`metric` is missing.')
  if (atMost !== undefined && (typeof atMost !== 'number' || !Number.isFinite(atMost) || atMost < 0))
    return refuse('/spec/atMost', 'A number in the unit of the metric.')
  const filters = spec.filters ?? []
  if (!Array.isArray(filters)) return refuse('/spec/filters', 'A list of filters.')
  if (filters.length > 20) return refuse('/spec/filters', 'At most 20 filters.')
  const read = filters.map((filter: unknown, index) => readFilter(filter, `/spec/filters/${index}`, refuse))
  if (read.some((each) => each === null)) return null
  const matchers = read.filter((each) => each !== null)
  return { type: 'otlp', metric, filters: matchers, ...(typeof atMost === 'number' ? { atMost } : {}) }
}

const operators = ['equals', 'notEquals', 'prefix', 'notPrefix', 'in', 'notIn'] as const

function readFilter(filter: unknown, at: string, refuse: Refuse): Matcher | null {
  if (typeof filter !== 'object' || filter === null) return refuse(at, 'A filter is a mapping.')
  const fields = Object.entries(filter)
  const key: unknown = Object.fromEntries(fields).attribute
  const given = fields.filter(([name]) => name !== 'attribute')
  const [name, value] = given[0] ?? []
  if (typeof key !== 'string' || key === '') return refuse(at, '`attribute` is missing.')
  const operator = operators.find((each) => each === name)
  if (given.length !== 1 || operator === undefined) {
    const hint = name === 'below' || name === 'atLeast' ? ' For status codes write `notPrefix: "5"`.' : ''
    return refuse(
      at,
      `One of ${operators.map((each) => `\`${each}\``).join(', ')} is needed beside \`attribute\`.${hint}`,
    )
  }
  if (operator === 'in' || operator === 'notIn') {
    if (!Array.isArray(value) || value.length === 0 || value.length > 100 || !value.every(isPlain))
      return refuse(`${at}/${operator}`, 'A list of 1 to 100 texts or numbers.')
    return { key, op: operator === 'in' ? 'in' : 'not-in', values: value.map(String) }
  }
  if (!isPlain(value)) return refuse(`${at}/${operator}`, 'A text or a number.')
  const op = { equals: 'equals', notEquals: 'not-equals', prefix: 'prefix', notPrefix: 'not-prefix' } as const
  return { key, op: op[operator], value: String(value) }
}

const isPlain = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
