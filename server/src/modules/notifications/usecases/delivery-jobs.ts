// Which job carries which message: news never stands in the way of a page, nor does a channel that hangs of pages by another.
import { type ContactKind, carriedBy } from '../core/index.ts'
import type { DeliveryRow } from '../deliveries.store.ts'
import { deliver, deliverByChat, deliverByMail, deliverNotice, deliverToWebhook } from '../notifications.contract.ts'

export function jobOf({ purpose, webhook, kind }: Pick<DeliveryRow, 'purpose' | 'webhook' | 'kind'>) {
  if (webhook !== null) return deliverToWebhook
  return purpose === 'page' || purpose === 'bundle' ? jobOfPage(kind) : deliverNotice
}

export function jobOfPage(kind: ContactKind) {
  const carriers = { mail: deliverByMail, chat: deliverByChat, direct: deliver }
  return carriers[carriedBy(kind)]
}
