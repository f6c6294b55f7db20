// The catalog behind its HTTP edge, on a database of its own; callers are named by their token.
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import pg from 'pg'
import { openRoomDatabase } from '../../../test/room-database.ts'
import { catalogPermissions } from '../../app/permissions/catalog.ts'
import { type Actor, type Role, roleAtLeast } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/app-error.ts'
import type { Database } from '../../platform/database/database.ts'
import { createMetrics } from '../../platform/http/metrics.ts'
import { createRateLimits } from '../../platform/http/rate-limit.ts'
import { buildHttp, type Gatekeeper } from '../../platform/http/server.ts'
import { silentLog } from '../../platform/log/log.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { catalogRoom } from './catalog.module.ts'
import type { CatalogPorts } from './catalog.ports.ts'
import { catalogKinds } from './kinds/kinds.ts'
import { openSloServiceTranslator } from './openslo-service.ts'

export interface CatalogWorld {
  readonly database: Database
  readonly needs: Needs
  readonly ports: CatalogPorts
  readonly owner: pg.Client
  call(order: Call): Promise<LightMyRequestResponse>
  close(): Promise<void>
}

export interface Call {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  readonly url: string
  readonly as?: string
  readonly body?: object
  readonly ifMatch?: string
}

const person = (id: string, role: Role, ...teams: string[]): Actor => ({ kind: 'person', id, name: id, role, teams })
const callers: Readonly<Record<string, Actor>> = {
  ana: person('ana', 'editor', 'web'),
  vic: person('vic', 'viewer', 'web'),
  root: person('root', 'admin'),
}

// Played: who may do what is identity's business; here editors change what their own team or nobody owns.
const gatekeeper: Gatekeeper = {
  authenticate: async ({ token }) => (token === null ? null : (callers[token] ?? null)),
  isPublic: () => false,
  authorize: (actor, operationId) => {
    const row = catalogPermissions[operationId]
    const needed = row !== undefined && 'role' in row ? row.role : 'admin'
    if (actor.kind !== 'person' || !roleAtLeast(actor.role, needed)) throw forbidden()
  },
}
const forbidden = () => new AppError('forbidden', 'identity.forbidden', 'Not yours.')

export async function openCatalogWorld(
  name: string,
  translators: CatalogPorts['translators'] = [],
): Promise<CatalogWorld> {
  const room = await openRoomDatabase(name, { maxConnections: 6 })
  const owner = new pg.Client({ ...room.connection, application_name: 'catalog-test' })
  await owner.connect()
  const { database, needs } = room
  const outside: CatalogPorts = {
    kinds: () => catalogKinds,
    translators,
    mayChange: (actor, team) => {
      if (actor.kind === 'person' && actor.role !== 'admin' && team !== null && !actor.teams.includes(team))
        throw forbidden()
    },
  }
  const server: FastifyInstance = await buildHttp({
    operations: catalogRoom(needs, outside).operations ?? [],
    wireRoutes: [],
    gatekeeper,
    idempotency: { database },
    rateLimits: createRateLimits({ perSecond: 100_000, burst: 100_000 }),
    metrics: createMetrics(),
    log: silentLog,
    trustProxy: false,
    instrument: null,
    secure: false,
  })
  return {
    database,
    needs,
    ports: { ...outside, translators: [...translators, openSloServiceTranslator] },
    owner,
    call: ({ method = 'GET', url, as = 'ana', body, ifMatch }) =>
      server.inject({
        method,
        url,
        headers: {
          ...(as === '' ? {} : { authorization: `Bearer ${as}`, 'x-mainstay-csrf': '1' }),
          ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        },
        ...(body === undefined ? {} : { payload: body }),
      }),
    close: async () => {
      await server.close()
      await owner.end()
      await room.close()
    },
  }
}
