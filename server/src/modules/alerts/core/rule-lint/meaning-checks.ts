// What can be told from the expression: causes that page, raw error rates, blindness without data or traffic.
import { formatDuration, minute } from '../../../../kernel/duration.ts'
import {
  allOf,
  type Condition,
  callsIn,
  conditionsOf,
  isComparison,
  numberOf,
  type Series,
  seriesOf,
} from './expression.ts'
import type { Expr } from './promql.ts'
import type { Check, Said, Subject } from './rule.ts'

const forecasts = new Set(['predict_linear', 'double_exponential_smoothing', 'holt_winters'])
const rates = new Set(['rate', 'irate', 'increase', 'delta', 'idelta'])
const absents = new Set(['absent', 'absent_over_time'])

const decisive = (expr: Expr): readonly Condition[] => conditionsOf(expr).filter(({ guard }) => !guard)

// Of the exporters people use: how much of a machine is in use. What fails or is killed is no cause but an effect.
const causes: readonly (readonly [string, RegExp])[] = [
  ['CPU', /(?:^|[_:])cpus?(?:[_:]|$)|(?:^|_)load(?:1|5|15|_average)?$|_cpu_/],
  [
    'memory',
    /(?:^|[_:])(?:memory|mem|heap|rss|swap)[_:](?:\w*)(?:bytes|used|usage|free|avail|percent|ratio)|Mem(?:Available|Free)|working_set/,
  ],
  [
    'disk',
    /(?:^|[_:])(?:filesystem|disk|volume|fs|storage)[_:](?:\w*)(?:free|avail|used|usage|space|capacity|busy|io|size|bytes|utili[sz]ation)/,
  ],
  ['threads', /(?:^|_)(?:threads|goroutines|open_fds|file_descriptors|file_handles)(?:_|$)/],
]
const effects =
  /error|exception|fail|deadlock|oom|kill|drop|reject|evict|throttl|latenc|duration|corrupt|missing|wait_seconds|healthy/i

const causePages: Check = {
  id: 'cause-pages',
  why: 'A busy machine is no harm by itself: people are woken for what users notice, and look at causes by day.',
  wayOut:
    'Page on an objective (errors, latency) instead and lower this one to `warning`; for what fills up, ask `predict_linear` how long it lasts.',
  look: ({ expr, loudness }) => {
    if (expr === null || loudness !== 'page' || callsIn(expr, forecasts)) return []
    for (const { measured, bound } of decisive(expr)) {
      if (bound === null) continue
      const series = seriesOf(measured)
      const cause = causes.find(([, pattern]) => series.some(({ metric }) => pattern.test(metric)))
      if (cause !== undefined && !series.some(({ metric }) => effects.test(metric)))
        return [{ level: 'warning', field: 'expr', what: `It pages for ${cause[0]} in use.` }]
    }
    return []
  },
}

// Of what is asked, not of who asks: `thanos_query_…` is a program.
const answered = /request|http|grpc|rpc|response|queries|query_(?:total|error|fail)|calls?_|invocation/i
const failed = /error|fail|exception|5xx|4xx|internal|unavailable|deadlineexceeded|dataloss/i
const codes =
  /^(?:code|status|status_code|response_code|http_status|grpc_code|grpc_status|status_class|result|outcome)$/
const burn = /burn|budget|(?:^|[_:])slo(?:[_:]|$)/i

