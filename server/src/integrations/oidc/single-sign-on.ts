// OpenID Connect, authorization code with PKCE. The library builds and checks; every request leaves through egress.
import * as client from 'openid-client'
import { AppError } from '../../kernel/app-error.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.ts'
import type { ProviderAccount } from '../../modules/identity/core/index.ts'
import type { SingleSignOn } from '../../modules/identity/identity.ports.ts'

export interface OidcSettings {
  readonly issuer: string
  readonly clientId: string
  /** Null: a public client, which PKCE protects alone. */
  readonly clientSecret: string | null
  /** Egress in the shape of `fetch`. */
  readonly send: typeof globalThis.fetch
}

const scope = 'openid email profile'
// Clocks of two hosts differ; more than this is a fault to mend.
const clockToleranceSeconds = 30
const timeoutSeconds = 10

/** Asks the provider about itself at the first use, and again after a failure: it may be down when we start. */
export function createSingleSignOn(settings: OidcSettings): SingleSignOn {
  let known: Promise<client.Configuration> | null = null
  const configuration = (): Promise<client.Configuration> => {
    known ??= discover(settings).catch((error: unknown) => {
      known = null
      throw error
    })
    return known
  }
  return {
    begin: (redirectUri) =>
      translated(async () => {
        const config = await configuration()
        const codeVerifier = client.randomPKCECodeVerifier()
        const [state, nonce] = [client.randomState(), client.randomNonce()]
        const url = client.buildAuthorizationUrl(config, {
          redirect_uri: redirectUri,
          scope,
          state,
          nonce,
          code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
          code_challenge_method: 'S256',
        })
        return { url: url.href, state, nonce, codeVerifier }
      }),
    finish: ({ callbackUrl, state, nonce, codeVerifier }) =>
      translated(async () => {
        const config = await configuration()
        const tokens = await client.authorizationCodeGrant(config, new URL(callbackUrl), {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: codeVerifier,
          idTokenExpected: true,
        })
        const claims = tokens.claims()
        if (claims === undefined) throw refused('it sent no ID token')
        // Many providers keep e-mail and groups out of the ID token.
        const more =
          config.serverMetadata().userinfo_endpoint === undefined
            ? {}
            : await client.fetchUserInfo(config, tokens.access_token, claims.sub)
        return toAccount(claims.iss, claims.sub, { ...plain(more), ...plain(claims) })
      }),
  }
}

function discover({ issuer, clientId, clientSecret, send }: OidcSettings): Promise<client.Configuration> {
  const server = new URL(issuer)
  return client.discovery(
    server,
    clientId,
    { [client.clockTolerance]: clockToleranceSeconds },
    clientSecret === null ? client.None() : client.ClientSecretBasic(clientSecret),
    {
      timeout: timeoutSeconds,
      [client.customFetch]: send as client.CustomFetch,
      execute: [
        // The signature too: by default the library trusts the connection that brought the ID token.
        client.enableNonRepudiationChecks,
        // Plain HTTP only where the administrator has written it down as the issuer: a provider on the same host.
        ...(server.protocol === 'http:' ? [client.allowInsecureRequests] : []),
      ],
    },
  )
}

function toAccount(issuer: string, subject: string, claims: JsonObject): ProviderAccount {
  const { email, email_verified, name, preferred_username } = claims
  return {
    issuer,
    subject,
    email: typeof email === 'string' && email.includes('@') ? email : null,
    // Some providers send the word.
    emailVerified: email_verified === true || email_verified === 'true',
    name: [name, preferred_username].find((each): each is string => typeof each === 'string' && each !== '') ?? null,
    claims,
  }
}

function plain(value: object): JsonObject {
  const copy: JsonValue = JSON.parse(JSON.stringify(value))
  return isJsonObject(copy) ? copy : {}
}

async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw toRefusal(error)
  }
}

function toRefusal(error: unknown): unknown {
  if (error instanceof AppError) return error
  if (error instanceof client.AuthorizationResponseError)
    return refused(`it answered ${error.error}${describe(error.error_description)}`, error)
  if (error instanceof client.ResponseBodyError)
    return refused(`it answered ${error.error}${describe(error.error_description)}`, error)
  if (error instanceof client.WWWAuthenticateChallengeError)
    return refused('it does not accept our client id and secret', error)
  if (error instanceof client.ClientError) {
    // The library wraps what egress threw.
    if (error.cause instanceof AppError) return error.cause
    return refused(error.message, error)
  }
  if (error instanceof TypeError || error instanceof DOMException) {
    return new AppError(
      'unavailable',
      'identity.sign-on-unavailable',
      'The OpenID provider cannot be reached right now.',
      {
        cause: error,
        retryAfterSeconds: 10,
      },
    )
  }
  return error
}

const describe = (text: string | undefined): string => (text === undefined ? '' : `: ${text.slice(0, 200)}`)

function refused(because: string, cause?: unknown): AppError {
  return new AppError(
    'forbidden',
    'identity.sign-on-refused',
    `Signing in at the OpenID provider did not succeed: ${because}.`,
    cause === undefined ? {} : { cause },
  )
}
