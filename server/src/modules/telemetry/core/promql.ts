// Just enough of PromQL to know whether a query only picks series: then the samples themselves can be read, with the
// time of each scrape, and nothing between two slice ends is lost to a restart.
import { type Matcher, regexFault } from './selector.ts'

const name = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const text = `"(?:[^"\\\\\\n]|\\\\.)*"|'(?:[^'\\\\\\n]|\\\\.)*'`
const matcher = `\\s*[a-zA-Z_][a-zA-Z0-9_]*\\s*(?:=~|!~|!=|=)\\s*(?:${text})\\s*`
const matchers = `\\{(?:${matcher}(?:,${matcher})*,?)?\\s*\\}`
const selector = new RegExp(`^\\s*(?:${name}\\s*(?:${matchers})?|${matchers})\\s*$`)
const longest = 4_000
/** Numbers to PromQL, not metrics. */
const numbers = /^\s*(inf|nan)\s*$/i

export function isPlainSelector(query: string): boolean {
  return query.length <= longest && selector.test(query) && !numbers.test(query)
}

export type ReadSelector =
  | { readonly state: 'read'; readonly metric: string; readonly filters: readonly Matcher[] }
  | { readonly state: 'refused'; readonly detail: string }

const pair = new RegExp(`\\s*([a-zA-Z_][a-zA-Z0-9_]*)\\s*(=~|!~|!=|=)\\s*(${text})\\s*,?`, 'y')
const operators = { '=': 'equals', '!=': 'not-equals', '=~': 'regex', '!~': 'not-regex' } as const

/** `http_requests_total{code=~"5.."}` as a metric and what its labels must hold. */
export function readSelector(query: string): ReadSelector {
  const refuse = (detail: string): ReadSelector => ({ state: 'refused', detail })
  if (!isPlainSelector(query))
    return refuse('A metric and its labels only, such as `http_requests_total{code=~"5.."}`: nothing is computed here.')
  const open = query.indexOf('{')
  const bare = (open === -1 ? query : query.slice(0, open)).trim()
  const filters: Matcher[] = []
  let metric = bare
  const inside = open === -1 ? '' : query.slice(open + 1, query.lastIndexOf('}'))
  pair.lastIndex = 0
  for (let found = pair.exec(inside); found !== null; found = pair.exec(inside)) {
    const [, key = '', sign = '', quoted = ''] = found
    const value = unquote(quoted)
    const op = sign === '=' || sign === '!=' || sign === '=~' || sign === '!~' ? operators[sign] : null
    if (op === null) continue
    const fault = op === 'regex' || op === 'not-regex' ? regexFault(value) : null
    if (fault !== null) return refuse(`\`${value}\` is no regular expression of RE2: ${fault}`)
    if (key !== '__name__') filters.push({ key, op, value })
    else if (op !== 'equals') return refuse('Name one metric: `__name__` can only be compared with `=`.')
    else metric = value
  }
  return metric === '' ? refuse('The name of the metric is missing.') : { state: 'read', metric, filters }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }

const unquote = (quoted: string): string =>
  quoted.slice(1, -1).replace(/\\(.)/g, (_all, letter: string) => escapes[letter] ?? letter)
