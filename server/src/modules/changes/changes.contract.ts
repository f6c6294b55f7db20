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
] as const
