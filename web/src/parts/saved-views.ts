// Views of a list that somebody wants to come back to: a name and what follows the question mark. They stand in this
// browser; to others one gives the address itself.

export interface SavedView {
  readonly name: string
  /** `severity=SEV1&service=payment`, its parameters in alphabetical order. */
  readonly query: string
}

export const mostViews = 12
export const longestName = 40

/** The same view whatever the order in which it was narrowed; `not` are parameters that open a form. */
export function queryOf(search: URLSearchParams, not: readonly string[]): string {
  const kept = [...search].filter(([name, value]) => value !== '' && !not.includes(name))
  return new URLSearchParams(kept.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))).toString()
}

/** What a browser kept may be of another version, or of another hand: what is no view is left out. */
export function readViews(kept: string | null): readonly SavedView[] {
  try {
    const found: unknown = JSON.parse(kept ?? '[]')
    return Array.isArray(found) ? found.flatMap((each: unknown) => viewOf(each) ?? []).slice(0, mostViews) : []
  } catch {
    return []
  }
}

function viewOf(value: unknown): SavedView | null {
  if (typeof value !== 'object' || value === null || !('name' in value) || !('query' in value)) return null
  const { name, query } = value
  return typeof name === 'string' && typeof query === 'string' && name.trim() !== '' ? { name, query } : null
}

/** One of the same name, or of the same query, gives way to the new one. */
export function withView(views: readonly SavedView[], { name, query }: SavedView): readonly SavedView[] {
  const added = { name: name.trim().slice(0, longestName), query }
  if (added.name === '') return views
  const others = views.filter((each) => each.name !== added.name && each.query !== query)
  return [...others, added].slice(-mostViews)
}
