// Builds the HTTP server from bound operations: authenticates, reads, validates, authorises, answers, in that order,
// and turns every refusal into a problem. Knows no domain.
import { randomUUID } from 'node:crypto'
import cookie from '@fastify/cookie'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Actor } from '../../kernel/actor.ts'
import { AppError, invariant } from '../../kernel/app-error.ts'
import { findUnstorable } from '../../kernel/json.ts'
import type { Log } from '../log/log.ts'
import { answerError } from './answer-error.ts'
import { type Idempotency, runOnce } from './idempotency.ts'
import { readOnlyJson } from './json-body.ts'
import type { HttpMetrics } from './metrics.ts'
import { Answer, type BoundOperation, type OperationRequest } from './operation.ts'
import { type RateLimits, takeToken } from './rate-limit.ts'
import { securityHeaders } from './security-headers.ts'
import { createValidation } from './validation.ts'

export { answerError, answerMissing } from './answer-error.ts'

export interface Credentials {
  /** Bearer token, from the header. */
  readonly token: string | null
  readonly session: string | null
  readonly address: string
}

export interface Gatekeeper {
  /** Who this is; null when the credentials are missing or no longer good. */
  readonly authenticate: (credentials: Credentials) => Promise<Actor | null>
  /** True for operations that need no sign-in. */
  readonly isPublic: (operationId: string) => boolean
  /** Throws AppError forbidden with the reason and the way out. */
  readonly authorize: (actor: Actor, operationId: string, owner: string | null) => void
}

/** What routes in another product's wire format are handed: the same sign-in, permission and limits as operations. */
export interface WireDoor {
  /** Who asks; throws when the caller may not do what the permission table calls `operationId`. */
  readonly admit: (request: FastifyRequest, operationId: string) => Promise<Actor>
}

export interface HttpOptions {
  readonly operations: readonly BoundOperation[]
  readonly wireRoutes: readonly ((server: FastifyInstance, door: WireDoor) => void)[]
  readonly gatekeeper: Gatekeeper
  readonly idempotency: Idempotency
  readonly rateLimits: RateLimits
  readonly metrics: HttpMetrics
  readonly log: Log
  readonly trustProxy: boolean
  /** Adds hooks before all others: spans. */
  readonly instrument: ((server: FastifyInstance) => void) | null
  /** Served over TLS (by a proxy or by us): cookies get Secure and the browser HSTS. */
  readonly secure: boolean
  /** What an address stands for under the host it was asked of; without it, itself. */
  readonly rewrite?: (host: string | undefined, url: string) => string
}

export const sessionCookie = 'mainstay_session'
const anonymous: Actor = { kind: 'link', id: 'anonymous', name: 'anonymous' }
const unsafe = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

export async function buildHttp(options: HttpOptions): Promise<FastifyInstance> {
  const server = fastify({
    logger: false,
    trustProxy: options.trustProxy,
    bodyLimit: 1_048_576,
    genReqId: (request) => safeRequestId(request.headers['x-request-id']) ?? randomUUID(),
    routerOptions: { maxParamLength: 500, ignoreTrailingSlash: false },
    requestTimeout: 30_000,
    keepAliveTimeout: 65_000,
    ...(options.rewrite === undefined ? {} : { rewriteUrl: rewriteBy(options.rewrite) }),
    forceCloseConnections: 'idle',
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    // Addresses the router cannot read never reach the hooks below.
    frameworkErrors: (error, request, reply) => {
      reply.headers(securityHeaders(options.secure)).header('x-request-id', request.id)
      answerError(options, error, request, reply)
    },
  })
  readOnlyJson(server)
  options.instrument?.(server)
  await server.register(cookie)
  server.setValidatorCompiler(createValidation())
  server.setErrorHandler((error, request, reply) => answerError(options, error, request, reply))
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders(options.secure))
    reply.header('x-request-id', request.id)
  })
  server.addHook('onResponse', async (request, reply) => {
    const operation = request.routeOptions.config.operationId ?? 'other'
    options.metrics.observe(operation, request.method, reply.statusCode, reply.elapsedTime / 1000)
  })
  for (const bound of options.operations) addOperation(server, options, bound)
  const door: WireDoor = {
    admit: async (request, operationId) => {
      const actor = await admit(options, request, operationId)
      if (!options.gatekeeper.isPublic(operationId)) options.gatekeeper.authorize(actor, operationId, null)
      return actor
    },
  }
  for (const add of options.wireRoutes) add(server, door)
  return server
}

function rewriteBy(rewrite: NonNullable<HttpOptions['rewrite']>) {
  return (request: { readonly url?: string | undefined; readonly headers: { readonly host?: string | undefined } }) =>
    rewrite(request.headers.host, request.url ?? '/')
}

declare module 'fastify' {
  interface FastifyContextConfig {
    operationId?: string
  }
}

