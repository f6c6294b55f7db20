// Matchers as people type them: one on each line, `name=value`, `name!=value`, `name=~pattern`, `name!~pattern`.
export interface TypedMatcher {
  readonly name: string
  readonly operator: '=' | '!=' | '=~' | '!~'
  readonly value: string
}

const operators = ['=~', '!~', '!=', '='] as const

export type ReadLines =
  | { readonly ok: true; readonly matchers: TypedMatcher[] }
  | { readonly ok: false; readonly line: number }

export function readMatcherLines(text: string): ReadLines {
  const matchers: TypedMatcher[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const [, name = '', sign, value = ''] = /^\s*([^=!~\s]+)\s*(=~|!~|!=|=)\s*(.*?)\s*$/.exec(line) ?? []
    const operator = operators.find((each) => each === sign)
    if (operator === undefined) return { ok: false, line: index + 1 }
    matchers.push({ name, operator, value: /^".*"$/.test(value) ? value.slice(1, -1) : value })
  }
  return { ok: true, matchers }
}

/** What tells this problem from others, and not this one occurrence: its rule and its service. */
export function linesFor(given: Readonly<Record<string, string>>, service: string | null = null): string {
  // A service that came without a label is matched by the same name.
  const labels = service === null ? given : { service, ...given }
  const telling = ['alertname', 'service', 'objective', 'cluster', 'environment']
  const named = telling.filter((name) => labels[name] !== undefined && labels[name] !== '')
  const names = named.length > 0 ? named : Object.keys(labels).slice(0, 3)
  return names.map((name) => `${name}=${labels[name] ?? ''}`).join('\n')
}
