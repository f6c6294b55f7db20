// The way of a hand to the server, in a browser.
import { ProblemError } from '../../../shell/http.ts'
import type { ServerEvent } from '../../../shell/sse.ts'
import { followPostmortem, type SectionKey, StreamRefused, together } from '../../../shell/together-api.ts'
import type { Failure, LiveEvent, Wire, Writer } from './wire.ts'

export function browserWire(id: string, isSection: (text: string) => text is SectionKey): Wire {
  return {
    join: async () => {
      const { client, epoch, seq, state } = await together.join(id)
      return { client, epoch, seq, state: toBytes(state) }
    },
    read: async () => {
      const { epoch, seq, state } = await together.read(id)
      return { epoch, seq, state: toBytes(state) }
    },
    write: async (client, update) => {
      await together.write(id, client, toText(update))
    },
    here: async (client, where) => {
      const place =
        where === null
          ? null
          : { section: isSection(where.section) ? where.section : null, line: where.line === 0 ? null : where.line }
      await together.here(id, client, place)
    },
    follow: (after, hear, signal) =>
      followPostmortem(
        id,
        after,
        (event) => {
          const read = readEvent(event)
          if (read !== null) hear(read)
        },
        signal,
      ),
    failureOf,
  }
}

export function failureOf(error: unknown): Failure {
  if (error instanceof StreamRefused)
    return error.status === 403 || error.status === 404
      ? { kind: 'refused', because: 'You may not read this any more.' }
      : { kind: 'away' }
  return error instanceof ProblemError ? failureOfRefusal(error) : { kind: 'away' }
}

export function failureOfRefusal(refusal: {
  readonly status: number
  readonly code: string
  readonly detail: string
}): Failure {
  const { status, code, detail } = refusal
  if (code === 'postmortems.update-ahead') return { kind: 'ahead' }
  if (code === 'postmortems.not-your-hand') return { kind: 'anew' }
  if (code === 'postmortems.published') return { kind: 'closed' }
  // Waiting does not make a text shorter.
  if (code === 'postmortems.too-long') return { kind: 'refused', because: detail }
  // Not signed in, too fast, or the server is not well: later it may go.
  if (status === 0 || status === 401 || status === 429 || status >= 500) return { kind: 'away' }
  return { kind: 'refused', because: detail }
}

export function readEvent({ type, data }: ServerEvent): LiveEvent | null {
  const value = parse(data)
  if (type === 'reset') return { type }
  if (value === null) return null
  if (type === 'update' && typeof value.seq === 'number' && typeof value.update === 'string')
    return { type, seq: value.seq, update: toBytes(value.update) }
  if (type === 'status') return { type, status: typeof value.status === 'string' ? value.status : null }
  if (type === 'here' && Array.isArray(value.writers)) return { type, writers: value.writers.flatMap(readWriter) }
  return null
}

function readWriter(value: unknown): readonly Writer[] {
  if (!isObject(value) || typeof value.client !== 'number' || typeof value.person !== 'string') return []
  const { client, person, section, line } = value
  return [
    {
      client,
      person,
      section: typeof section === 'string' ? section : null,
      line: typeof line === 'number' ? line : null,
    },
  ]
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

function toBytes(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (each) => each.charCodeAt(0))
}

function toText(bytes: Uint8Array): string {
  let text = ''
  // In pieces: one call takes so many arguments at most.
  for (let from = 0; from < bytes.length; from += 8_192)
    text += String.fromCharCode(...bytes.subarray(from, from + 8_192))
  return btoa(text)
}
