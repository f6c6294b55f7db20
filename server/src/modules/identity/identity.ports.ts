// What the room needs from outside.
import type { Role } from '../../kernel/actor.ts'
import type { ProviderAccount } from './core/index.ts'
import type { PasswordCost } from './passwords.ts'

/** The OpenID Connect provider. Both calls leave the house. */
export interface SingleSignOn {
  /** Where to send the browser; the caller keeps the rest until it comes back. */
  begin(redirectUri: string): Promise<{
    readonly url: string
    readonly state: string
    readonly nonce: string
    readonly codeVerifier: string
  }>
  /** Exchanges the code and checks state, nonce, signature, issuer and audience; throws AppError otherwise. */
  finish(order: {
    readonly callbackUrl: string
    readonly state: string
    readonly nonce: string
    readonly codeVerifier: string
  }): Promise<ProviderAccount>
}

export interface IdentityPorts {
  readonly singleSignOn?: {
    readonly provider: SingleSignOn
    readonly defaultRole: Role
    /** Path of the claim that lists groups; null: roles are given in Mainstay. */
    readonly roleClaim: string | null
    readonly roleOf: Readonly<Record<string, Role>>
  }
  /** Who belongs to which team, as the catalog says now. */
  readonly teamMembers?: () => Promise<readonly { readonly email: string; readonly team: string }[]>
  /** For tests; the default is what OWASP recommends. */
  readonly passwordCost?: PasswordCost
}
