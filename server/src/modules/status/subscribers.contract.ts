// Who hears of a page, as the API speaks of it.
import { Type } from 'typebox'
import { operation } from '../../platform/http/operation.ts'
import { Page, PageQuery } from '../../platform/http/page.ts'
import { Id, Name, Nullable, Time, Words } from '../../platform/http/schemas.ts'
import { channels, languages } from './core/index.ts'

export const StatusSubscriber = Type.Object(
  {
    id: Id,
    page: Name,
    customer: Nullable(Type.String({ description: 'Hears of what this customer’s view shows; null of the page.' })),
    channel: Words(channels),
    address: Type.String({ description: 'As much as tells it apart: `a…@example.org`, the host of a webhook.' }),
    components: Nullable(Type.Array(Type.String(), { description: 'Hears of these only; null of everything.' })),
    language: Words(languages),
    state: Words(['waiting', 'hearing', 'paused'], 'waiting: the question is not answered. paused: nothing is sent.'),
    since: Nullable(Time),
    failingSince: Nullable(Time),
    because: Nullable(Type.String({ description: 'What the last message that did not arrive met.' })),
  },
  { title: 'StatusSubscriber' },
)

export const subscribe = operation({
  id: 'statuspages.subscribe',
  method: 'POST',
  path: '/api/v1/status-pages/{page}/subscriptions',
  summary: 'Hear of a page by e-mail or webhook: one question is sent, and nothing more before it is answered',
  description:
    'The answer is the same whether the address was known or not. A webhook gets the link that confirms and the secret that signs every message (Standard Webhooks) in its first body.',
  params: Type.Object({ page: Name }),
  body: Type.Object({
    email: Type.Optional(Type.String({ maxLength: 320 })),
    webhook: Type.Optional(Type.String({ maxLength: 1_000, description: 'An address that begins with https://.' })),
    components: Type.Optional(
      Type.Array(Name, { maxItems: 100, description: 'Hear of these only; left out, of everything.' }),
    ),
    language: Type.Optional(Words(languages, 'Of those of the page; its first unless said.')),
  }),
  reply: Type.Object({ asked: Type.Literal(true) }),
  status: 202,
  errors: ['status.unknown-page', 'status.too-many-subscribers'],
})

export const listSubscribers = operation({
  id: 'statuspages.subscribers',
  method: 'GET',
  path: '/api/v1/status-pages/{page}/subscribers',
  summary: 'Who hears of a page, and who takes nothing any more',
  params: Type.Object({ page: Name }),
  query: Type.Object({
    ...PageQuery,
    failing: Type.Optional(Type.Boolean({ description: 'Only those that messages do not reach.' })),
  }),
  reply: Page(StatusSubscriber),
  errors: ['status.unknown-page'],
})

const OfSubscriber = Type.Object({ id: Id })
export const resumeSubscriber = operation({
  id: 'statuspages.resume-subscriber',
  method: 'POST',
  path: '/api/v1/status-subscribers/{id}/resume',
  summary: 'Send to a paused subscriber again, from the next update on',
  params: OfSubscriber,
  reply: StatusSubscriber,
  errors: ['status.unknown-subscriber'],
})

export const removeSubscriber = operation({
  id: 'statuspages.remove-subscriber',
  method: 'DELETE',
  path: '/api/v1/status-subscribers/{id}',
  summary: 'End a subscription; nothing more is sent',
  params: OfSubscriber,
  reply: Type.Null(),
  status: 204,
  errors: ['status.unknown-subscriber'],
})
