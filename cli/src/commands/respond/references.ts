// Alerts and incidents are spoken of by their number; the API knows them by id.
import { type Api, notFound } from '../../connection/api.ts'
import { usageError } from '../../exit-codes.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
// Numbers asked for at the same time: quick for a handful, gentle for five hundred.
const atOnce = 8

interface Found {
  readonly items: readonly { readonly id: string }[]
}

export type Reference = { readonly id: string } | { readonly number: number }

const listOf = { alert: 'mainstay alerts list', incident: 'mainstay incident list' } as const
type What = keyof typeof listOf

export function readNumberOrId(text: string, what: What): Reference {
  if (uuid.test(text)) return { id: text.toLowerCase() }
  const number = /^#?(\d{1,9})$/.exec(text)?.[1]
  if (number !== undefined && Number(number) > 0) return { number: Number(number) }
  throw usageError(`"${text}" is no ${what}.`, `Use its number such as 42, or its id. See \`${listOf[what]}\`.`)
}

/** The ids in the order they were named, each once. Everything is read before the first question is asked. */
export async function findIds(
  texts: readonly string[],
  what: What,
  ask: (number: number) => Promise<Found>,
): Promise<readonly string[]> {
  const references = texts.map((text) => readNumberOrId(text, what))
  const ids: string[] = []
  for (let from = 0; from < references.length; from += atOnce) {
    const some = references.slice(from, from + atOnce)
    ids.push(...(await Promise.all(some.map((each) => ('id' in each ? each.id : findId(each.number, what, ask))))))
  }
  return [...new Set(ids)]
}

async function findId(number: number, what: What, ask: (number: number) => Promise<Found>): Promise<string> {
  const found = (await ask(number)).items.at(0)
  if (found === undefined) throw notFound(`There is no ${what} ${number}.`, `See \`${listOf[what]} --all\`.`)
  return found.id
}

export const alertIds = (api: Api, texts: readonly string[]): Promise<readonly string[]> =>
  findIds(texts, 'alert', (number) => api.client['alerts.list']({ query: { number, limit: 1 } }))

export async function oneAlertId(api: Api, text: string): Promise<string> {
  const [id = ''] = await alertIds(api, [text])
  return id
}

export async function oneIncidentId(api: Api, text: string): Promise<string> {
  const [id = ''] = await findIds([text], 'incident', (number) =>
    api.client['incidents.list']({ query: { number, limit: 1 } }),
  )
  return id
}
