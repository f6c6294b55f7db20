// Which job carries which message: news never stands in the way of a page.
import type { DeliveryRow } from '../deliveries.store.ts'
import { deliver, deliverNotice, deliverToWebhook } from '../notifications.contract.ts'

export function jobOf({ purpose, webhook }: Pick<DeliveryRow, 'purpose' | 'webhook'>) {
  if (webhook !== null) return deliverToWebhook
  return purpose === 'page' || purpose === 'bundle' ? deliver : deliverNotice
}
