import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { instant } from '../../kernel/instant.ts'
import { createKeyring, openKeyring, parseKeys, rotateKey } from './keyring.ts'
import { createLinkSigner } from './link-token.ts'
import { generateSigningKey, loadOrCreateSigningKey, readSigningKey, verifyEd25519 } from './signing-key.ts'

const folders: string[] = []
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mainstay-secrets-'))
  folders.push(folder)
  return folder
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

const line = () => randomBytes(32).toString('base64')
const [first, second] = [line(), line()]
const ring = createKeyring(parseKeys(first))
const rotated = createKeyring(parseKeys(`# new\n${second}\n\n${first}\n`))

test('what is sealed opens, in its own place only, and shows nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.string(), fc.string(), (text, context, other) => {
      const sealed = ring.seal(text, context)
      expect(ring.open(sealed, context)).toBe(text)
      expect(sealed).toMatch(/^ms1\.[0-9a-f]{8}\.[\w-]+\.[\w-]+$/)
      if (other !== context) expect(() => ring.open(sealed, other)).toThrow(/moved/)
    }),
  )
  const canary = 'canary-5f1c9e'
  const sealed = ring.seal(canary)
  expect(sealed).not.toBe(ring.seal(canary))
  expect(Buffer.from(sealed.split('.').join(''), 'base64url').toString('latin1')).not.toContain(canary)
})

test('no character of a sealed secret can be changed', () => {
  const sealed = ring.seal('token', 'connector:slack')
  for (let i = 0; i < sealed.length; i += 1)
    for (const char of ['A', 'b', '.', '']) {
      const bent = sealed.slice(0, i) + char + sealed.slice(i + 1)
      if (bent !== sealed) expect(() => ring.open(bent, 'connector:slack')).toThrow(/sealed/)
    }
})

test('parts of two secrets cannot be put together', () => {
  const [a, b] = [ring.seal('a').split('.'), ring.seal('b').split('.')]
  expect(() => ring.open([a[0], a[1], a[2], b[3]].join('.'))).toThrow(/changed/)
})

test('after a rotation old secrets open and are resealed without being read', () => {
  const sealed = ring.seal('token', 'place')
  expect([ring.needsReseal(sealed), rotated.needsReseal(sealed)]).toEqual([false, true])
  expect(rotated.open(sealed, 'place')).toBe('token')
  const again = rotated.reseal(sealed)
  expect(rotated.needsReseal(again)).toBe(false)
  expect(again.split('.')[3]).toBe(sealed.split('.')[3])
  expect(createKeyring(parseKeys(second)).open(again, 'place')).toBe('token')
  expect(() => ring.open(again, 'place')).toThrow(/key file does not hold/)
})

test.each(['', '# nothing\n', 'c2hvcnQ=', `${first}\n${first}`, first.replace('=', ''), `${first} ${second}`])(
  '%j is not a key file',
  (text) => {
    expect(() => parseKeys(text)).toThrow(/key/)
  },
)

test('the first start creates the key, for its owner only; later starts use it', () => {
  const dataFolder = newFolder()
  const place = { dataFolder, keyFile: null }
  const sealed = openKeyring(place).seal('token')
  const path = join(dataFolder, 'keys', 'secrets.key')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(statSync(join(dataFolder, 'keys')).mode & 0o777).toBe(0o700)
  expect(openKeyring(place).open(sealed)).toBe('token')
  chmodSync(path, 0o644)
  openKeyring(place)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  const after = rotateKey(place)
  expect(after.open(sealed)).toBe('token')
  expect(after.needsReseal(sealed)).toBe(true)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(2)
  expect(readdirSync(join(dataFolder, 'keys'))).toEqual(['secrets.key'])
})

test('a key file of the operator is read, never made and never written', () => {
  const dataFolder = newFolder()
  const keyFile = join(dataFolder, 'operator.key')
  expect(() => openKeyring({ dataFolder, keyFile })).toThrow(/no such file/)
  expect(readdirSync(dataFolder)).toEqual([])
  writeFileSync(keyFile, `${first}\n`, { mode: 0o444 })
  expect(openKeyring({ dataFolder, keyFile }).currentKeyId).toBe(ring.currentKeyId)
  expect(statSync(keyFile).mode & 0o777).toBe(0o444)
  expect(() => rotateKey({ dataFolder, keyFile })).toThrow(/operator/)
})

test('a signing key is made once and signs what anybody can verify', () => {
  const path = join(newFolder(), 'keys', 'journal.pem')
  const key = loadOrCreateSigningKey(path)
  expect(loadOrCreateSigningKey(path).publicKey).toEqual(key.publicKey)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  const message = Buffer.from('checkpoint')
  const signature = key.sign(message)
  expect(verifyEd25519(key.publicKey, message, signature)).toBe(true)
  expect(verifyEd25519(key.publicKey, Buffer.from('checkpoinu'), signature)).toBe(false)
  expect(verifyEd25519(readSigningKey(generateSigningKey()).publicKey, message, signature)).toBe(false)
  expect(verifyEd25519(key.publicKey.slice(1), message, signature)).toBe(false)
  expect(verifyEd25519(key.publicKey, message, new Uint8Array(0))).toBe(false)
  expect(() => readSigningKey('not a key')).toThrow(/ed25519/)
})

// RFC 8032 section 7.1, test 2.
test('the published ed25519 vector verifies', () => {
  const publicKey = Buffer.from('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c', 'hex')
  const signature = Buffer.from(
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    'hex',
  )
  expect(verifyEd25519(publicKey, Uint8Array.of(0x72), signature)).toBe(true)
})

const links = createLinkSigner(ring)
const payload = { alert: '0198f1b2-7c3d-7a10-9c4e-1f2a3b4c5d6e', page: 'p-17', person: 'u_9' }
const expiresAt = instant(1_700_000_000_000)

test('a link opens until it expires, and after a rotation too', () => {
  const token = links.signLink(payload, expiresAt)
  expect(token.length).toBeLessThan(200)
  expect(token).toMatch(/^[\w.-]+$/)
  const valid = { valid: true, payload, expiresAt }
  expect(links.openLink(token, instant(expiresAt - 1))).toEqual(valid)
  expect(createLinkSigner(rotated).openLink(token, instant(0))).toEqual(valid)
  expect(links.openLink(token, expiresAt)).toEqual({ valid: false, because: 'expired' })
  expect(createLinkSigner(createKeyring(parseKeys(second))).openLink(token, instant(0))).toEqual({
    valid: false,
    because: 'forged',
  })
})

test('no link can be bent', () => {
  const token = links.signLink(payload, expiresAt)
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.constantFrom(...'Ab0-_.', ''), fc.boolean(), (place, char, cut) => {
      const bent = cut ? token.slice(0, place) : token.slice(0, place) + char + token.slice(place + 1)
      if (bent !== token) expect(links.openLink(bent, instant(0)).valid).toBe(false)
    }),
  )
  fc.assert(
    fc.property(fc.string(), (rubbish) => {
      expect(links.openLink(rubbish, instant(0)).valid).toBe(false)
    }),
  )
})

test.each<Record<string, string>>([
  {},
  { mail: 'ana@example.com' },
  { name: 'Ana Lovelace' },
  { 'a b': 'x' },
  { id: '' },
  { id: 'a'.repeat(129) },
])('%j is not for a link', (unfit) => {
  expect(() => links.signLink(unfit, expiresAt)).toThrow(/ids/)
})
