// What a webhook is told: the question whether it wants to hear, and every update, with the way out in each.
import { formatInstant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import { activeImpacts, type StatusPage, stateOf } from './core/index.ts'
import type { PostRow, UpdateRow } from './status.store.ts'

export interface HookText {
  readonly type: string
  readonly subject: string
  readonly data: JsonObject
}

const pageOf = (page: StatusPage, url: string): JsonObject => ({ name: page.name, title: page.title, url })

/** The secret comes this way only: whoever typed the address need not be who reads there. */
export function questionHook(
  page: StatusPage,
  pageUrl: string,
  asked: { readonly components: readonly string[] | null; readonly confirmUrl: string; readonly secret: string },
): HookText {
  return {
    type: 'dev.mainstay.status.question',
    subject: `status-pages/${page.name}`,
    data: {
      page: pageOf(page, pageUrl),
      components: asked.components,
      confirm: asked.confirmUrl,
      secret: asked.secret,
      say: 'Send an empty POST to `confirm`, or open it and press the button, to hear of this page here. Nothing else is sent before. `secret` signs every message (Standard Webhooks).',
    },
  }
}

export function updateHook(
  page: StatusPage,
  post: PostRow,
  update: UpdateRow,
  urls: { readonly page: string; readonly leave: string },
): HookText {
  const { id, kind, title, startsAt, endsAt } = post
  const impacts = activeImpacts({ kind, state: update.state, impacts: update.impacts })
  return {
    type: 'dev.mainstay.status.update',
    subject: `status-posts/${id}`,
    data: {
      page: pageOf(page, urls.page),
      post: {
        ...{ id, kind, title, state: update.state, url: `${urls.page}#${id}` },
        startsAt: startsAt === null ? null : formatInstant(startsAt),
        endsAt: endsAt === null ? null : formatInstant(endsAt),
      },
      update: {
        id: update.id,
        number: update.number,
        at: formatInstant(update.at),
        state: update.state,
        body: update.body,
      },
      components: page.components
        .filter(({ name }) => update.impacts[name] !== undefined)
        .map(({ name, title }) => ({ name, title, state: stateOf(name, [impacts]) })),
      unsubscribe: urls.leave,
    },
  }
}
