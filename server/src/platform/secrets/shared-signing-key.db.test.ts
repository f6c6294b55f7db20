import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openPlatform } from '../../../test/platform.ts'
import { sql } from '../database/queries.ts'
import {
  generateSigningKey,
  keyPathOf,
  openKeyring,
  openSharedSigningKey,
  readSigningKey,
  rotateKey,
  type SigningKey,
  verifyEd25519,
} from './index.ts'

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'mainstay-keys-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

async function installation() {
  const { database } = await openPlatform('shared key')
  return {
    database,
    /** A host as it starts: its own data folder, perhaps the key file of another one. */
    start: (dataFolder: string, keyFile: string | null = null, signedBefore = false): Promise<SigningKey> => {
      const place = { dataFolder, keyFile }
      return openSharedSigningKey({
        queries: database,
        keyring: openKeyring(place),
        keyringPath: keyPathOf(place),
        file: path.join(dataFolder, 'journal-key.pem'),
        signedBefore: async () => signedBefore,
      })
    },
  }
}

const keyOf = (dataFolder: string) => path.join(dataFolder, 'keys/secrets.key')

test('hosts with one key file sign with one key, also when they start at once', async () => {
  const { start } = await installation()
  const first = folder()
  openKeyring({ dataFolder: first, keyFile: null })
  const keys = await Promise.all([start(first), start(folder(), keyOf(first)), start(folder(), keyOf(first))])
  expect(new Set(keys.map((key) => Buffer.from(key.publicKey).toString('hex'))).size).toBe(1)
  const message = Buffer.from('signed by one, verified by another')
  const [one, , three] = keys
  expect(one && three && verifyEd25519(three.publicKey, message, one.sign(message))).toBe(true)
})

test('the key file of one host moves into the database and stays the journal’s identity', async () => {
  const { start, database } = await installation()
  const first = folder()
  const pem = generateSigningKey()
  writeFileSync(path.join(first, 'journal-key.pem'), pem)
  expect((await start(first, null, true)).publicKey).toEqual(readSigningKey(pem).publicKey)
  rmSync(path.join(first, 'journal-key.pem'))
  expect((await start(first, null, true)).publicKey).toEqual(readSigningKey(pem).publicKey)
  const { sealed } = await database.one(sql<{ sealed: string }>`select sealed from sealed_keys`)
  expect(sealed).not.toContain('PRIVATE')
})

test('a host with another key is refused and told which file it needs', async () => {
  const { start } = await installation()
  await start(folder())
  const second = folder()
  await expect(start(second)).rejects.toMatchObject({
    code: 'secrets.other-key',
    message: expect.stringMatching(new RegExp(`${keyOf(second)} holds key [0-9a-f]{8}\\..*MAINSTAY_KEY_FILE`)),
  })
})

test('a journal that was signed elsewhere gets no new key by accident', async () => {
  const { start } = await installation()
  const here = folder()
  await expect(start(here, null, true)).rejects.toMatchObject({ code: 'secrets.journal-key-missing' })
  // The way out that the refusal names.
  writeFileSync(path.join(here, 'journal-key.pem'), generateSigningKey())
  await start(here, null, true)
})

test('two hosts that signed with keys of their own keep both as evidence and go on with one', async () => {
  const { start } = await installation()
  const [first, second] = [folder(), folder()]
  const [own, other] = [generateSigningKey(), generateSigningKey()]
  writeFileSync(path.join(first, 'journal-key.pem'), own)
  writeFileSync(path.join(second, 'journal-key.pem'), other)
  await start(first)
  const joined = await start(second, keyOf(first))
  const again = await start(first)
  for (const key of [joined, again]) {
    expect(key.publicKey).toEqual(readSigningKey(own).publicKey)
    expect(key.former).toEqual([readSigningKey(other).publicKey])
  }
})

test('after a rotation the former key is not needed any more', async () => {
  const { start } = await installation()
  const here = folder()
  const before = await start(here)
  rotateKey({ dataFolder: here, keyFile: null })
  await start(here)
  const [current] = readFileSync(keyOf(here), 'utf8').split('\n')
  writeFileSync(keyOf(here), `${current}\n`)
  expect((await start(here)).publicKey).toEqual(before.publicKey)
})

test('a broken key file does not become the key of the installation', async () => {
  const { start, database } = await installation()
  const here = folder()
  writeFileSync(path.join(here, 'journal-key.pem'), 'not a key')
  await expect(start(here)).rejects.toMatchObject({ code: 'secrets.signing-key-invalid' })
  expect(await database.one(sql`select count(*) from sealed_keys`)).toEqual({ count: 0 })
})
