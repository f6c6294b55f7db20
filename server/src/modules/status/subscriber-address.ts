// Where somebody wants to hear of a page, as it was typed. Pure, but for the parser of addresses, which `core` does not have.
import type { SubscriberChannel } from './core/index.ts'

export interface SubscriberAddress {
  readonly channel: SubscriberChannel
  readonly address: string
  /** The same for the same receiver, however it was typed. */
  readonly identity: string
  /** What may be shown of it: an address is personal, and the path of a webhook is often its secret. */
  readonly label: string
}

/** Practical, not RFC 5321: something, one @, a name with a dot; no space, no bracket, no line. */
const mailbox = /^[^\s@<>(),;:"[\]\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?\.[A-Za-z]{2,63}$/

export function readMailbox(text: string): SubscriberAddress | null {
  const address = text.trim()
  if (!mailbox.test(address)) return null
  const label = `${address.slice(0, 1)}…@${address.slice(address.indexOf('@') + 1)}`
  return { channel: 'email', address, identity: address.toLowerCase(), label }
}

export const webhookLimit = 1_000

/** `plain`: http too, for receivers an administrator has allowed by their network. Whether it may be reached is egress's matter. */
export function readWebhook(text: string, plain: boolean): SubscriberAddress | null {
  const trimmed = text.trim()
  if (trimmed.length > webhookLimit || !URL.canParse(trimmed)) return null
  const url = new URL(trimmed)
  if (url.protocol !== 'https:' && !(plain && url.protocol === 'http:')) return null
  // A password in an address is sent to whoever reads it.
  if (url.hostname === '' || url.username !== '' || url.password !== '') return null
  url.hash = ''
  return { channel: 'webhook', address: url.href, identity: url.href, label: url.host }
}
