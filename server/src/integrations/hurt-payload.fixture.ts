// What senders and the way to us do to payloads: fields nobody knows of are added, others are lost or of another type.
import fc, { type Arbitrary } from 'fast-check'
import { expect, test } from 'vitest'
import type { Payload, Reading } from '../modules/intake/core/index.ts'

type Json = ReturnType<typeof JSON.parse>

/** The same payload with a field nobody knows of in every object. */
export function withUnknownFields(value: Json): Json {
  if (Array.isArray(value)) return value.map(withUnknownFields)
  if (typeof value !== 'object' || value === null) return value
  const own = Object.entries(value).map(([name, each]) => [name, withUnknownFields(each)])
  return { ...Object.fromEntries(own), brand_new: { since: [2031] } }
}

/** Up to four values anywhere in it replaced by anything, or lost. */
export function hurt(value: Json): Arbitrary<Json> {
  return fc
    .array(fc.tuple(fc.nat({ max: 60 }), fc.option(fc.jsonValue({ maxDepth: 2 }), { nil: undefined })), {
      maxLength: 4,
    })
    .map((changes) => changes.reduce((whole, [at, put]) => replaceAt(whole, { left: at }, put), structuredClone(value)))
}

function replaceAt(value: Json, place: { left: number }, put: unknown): Json {
  if (typeof value !== 'object' || value === null) return value
  for (const name of Object.keys(value)) {
    if (place.left === 0) {
      place.left = -1
      if (put === undefined && !Array.isArray(value)) delete value[name]
      else value[name] = put ?? null
      return value
    }
    place.left -= 1
    value[name] = replaceAt(value[name], place, put)
    if (place.left < 0) return value
  }
  return value
}

/** An adapter answers, whatever comes: as signals with texts in the right places, or with a sentence about what is wrong. */
export function testNeverFails(
  what: string,
  read: (payload: Payload) => Reading,
  bodies: readonly Json[],
  options: { readonly addsFields?: boolean } = {},
): void {
  const headers = { 'content-type': 'application/json' }
  test(`${what}: fields nobody knows of change nothing`, () => {
    for (const body of bodies) {
      const plain = read({ body, headers })
      expect(plain.unread).toEqual([])
      if (options.addsFields !== false) expect(read({ body: withUnknownFields(body), headers })).toEqual(plain)
    }
  })
  test(`${what}: a hurt payload is read or refused, never a fault of ours`, () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), ...bodies.map(hurt)), (body) => {
        const reading = read({ body, headers })
        for (const each of reading.unread) expect(each).toMatch(/\S/)
        for (const { status, labels, annotations, summary, dedupKey, severity } of reading.signals) {
          expect(['firing', 'resolved']).toContain(status)
          for (const text of [...Object.values(labels ?? {}), ...Object.values(annotations ?? {})])
            expect(typeof text).toBe('string')
          for (const text of [summary, dedupKey, severity])
            expect(['string', 'undefined', 'object']).toContain(typeof text)
        }
        if (reading.signals.length === 0 && reading.unread.length === 0 && (reading.acknowledged ?? []).length === 0)
          expect(reading.nothing ?? reading.changes ?? '').not.toBe('')
      }),
      { numRuns: 300 },
    )
  })
}