function addOperation(server: FastifyInstance, options: HttpOptions, bound: BoundOperation): void {
  const { operation } = bound
  const callers = new WeakMap<FastifyRequest, Actor>()
  const status = operation.status ?? 200
  server.route({
    method: operation.method,
    url: operation.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    bodyLimit: operation.bodyLimit ?? 1_048_576,
    config: { operationId: operation.id },
    schema: {
      ...(operation.params === undefined ? {} : { params: operation.params }),
      ...(operation.query === undefined ? {} : { querystring: operation.query }),
      ...(operation.body === undefined ? {} : { body: operation.body }),
    },
    // Before the body: strangers do not make us read megabytes, learn nothing of shapes, and spend their own rate.
    onRequest: async (request) => {
      callers.set(request, await admit(options, request, operation.id))
    },
    preValidation: async (request) => {
      for (const [where, value] of [
        ['', request.body],
        ['?', request.query],
        ['{}', request.params],
      ] as const) {
        const pointer = findUnstorable(value)
        if (pointer !== null) {
          throw new AppError(
            'invalid',
            'input.unstorable-text',
            'A text holds a NUL character or half of a surrogate pair, which cannot be stored.',
            {
              faults: [{ pointer: `${where}${pointer}`, detail: 'Remove the character.' }],
            },
          )
        }
      }
    },
    handler: async (request, reply) => {
      const abort = new AbortController()
      request.raw.once('aborted', () => abort.abort())
      const actor = callers.get(request)
      invariant(actor !== undefined, 'a request was admitted before it was read')
      const ifMatch = readIfMatch(request.headers['if-match'])
      if (operation.ifMatch === 'required' && ifMatch === null) {
        throw new AppError(
          'invalid',
          'http.version-needed',
          'Send If-Match with the ETag you read, so that nobody’s change is overwritten.',
        )
      }
      const order: OperationRequest<unknown, unknown, unknown> = {
        params: request.params,
        query: request.query,
        body: request.body,
        actor,
        ifMatch,
        requestId: request.id,
        signal: abort.signal,
      }
      if (!options.gatekeeper.isPublic(operation.id)) {
        options.gatekeeper.authorize(actor, operation.id, bound.owner === null ? null : await bound.owner(order))
      }
      const answer = await runOnce(
        options.idempotency,
        {
          key: request.headers['idempotency-key'],
          method: operation.method,
          operation: operation.id,
          actor,
          body: request.body,
          status,
          secretReply: operation.secretReply === true,
          answersAgain: bound.answersAgain === true,
        },
        () => bound.handle(order),
      )
      return send(reply, answer.value, answer.status, answer.repeated)
    },
  })
}

/** Also used by wire routes, which have formats of their own but the same doors. */
export async function admit(
  options: Pick<HttpOptions, 'gatekeeper' | 'rateLimits'>,
  request: FastifyRequest,
  operationId: string,
): Promise<Actor> {
  const authorization = request.headers.authorization
  const token = /^Bearer (\S{1,300})$/i.exec(authorization ?? '')?.[1] ?? basicPassword(authorization)
  const session = request.cookies[sessionCookie] ?? null
  const actor = await options.gatekeeper.authenticate({ token, session, address: request.ip })
  takeToken(options.rateLimits, actor === null ? `address:${request.ip}` : `${actor.kind}:${actor.id}`, operationId)
  if (options.gatekeeper.isPublic(operationId)) return actor ?? anonymous
  if (actor === null) {
    throw new AppError(
      'forbidden',
      'http.unauthenticated',
      token === null && session === null
        ? 'Sign in, or send an API key as `Authorization: Bearer …`.'
        : 'The session or key is not valid any more. Sign in again or use another key.',
    )
  }
  // A cookie travels by itself, so a change must carry a header that another site cannot set without our leave.
  if (actor.kind !== 'key' && unsafe.has(request.method) && request.headers['x-mainstay-csrf'] === undefined) {
    throw new AppError(
      'forbidden',
      'http.csrf',
      'Requests that change something with a session cookie must send the header X-Mainstay-CSRF: 1.',
    )
  }
  return actor
}

// Senders such as Alertmanager and curl often know only basic auth: the password is the key, the user name is free.
function basicPassword(authorization: string | undefined): string | null {
  const encoded = /^Basic ([A-Za-z0-9+/=]{1,500})$/i.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return null
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  return text.slice(text.indexOf(':') + 1) || null
}

function send(reply: FastifyReply, value: unknown, status: number, repeated: boolean): FastifyReply {
  if (repeated) reply.header('idempotency-replayed', 'true')
  if (value instanceof Answer) {
    if (value.version !== null) reply.header('etag', `"v${value.version}"`)
    if (value.location !== null) reply.header('location', value.location)
    return reply.code(value.status ?? status).send(value.body ?? null)
  }
  return status === 204 ? reply.code(204).send() : reply.code(status).send(value ?? null)
}

function readIfMatch(header: string | undefined): number | null {
  if (header === undefined) return null
  const version = /^"v(\d{1,9})"$/.exec(header.trim())?.[1]
  if (version === undefined)
    throw new AppError(
      'conflict',
      'http.version-mismatch',
      `If-Match must be an ETag we gave, such as "v3"; ${header.slice(0, 40)} is none.`,
    )
  return Number(version)
}

function safeRequestId(header: string | string[] | undefined): string | null {
  return typeof header === 'string' && /^[\w.-]{8,64}$/.test(header) ? header : null
}
