// The customers of status pages, as the API speaks of them.
import { Type } from 'typebox'
import type { JsonObject } from '../../kernel/json.ts'
import { operation } from '../../platform/http/operation.ts'
import { Name, Nullable, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { componentStates } from './core/index.ts'
import { StatusPost } from './status.contract.ts'

export const StatusCustomerView = Type.Object(
  {
    name: Name,
    title: Type.String(),
    page: Name,
    state: Words(componentStates),
    sentence: Type.String(),
    components: Type.Array(
      Type.Object({
        name: Type.String(),
        title: Type.String(),
        state: Words(componentStates),
        own: Type.Boolean({ description: 'The page shows it to nobody else.' }),
      }),
    ),
    link: Nullable(
      Type.Object({ madeAt: Time, madeBy: Type.String() }, { description: 'null: nobody gets in. It is shown once.' }),
    ),
    subscribers: Type.Object({ confirmed: Type.Integer(), waiting: Type.Integer(), paused: Type.Integer() }),
    open: Type.Array(StatusPost, { description: 'What is told to it alone.' }),
    past: Type.Array(StatusPost, { description: 'Over in the last 90 days, newest first.' }),
  },
  { title: 'StatusCustomerView' },
)

export const listCustomers = operation({
  id: 'statuscustomers.list',
  method: 'GET',
  path: '/api/v1/status-customers',
  summary: 'The customers of status pages, how their views stand and what is told to each alone (500 at most)',
  query: Type.Object({ page: Type.Optional(Name) }),
  reply: Type.Object({ items: Type.Array(StatusCustomerView) }),
})

const OfCustomer = Type.Object({ customer: Name })
export const makeLink = operation({
  id: 'statuscustomers.link',
  method: 'POST',
  path: '/api/v1/status-customers/{customer}/link',
  summary: 'Make the secret link of a customer, once more where it has one: the one before leads nowhere then',
  description: 'The address is the permission and is shown only here. Kept is a digest of its secret.',
  params: OfCustomer,
  reply: Type.Object({ customer: Name, url: Type.String() }, { title: 'StatusCustomerLink' }),
  status: 201,
  secretReply: true,
  errors: ['status.unknown-customer'],
})

export const revokeLink = operation({
  id: 'statuscustomers.revoke',
  method: 'DELETE',
  path: '/api/v1/status-customers/{customer}/link',
  summary: 'Take the secret link of a customer away: nobody gets in, who subscribed goes on hearing',
  params: OfCustomer,
  reply: Type.Null(),
  status: 204,
  errors: ['status.unknown-customer', 'status.no-link'],
})

export const customerLinked = defineEvent<
  { readonly page: string; readonly customer: string; readonly again: boolean } & JsonObject
>({ type: 'status.customer-linked', summary: 'A customer of a status page got a secret link, or another one' })
export const customerUnlinked = defineEvent<{ readonly page: string; readonly customer: string } & JsonObject>({
  type: 'status.customer-unlinked',
  summary: 'The secret link of a customer was taken away',
})

export const customerErrors = [
  { code: 'status.unknown-customer', summary: 'There is no such customer of a status page.' },
  { code: 'status.no-link', summary: 'The customer has no link.' },
] as const
