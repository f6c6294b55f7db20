// Alerts and incidents are spoken of by their number; the API knows them by id.
import { type Api, notFound } from '../../connection/api.ts'
import { usageError } from '../../exit-codes.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
// How far back a number is looked for: 20 pages of 500.
const mostLookedAt = 10_000

interface Numbered {
  readonly id: string
  readonly number: number
}
type ReadPage = (query: { limit: number; cursor?: string }) => Promise<{
  readonly items: readonly Numbered[]
  readonly nextCursor: string | null
}>

export type Reference = { readonly id: string } | { readonly number: number }

const listOf = { alert: 'mainstay alerts list', incident: 'mainstay incident list' } as const
type What = keyof typeof listOf

export function readNumberOrId(text: string, what: What): Reference {
  if (uuid.test(text)) return { id: text.toLowerCase() }
  const number = /^#?(\d{1,9})$/.exec(text)?.[1]
  if (number !== undefined) return { number: Number(number) }
  throw usageError(`"${text}" is no ${what}.`, `Use its number such as 42, or its id. See \`${listOf[what]}\`.`)
}

/** The ids in the order they were named, each once. */
export async function findIds(
  texts: readonly string[],
  what: What,
  pages: readonly ReadPage[],
): Promise<readonly string[]> {
  const references = texts.map((text) => readNumberOrId(text, what))
  const wanted = new Set(references.flatMap((each) => ('number' in each ? [each.number] : [])))
  const ids = new Map<number, string>()
  for (const read of pages) {
    let cursor: string | null = null
    let seen = 0
    while (ids.size < wanted.size && seen < mostLookedAt) {
      const page = await read({ limit: 500, ...(cursor === null ? {} : { cursor }) })
      for (const { id, number } of page.items) if (wanted.has(number)) ids.set(number, id)
      seen += page.items.length
      cursor = page.nextCursor
      // Newest first: below the smallest number there is nothing more to find.
      const oldest = page.items.at(-1)?.number
      if (cursor === null || (oldest !== undefined && oldest < Math.min(...wanted))) break
    }
  }
  const found = references.map((each) => {
    const id = 'id' in each ? each.id : ids.get(each.number)
    if (id === undefined)
      throw notFound(`There is no ${what} ${'number' in each ? each.number : ''}.`, `See \`${listOf[what]} --all\`.`)
    return id
  })
  return [...new Set(found)]
}

/** Open ones first: that is where people look, and there are few. */
export const alertIds = (api: Api, texts: readonly string[]): Promise<readonly string[]> =>
  findIds(texts, 'alert', [
    (page) => api.client['alerts.list']({ query: { ...page, status: 'open' } }),
    (page) => api.client['alerts.list']({ query: page }),
  ])

export async function oneAlertId(api: Api, text: string): Promise<string> {
  const [id = ''] = await alertIds(api, [text])
  return id
}

export async function oneIncidentId(api: Api, text: string): Promise<string> {
  const [id = ''] = await findIds([text], 'incident', [
    (page) => api.client['incidents.list']({ query: { ...page, status: 'open' } }),
    (page) => api.client['incidents.list']({ query: page }),
  ])
  return id
}
