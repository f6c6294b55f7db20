// Views of a list that somebody wants to come back to: a name and what follows the question mark.

export interface SavedView {
  readonly name: string
  /** `severity=SEV1&service=payment`, its parameters in alphabetical order. */
  readonly query: string
}

export const mostViews = 12
export const longestViewName = 40

/** One of the same name, or of the same query, gives way to the new one; the oldest when there are too many. */
export function withView(views: readonly SavedView[], { name, query }: SavedView): readonly SavedView[] {
  const added = { name: name.trim().slice(0, longestViewName), query }
  if (added.name === '') return views
  const others = views.filter((each) => each.name !== added.name && each.query !== query)
  return [...others, added].slice(-mostViews)
}

export function withoutView(views: readonly SavedView[], name: string): readonly SavedView[] {
  return views.filter((each) => each.name !== name)
}
