// A real OpenID provider on loopback whose people sign in by being named.
import { createServer, type Server } from 'node:http'
import Provider from 'oidc-provider'

export interface TestProvider {
  readonly issuer: string
  /** Who sits at the browser, with the claims the provider tells about them. */
  signInAs(subject: string, claims: Record<string, unknown>): void
  /** Refuses the next sign-in, as a person who presses "cancel". */
  cancelNext(): void
  /** Goes where the browser would go; answers the address it is sent back to. */
  walk(url: string): Promise<string>
  close(): Promise<void>
}

export const testClient = { id: 'mainstay', secret: 'a-client-secret-of-the-test' }

export async function startProvider(redirectUri: string): Promise<TestProvider> {
  const server: Server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const issuer = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  let person = { subject: 'nobody', claims: {} as Record<string, unknown> }
  let cancelled = false
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: testClient.id,
        client_secret: testClient.secret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    claims: { openid: ['sub', 'groups'], email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: ['a cookie key of the test'] },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_ctx, subject) => ({ accountId: subject, claims: () => ({ sub: subject, ...person.claims }) }),
    // Consent is given: a company's own provider does not ask its people.
    loadExistingGrant: async (ctx) => {
      const { client, session } = ctx.oidc
      const grant = new ctx.oidc.provider.Grant({ clientId: client?.clientId, accountId: session?.accountId })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
  })
  const handle = provider.callback()
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/interaction/') !== true) {
      handle(request, response)
      return
    }
    const result = cancelled
      ? { error: 'access_denied', error_description: 'The person pressed cancel' }
      : { login: { accountId: person.subject } }
    cancelled = false
    void provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
  })

  return {
    issuer,
    signInAs: (subject, claims) => {
      person = { subject, claims }
    },
    cancelNext: () => {
      cancelled = true
    },
    walk: async (url) => {
      const cookies = new Map<string, string>()
      let next = url
      while (next.startsWith(issuer)) {
        const answer = await fetch(next, {
          redirect: 'manual',
          headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
        })
        for (const cookie of answer.headers.getSetCookie()) {
          const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split('=')
          cookies.set(name, value)
        }
        const location = answer.headers.get('location')
        if (location === null) throw new Error(`${answer.status} ${await answer.text()}`)
        next = new URL(location, next).href
      }
      return next
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
