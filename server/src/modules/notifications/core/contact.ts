// The ways a person can be reached. A new channel is a new kind here and a sender outside; rules do not change.
export const contactKinds = ['webpush', 'email', 'webhook'] as const
export type ContactKind = (typeof contactKinds)[number]

export interface Contact {
  readonly id: string
  readonly kind: ContactKind
  /** For people: `ana@example.org`, `Pixel 9`. */
  readonly label: string
  /** Only a verified contact is ever used: nobody is paged at an address that may be a stranger's. */
  readonly verified: boolean
}

/** Fastest first: what a person without rules, or after a failed channel, is tried on. */
export function compareContacts(a: Contact, b: Contact): number {
  return contactKinds.indexOf(a.kind) - contactKinds.indexOf(b.kind) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}
