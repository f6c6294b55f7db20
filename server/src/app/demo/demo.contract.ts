// What the demo adds to the console while it runs: the shop's switches and what reached the local mailbox and webhook.
import { Type } from 'typebox'
import { operation } from '../../platform/http/operation.ts'
import { Nullable, Text, Time } from '../../platform/http/schemas.ts'

const ShopService = Type.Object({
  name: Type.String(),
  state: Type.String(),
  mode: Nullable(Type.String()),
  version: Nullable(Type.String()),
  url: Nullable(Type.String()),
})

export const Demo = Type.Object(
  {
    services: Type.Array(ShopService),
    modes: Type.Array(Type.Object({ mode: Type.String(), meaning: Type.String() })),
    mails: Type.Array(
      Type.Object({
        id: Type.String(),
        to: Type.String(),
        subject: Type.String(),
        at: Time,
        text: Type.String(),
        ackUrl: Nullable(Type.String()),
      }),
    ),
    webhooks: Type.Array(
      Type.Object({ id: Type.String(), at: Time, type: Type.String(), verified: Type.Boolean(), body: Type.String() }),
    ),
    webhookUrl: Type.String({ description: 'A local receiver to try a webhook contact with.' }),
    shopUrl: Type.String(),
    error: Nullable(Type.String({ description: 'Why the shop cannot be reached.' })),
  },
  { title: 'Demo' },
)

export const readDemo = operation({
  id: 'demo.read',
  method: 'GET',
  path: '/api/v1/demo',
  summary: 'The demo shop and the local mailbox',
  reply: Demo,
})
export const breakShop = operation({
  id: 'demo.break',
  method: 'POST',
  path: '/api/v1/demo/break',
  summary: 'Break a service of the demo shop',
  body: Type.Object({ service: Text(63), mode: Type.Optional(Text(63)) }),
  reply: Demo,
  errors: ['demo.refused'],
})
export const repairShop = operation({
  id: 'demo.repair',
  method: 'POST',
  path: '/api/v1/demo/repair',
  summary: 'Repair one service of the demo shop, or all',
  body: Type.Object({ service: Type.Optional(Text(63)) }),
  reply: Demo,
  errors: ['demo.refused'],
})

export const demoErrors = [
  { code: 'demo.refused', summary: 'The shop does not run, or does not know the service or the mode.' },
] as const
