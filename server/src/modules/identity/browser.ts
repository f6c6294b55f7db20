// The few operations that read or set a cookie need the request and reply they run in. Operations know neither, so a
// hook lays both beside the call.
import { AsyncLocalStorage } from 'node:async_hooks'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sessionCookie } from '../../platform/http/server.ts'
import type { Visitor } from './identity-needs.ts'

interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

const exchanges = new AsyncLocalStorage<Exchange>()

/** For operations with these ids; the hook runs last before the handler, inside whose call the exchange is known. */
export function followExchanges(server: FastifyInstance, operationIds: ReadonlySet<string>): void {
  server.addHook('preHandler', (request, reply, done) => {
    if (operationIds.has(request.routeOptions.config.operationId ?? '')) exchanges.run({ request, reply }, done)
    else done()
  })
}

function currentExchange(): Exchange {
  const exchange = exchanges.getStore()
  if (exchange === undefined) throw new Error('This operation is not among those whose exchange is followed.')
  return exchange
}

export const visitorOf = (request: FastifyRequest): Visitor => ({
  address: request.ip,
  agent: String(request.headers['user-agent'] ?? ''),
})

export const currentVisitor = (): Visitor => visitorOf(currentExchange().request)
export const currentSessionToken = (): string | null => currentExchange().request.cookies[sessionCookie] ?? null

export function giveSession(reply: FastifyReply, token: string, secure: boolean): void {
  // No expiry: the server ends sessions, and a shared computer forgets this one with the browser.
  reply.setCookie(sessionCookie, token, { path: '/', httpOnly: true, sameSite: 'lax', secure })
}

export const giveCurrentSession = (token: string, secure: boolean): void =>
  giveSession(currentExchange().reply, token, secure)

export function takeCurrentSession(secure: boolean): void {
  currentExchange().reply.clearCookie(sessionCookie, { path: '/', httpOnly: true, sameSite: 'lax', secure })
}
