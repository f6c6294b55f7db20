// Questions about an expression: which labels its results carry, which conditions fire it, what it reads.
import type { Binary, Expr } from './promql.ts'

/** What is known of the labels of a result: those that were dropped, or the only ones that can be there. */
export type Carried =
  | { readonly kind: 'all but'; readonly labels: ReadonlySet<string> }
  | { readonly kind: 'only'; readonly labels: ReadonlySet<string> }

const none: Carried = { kind: 'only', labels: new Set() }
const unknown: Carried = { kind: 'all but', labels: new Set() }

/** Whether a result surely has no such label. */
export function lacks(carried: Carried, label: string): boolean {
  return carried.kind === 'only' ? !carried.labels.has(label) : carried.labels.has(label)
}

function without(carried: Carried, labels: readonly string[]): Carried {
  const set = new Set(carried.labels)
  for (const label of labels) carried.kind === 'only' ? set.delete(label) : set.add(label)
  return { kind: carried.kind, labels: set }
}

function withAlso(carried: Carried, labels: readonly string[]): Carried {
  const set = new Set(carried.labels)
  for (const label of labels) carried.kind === 'only' ? set.add(label) : set.delete(label)
  return { kind: carried.kind, labels: set }
}

const onlyOf = (carried: Carried, labels: readonly string[]): Carried => ({
  kind: 'only',
  labels: new Set(labels.filter((label) => !lacks(carried, label))),
})

/** What both sides have: those of a match without `on`, where both must be equal. */
function common(a: Carried, b: Carried): Carried {
  if (a.kind === 'only') return onlyOf(b, [...a.labels])
  return b.kind === 'only' ? onlyOf(a, [...b.labels]) : without(a, [...b.labels])
}

/** What either may have. */
function either(a: Carried, b: Carried): Carried {
  if (a.kind === 'only') return b.kind === 'only' ? withAlso(a, [...b.labels]) : withAlso(b, [...a.labels])
  if (b.kind === 'only') return withAlso(a, [...b.labels])
  return { kind: 'all but', labels: new Set([...a.labels].filter((label) => b.labels.has(label))) }
}

export function carriedBy(expr: Expr): Carried {
  switch (expr.kind) {
    case 'number':
    case 'text':
      return none
    case 'series':
      return unknown
    case 'subquery':
    case 'minus':
      return carriedBy(expr.of)
    case 'aggregate':
      return ofAggregate(expr)
    case 'call':
      return ofCall(expr)
    case 'binary':
      return ofBinary(expr)
  }
}

const keepsSeries = new Set(['topk', 'bottomk', 'limitk', 'limit_ratio'])

function ofAggregate(expr: Extract<Expr, { kind: 'aggregate' }>): Carried {
  const inner = carriedBy(expr.args.at(-1) ?? { kind: 'number', value: 0 })
  if (keepsSeries.has(expr.name)) return inner
  const grouped = expr.grouping === 'by' ? onlyOf(inner, expr.labels) : without(inner, expr.labels)
  const [first] = expr.args
  return expr.name === 'count_values' && first?.kind === 'text' ? withAlso(grouped, [first.value]) : grouped
}

const scalars = new Set(['time', 'scalar', 'vector', 'pi'])
const absents = new Set(['absent', 'absent_over_time'])

function ofCall({ name, args }: Extract<Expr, { kind: 'call' }>): Carried {
  if (scalars.has(name) || args.length === 0) return none
  if (absents.has(name)) return ofAbsent(args)
  // It may bring any label of the info metrics.
  if (name === 'info') return unknown
  const vector = args.find((each) => each.kind !== 'number' && each.kind !== 'text')
  const inner = vector === undefined ? none : carriedBy(vector)
  const [, target] = args
  if (name === 'label_replace' || name === 'label_join')
    return target?.kind === 'text' ? withAlso(inner, [target.value]) : unknown
  if (name === 'histogram_quantile' || name === 'histogram_fraction') return without(inner, ['le'])
  if (name === 'histogram_quantiles') {
    const label = args.find((each) => each.kind === 'text')
    return label?.kind === 'text' ? withAlso(without(inner, ['le']), [label.value]) : unknown
  }
  return inner
}

