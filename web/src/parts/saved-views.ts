// The query of a view, and views that an earlier version kept in the browser.

export interface KeptView {
  readonly name: string
  readonly query: string
}

/** The same view whatever the order in which it was narrowed; `not` are parameters that open a form. */
export function queryOf(search: URLSearchParams, not: readonly string[]): string {
  const kept = [...search].filter(([name, value]) => value !== '' && !not.includes(name))
  return new URLSearchParams(kept.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))).toString()
}

const most = 12
/** As the server takes it. */
export const longestViewName = 40

/** What a browser kept may be of another version, or of another hand: what is no view is left out. */
export function readKept(kept: string | null): readonly KeptView[] {
  try {
    const found: unknown = JSON.parse(kept ?? '[]')
    return Array.isArray(found) ? found.flatMap((each: unknown) => viewOf(each) ?? []).slice(0, most) : []
  } catch {
    return []
  }
}

function viewOf(value: unknown): KeptView | null {
  if (typeof value !== 'object' || value === null || !('name' in value) || !('query' in value)) return null
  const { name, query } = value
  return typeof name === 'string' && typeof query === 'string' && name.trim() !== '' && query !== ''
    ? { name, query }
    : null
}
