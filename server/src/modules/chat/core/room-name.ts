// What the room of an incident is called: `inc-42-checkout-errors`. Lower-case letters, digits and hyphens are what
// every chat takes.

export interface Naming {
  readonly number: number
  readonly title: string
  readonly kind: string
  /** The longest name the chat takes. */
  readonly limit: number
  /** From 1; a later one avoids a name somebody else has. */
  readonly attempt: number
}

export function roomName({ number, title, kind, limit, attempt }: Naming): string {
  const head = `${kind === 'drill' ? 'drill' : 'inc'}-${number}`
  const tail = attempt > 1 ? `-${attempt}` : ''
  // A name is seen by more people than the room.
  const words = kind === 'security' ? ['restricted'] : slug(title)
  let name = head
  for (const word of words) {
    if (name.length + 1 + word.length + tail.length > limit) break
    name += `-${word}`
  }
  return `${name}${tail}`
}

function slug(title: string): readonly string[] {
  return title
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
}