/** It invents a series of the labels that were asked for by `=`, once each. */
function ofAbsent(args: readonly Expr[]): Carried {
  const [of] = args
  if (of?.kind !== 'series') return none
  const equal = of.matchers.filter(({ operator, value }) => operator === '=' && value !== '')
  const once = equal.filter(({ label }) => of.matchers.filter((each) => each.label === label).length === 1)
  return { kind: 'only', labels: new Set(once.map(({ label }) => label)) }
}

const isScalar = (expr: Expr): boolean =>
  expr.kind === 'number' ||
  (expr.kind === 'minus' && isScalar(expr.of)) ||
  (expr.kind === 'call' && ['time', 'scalar', 'pi'].includes(expr.name)) ||
  (expr.kind === 'binary' && isScalar(expr.left) && isScalar(expr.right))

function ofBinary({ operator, left, right, matching, many, include }: Binary): Carried {
  const [a, b] = [carriedBy(left), carriedBy(right)]
  if (operator === 'and' || operator === 'unless') return a
  if (operator === 'or') return either(a, b)
  if (isScalar(left)) return b
  if (isScalar(right)) return a
  if (many === 'left') return withAlso(a, include)
  if (many === 'right') return withAlso(b, include)
  if (matching === null) return common(a, b)
  return matching.on ? onlyOf(either(a, b), matching.labels) : without(common(a, b), matching.labels)
}

const comparisons = new Set(['==', '!=', '>', '<', '>=', '<='])
export const isComparison = (operator: string): boolean => comparisons.has(operator)

export interface Condition {
  /** What is measured, and the number it is held against; null when that is no number. */
  readonly measured: Expr
  readonly against: Expr
  readonly bound: number | null
  readonly operator: string
  /** It narrows another condition: the right side of `and`. */
  readonly guard: boolean
}

const turned: Readonly<Record<string, string>> = { '>': '<', '<': '>', '>=': '<=', '<=': '>=' }

/** The comparisons that decide whether the alert fires; `unless` takes away and decides nothing by itself. */
export function conditionsOf(expr: Expr, guard = false): readonly Condition[] {
  if (expr.kind !== 'binary') return []
  const { operator, left, right } = expr
  if (operator === 'or') return [...conditionsOf(left, guard), ...conditionsOf(right, guard)]
  if (operator === 'and') return [...conditionsOf(left, guard), ...conditionsOf(right, true)]
  if (operator === 'unless') return conditionsOf(left, guard)
  if (!isComparison(operator)) return []
  const leftBound = numberOf(left)
  if (leftBound !== null && numberOf(right) === null)
    return [{ measured: right, against: left, bound: leftBound, operator: turned[operator] ?? operator, guard }]
  return [{ measured: left, against: right, bound: numberOf(right), operator, guard }]
}

/** Of numbers alone; null when something is measured in it. */
export function numberOf(expr: Expr): number | null {
  if (expr.kind === 'number') return expr.value
  if (expr.kind === 'minus') {
    const value = numberOf(expr.of)
    return value === null ? null : -value
  }
  if (expr.kind === 'call' && expr.name === 'vector' && expr.args[0] !== undefined) return numberOf(expr.args[0])
  if (expr.kind !== 'binary') return null
  const [a, b] = [numberOf(expr.left), numberOf(expr.right)]
  if (a === null || b === null) return null
  const { operator } = expr
  if (operator === '+') return a + b
  if (operator === '-') return a - b
  if (operator === '*') return a * b
  if (operator === '/') return a / b
  return operator === '^' ? a ** b : null
}

export function partsOf(expr: Expr): readonly Expr[] {
  if (expr.kind === 'binary') return [expr.left, expr.right]
  if (expr.kind === 'subquery' || expr.kind === 'minus') return [expr.of]
  return expr.kind === 'call' || expr.kind === 'aggregate' ? expr.args : []
}

/** It and everything in it. */
export function allOf(expr: Expr): readonly Expr[] {
  return [expr, ...partsOf(expr).flatMap(allOf)]
}

export type Series = Extract<Expr, { kind: 'series' }>

export const seriesOf = (expr: Expr): readonly Series[] =>
  allOf(expr).filter((each): each is Series => each.kind === 'series')

export function callsIn(expr: Expr, names: ReadonlySet<string>): boolean {
  return allOf(expr).some((each) => each.kind === 'call' && names.has(each.name))
}
