// What a webhook is told: the question whether it wants to hear, and every update, with the way out in each.
import { formatInstant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import { activeImpacts, stateOf } from './core/index.ts'
import { bodyIn, type Speaking, titleIn, urlTo } from './reading.ts'
import type { PostRow, UpdateRow } from './status.store.ts'

export interface HookText {
  readonly type: string
  readonly subject: string
  readonly data: JsonObject
}

const pageOf = (speaking: Speaking): JsonObject => {
  const { name, title } = speaking.page
  // A customer's link is its key, and is not known here.
  return { name, title, url: speaking.page.customer === null ? urlTo(speaking) : null }
}

/** The secret comes this way only: whoever typed the address need not be who reads there. */
export function questionHook(
  speaking: Speaking,
  asked: { readonly components: readonly string[] | null; readonly confirmUrl: string; readonly secret: string },
): HookText {
  const { page } = speaking
  return {
    type: 'dev.mainstay.status.question',
    subject: `status-pages/${page.name}`,
    data: {
      page: pageOf(speaking),
      components: asked.components,
      confirm: asked.confirmUrl,
      secret: asked.secret,
      say: 'Send an empty POST to `confirm`, or open it and press the button, to hear of this page here. Nothing else is sent before. `secret` signs every message (Standard Webhooks).',
    },
  }
}

export function updateHook(speaking: Speaking, post: PostRow, update: UpdateRow, leave: string): HookText {
  const { page } = speaking
  const { id, kind, startsAt, endsAt } = post
  const title = titleIn(speaking, post).text
  const impacts = activeImpacts({ kind, state: update.state, impacts: update.impacts })
  return {
    type: 'dev.mainstay.status.update',
    subject: `status-posts/${id}`,
    data: {
      page: pageOf(speaking),
      language: speaking.language,
      post: {
        ...{ id, kind, title, state: update.state, url: page.customer === null ? `${urlTo(speaking)}#${id}` : null },
        startsAt: startsAt === null ? null : formatInstant(startsAt),
        endsAt: endsAt === null ? null : formatInstant(endsAt),
      },
      update: {
        id: update.id,
        number: update.number,
        at: formatInstant(update.at),
        state: update.state,
        body: bodyIn(speaking, update).text,
      },
      components: page.components
        .filter(({ name }) => update.impacts[name] !== undefined)
        .map(({ name, title }) => ({ name, title, state: stateOf(name, [impacts]) })),
      unsubscribe: leave,
    },
  }
}
