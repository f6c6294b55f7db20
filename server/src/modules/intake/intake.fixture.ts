// The room behind its edge, over the world of alerts: the same database, clock and played paging.
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { intakePortsOf } from '../../app/join/intake.ts'
import { intakePermissions } from '../../app/permissions/intake.ts'
import { type Actor, automation, type Role, roleAtLeast } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/app-error.ts'
import type { JsonObject } from '../../kernel/json.ts'
import { createMetrics } from '../../platform/http/metrics.ts'
import { createRateLimits } from '../../platform/http/rate-limit.ts'
import { buildHttp, type Gatekeeper } from '../../platform/http/server.ts'
import { silentLog } from '../../platform/log/log.ts'
import { type AlertsWorld, openAlertsWorld } from '../alerts/alerts.fixture.ts'
import { applyDocuments } from '../catalog/index.ts'
import { catalogKinds } from '../catalog/kinds/kinds.ts'
import type { Desk } from './desk.ts'
import { intakeRoom } from './intake.module.ts'
import { issueToken } from './usecases/keys.ts'
import { takeEvent } from './usecases/take-event.ts'
import { flushCounts, watchSources } from './usecases/watch-sources.ts'

export interface IntakeWorld {
  readonly alerts: AlertsWorld
  readonly desk: Desk
  readonly kinds: Parameters<typeof applyDocuments>[1]['kinds']
  declare(name: string, spec: object): Promise<void>
  /** A token of the source. */
  token(source: string): Promise<string>
  /** What a sender posts: with its token as a bearer unless other headers are given. */
  send(source: string, body: unknown, more?: Sending): Promise<LightMyRequestResponse>
  call(order: {
    method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
    url: string
    as?: string
    body?: unknown
  }): Promise<LightMyRequestResponse>
  /** A request as it is. */
  raw(request: InjectOptions): Promise<LightMyRequestResponse>
  /** What SNS would answer, by address; what is not here is refused. */
  readonly amazon: Map<string, string>
  readonly asked: string[]
  flush(): Promise<void>
  watch(): Promise<void>
  listen(): Promise<number>
  clear(): Promise<void>
  close(): Promise<void>
}

export interface Sending {
  readonly token?: string | null
  readonly headers?: Readonly<Record<string, string>>
  readonly method?: 'GET' | 'POST' | 'PUT'
}

const person = (id: string, role: Role): Actor => ({ kind: 'person', id, name: id, role, teams: [] })
const callers: Readonly<Record<string, Actor>> = {
  ada: person('ada', 'admin'),
  eli: person('eli', 'editor'),
  ana: person('ana', 'responder'),
  vic: person('vic', 'viewer'),
}
const gatekeeper: Gatekeeper = {
  authenticate: async ({ token }) => (token === null ? null : (callers[token] ?? null)),
  isPublic: (operationId) => {
    const row = intakePermissions[operationId]
    return row !== undefined && 'open' in row
  },
  authorize: (actor, operationId) => {
    const row = intakePermissions[operationId]
    const needed = row !== undefined && 'role' in row ? row.role : 'admin'
    if (!('role' in actor) || !roleAtLeast(actor.role, needed))
      throw new AppError('forbidden', 'identity.forbidden', 'Not yours.')
  },
}

export async function openIntakeWorld(name: string): Promise<IntakeWorld> {
  const alerts = await openAlertsWorld(name)
  const amazon = new Map<string, string>()
  const asked: string[] = []
  const fetch = async (input: unknown): Promise<Response> => {
    asked.push(String(input))
    const answer = amazon.get(String(input))
    return new Response(answer ?? 'no', { status: answer === undefined ? 404 : 200 })
  }
  const sealed = new Map<string, string>()
  const played = {
    egress: { fetch: () => fetch },
    keyring: {
      seal: (text: string, context = '') => {
        const key = `sealed ${sealed.size} ${context}`
        sealed.set(key, text)
        return key
      },
      open: (key: string) => sealed.get(key) ?? '',
    },
  }
  const room = intakeRoom(alerts.needs, intakePortsOf(played, alerts.ports))
  const { desk } = room
  // As the house joins them.
  Object.assign(alerts.ports, { takeElsewhere: (event: JsonObject) => takeEvent(desk, event) })
  const server: FastifyInstance = await buildHttp({
    operations: room.operations ?? [],
    wireRoutes: room.wireRoutes === undefined ? [] : [room.wireRoutes],
    gatekeeper,
    idempotency: { database: alerts.database },
    rateLimits: createRateLimits({ perSecond: 1, burst: 50 }),
    metrics: createMetrics(),
    log: silentLog,
    trustProxy: false,
    instrument: null,
    secure: false,
  })
  const kinds = () => [...catalogKinds, ...(room.kinds ?? [])]
  const tokens = new Map<string, string>()
  const call: IntakeWorld['call'] = ({ method = 'GET', url, as = 'eli', body }) =>
    server.inject({
      method,
      url,
      remoteAddress: `10.0.0.${Math.min(250, tokens.size + 1)}`,
      headers: {
        ...(as === '' ? {} : { authorization: `Bearer ${as}`, 'x-mainstay-csrf': '1' }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    })
  const token: IntakeWorld['token'] = async (source) => {
    const known = tokens.get(source)
    if (known !== undefined) return known
    const { token: fresh } = await issueToken(desk, {
      source,
      overlapMs: 0,
      actor: automation('test'),
    })
    tokens.set(source, fresh)
    return fresh
  }
  return {
    alerts,
    desk,
    kinds,
    amazon,
    asked,
    call,
    raw: (request) => server.inject(request),
    token,
    declare: async (source, spec) => {
      const document = { apiVersion: 'mainstay.dev/v1', kind: 'AlertSource', metadata: { name: source }, spec }
      await applyDocuments(
        alerts.needs,
        { kinds, translators: [], mayChange: () => undefined },
        { documents: JSON.stringify(document), actor: automation('test') },
      )
    },
    send: async (source, body, { token: given, headers = {}, method = 'POST' } = {}) => {
      const proof = given === undefined ? await token(source) : given
      return server.inject({
        method,
        url: `/in/${source}`,
        headers: {
          'content-type': 'application/json',
          ...(proof === null ? {} : { authorization: `Bearer ${proof}` }),
          ...headers,
        },
        ...(method === 'GET' ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
    },
    flush: () => flushCounts(desk),
    watch: () => watchSources(desk),
    listen: async () => {
      if (!server.server.listening) await server.listen({ host: '127.0.0.1', port: 0 })
      const address = server.server.address()
      if (address === null || typeof address === 'string') throw new Error('No port.')
      return address.port
    },
    clear: async () => {
      asked.length = 0
      amazon.clear()
      desk.counter.take()
      await alerts.clear()
      await alerts.owner.query('truncate intake_orphans, intake_samples, intake_minutes, intake_seen')
      await alerts.owner.query('update intake_sources set received_at = null, beat_at = null, silent_since = null')
    },
    close: async () => {
      await server.close()
      await alerts.close()
    },
  }
}