const badAnswer = ({ metric, matchers }: Series): boolean =>
  answered.test(metric) &&
  (failed.test(metric) ||
    matchers.some(
      ({ label, operator, value }) =>
        codes.test(label) &&
        (operator === '=' || operator === '=~') &&
        (/^\(?\^?[45]/.test(value) || failed.test(value)),
    ))

const rawErrors: Check = {
  id: 'raw-error-threshold',
  why: 'A fixed error rate pages for a short spike that costs nothing, and sleeps through a slow burn that costs the month.',
  wayOut:
    'Declare an objective and let its burn rates page: two windows, long and short (`mainstay slo rules` writes them for Prometheus too).',
  look: ({ rule, expr, loudness }) => {
    if (expr === null || loudness === 'note') return []
    if (burn.test(rule.name) || seriesOf(expr).some(({ metric }) => burn.test(metric))) return []
    const conditions = conditionsOf(expr).filter(
      ({ operator, bound, measured }) =>
        operator.startsWith('>') &&
        bound !== null &&
        callsIn(measured, rates) &&
        seriesOf(measured).some((each) => badAnswer(each)),
    )
    // Two windows of the same errors are a burn rate, whatever they are called.
    const windows = new Set(conditions.flatMap(({ measured }) => seriesOf(measured).map(({ rangeMs }) => rangeMs)))
    if (conditions.every(({ guard }) => guard) || windows.size > 1) return []
    const level = loudness === 'page' ? 'warning' : 'hint'
    return [{ level, field: 'expr', what: 'It fires when errors of requests pass a fixed rate.' }]
  },
}

const clocks = new Set(['time', 'timestamp'])
const dates = /_ttl_|expir|days_until|not_after|timestamp/

/** Shorter than this, a blip becomes an alert: a page costs sleep, a ticket has time. */
const shortest = { page: minute, ticket: 5 * minute, note: 0 } as const

const forMissing: Check = {
  id: 'for-too-short',
  why: 'One late scrape or one restart is enough to tell people of nothing.',
  wayOut: 'Wait: `for: 1m` at least for what pages, `for: 5m` for what has time until the morning.',
  look: ({ rule, expr, loudness }) => {
    const waits = rule.forMs ?? 0
    if (expr === null || loudness === 'note' || waits >= shortest[loudness]) return []
    // What is measured over minutes has waited already.
    const looksBack = allOf(expr).some(
      (each) => (each.kind === 'series' || each.kind === 'subquery') && (each.rangeMs ?? 0) >= minute,
    )
    // An age and a date that comes nearer pass their line once.
    const slow = callsIn(expr, clocks) || seriesOf(expr).some(({ metric }) => dates.test(metric))
    if (looksBack || slow || numberOf(expr) !== null) return []
    const word = loudness === 'page' ? 'a page' : 'a warning'
    if (waits > 0)
      return [{ level: 'hint', field: 'for', what: `\`for: ${formatDuration(waits)}\` is short for ${word}.` }]
    const what =
      rule.forMs === null ? 'It has no `for` and looks at one moment only.' : '`for: 0` fires at the first look.'
    return [{ level: 'warning', field: rule.forMs === null ? 'alert' : 'for', what }]
  },
}

const noComparison: Check = {
  id: 'no-comparison',
  why: 'It fires for as long as there are data at all.',
  wayOut: 'Compare it with something: `… > 0`.',
  look: ({ expr }) => {
    if (expr === null || numberOf(expr) !== null || callsIn(expr, absents)) return []
    const compares = allOf(expr).some((each) => each.kind === 'binary' && isComparison(each.operator) && !each.bool)
    // `unless` is a comparison of what is there with what should be.
    const takesAway = expr.kind === 'binary' && expr.operator === 'unless'
    const alerts = seriesOf(expr).some(({ metric }) => metric === 'ALERTS')
    return compares || takesAway || alerts
      ? []
      : [{ level: 'warning', field: 'expr', what: 'Nothing in it is compared with anything.' }]
  },
}

/** When less is worse, nothing at all is worst, and then there is no series that could fire. */
const blind: Check = {
  id: 'no-data-blind',
  why: 'When the target, the exporter or the series is gone, nothing is below the threshold: the alert ends just when it matters.',
  wayOut: 'Add `or absent(…)`, or a rule of its own with `absent(metric{…})` for the same series.',
  look: ({ rule, expr, loudness, watched }) => {
    if (expr === null || loudness !== 'page' || fillsIn(expr)) return []
    for (const { measured, operator, bound } of decisive(expr)) {
      const none = operator === '==' && bound === 0
      if (
        bound === null ||
        !(none || operator.startsWith('<')) ||
        callsIn(measured, rates) ||
        callsIn(measured, absents)
      )
        continue
      const series = seriesOf(measured)
      if (series.length === 0 || series.some((each) => isWatched(each, rule.file, watched))) continue
      return [
        {
          level: none ? 'warning' : 'hint',
          field: 'expr',
          what: `Nothing tells when ${nameOf(series[0])} is gone altogether.`,
        },
      ]
    }
    return []
  },
}

const nameOf = (series: Series | undefined): string =>
  series === undefined || series.metric === '' ? 'the series' : `\`${series.metric}\``

function isWatched({ metric, matchers }: Series, file: string, watched: Subject['watched']): boolean {
  if (matchers.some(({ label, value }) => label === 'job' && watched.jobs.has(value))) return true
  if (metric === 'up') return watched.metrics.has(metric) && watched.jobs.size === 0
  return watched.metrics.has(metric) || watched.everyTarget || watched.targetsOf.has(file)
}

/** `or vector(0)` and `or absent(…)` say what holds without data. */
function fillsIn(expr: Expr): boolean {
  return allOf(expr).some(
    (each) =>
      each.kind === 'binary' &&
      each.operator === 'or' &&
      (numberOf(each.right) !== null || callsIn(each.right, absents)),
  )
}

const limits = /(?:^|_)(?:limit|limits|quota)(?:_|$)|memory_max_bytes|maxmemory/
const bounding = new Set(['clamp_min', 'clamp'])

/** 0/0 is NaN and fires nothing; 1/0 is infinite and fires always; one of two is half. */
const unguarded: Check = {
  id: 'ratio-unguarded',
  why: 'Without traffic the ratio is no number and the alert is blind; with two requests in the night one failure is half of all. A limit of 0 often means none, and then everything is over it.',
  wayOut: 'Ask for traffic as well: `… and sum(rate(total[5m])) > 0.1`; for limits: `… and limit > 0`.',
  look: ({ expr, loudness }) => {
    if (expr === null || loudness === 'note') return []
    const conditions = conditionsOf(expr)
    for (const { measured, bound, guard, operator } of conditions) {
      if (guard || bound === null) continue
      const below = dividersIn(measured).find(
        (each) => mayBeNothing(each, operator) && !isGuarded(each, conditions, measured),
      )
      if (below === undefined) continue
      const [first] = seriesOf(below)
      const what = `It divides by ${nameOf(first)}, which may be 0.`
      return [{ level: loudness === 'page' ? 'warning' : 'hint', field: 'expr', what }]
    }
    return []
  },
}

const dividersIn = (expr: Expr): readonly Expr[] =>
  allOf(expr).flatMap((each) =>
    each.kind === 'binary' && each.operator === '/' && numberOf(each.right) === null ? [each.right] : [],
  )

function mayBeNothing(below: Expr, operator: string): boolean {
  if (callsIn(below, bounding)) return false
  if (allOf(below).some((each) => each.kind === 'binary' && (isComparison(each.operator) || each.operator === 'or')))
    return false
  if (callsIn(below, rates)) return true
  return operator.startsWith('>') && seriesOf(below).some(({ metric }) => limits.test(metric))
}

/** Another condition looks at the same series, without dividing by them. */
function isGuarded(below: Expr, conditions: readonly Condition[], measured: Expr): boolean {
  const metrics = new Set(seriesOf(below).map(({ metric }) => metric))
  return conditions.some(
    (other) =>
      other.measured !== measured &&
      ['>', '>=', '!='].includes(other.operator) &&
      dividersIn(other.measured).length === 0 &&
      seriesOf(other.measured).some(({ metric }) => metrics.has(metric)),
  )
}

/** Aggregations that say nothing at all when there is nothing, instead of 0. */
const countOfNothing: Check = {
  id: 'count-of-nothing',
  why: 'Counting no series gives no result rather than 0, so this never fires.',
  wayOut: 'Ask `absent(…)`, or add `or vector(0)` to the count.',
  look: ({ expr }) => {
    if (expr === null) return []
    for (const { measured, operator, bound } of decisive(expr)) {
      if (measured.kind !== 'aggregate' || (measured.name !== 'count' && measured.name !== 'group')) continue
      const below =
        (operator === '==' && bound === 0) || (operator === '<' && bound === 1) || (operator === '<=' && bound === 0)
      if (below) return [{ level: 'error', field: 'expr', what: `\`${measured.name}(…)\` is never less than 1.` }]
    }
    return []
  },
}

const notANumber: Check = {
  id: 'nan-comparison',
  why: 'No comparison with NaN holds but `!=`, which always does.',
  wayOut:
    'Ask whether it is a number with `x == x`; replace `scalar(…)` by `on () group_left ()`, which says what is missing.',
  look: ({ expr }) => {
    if (expr === null) return []
    for (const each of allOf(expr)) {
      if (each.kind !== 'binary' || !isComparison(each.operator)) continue
      const sides = [each.left, each.right]
      if (sides.some((side) => Number.isNaN(numberOf(side) ?? 0)))
        return [{ level: 'error', field: 'expr', what: 'It is compared with NaN.' }]
      if (sides.some((side) => allOf(side).some((part) => part.kind === 'call' && part.name === 'scalar')))
        return [
          {
            level: 'hint',
            field: 'expr',
            what: '`scalar(…)` is NaN unless there is exactly one series.',
          } satisfies Said,
        ]
    }
    return []
  },
}

export const meaningChecks: readonly Check[] = [
  causePages,
  rawErrors,
  forMissing,
  noComparison,
  blind,
  countOfNothing,
  unguarded,
  notANumber,
]
