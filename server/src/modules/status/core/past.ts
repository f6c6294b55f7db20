// What was published elsewhere before it came here: only what is over, in the order of its times, on components there are.
import type { Instant } from '../../../kernel/instant.ts'
import { type ComponentState, firstLanguage, type Impacts, type StatusPage } from './page.ts'
import { isClosing, mostUpdates, type PostState } from './post.ts'
import { wordsOf } from './texts.ts'

export const titleLimit = 200
export const bodyLimit = 5_000

interface Told {
  readonly at: Instant
  readonly state: PostState
  readonly body: string
  readonly impacts: Readonly<Record<string, ComponentState>>
}

export type PastVerdict =
  | { readonly ok: true; readonly updates: readonly (Omit<Told, 'impacts'> & { readonly impacts: Impacts })[] }
  | { readonly ok: false; readonly because: string }

/** The component of the page that was called so elsewhere. */
export function componentCalled(page: StatusPage, name: string): string | null {
  const wanted = name.trim().toLowerCase()
  const found = page.components.find(
    (each) => each.name.toLowerCase() === wanted || each.title.trim().toLowerCase() === wanted,
  )
  return found?.name ?? null
}

export function decidePast(page: StatusPage, told: readonly Told[], now: Instant): PastVerdict {
  const inOrder = [...told].sort((a, b) => a.at - b.at)
  const last = inOrder.at(-1)
  if (last === undefined) return { ok: false, because: 'it has no update' }
  if (last.at > now) return { ok: false, because: 'it ends in the future' }
  if (!isClosing(last.state)) return { ok: false, because: 'it is not over; publish it here' }
  // The first words and the end matter most where there are too many.
  const kept = inOrder.length <= mostUpdates ? inOrder : [...inOrder.slice(0, mostUpdates - 1), last]
  const updates = kept.map(({ at, state, body, impacts }) => {
    const known = Object.entries(impacts).flatMap(([name, impact]): [string, ComponentState][] => {
      const component = componentCalled(page, name)
      return component === null || isClosing(state) ? [] : [[component, impact]]
    })
    const text = body.trim().slice(0, bodyLimit)
    return {
      at,
      state,
      body: text === '' ? `${wordsOf[firstLanguage(page)].posts[state]}.` : text,
      impacts: Object.fromEntries(known),
    }
  })
  return { ok: true, updates }
}
