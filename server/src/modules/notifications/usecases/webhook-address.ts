// Where a webhook is and what signs for it, opened for the channel.
import type { Instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { NotificationPorts } from '../notifications.ports.ts'
import { findWebhook, type WebhookRow } from '../webhooks.store.ts'

/** What the secret is sealed for. */
export const contextOf = (name: string): string => `webhook:${name}`

/** As the channel wants it; null when there is no such webhook. */
export async function openWebhook(
  tx: Tx,
  ports: Pick<NotificationPorts, 'open'>,
  name: string,
): Promise<string | null> {
  const [row, now] = await Promise.all([findWebhook(tx, name), tx.now()])
  return row === null ? null : addressOfWebhook(ports, row, now)
}

export function addressOfWebhook(
  ports: Pick<NotificationPorts, 'open'>,
  row: Pick<WebhookRow, 'name' | 'url' | 'secret' | 'former' | 'formerUntil'>,
  now: Instant,
): string {
  const { name, url, secret, former, formerUntil } = row
  const open = (sealed: string) => ports.open(sealed, contextOf(name))
  const overlap = former !== null && formerUntil !== null && formerUntil > now
  return JSON.stringify({ url, secret: open(secret), ...(overlap ? { former: open(former) } : {}) })
}
