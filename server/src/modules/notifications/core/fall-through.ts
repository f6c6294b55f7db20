// When a message that was taken is not believed to have been heard.
import { minute } from '../../../kernel/duration.ts'
import type { Urgency } from '../../../kernel/severity.ts'
import type { ContactKind } from './contact.ts'

/** A push service takes a message for a phone that is off as gladly as for one in the hand. */
export const unseenAfterMs = minute

/** Kinds whose acceptance says nothing about the person. Calls and texts are told of by their provider instead. */
const silentKinds: ReadonlySet<ContactKind> = new Set(['webpush', 'ntfy', 'telegram'])

export function fallsThroughUnseen(delivery: {
  readonly kind: ContactKind
  readonly purpose: string
  readonly urgency: Urgency
}): boolean {
  const isPage = delivery.purpose === 'page' || delivery.purpose === 'bundle'
  return isPage && delivery.urgency === 'high' && silentKinds.has(delivery.kind)
}
