import { expect, test } from 'vitest'
import { readMailbox, readWebhook } from './subscriber-address.ts'

test('of an address no more is shown than tells it apart', () => {
  expect(readMailbox(' Ana@Example.org ')).toMatchObject({
    address: 'Ana@Example.org',
    identity: 'ana@example.org',
    label: 'A…@Example.org',
  })
  expect(readWebhook('https://hooks.example.org/T1/secret#x', false)).toMatchObject({
    address: 'https://hooks.example.org/T1/secret',
    label: 'hooks.example.org',
  })
})

test.each([
  'ftp://example.org/',
  'http://example.org/',
  'https://ana:secret@example.org/',
  'javascript:alert(1)',
  'example.org',
  '',
  `https://example.org/${'x'.repeat(1_000)}`,
])('%s is no webhook', (text) => expect(readWebhook(text, false)).toBeNull())

test('plain http only where an administrator said so', () => {
  expect(readWebhook('http://10.0.0.7:8080/in', true)?.label).toBe('10.0.0.7:8080')
})
