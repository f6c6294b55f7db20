// Builds the house from its rooms: operations, jobs and subscriptions, joined by one journal. Starts nothing.
import type { FastifyInstance } from 'fastify'
import { AppError } from '../kernel/app-error.ts'
import type { Lifeboat } from '../modules/lifeboat/index.ts'
import type { Database } from '../platform/database/database.ts'
import { createMetrics, type HttpMetrics } from '../platform/http/metrics.ts'
import { openapiDocument } from '../platform/http/openapi.ts'
import { createRateLimits, type RateLimits } from '../platform/http/rate-limit.ts'
import { answerMissing, buildHttp, type HttpOptions } from '../platform/http/server.ts'
import { newId } from '../platform/ids.ts'
import type { AppendEntries } from '../platform/journal/journal.ts'
import { createJournal, type Subscription } from '../platform/journal/journal.ts'
import type { Log } from '../platform/log/log.ts'
import type { Needs } from '../platform/room/needs.ts'
import type { Room } from '../platform/room/room.ts'
import { createWorker, type Worker, type WorkerOptions } from '../platform/work/worker.ts'
import { serveConsole } from './console.ts'
import { healthRoutes } from './health.ts'
import type { PermissionTable } from './permissions/table.ts'
import type { Composition } from './rooms.ts'

export interface HouseOptions {
  readonly database: Database
  readonly log: Log
  /** Asked late: the port is known once the server listens. */
  readonly publicUrl: () => string
  readonly append: AppendEntries
  readonly permissions: PermissionTable
  readonly compose: (
    needs: Needs,
    house: { readonly metrics: HttpMetrics; readonly rateLimits: RateLimits },
  ) => Omit<Composition, 'lifeboat'> & Partial<Pick<Composition, 'lifeboat'>>
  readonly trustProxy: boolean
  /** Where the built console lies; null serves none. */
  readonly consoleFolder: string | null
  readonly migrations: number
  /** Adds spans to the server's requests; null without tracing. */
  readonly instrument: ((server: FastifyInstance) => void) | null
}

export interface House {
  readonly needs: Needs
  readonly rooms: readonly Room[]
  readonly metrics: HttpMetrics
  /** Null where nothing can be kept. */
  readonly lifeboat: Lifeboat | null
  buildServer(isOpen: () => boolean): Promise<FastifyInstance>
  createWorker(
    options: Pick<WorkerOptions, 'owner' | 'onRun' | 'lanes' | 'concurrency'> & { readonly recurring: boolean },
  ): Worker
}

const always = new Set(['/healthz', '/readyz', '/version', '/metrics'])

/** Senders that never stop would otherwise take every connection of the pool from a server that still starts. */
function refuseUntilOpen(server: FastifyInstance, isOpen: () => boolean): void {
  server.addHook('onRequest', async (request) => {
    if (isOpen() || always.has(request.url)) return
    throw new AppError('unavailable', 'http.not-open', 'The server is starting or stopping. Ask again in a moment.', {
      retryAfterSeconds: 1,
    })
  })
}

export function buildHouse(options: HouseOptions): House {
  const metrics = createMetrics()
  let rooms: readonly Room[] = []
  const subscriptions = (): readonly Subscription[] => rooms.flatMap((room) => room.subscriptions ?? [])
  const needs: Needs = {
    database: options.database,
    journal: createJournal(options.append, subscriptions),
    log: options.log,
    newId,
    get publicUrl() {
      return options.publicUrl()
    },
  }
  // Guessing a password or a setup token is slow for everyone behind one address.
  // Replaying a routing file keeps a core busy for seconds.
  const tight = { 'session.sign-in': 20, 'identity.setup': 20, 'routing.replay': 10 }
  // More than one process takes in: a sender that floods is slowed by its answers, and none of its first alarms is turned away.
  const reports = [
    'alerts.send',
    'intake.alertmanager',
    'intake.pagerduty',
    'intake.deliver',
    'intake.remote-write',
    'intake.otlp',
  ]
  const wide = Object.fromEntries(reports.map((id) => [id, 10_000]))
  const rateLimits = createRateLimits({ tight, wide })
  const composition = options.compose(needs, { metrics, rateLimits })
  rooms = composition.rooms
  const operations = rooms.flatMap((room) => room.operations ?? [])
  const missing = operations.map((bound) => bound.operation.id).filter((id) => options.permissions[id] === undefined)
  // A route nobody thought about must not exist at all.
  if (missing.length > 0) throw new Error(`No row in the permission table for ${missing.join(', ')}.`)

  return {
    needs,
    rooms,
    metrics,
    lifeboat: composition.lifeboat ?? null,
    buildServer: async (isOpen) => {
      const http: HttpOptions = {
        operations,
        wireRoutes: rooms.flatMap((room) => (room.wireRoutes === undefined ? [] : [room.wireRoutes])),
        gatekeeper: composition.gatekeeper,
        idempotency: { database: options.database, isAway: () => composition.lifeboat?.isAfloat() ?? false },
        rateLimits,
        metrics,
        log: options.log,
        trustProxy: options.trustProxy,
        instrument: options.instrument,
        rewrite: (host, url) => rooms.reduce((found, room) => room.rewrite?.(host, found) ?? found, url),
        secure: options.publicUrl().startsWith('https:'),
      }
      const server = await buildHttp(http)
      refuseUntilOpen(server, isOpen)
      healthRoutes(server, {
        database: options.database,
        metrics,
        isOpen,
        migrations: () => options.migrations,
        rooms: rooms.map((room) => room.name),
        lifeboat: () => composition.lifeboat?.state() ?? null,
      })
      const document = openapiDocument(operations, options.permissions)
      server.get('/api/v1/openapi.json', async () => document)
      const onMissing = answerMissing.bind(null, http)
      if (options.consoleFolder === null) server.setNotFoundHandler(onMissing)
      else await serveConsole(server, options.consoleFolder, onMissing)
      return server
    },
    createWorker: (worker) =>
      createWorker({
        database: options.database,
        jobs: [...rooms.flatMap((room) => room.jobs ?? []), ...subscriptions().map((each) => each.bound)],
        recurring: worker.recurring ? rooms.flatMap((room) => room.recurring ?? []) : [],
        log: options.log,
        owner: worker.owner,
        mayClaim: () => composition.lifeboat?.mayWork() ?? true,
        ...(worker.onRun === undefined ? {} : { onRun: worker.onRun }),
        ...(worker.lanes === undefined ? {} : { lanes: worker.lanes }),
        ...(worker.concurrency === undefined ? {} : { concurrency: worker.concurrency }),
      }),
  }
}
