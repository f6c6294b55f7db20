// The journal's signing key of an installation: one for all its hosts, sealed in the database. A key file from before
// moves in, so that the journal keeps its identity.
import { createPublicKey } from 'node:crypto'
import { AppError } from '../../kernel/app-error.ts'
import type { Queries } from '../database/queries.ts'
import { readKeyFile } from './key-file.ts'
import type { Keyring } from './keyring.ts'
import { addSealedKey, readSealedKey, replaceSealedKey } from './sealed-keys.store.ts'
import { generateSigningKey, readSigningKey, type SigningKey } from './signing-key.ts'

export interface SigningKeyPlace {
  readonly queries: Queries
  readonly keyring: Keyring
  /** Where the key that seals lies, for the sentence of a refusal. */
  readonly keyringPath: string
  /** Where one host alone kept its signing key before. */
  readonly file: string
  /** True when the journal was signed before; a new key would then break its identity. */
  readonly signedBefore: () => Promise<boolean>
}

const name = 'journal'
const context = 'key:journal'

interface Kept {
  readonly pem: string
  /** Public halves, base64, of keys that hosts signed with before they shared one. */
  readonly former: readonly string[]
}

export async function openSharedSigningKey(place: SigningKeyPlace): Promise<SigningKey> {
  const { queries, keyring } = place
  const fromFile = readKeyFile(place.file)
  let sealed = await readSealedKey(queries, name)
  if (sealed === null) {
    if (fromFile === null && (await place.signedBefore())) throw keyMissing(place.file)
    const kept: Kept = { pem: fromFile ?? generateSigningKey(), former: [] }
    // Read once before it is stored: a broken file must not become the key of the installation.
    readSigningKey(kept.pem)
    await addSealedKey(queries, name, keyring.seal(JSON.stringify(kept), context))
    sealed = await readSealedKey(queries, name)
  }
  if (sealed === null) throw new Error('The signing key was stored and is not there.')
  const kept = openKept(place, sealed)
  const own = fromFile === null ? null : publicHalf(fromFile)
  const known = own === null || own === publicHalf(kept.pem) || kept.former.includes(own)
  const after: Kept = known || own === null ? kept : { pem: kept.pem, former: [...kept.former, own] }
  // Under a rotated key the whole is sealed anew, so that the former one can be taken out of the key file.
  if (!known || keyring.needsReseal(sealed))
    await replaceSealedKey(queries, name, sealed, keyring.seal(JSON.stringify(after), context))
  return {
    ...readSigningKey(after.pem),
    former: after.former.map((half) => new Uint8Array(Buffer.from(half, 'base64'))),
  }
}

function openKept(place: SigningKeyPlace, sealed: string): Kept {
  let text: string
  try {
    text = place.keyring.open(sealed, context)
  } catch (error) {
    if (error instanceof AppError && error.code === 'secrets.key-missing') throw otherKey(place, sealed, error)
    throw error
  }
  const kept: unknown = JSON.parse(text)
  if (
    typeof kept !== 'object' ||
    kept === null ||
    !('pem' in kept && typeof kept.pem === 'string') ||
    !('former' in kept && Array.isArray(kept.former))
  )
    throw new AppError('invalid', 'secrets.unreadable', 'The signing key in the database has another shape.')
  return { pem: kept.pem, former: kept.former.map(String) }
}

function publicHalf(pem: string): string {
  const { x } = createPublicKey(pem).export({ format: 'jwk' })
  return Buffer.from(x ?? '', 'base64url').toString('base64')
}

function otherKey(place: SigningKeyPlace, sealed: string, cause: AppError): AppError {
  const [, keyId = ''] = sealed.split('.')
  return new AppError(
    'conflict',
    'secrets.other-key',
    `The secrets in this database were sealed with key ${keyId.slice(0, 8)}, and ${place.keyringPath} holds key ${place.keyring.currentKeyId}. All hosts of one database need the same key: copy the key file of a host that works (keys/secrets.key in its data folder) and name it with MAINSTAY_KEY_FILE.`,
    { cause },
  )
}

function keyMissing(file: string): AppError {
  return new AppError(
    'conflict',
    'secrets.journal-key-missing',
    `The journal in this database was signed with a key that is neither in the database nor in ${file}. Start the host that has the file once, or copy it here. If it is lost for good, make a new one with "openssl genpkey -algorithm ed25519 -out ${file}": what was signed so far then verifies only with a verifier key kept outside.`,
  )
}
