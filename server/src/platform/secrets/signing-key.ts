// Ed25519 keys for checkpoints of the journal. All processes of an installation sign with one key: keep it sealed in
// the database, or in a file when there is one machine only.
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { AppError } from '../../kernel/app-error.ts'
import { createKeyFile, readKeyFile } from './key-file.ts'

export interface SigningKey {
  /** 32 bytes, RFC 8032. */
  readonly publicKey: Uint8Array
  /** Public halves of earlier keys: what they signed stays evidence. */
  readonly former?: readonly Uint8Array[]
  sign(message: Uint8Array): Uint8Array
}

/** PKCS#8 PEM of a new key: a secret, to be sealed or written to a key file. */
export function generateSigningKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

export function readSigningKey(pem: string): SigningKey {
  const invalid = (): AppError =>
    new AppError('invalid', 'secrets.signing-key-invalid', 'This is not an ed25519 private key in PKCS#8 PEM.')
  let privateKey: KeyObject
  try {
    privateKey = createPrivateKey(pem)
  } catch {
    throw invalid()
  }
  if (privateKey.asymmetricKeyType !== 'ed25519') throw invalid()
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' })
  if (x === undefined) throw invalid()
  return {
    publicKey: new Uint8Array(Buffer.from(x, 'base64url')),
    sign: (message) => new Uint8Array(sign(null, message, privateKey)),
  }
}

export function loadOrCreateSigningKey(path: string): SigningKey {
  return readSigningKey(readKeyFile(path) ?? createKeyFile(path, generateSigningKey()))
}

/** False for a malformed key or signature too: a verifier never throws at what it was sent. */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false
  try {
    const x = Buffer.from(publicKey).toString('base64url')
    return verify(null, message, createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }), signature)
  } catch {
    return false
  }
}

/** The hash the pure core is handed. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}
