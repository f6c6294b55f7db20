// Every name of set-aside work that leaves: what failed for good, and what an administrator decides about it.
import { Type } from 'typebox'
import { operation } from '../../platform/http/operation.ts'
import { Page, PageQuery } from '../../platform/http/page.ts'
import { Nullable, Text, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'

export const SetAsideWork = Type.Object(
  {
    id: Type.Integer(),
    kind: Type.String({ description: 'The job: `notifications.deliver`.' }),
    key: Nullable(Type.String({ description: 'What it is about; at most one waiting row for a kind and key.' })),
    lane: Words(['page', 'notify', 'normal', 'bulk', 'webhook', 'mail', 'chat', 'outside', 'letters', 'hooks']),
    dueAt: Time,
    setAsideAt: Time,
    attempts: Type.Integer(),
    lastError: Nullable(Type.String()),
  },
  { title: 'SetAsideWork' },
)

const params = Type.Object({ id: Type.Integer({ minimum: 1 }) })

export const listSetAsideWork = operation({
  id: 'work.set-aside',
  method: 'GET',
  path: '/api/v1/work/set-aside',
  summary: 'Work that failed for good, newest first',
  description: 'It does not run again by itself. Retry it when the cause is gone, or drop it.',
  query: Type.Object({ ...PageQuery, kind: Type.Optional(Type.String({ maxLength: 200 })) }),
  reply: Page(SetAsideWork),
})

export const retryWork = operation({
  id: 'work.retry',
  method: 'POST',
  path: '/api/v1/work/set-aside/{id}/retry',
  summary: 'Run set-aside work again, at once and with all its attempts',
  params,
  reply: SetAsideWork,
  errors: ['work.unknown', 'work.superseded'],
})

export const dropWork = operation({
  id: 'work.drop',
  method: 'POST',
  path: '/api/v1/work/set-aside/{id}/drop',
  summary: 'Give set-aside work up; what it was and why stays in the journal',
  params,
  body: Type.Object({ reason: Text(500, 'Why it need not be done any more.') }),
  reply: SetAsideWork,
  errors: ['work.unknown'],
})

interface Fact {
  readonly [name: string]: string | number | null
  readonly kind: string
  readonly key: string | null
  readonly attempts: number
  readonly lastError: string | null
}

export const workRetried = defineEvent<Fact>({
  type: 'work.retried',
  summary: 'Work that had been set aside was made due again.',
})
export const workDropped = defineEvent<Fact>({
  type: 'work.dropped',
  summary: 'Work that had been set aside was given up.',
})

export const workErrors = [
  { code: 'work.unknown', summary: 'No such work is set aside.' },
  { code: 'work.superseded', summary: 'Newer work for the same waits already.' },
] as const
