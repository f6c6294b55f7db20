// An objective as recording and alert rules of Prometheus, for whoever wants its alerts there, too. Bad and total events
// are summed over each window and compared once, as here: ratios of ratios are never averaged. Prometheus itself
// extrapolates increases to the ends of a window, so its sums differ a little from what was counted.
import { formatDuration, minute } from '../../../kernel/duration.ts'
import { type Rational, rational } from '../../../kernel/rational.ts'
import { formatPercent, formatTimes } from './sentence.ts'
import type { PlannedTier } from './tiers.ts'

/** How the events of a stretch are asked for, by side. */
export interface RuleSource {
  readonly form: 'good-bad' | 'good-total' | 'bad-total'
  /** PromQL for what happened in the stretch, in all series together. */
  readonly events: (side: 'good' | 'bad' | 'total', range: string) => string | null
}

export interface RuleObjective {
  readonly name: string
  readonly displayName: string
  readonly service: string
  readonly target: Rational
  /** Null for calendar windows: Prometheus knows no months. */
  readonly windowMs: number | null
  readonly tiers: readonly PlannedTier[]
  readonly leastBadForPage: number
}

export type Rule =
  | { readonly record: string; readonly expr: string; readonly labels: Readonly<Record<string, string>> }
  | {
      readonly alert: string
      readonly expr: string
      readonly labels: Readonly<Record<string, string>>
      readonly annotations: Readonly<Record<string, string>>
    }

export interface RuleGroup {
  readonly name: string
  readonly interval: string
  readonly rules: readonly Rule[]
}

const base = 5 * minute

/** Null when a side cannot be asked for. */
export function prometheusRules(objective: RuleObjective, source: RuleSource): readonly RuleGroup[] | null {
  const { name, service, tiers, target, windowMs } = objective
  const labels = { objective: name, service }
  const windows = [...new Set([base, ...tiers.flatMap((tier) => [tier.longMs, tier.shortMs])])].sort((a, b) => a - b)
  const sums: Rule[] = []
  for (const window of windows) {
    const sides = sidesOf(source, formatDuration(window))
    if (sides === null) return null
    sums.push({ record: recorded('bad', window), expr: sides.bad, labels })
    sums.push({ record: recorded('total', window), expr: sides.total, labels })
  }
  const budget = rational(target.den - target.num, target.den)
  const alerts = tiers.flatMap((tier) => alertsOf(tier, objective, budget))
  const groups = [
    { name: `mainstay-${name}-sums`, interval: '30s', rules: sums },
    { name: `mainstay-${name}-alerts`, interval: '30s', rules: alerts },
  ]
  if (windowMs === null || windowMs <= base) return groups
  return [...groups, { name: `mainstay-${name}-budget`, interval: '5m', rules: budgetRules(windowMs, labels, budget) }]
}

const recorded = (side: 'bad' | 'total', window: number) =>
  `mainstay:objective_${side}:increase${formatDuration(window)}`

// A side that never happened has no series, which is 0 once the other side is there; with neither there is no answer.
function sidesOf({ form, events }: RuleSource, range: string): { bad: string; total: string } | null {
  const [good, bad, total] = [events('good', range), events('bad', range), events('total', range)]
  if (form === 'good-bad') {
    if (good === null || bad === null) return null
    return { bad: `${bad} or 0 * ${good}`, total: `(${good} or 0 * ${bad}) + (${bad} or 0 * ${good})` }
  }
  if (total === null) return null
  if (form === 'bad-total') return bad === null ? null : { bad: `${bad} or 0 * ${total}`, total }
  return good === null ? null : { bad: `clamp_min(${total} - (${good} or 0 * ${total}), 0)`, total }
}

function alertsOf(tier: PlannedTier, objective: RuleObjective, budget: Rational): readonly Rule[] {
  const { name, displayName, service, leastBadForPage } = objective
  const matcher = `{objective="${name}"}`
  const limit = rational(tier.threshold.num * budget.num, tier.threshold.den * budget.den)
  const [long, short] = [tier.longMs, tier.shortMs]
  // Products instead of quotients: no window without events divides by nothing.
  const above = (window: number) =>
    `${recorded('bad', window)}${matcher} * ${limit.den} > ${recorded('total', window)}${matcher} * ${limit.num}`
  const fires = `(${above(long)}) and (${above(short)})`
  const enough = `${recorded('bad', long)}${matcher} >= ${leastBadForPage}`
  const burn = formatTimes(tier.threshold)
  const rule = (severity: 'page' | 'ticket', expr: string, more: string): Rule => ({
    alert: 'ObjectiveBurning',
    expr,
    labels: { objective: name, service, severity, tier: tier.name },
    annotations: {
      summary: `${displayName} spends its error budget more than ${burn} as fast as it lasts.`,
      description: `More than ${burn} over ${formatDuration(long)} and over ${formatDuration(short)}: ${formatPercent(tier.share)} of the budget by then.${more}`,
    },
  })
  if (tier.severity === 'ticket' || leastBadForPage === 0) return [rule(tier.severity, fires, '')]
  return [
    rule('page', `${fires} and (${enough})`, ''),
    // Named apart: whoever pages for a page need not see that it was nearly one.
    rule('ticket', `(${fires}) unless (${enough})`, ' Too few failures for a page, so a ticket.'),
  ]
}

/** From five-minute sums: a month of every series is not read anew each time. */
function budgetRules(windowMs: number, labels: Readonly<Record<string, string>>, budget: Rational): readonly Rule[] {
  const [range, matcher] = [formatDuration(windowMs), `{objective="${labels.objective}"}`]
  const over = (side: 'bad' | 'total') => `sum_over_time(${recorded(side, base)}${matcher}[${range}:5m])`
  const bad = `mainstay:objective_bad:sum${range}`
  const total = `mainstay:objective_total:sum${range}`
  return [
    { record: bad, expr: over('bad'), labels },
    { record: total, expr: over('total'), labels },
    {
      record: 'mainstay:objective_budget_remaining:ratio',
      expr: `1 - ${bad}${matcher} * ${budget.den} / (${total}${matcher} * ${budget.num} > 0)`,
      labels,
    },
  ]
}

const selector = /^\s*[a-zA-Z_:][\w:]*\s*(\{[^{}]*\})?\s*$|^\s*\{[^{}]*\}\s*$/

/** Events of a query: of plain counters their increase, of others the increase of what they compute at each minute. */
export function eventsOf(
  query: { readonly query: string; readonly counter: boolean },
  range: string,
  step: string,
): string {
  const text = query.query.trim()
  if (query.counter)
    return `sum(increase(${selector.test(text) ? `${text}[${range}]` : `(${text})[${range}:${step}]`}))`
  return `sum(sum_over_time((${text})[${range}:${step}]))`
}
