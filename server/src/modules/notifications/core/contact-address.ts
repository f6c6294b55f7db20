// What a contact of each kind needs to be told, and what of it may be shown again.
import type { ContactKind } from './contact.ts'

export interface AddressOrder {
  readonly kind: ContactKind
  readonly email?: string | undefined
  readonly url?: string | undefined
  readonly token?: string | undefined
  /** A member, channel or chat as the provider names it. */
  readonly recipient?: string | undefined
  readonly phone?: string | undefined
}

export interface ReadAddress {
  /** As it is sealed. */
  readonly address: string
  /** What makes it the same as another one. */
  readonly identity: string
  readonly label: string
}

export type AddressVerdict =
  | ({ readonly ok: true } & ReadAddress)
  | { readonly ok: false; readonly field: string; readonly detail: string }

type Simple = Exclude<ContactKind, 'webpush' | 'webhook'>

/** ITU-T E.164: a plus sign and at most fifteen digits. */
const phoneNumber = /^\+[1-9]\d{6,14}$/
const slackRecipient = /^[UWCGD][A-Z0-9]{5,20}$/
const mattermostChannel = /^[a-z0-9]{26}$/
/** Of a user in Microsoft Entra. */
const objectId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
/** Groups and channels are negative; public channels have a name. */
const telegramChat = /^(-?\d{1,19}|@[A-Za-z][A-Za-z0-9_]{4,31})$/

const refuse = (field: string, detail: string): AddressVerdict => ({ ok: false, field, detail })

export function readContactAddress(order: AddressOrder & { readonly kind: Simple }): AddressVerdict {
  const { kind } = order
  switch (kind) {
    case 'email':
      if (order.email === undefined) return refuse('email', 'An e-mail contact needs its address.')
      return { ok: true, address: order.email, identity: order.email.toLowerCase(), label: order.email }
    case 'sms':
    case 'voice': {
      const phone = order.phone?.replace(/[\s().-]/g, '')
      if (phone === undefined || !phoneNumber.test(phone))
        return refuse('phone', 'Give the number with its country code: +491701234567.')
      const label = kind === 'sms' ? phone : `${phone} (call)`
      return { ok: true, address: JSON.stringify({ phone }), identity: phone, label }
    }
    case 'telegram':
      if (order.recipient === undefined || !telegramChat.test(order.recipient))
        return refuse('recipient', 'Give the id of the chat: write /start to the bot and it tells you.')
      return named(order.recipient, `Telegram ${order.recipient}`)
    case 'slack':
      if (order.url !== undefined) return hooked(order.url, undefined)
      if (order.recipient === undefined || !slackRecipient.test(order.recipient))
        return refuse('recipient', 'Give a member id (U…), a channel id (C…) or the URL of an incoming webhook.')
      return named(order.recipient, `Slack ${order.recipient}`)
    case 'mattermost':
      if (order.url !== undefined) return hooked(order.url, undefined)
      if (order.recipient === undefined || !mattermostChannel.test(order.recipient))
        return refuse(
          'recipient',
          'Give the id of a channel (26 letters and digits) or the URL of an incoming webhook.',
        )
      return named(order.recipient, `Mattermost ${order.recipient}`)
    case 'teams': {
      if (order.url !== undefined) return hooked(order.url, undefined)
      const recipient = order.recipient?.trim().toLowerCase()
      if (recipient === undefined || !objectId.test(recipient))
        return refuse(
          'recipient',
          'Give your object id in Microsoft Entra (8-4-4-4-12 digits) or the URL of a workflow.',
        )
      return named(recipient, `Teams ${recipient}`)
    }
    case 'discord':
      if (order.url === undefined) return refuse('url', 'Give the URL of the webhook.')
      return hooked(order.url, undefined)
    case 'ntfy': {
      if (order.url === undefined || topicOf(order.url) === null)
        return refuse('url', 'Give the address of the topic: https://ntfy.sh/your-topic.')
      return hooked(order.url, order.token)
    }
  }
}

function named(recipient: string, label: string): AddressVerdict {
  return { ok: true, address: JSON.stringify({ recipient }), identity: recipient, label }
}

function hooked(url: string, token: string | undefined): AddressVerdict {
  const address = JSON.stringify(token === undefined ? { url } : { url, token })
  // The path is the secret: only the host is shown.
  const host = /^https?:\/\/(?:[^/@]*@)?([^/?#]+)/i.exec(url)?.[1] ?? 'webhook'
  return { ok: true, address, identity: url, label: host }
}

/** `https://ntfy.sh/topic` as server and topic; null when it is none. */
export function topicOf(url: string): { readonly server: string; readonly topic: string } | null {
  const found = /^(https?:\/\/[^?#]+?)\/([A-Za-z0-9_-]{1,64})$/.exec(url)
  const [, server, topic] = found ?? []
  return server === undefined || topic === undefined ? null : { server, topic }
}
