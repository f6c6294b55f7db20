// What the process hands to the composition of the rooms: keys, the way out, settings.
import type { Drive } from '../modules/lifeboat/index.ts'
import type { Config } from '../platform/config/config.ts'
import type { Egress } from '../platform/egress/index.ts'
import type { Keyring, LinkSigner, SigningKey } from '../platform/secrets/index.ts'

export interface Outside {
  readonly config: Config
  readonly egress: Egress
  readonly keyring: Keyring
  readonly links: LinkSigner
  readonly signingKey: SigningKey
  /** Where this process keeps what it needs without the database, and its name there; without it, it keeps nothing. */
  readonly lifeboat?: { readonly folder: string; readonly boat: string; readonly drive?: Drive }
}
