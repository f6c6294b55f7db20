// Bytes as the payload an adapter reads.
import type { Payload } from './core/index.ts'

/** What says how a body is to be read; credentials are never among them. */
const keptHeaders = ['content-type', 'sentry-hook-resource', 'x-amz-sns-message-type', 'user-agent']
// What walks a payload relies on this. The deepest we know of, a Sentry event, has some twenty levels.
const maxDepth = 64

export type PayloadReading =
  | { readonly ok: true; readonly payload: Payload }
  | { readonly ok: false; readonly because: string }

export function readPayload(body: Uint8Array, headers: Readonly<Record<string, string>>): PayloadReading {
  const kept = keepHeaders(headers)
  if (body.length === 0) return { ok: true, payload: { body: null, headers: kept } }
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return { ok: false, because: 'It is not JSON.' }
  }
  if (isDeeper(value, maxDepth)) return { ok: false, because: `It is nested deeper than ${maxDepth} levels.` }
  return { ok: true, payload: { body: value, headers: kept } }
}

export function keepHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    keptHeaders.flatMap((name) => {
      const value = headers[name]
      return value === undefined ? [] : [[name, clean(value).slice(0, 300)]]
    }),
  )
}

/** As PostgreSQL can hold it. */
export const clean = (text: string): string => text.replaceAll('\u0000', '\ufffd').toWellFormed()

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  for (const item of Array.isArray(value) ? value : Object.values(value)) if (isDeeper(item, levels - 1)) return true
  return false
}
