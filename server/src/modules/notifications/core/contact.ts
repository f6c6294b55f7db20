// The ways a person can be reached. A new channel is a new kind here and a sender outside; rules do not change.

/** Fastest first: what wakes a person comes before what waits to be read. */
export const contactKinds = [
  'webpush',
  'telegram',
  'ntfy',
  'sms',
  'voice',
  'slack',
  'teams',
  'mattermost',
  'discord',
  'email',
  'webhook',
] as const
export type ContactKind = (typeof contactKinds)[number]

export interface Contact {
  readonly id: string
  readonly kind: ContactKind
  /** For people: `ana@example.org`, `Pixel 9`. */
  readonly label: string
  /** Only a verified contact is ever used: nobody is paged at an address that may be a stranger's. */
  readonly verified: boolean
}

/** What a person without rules, or after a failed channel, is tried on. */
export function compareContacts(a: Contact, b: Contact): number {
  return contactKinds.indexOf(a.kind) - contactKinds.indexOf(b.kind) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

const chatKinds: ReadonlySet<ContactKind> = new Set(['slack', 'teams', 'mattermost', 'discord'])

/** Those that share a carrier may wait for each other: a mail server that hangs keeps only mails waiting. */
export function carriedBy(kind: ContactKind): 'direct' | 'mail' | 'chat' {
  return kind === 'email' ? 'mail' : chatKinds.has(kind) ? 'chat' : 'direct'
}

/** What the installation holds once at a provider, for all of its people. */
export const connectionKinds = ['slack', 'telegram', 'mattermost', 'teams', 'twilio'] as const
export type ConnectionKind = (typeof connectionKinds)[number]
