// Which points count for which indicator. Compiled once, then one map look-up by metric name for each metric and a few
// comparisons for each point. Regular expressions are RE2's, linear in the text, so a hostile definition cannot stall
// the intake.
import { RE2JS } from 're2js'
import type { Side } from './sides.ts'

export type Matcher =
  | { readonly key: string; readonly op: 'equals' | 'not-equals' | 'prefix' | 'not-prefix'; readonly value: string }
  | { readonly key: string; readonly op: 'in' | 'not-in'; readonly values: readonly string[] }
  /** RE2, anchored at both ends, as in PromQL. */
  | { readonly key: string; readonly op: 'regex' | 'not-regex'; readonly value: string }

/** What a matching point is: a side of a ratio, or a histogram cut at a threshold in the metric's own unit. */
export type Measured =
  | { readonly kind: 'side'; readonly side: Side }
  | { readonly kind: 'latency'; readonly atMost: number }

export interface Selector {
  readonly indicator: string
  readonly measured: Measured
  /** The metric's name, or how it begins when `namePrefix` is true. */
  readonly metric: string
  readonly namePrefix?: boolean
  /** All must hold. */
  readonly filters: readonly Matcher[]
}

export interface CompiledSelectors {
  readonly byName: ReadonlyMap<string, readonly Selector[]>
  readonly byPrefix: readonly Selector[]
  /** For each name, those of its selectors that ask for one value of an attribute, by that value. */
  readonly byValue: Map<string, ValueIndex>
}

interface ValueIndex {
  readonly byKey: ReadonlyMap<string, ReadonlyMap<string, readonly Selector[]>>
  readonly others: readonly Selector[]
  readonly order: ReadonlyMap<Selector, number>
}

export function compileSelectors(selectors: readonly Selector[]): CompiledSelectors {
  const byName = new Map<string, Selector[]>()
  for (const selector of selectors.filter((each) => each.namePrefix !== true)) {
    const found = byName.get(selector.metric)
    if (found === undefined) byName.set(selector.metric, [selector])
    else found.push(selector)
  }
  return { byName, byPrefix: selectors.filter((each) => each.namePrefix === true), byValue: new Map() }
}

// Thousands of objectives count one metric, each of another job: looked up by the attribute that tells most of them apart,
// a point costs the same however many there are.
function indexValues(selectors: readonly Selector[]): ValueIndex {
  const valuesOf = new Map<string, Set<string>>()
  for (const { key, value } of selectors.flatMap(fixedValues))
    valuesOf.set(key, (valuesOf.get(key) ?? new Set()).add(value))
  const byKey = new Map<string, Map<string, Selector[]>>()
  const others: Selector[] = []
  for (const selector of selectors) {
    let best: { key: string; value: string } | null = null
    for (const each of fixedValues(selector))
      if (best === null || (valuesOf.get(each.key)?.size ?? 0) > (valuesOf.get(best.key)?.size ?? 0)) best = each
    if (best === null) {
      others.push(selector)
      continue
    }
    const byValue = byKey.get(best.key) ?? new Map<string, Selector[]>()
    byKey.set(best.key, byValue)
    const found = byValue.get(best.value)
    if (found === undefined) byValue.set(best.value, [selector])
    else found.push(selector)
  }
  return { byKey, others, order: new Map(selectors.map((selector, index) => [selector, index])) }
}

/** What a missing attribute would equal too is no value to look up. */
function fixedValues({ filters }: Selector): readonly { readonly key: string; readonly value: string }[] {
  return filters.flatMap((filter) => (filter.op === 'equals' && filter.value !== '' ? [filter] : []))
}

/** The selectors a point of a metric counts for, in the order they were given. */
export function hitsOf(
  compiled: CompiledSelectors,
  metric: string,
  point: Attributes,
  resource: Attributes,
): readonly Selector[] {
  let index = compiled.byValue.get(metric)
  if (index === undefined) {
    const selectors = selectorsFor(compiled, metric)
    // Whoever sends makes up names; only those that are counted are kept.
    if (selectors.length === 0) return none
    index = indexValues(selectors)
    if (compiled.byValue.size < mostExpressions || compiled.byName.has(metric)) compiled.byValue.set(metric, index)
  }
  const hits = index.others.filter((selector) => matches(selector, point, resource))
  for (const [key, byValue] of index.byKey)
    for (const selector of byValue.get(point.get(key) ?? resource.get(key) ?? '') ?? none)
      if (matches(selector, point, resource)) hits.push(selector)
  const { order } = index
  return hits.length < 2 ? hits : hits.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0))
}

const none: readonly Selector[] = []

/** The selectors that could match a metric: asked once for each metric, not for each point. */
export function selectorsFor(compiled: CompiledSelectors, metric: string): readonly Selector[] {
  const named = compiled.byName.get(metric) ?? none
  if (compiled.byPrefix.length === 0) return named
  const prefixed = compiled.byPrefix.filter((selector) => metric.startsWith(selector.metric))
  return prefixed.length === 0 ? named : [...named, ...prefixed]
}

export type Attributes = ReadonlyMap<string, string>

/** A point's own attribute hides one of its resource with the same key. */
export function matches(selector: Selector, point: Attributes, resource: Attributes): boolean {
  return selector.filters.every((matcher) => holds(matcher, point.get(matcher.key) ?? resource.get(matcher.key)))
}

// A missing attribute equals the empty text, as in PromQL: `not-equals` holds for it, `equals` does not.
function holds(matcher: Matcher, found = ''): boolean {
  switch (matcher.op) {
    case 'equals':
      return found === matcher.value
    case 'not-equals':
      return found !== matcher.value
    case 'prefix':
      return found.startsWith(matcher.value)
    case 'not-prefix':
      return !found.startsWith(matcher.value)
    case 'in':
      return matcher.values.includes(found)
    case 'not-in':
      return !matcher.values.includes(found)
    case 'regex':
      return compiled(matcher.value).matches(found)
    case 'not-regex':
      return !compiled(matcher.value).matches(found)
  }
}

const expressions = new Map<string, RE2JS>()
const mostExpressions = 1_000

/** Compiling costs a thousand times a match: what was compiled is kept, bounded. */
function compiled(value: string): RE2JS {
  const known = expressions.get(value)
  if (known !== undefined) return known
  if (expressions.size >= mostExpressions) expressions.clear()
  const fresh = RE2JS.compile(value)
  expressions.set(value, fresh)
  return fresh
}

/** Null when RE2 takes the expression, else what is wrong with it. */
export function regexFault(value: string): string | null {
  try {
    RE2JS.compile(value)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/**
 * One name for one stream: metric and all attributes, in key order, unambiguous whatever they contain. The source
 * (who sent it) is the store's part of the key.
 */
export function seriesKey(metric: string, resource: Attributes, point: Attributes): string {
  const pairs = (attributes: Attributes) => [...attributes].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).flat()
  return JSON.stringify([metric, pairs(resource), pairs(point)])
}
