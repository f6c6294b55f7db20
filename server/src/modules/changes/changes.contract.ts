// Every name of the room `changes` that leaves.
import { type Static, Type } from 'typebox'
import type { JsonObject } from '../../kernel/json.ts'
import { operation } from '../../platform/http/operation.ts'
import { Page, PageQuery } from '../../platform/http/page.ts'
import { Id, Name, Nullable, Text, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'

const kinds = ['deployment', 'configuration', 'flag', 'infrastructure', 'rollback', 'other'] as const
export const ChangeKind = Words(kinds)

export const Change = Type.Object(
  {
    id: Id,
    source: Type.String(),
    externalId: Type.String(),
    service: Name,
    kind: ChangeKind,
    version: Nullable(Type.String()),
    summary: Type.String(),
    link: Nullable(Type.String()),
    at: Time,
    recordedAt: Time,
  },
  { title: 'Change' },
)
export type ChangeReply = Static<typeof Change>

export const ChangeOrder = Type.Object(
  {
    source: Type.String({
      pattern: '^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$',
      description: 'Who reports: `github`, `shop-ci`.',
    }),
    externalId: Text(200, 'The reporter’s own id; a second report with it changes nothing.'),
    service: Name,
    kind: Type.Optional(ChangeKind),
    version: Type.Optional(Text(200)),
    summary: Text(500),
    link: Type.Optional(Type.String({ format: 'uri', pattern: '^https?://', maxLength: 2000 })),
    at: Type.Optional(Time),
  },
  { title: 'ChangeOrder' },
)
export type ChangeOrder = Static<typeof ChangeOrder>

export const recordChange = operation({
  id: 'changes.record',
  method: 'POST',
  path: '/api/v1/changes',
  summary: 'Record a deployment or another change, once for each source and external id',
  body: ChangeOrder,
  reply: Change,
  status: 201,
  errors: ['changes.unknown-service', 'changes.in-the-future'],
})

export const listChanges = operation({
  id: 'changes.list',
  method: 'GET',
  path: '/api/v1/changes',
  summary: 'Changes, newest first',
  query: Type.Object({
    ...PageQuery,
    service: Type.Optional(Name),
    from: Type.Optional(Time),
    to: Type.Optional(Time),
  }),
  reply: Page(Change),
})

export const CalendarEntry = Type.Object(
  {
    kind: Words(['change', 'maintenance']),
    id: Id,
    from: Time,
    to: Type.String({ format: 'date-time', description: 'Of a change the same as `from`.' }),
    services: Type.Array(Type.String()),
    title: Type.String(),
    detail: Type.String({ description: 'Of a change who reported it, of a maintenance its reason.' }),
    state: Words(['done', 'scheduled', 'in_progress', 'completed', 'cancelled']),
    during: Type.Array(Id, { description: 'Of a change: the maintenance of its service it fell into.' }),
  },
  { title: 'CalendarEntry' },
)
export type CalendarEntry = Static<typeof CalendarEntry>

export const readCalendar = operation({
  id: 'changes.calendar',
  method: 'GET',
  path: '/api/v1/changes/calendar',
  summary: 'What changed and what maintenance was and is planned, in order; a week back and four ahead unless said',
  query: Type.Object({
    from: Type.Optional(Time),
    to: Type.Optional(Time),
    service: Type.Optional(Name),
  }),
  reply: Type.Object({
    from: Time,
    to: Time,
    entries: Type.Array(CalendarEntry, {
      description: 'The newest 500 changes and the first 500 times of maintenance.',
    }),
    more: Type.Boolean({ description: 'Whether there were more.' }),
  }),
  errors: ['changes.bad-range'],
})

export type ChangeData = {
  readonly service: string
  readonly kind: string
  readonly version: string | null
  readonly summary: string
  readonly at: string
} & JsonObject
export const changeRecorded = defineEvent<ChangeData>({
  type: 'change.recorded',
  summary: 'A deployment or another change was reported',
})

export const changesErrors = [
  { code: 'changes.unknown-service', summary: 'The service is not in the catalog.' },
  { code: 'changes.in-the-future', summary: 'The change lies more than five minutes ahead of the database clock.' },
  { code: 'changes.bad-range', summary: 'The range ends before it begins, or is longer than 400 days.' },
] as const
