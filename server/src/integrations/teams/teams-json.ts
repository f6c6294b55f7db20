// What is read of JSON from outside, whatever it is.
export type Payload = Readonly<Record<string, unknown>>

export function objectOf(value: unknown): Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Payload) : {}
}

export function listOf(value: unknown): readonly Payload[] {
  return Array.isArray(value) ? value.map(objectOf) : []
}

/** What PostgreSQL cannot hold is not held. */
export const words = (value: unknown): string =>
  typeof value === 'string' ? value.replaceAll('\u0000', '').toWellFormed().slice(0, 12_000) : ''

export function parse(text: string): Payload {
  try {
    return objectOf(JSON.parse(text))
  } catch {
    return {}
  }
}
