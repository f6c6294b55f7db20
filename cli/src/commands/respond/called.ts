// How people are called: commands take the short name, screens show the declared display name everywhere alike.
import { type Api, orNull } from '../../connection/api.ts'

// As many as a screen shows; whoever comes after keeps the short name.
const mostAsked = 30

export type Called = (name: string) => string

export async function calledNames(api: Api, names: readonly (string | null | undefined)[]): Promise<Called> {
  const wanted = [...new Set(names.flatMap((name) => name ?? []))].slice(0, mostAsked)
  const found = await Promise.all(
    wanted.map(async (name) => {
      const person = await orNull(api.client['resources.read']({ params: { plural: 'people', name } }))
      return [name, person?.metadata.displayName ?? name] as const
    }),
  )
  const titles = new Map(found)
  return (name) => titles.get(name) ?? name
}
