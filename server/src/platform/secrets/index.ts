// The door of secrets.
export {
  createKeyring,
  type KeyPlace,
  type Keyring,
  keyPathOf,
  openKeyring,
  parseKeys,
  rotateKey,
} from './keyring.ts'
export { createLinkSigner, type LinkPayload, type LinkSigner, type LinkVerdict } from './link-token.ts'
export { openSharedSigningKey, type SigningKeyPlace } from './shared-signing-key.ts'
export {
  generateSigningKey,
  loadOrCreateSigningKey,
  readSigningKey,
  type SigningKey,
  sha256,
  verifyEd25519,
} from './signing-key.ts'
