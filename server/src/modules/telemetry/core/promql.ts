// Just enough of PromQL to know whether a query only picks series: then the samples themselves can be read, with the
// time of each scrape, and nothing between two slice ends is lost to a restart.

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
