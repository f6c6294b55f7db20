// The two computations the pure core asks for.
import { createHash, createPublicKey, verify } from 'node:crypto'
import type { Hash, VerifySignature } from './core/index.ts'

export const sha256: Hash = (bytes) => createHash('sha256').update(bytes).digest()

export const verifyEd25519: VerifySignature = (publicKey, message, signature) =>
  verify(
    null,
    message,
    createPublicKey({
      format: 'jwk',
      key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') },
    }),
    signature,
  )
