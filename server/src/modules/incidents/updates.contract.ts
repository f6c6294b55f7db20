// What people outside the room are told, as the API speaks of it.
import { type Static, Type } from 'typebox'
import { operation } from '../../platform/http/operation.ts'
import { Id, Name, Nullable, Text, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { updateAudiences } from './core/index.ts'
import type { IncidentData } from './incidents.contract.ts'

const byId = Type.Object({ id: Id })
const unknown = 'incidents.unknown'

export const IncidentUpdate = Type.Object(
  {
    id: Id,
    number: Type.Integer(),
    audience: Words(updateAudiences),
    customer: Nullable(Type.String({ description: 'The one it was for.' })),
    text: Type.String(),
    postedBy: Type.String(),
    postedAt: Time,
    nextAt: Nullable(Time),
  },
  { title: 'IncidentUpdate' },
)
export type IncidentUpdateReply = Static<typeof IncidentUpdate>

export const draftUpdate = operation({
  id: 'incidents.draft-update',
  method: 'GET',
  path: '/api/v1/incidents/{id}/updates/draft',
  summary: 'An update made of facts only, and what changed since the last one',
  params: byId,
  query: Type.Object({ audience: Type.Optional(Words(updateAudiences)), customer: Type.Optional(Name) }),
  reply: Type.Object(
    {
      audience: Words(updateAudiences),
      customer: Nullable(Type.String()),
      text: Type.String(),
      since: Nullable(Time),
      changed: Type.Array(
        Type.Object({ fact: Type.String(), before: Nullable(Type.String()), after: Nullable(Type.String()) }),
      ),
      nextAt: Nullable(Time),
    },
    { title: 'UpdateDraft' },
  ),
  errors: [unknown, 'incidents.unclear-addressee'],
})
export const listUpdates = operation({
  id: 'incidents.updates',
  method: 'GET',
  path: '/api/v1/incidents/{id}/updates',
  summary: 'What people were told, newest first',
  params: byId,
  reply: Type.Object({ items: Type.Array(IncidentUpdate), updateEveryMs: Nullable(Type.Integer()) }),
  errors: [unknown],
})
export const postUpdate = operation({
  id: 'incidents.post-update',
  method: 'POST',
  path: '/api/v1/incidents/{id}/updates',
  summary: 'Tell people; the clock for the next update starts anew',
  params: byId,
  body: Type.Object({
    audience: Words(updateAudiences),
    customer: Type.Optional({
      ...Name,
      description:
        'With the audience `customer`: on this one’s view of its status page, and told to who hears of that.',
    }),
    text: Text(4000),
    nextInMs: Type.Optional(
      Nullable(
        Type.Integer({
          minimum: 60_000,
          maximum: 604_800_000,
          description: 'As the severity says unless said; null promises none.',
        }),
      ),
    ),
  }),
  reply: IncidentUpdate,
  status: 201,
  errors: [unknown, 'incidents.too-many', 'incidents.unclear-addressee', 'incidents.not-for-customers'],
})
export const updatePosted = defineEvent<
  IncidentData & {
    readonly text: string
    readonly audience: string
    readonly update: number
    readonly customer?: string
  }
>({ type: 'incident.update-posted', summary: 'People were told' })

export const updateErrors = [
  {
    code: 'incidents.unclear-addressee',
    summary: 'An update to one customer names one there is, and no other names any.',
  },
  { code: 'incidents.not-for-customers', summary: 'What is restricted, or a drill, is told to no customer.' },
] as const
