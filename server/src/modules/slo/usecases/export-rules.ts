// The rules of one objective as a file that promtool accepts.
import { stringify } from 'yaml'
import { AppError } from '../../../kernel/app-error.ts'
import { formatDuration } from '../../../kernel/duration.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Matcher } from '../../telemetry/core/index.ts'
import type { StreamSource } from '../../telemetry/index.ts'
import { eventsOf, prometheusRules, type RuleSource } from '../core/prometheus-rules.ts'
import { compileDefinition } from '../definition.ts'
import { needObjective } from './describe-objectives.ts'

export async function exportRules(queries: Queries, name: string): Promise<{ yaml: string; warnings: string[] }> {
  const { definition } = await needObjective(queries, name)
  const rules = compileDefinition(definition)
  const source = ruleSource(definition.source, formatDuration(definition.sliceMs))
  if (definition.budgeting.method !== 'occurrences')
    throw refused('Its budget counts slices of time, not events: Prometheus would have to judge each slice by a rule.')
  const { target, windowMs, calendar, service, displayName } = definition
  const groups =
    source === null
      ? null
      : prometheusRules(
          {
            name,
            displayName,
            service,
            target,
            windowMs: calendar === undefined ? windowMs : null,
            tiers: definition.plan.tiers,
            leastBadForPage: rules.leastBadForPage,
          },
          source,
        )
  if (groups === null) throw refused(`It is counted from ${definition.source.kind}, which Prometheus does not have.`)
  const warnings = calendar === undefined ? [] : ['Alerts only: a calendar window has no counterpart in PromQL.']
  const head = `# Objective ${name}, as Mainstay judges it: events are summed over each window and compared once.\n`
  return { yaml: head + stringify({ groups }, { lineWidth: 0 }), warnings }
}

const refused = (sentence: string) => new AppError('invalid', 'slo.no-prometheus-rules', sentence)

function ruleSource(source: StreamSource, step: string): RuleSource | null {
  if (source.kind === 'prometheus') {
    const { threshold } = source
    if (threshold !== undefined) {
      const op = { lte: '<=', gte: '>=', lt: '<', gt: '>' }[threshold.op]
      const good = (range: string) =>
        `sum(sum_over_time(((${threshold.query}) ${op} bool ${threshold.value})[${range}:${step}]))`
      const total = (range: string) => `sum(count_over_time((${threshold.query})[${range}:${step}]))`
      return {
        form: 'good-total',
        events: (side, range) => (side === 'good' ? good(range) : side === 'total' ? total(range) : null),
      }
    }
    return {
      form: source.form,
      events: (side, range) => {
        const query = source.queries.find((each) => each.side === side)
        return query === undefined ? null : eventsOf(query, range, step)
      },
    }
  }
  if (source.kind !== 'remote-write' && source.kind !== 'scrape') return null
  return {
    form: source.form,
    events: (side, range) => {
      const part = source.parts.find((each) => each.side === side)
      if (part === undefined || part.atMost !== undefined) return null
      return eventsOf({ query: selectorText(part.metric, part.filters), counter: true }, range, step)
    },
  }
}

const quoted = (value: string) => JSON.stringify(value)
const literal = (value: string) => value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

function selectorText(metric: string, filters: readonly Matcher[]): string {
  return filters.length === 0 ? metric : `${metric}{${filters.map(matcherText).join(',')}}`
}

function matcherText(filter: Matcher): string {
  const { key } = filter
  switch (filter.op) {
    case 'equals':
      return `${key}=${quoted(filter.value)}`
    case 'not-equals':
      return `${key}!=${quoted(filter.value)}`
    case 'regex':
      return `${key}=~${quoted(filter.value)}`
    case 'not-regex':
      return `${key}!~${quoted(filter.value)}`
    case 'prefix':
      return `${key}=~${quoted(`${literal(filter.value)}.*`)}`
    case 'not-prefix':
      return `${key}!~${quoted(`${literal(filter.value)}.*`)}`
    case 'in':
      return `${key}=~${quoted(filter.values.map(literal).join('|'))}`
    case 'not-in':
      return `${key}!~${quoted(filter.values.map(literal).join('|'))}`
  }
}
