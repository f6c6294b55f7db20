// Every name about webhooks that leaves the room `notifications`.
import { type Static, Type } from 'typebox'
import type { JsonObject } from '../../kernel/json.ts'
import { operation } from '../../platform/http/operation.ts'
import { Name, Nullable, Text, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { deliveryPhases } from './notifications.contract.ts'

export const Webhook = Type.Object(
  {
    name: Name,
    url: Type.String(),
    team: Nullable(Type.String()),
    secretAt: Type.String({ format: 'date-time', description: 'When the secret was made that signs.' }),
    secretBy: Nullable(
      Type.String({ description: 'Null: it was made with the webhook and shown to nobody; replace it to know one.' }),
    ),
    formerUntil: Nullable(
      Type.String({ format: 'date-time', description: 'The secret before signs as well until then.' }),
    ),
    last: Nullable(
      Type.Object({
        at: Time,
        state: Words(deliveryPhases),
        because: Nullable(Type.String({ description: 'What the receiver said, or why it was not reached.' })),
      }),
    ),
  },
  { title: 'Webhook' },
)
export type WebhookReply = Static<typeof Webhook>

export const listWebhooks = operation({
  id: 'webhooks.list',
  method: 'GET',
  path: '/api/v1/webhooks',
  summary: 'The webhooks that policies may name, with what came of the last message (1,000 at most)',
  reply: Type.Object({ items: Type.Array(Webhook) }),
})

const byName = Type.Object({ name: Name })

export const replaceWebhookSecret = operation({
  id: 'webhooks.replace-secret',
  method: 'POST',
  path: '/api/v1/webhooks/{name}/secret',
  summary: 'Replace the secret that signs; the one before signs as well for a day',
  params: byName,
  body: Type.Object({
    secret: Type.Optional(Text(200, '`whsec_…`, of the receiver’s own. Left out: one is made and shown once.')),
  }),
  reply: Type.Object(
    {
      webhook: Webhook,
      secret: Nullable(Type.String({ description: 'Made just now; it is not shown again.' })),
    },
    { title: 'WebhookSecret' },
  ),
  secretReply: true,
  errors: ['notifications.unknown-webhook', 'notifications.webhook-secret-invalid'],
})

export const testWebhook = operation({
  id: 'webhooks.test',
  method: 'POST',
  path: '/api/v1/webhooks/{name}/test',
  summary: 'Send the webhook a test: the whole path of a page, no alert',
  params: byName,
  reply: Type.Object({ delivery: Type.String() }),
  status: 202,
  errors: ['notifications.unknown-webhook', 'notifications.tested-just-now'],
})

export const webhookSecretReplaced = defineEvent<{ readonly webhook: string } & JsonObject>({
  type: 'webhook.secret-replaced',
  summary: 'The secret that signs what a webhook is told was replaced',
})

export const webhookErrors = [
  { code: 'notifications.unknown-webhook', summary: 'There is no such webhook.' },
  { code: 'notifications.webhook-secret-invalid', summary: 'The secret is not whsec_ and 24 to 64 bytes in base64.' },
] as const
