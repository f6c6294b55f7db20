// What is kept of a webhook beside its document: the secret that signs, sealed; and a try of the whole path.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { day, second } from '../../../kernel/duration.ts'
import { plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { generateWebhookSecret, isWebhookSecret } from '../../../platform/egress/index.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { recentWebhookTest } from '../deliveries.store.ts'
import type { NotificationPorts } from '../notifications.ports.ts'
import { webhookSecretReplaced } from '../webhooks.contract.ts'
import { findWebhook, insertWebhook, lockWebhook, moveWebhook, saveSecret, type WebhookRow } from '../webhooks.store.ts'
import { queueForWebhook } from './page-webhooks.ts'
import { contextOf } from './webhook-address.ts'

type Sealing = Pick<NotificationPorts, 'seal' | 'open'>

/** A receiver changes over within this. */
export const formerMs = day

/** In the transaction that saves its document. A kept secret signs for the host it was made for, and for no other. */
export async function keepWebhook(
  tx: Tx,
  ports: Pick<Sealing, 'seal'>,
  { name, url, team }: Pick<WebhookRow, 'name' | 'url' | 'team'>,
): Promise<void> {
  const known = await lockWebhook(tx, name)
  const secret = () => ports.seal(generateWebhookSecret(), contextOf(name))
  if (known === null) return insertWebhook(tx, { name, url, team, secret: secret() })
  await moveWebhook(tx, { name, url, team })
  if (new URL(known.url).origin !== new URL(url).origin)
    await saveSecret(tx, { name, secret: secret(), secretBy: null, former: null, formerUntil: null })
}

/** Answers the secret when it was made here: it is shown once. */
export async function replaceWebhookSecret(
  needs: Needs,
  ports: Sealing,
  order: { readonly name: string; readonly secret: string | null; readonly actor: Actor },
): Promise<string | null> {
  const { name } = order
  if (order.secret !== null && !isWebhookSecret(order.secret))
    throw new AppError('invalid', 'notifications.webhook-secret-invalid', 'The secret cannot sign.', {
      faults: [{ pointer: '/secret', detail: 'Write whsec_ and 24 to 64 bytes in base64, or leave it out.' }],
    })
  const made = order.secret === null ? generateWebhookSecret() : null
  await needs.database.transaction(async (tx) => {
    const known = await lockWebhook(tx, name)
    if (known === null) throw unknownWebhook(name)
    await saveSecret(tx, {
      name,
      secret: ports.seal(order.secret ?? made ?? '', contextOf(name)),
      secretBy: order.actor.name,
      former: known.secret,
      formerUntil: plus(await tx.now(), formerMs),
    })
    await needs.journal.publish(tx, webhookSecretReplaced, {
      actor: order.actor,
      subject: { kind: 'webhook', id: name },
      data: { webhook: name },
    })
  })
  return made
}

/** The whole path of a page without an alert; answers the delivery's key. */
export async function testWebhook(needs: Needs, name: string): Promise<string> {
  return needs.database.transaction(async (tx) => {
    if ((await findWebhook(tx, name)) === null) throw unknownWebhook(name)
    if (await recentWebhookTest(tx, name, plus(await tx.now(), -10 * second)))
      throw new AppError('limited', 'notifications.tested-just-now', 'It was tested a moment ago.', {
        retryAfterSeconds: 10,
      })
    const occasion = needs.newId()
    return queueForWebhook(tx, ['webhook-test', occasion], {
      purpose: 'test',
      pageId: occasion,
      alertId: null,
      service: null,
      webhook: name,
      because: 'a test',
      content: { label: name },
    })
  })
}

export const unknownWebhook = (name: string): AppError =>
  new AppError('not-found', 'notifications.unknown-webhook', `There is no webhook ${name}.`)
