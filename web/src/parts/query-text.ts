// Search parameters of an address or a request, without those that are empty.

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>

export function withQuery(path: string, query: Query | undefined): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined && value !== '') search.set(name, String(value))
  }
  const text = search.toString()
  return text === '' ? path : `${path}?${text}`
}

/** Leaves out what is empty, as the typed client wants it. */
export function filled<Q extends Query>(query: Q): { [Key in keyof Q]?: Exclude<Q[Key], null | undefined> } {
  return Object.fromEntries(
    Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== ''),
  ) as { [Key in keyof Q]?: Exclude<Q[Key], null | undefined> }
}
