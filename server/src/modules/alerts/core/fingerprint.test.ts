import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fingerprint, labelNames, labelOf } from './fingerprint.ts'

// The first two were read off a running Alertmanager; the third is the offset basis, FNV-1a of nothing.
test.each([
  [{ alertname: 'Foo', cluster: 'c1', severity: 'warning' }, 'f638c427ccc406eb'],
  [{ alertname: 'AlwaysOn', cluster: 'c1', prom: 'a', severity: 'critical' }, '29ba2c55c220ba9d'],
  [{}, 'cbf29ce484222325'],
])('%j', (labels, expected) => {
  expect(fingerprint(labels)).toBe(expected)
})

test('the order of labels and empty ones do not count', () => {
  expect(fingerprint({ b: '2', a: '1', empty: '' })).toBe(fingerprint({ a: '1', b: '2' }))
  expect(fingerprint({ ab: 'c' })).not.toBe(fingerprint({ a: 'bc' }))
})

/** The definition, in bigint over real UTF-8. */
function byDefinition(labels: Record<string, string>): string {
  let hash = 0xcbf29ce484222325n
  const mix = (bytes: Uint8Array) => {
    for (const byte of bytes) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffff_ffff_ffff_ffffn
  }
  const encode = (text: string) => new TextEncoder().encode(text)
  const names = Object.keys(labels).filter((name) => labels[name] !== '')
  names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  for (const name of names) {
    mix(encode(name))
    mix(Uint8Array.of(0xff))
    mix(encode(labels[name] ?? ''))
    mix(Uint8Array.of(0xff))
  }
  return hash.toString(16).padStart(16, '0')
}

test('equal to the definition for any text', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 12 })
  fc.assert(
    fc.property(fc.dictionary(text, text, { maxKeys: 6 }), (labels) => {
      expect(fingerprint(labels)).toBe(byDefinition(labels))
    }),
  )
})

test('names are in the order of their bytes', () => {
  expect(labelNames({ '\u{1f600}': '1', '\uffee': '1', a: '1', A: '1' })).toEqual(['A', 'a', '\uffee', '\u{1f600}'])
})

test('a label may have the name of something every object has', () => {
  expect(labelOf({}, 'constructor')).toBe('')
  expect(labelOf({ constructor: 'x' }, 'constructor')).toBe('x')
})
