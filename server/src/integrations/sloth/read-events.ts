// The queries of an SLI of Sloth, which ask for a rate over `{{.window}}`, as counts of events. A sum of the rate of a
// counter becomes the counter itself, which is read as scraped; anything else is asked for once a minute.
import type { JsonObject } from '../../kernel/json.ts'
import { isPlainSelector } from '../../modules/telemetry/core/index.ts'

export type Events =
  | { readonly state: 'read'; readonly ratioMetric: JsonObject; readonly note: string | null }
  | { readonly state: 'refused'; readonly detail: string }

export interface Sides {
  readonly part: 'good' | 'bad'
  readonly query: string
  readonly total: string
}

const windowWord = /\{\{\s*\.window\s*\}\}/g
const rateOfCounter = /^(?:sum\s*\(\s*)?(?:rate|increase)\s*\(([\s\S]+)\[\{\{\s*\.window\s*\}\}\]\s*\)\s*\)?$/

export function readEvents(sides: Sides, dataSource: string): Events {
  const [part, all] = [counterOf(sides.query), counterOf(sides.total)]
  if (part !== null && all !== null) return read(sides, [part, all], dataSource, true)
  const counted = [countOf(sides.query), countOf(sides.total)] as const
  const unclear = counted.find((each) => each.query === null)
  if (unclear !== undefined) return { state: 'refused', detail: unclear.because }
  return read(sides, [counted[0].query ?? '', counted[1].query ?? ''], dataSource, false)
}

/** A ratio of errors that was written out as a division, or as what is left of one, is taken apart into its events. */
export function readRatio(query: string): Sides | null {
  const [first = '', left, more] = split(unwrap(query), '-')
  if (left === undefined) return divided(first, 'bad')
  return unwrap(first) === '1' && more === undefined ? divided(left, 'good') : null
}

const sums = /\b(?!count_over_time)[a-z]+_over_time\s*\(/

function divided(query: string, part: Sides['part']): Sides | null {
  const [above, below, more] = split(unwrap(query), '/')
  if (above === undefined || below === undefined || more !== undefined) return null
  // Sums of shares are no counts: 3.7 of 4 would be rounded to 4 of 4.
  if (sums.test(above) || sums.test(below)) return null
  return part === 'bad' ? sidesOf(above, below) : { part, query: above, total: below }
}

function read(sides: Sides, queries: readonly [string, string], dataSource: string, counter: boolean): Events {
  const metric = (query: string) => ({ metricSource: { metricSourceRef: dataSource, spec: { query } } })
  const note = counter
    ? null
    : 'The query computes, so it is asked for at the end of each minute and rounded to whole events. Plain counters are read as they were scraped and lose nothing.'
  const ratioMetric = { counter, [sides.part]: metric(queries[0]), total: metric(queries[1]) }
  return { state: 'read', ratioMetric, note }
}

/** Errors that are all minus the good ones: the good ones are counted, so that both sides are counters. */
export function sidesOf(error: string, total: string): Sides {
  const [all, good, more] = split(unwrap(error), '-')
  const same = all !== undefined && plain(all) === plain(total)
  return same && good !== undefined && more === undefined
    ? { part: 'good', query: good, total }
    : { part: 'bad', query: error, total }
}

const plain = (query: string): string => unwrap(query).replace(/\s+/g, '')

function counterOf(query: string): string | null {
  const bare = unwrap(query)
  const selector = rateOfCounter.exec(bare)?.[1]?.trim()
  const closes = bare.startsWith('sum') === /\)\s*\)$/.test(bare)
  return selector !== undefined && closes && isPlainSelector(selector) && !/\{\{/.test(selector) ? selector : null
}

const rates = /\b(?:rate|irate|deriv)\s*\(/
const counts = /\b(?:increase|changes|resets|[a-z]+_over_time)\s*\(/

/** What happened in a minute. A rate is of events per second. */
function countOf(query: string): { readonly query: string; readonly because: '' } | { query: null; because: string } {
  const asked = query.trim().replace(windowWord, '1m')
  if (/\{\{/.test(asked))
    return { query: null, because: 'It holds a template other than `{{.window}}`. Write the query out.' }
  if (rates.test(asked) && counts.test(asked))
    return {
      query: null,
      because: 'It mixes rates with counts, so what it counts is not clear. Write both as increases.',
    }
  if (rates.test(asked)) return { query: `60 * (${asked})`, because: '' }
  if (counts.test(asked)) return { query: asked, because: '' }
  return {
    query: null,
    because: 'It is no rate and no increase over `{{.window}}`, so how many events it stands for cannot be told.',
  }
}

/** Without brackets around all of it. */
function unwrap(query: string): string {
  let bare = query.trim()
  while (bare.startsWith('(') && closing(bare) === bare.length - 1) bare = bare.slice(1, -1).trim()
  return bare
}

/** Where the bracket that the text begins with is closed. */
function closing(text: string): number {
  let depth = 0
  for (const [at, letter] of outside(text)) {
    if ('([{'.includes(letter)) depth += 1
    if (')]}'.includes(letter)) depth -= 1
    if (depth === 0) return at
  }
  return -1
}

/** At an operator that stands in no brackets. */
function split(text: string, operator: string): readonly string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (const [at, letter] of outside(text)) {
    if ('([{'.includes(letter)) depth += 1
    else if (')]}'.includes(letter)) depth -= 1
    else if (letter === operator && depth === 0) {
      parts.push(text.slice(from, at).trim())
      from = at + 1
    }
  }
  return [...parts, text.slice(from).trim()]
}

/** Letters outside quoted texts. */
function* outside(text: string): Generator<readonly [number, string]> {
  let quote: string | null = null
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at)
    if (quote !== null) {
      if (letter === '\\' && quote !== '`') at += 1
      else if (letter === quote) quote = null
    } else if (letter === '"' || letter === "'" || letter === '`') quote = letter
    else yield [at, letter]
  }
}
