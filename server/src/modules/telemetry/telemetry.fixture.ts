// A telemetry room of its own for a test file: database, a server that admits, and ways to look at what was counted.
import type { FastifyInstance } from 'fastify'
import { openRoomDatabase } from '../../../test/room-database.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { Database, openDatabase, Tx } from '../../platform/database/database.ts'
import { sql } from '../../platform/database/queries.ts'
import { createMetrics } from '../../platform/http/metrics.ts'
import { createRateLimits } from '../../platform/http/rate-limit.ts'
import { buildHttp } from '../../platform/http/server.ts'
import type { Subscription } from '../../platform/journal/journal.ts'
import { silentLog } from '../../platform/log/log.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import type { Side } from './core/index.ts'
import { countMetrics, type StreamCache } from './count-directly.fixture.ts'
import { type DecodedBody, ways } from './read-body.ts'
import { readSlices } from './slices.store.ts'
import type { NewStream } from './stream.ts'
import { findStream, saveStream } from './streams.store.ts'
import type { TelemetryPorts } from './telemetry.ports.ts'
import type { SignalCollector } from './usecases/collect-signals.ts'
import { createSampleIntake } from './usecases/take-samples.ts'

export const sender: Actor = {
  kind: 'key',
  id: 'k-shop',
  name: 'shop',
  role: 'responder',
  teams: [],
  scopes: ['telemetry:write', 'telemetry:read'],
}

/** Nothing lies outside, but what the test says. */
export function portsWith(given: Partial<TelemetryPorts>): TelemetryPorts {
  const none = { state: 'read' as const, series: [] }
  return {
    egress: { fetch: () => fetch },
    queryRange: async () => none,
    secret: () => 'unused',
    listenGrpc: null,
    admitToken: async () => undefined,
    observe: async () => ({ what: 'failed', detail: 'Nothing is there.', timedOut: false, totalMs: 0 }),
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    ...given,
  }
}

export interface TelemetryWorld {
  readonly database: Database
  readonly needs: Needs
  readonly connection: Parameters<typeof openDatabase>[0]['connection']
  serve(rooms: readonly Room[]): Promise<FastifyInstance>
  close(): Promise<void>
}

export async function openTelemetryWorld(
  name: string,
  subscriptions: () => readonly Subscription[] = () => [],
): Promise<TelemetryWorld> {
  const room = await openRoomDatabase(name, { subscriptions, publicUrl: 'http://localhost' })
  const { database, needs } = room
  const servers: FastifyInstance[] = []
  return {
    database,
    needs,
    connection: room.connection,
    serve: async (rooms) => {
      const server = await buildHttp({
        operations: rooms.flatMap((room) => room.operations ?? []),
        wireRoutes: rooms.flatMap((room) => (room.wireRoutes === undefined ? [] : [room.wireRoutes])),
        gatekeeper: {
          authenticate: async ({ token }) => (token === null ? null : sender),
          isPublic: () => false,
          authorize: () => undefined,
        },
        idempotency: { database },
        rateLimits: createRateLimits(),
        metrics: createMetrics(),
        log: silentLog,
        trustProxy: false,
        secure: false,
        instrument: null,
      })
      servers.push(server)
      return server
    },
    close: async () => {
      for (const server of servers) await server.close()
      await room.close()
    },
  }
}

/** A stream over the shop's requests: everything of a service, and what of it did not fail. */
export function requestsOf(service: string, more: Partial<NewStream> = {}): NewStream {
  const part = (side: Side, failing: boolean) => ({
    side,
    metric: 'http.server.request.duration',
    filters: [
      { key: 'service.name', op: 'equals' as const, value: service },
      ...(failing ? [] : [{ key: 'http.response.status_code', op: 'not-prefix' as const, value: '5' }]),
    ],
  })
  return {
    id: `${service}-availability`,
    indicator: `${service}-answers`,
    sliceMs: 60_000,
    longestWindowMs: 3_600_000,
    source: { kind: 'otlp', form: 'good-total', parts: [part('good', false), part('total', true)] },
    ...more,
  }
}

export async function register(database: Database, stream: NewStream): Promise<number> {
  return (await database.transaction((tx) => saveStream(tx, stream))).stream.key
}

/** Forgets everything, as the application may: row by row. */
export async function forget(database: Database): Promise<void> {
  const tables = [
    'telemetry_streams',
    'stream_overflow',
    'slices',
    'slice_hours',
    'slice_changes',
    'telemetry_sources',
    'stream_feeds',
    'series_states',
    'series_packs',
    'series_moves',
    'sample_inbox',
    'sample_fold',
    'scrape_folds',
    'scrape_packs',
    'scrape_moves',
    'pushed_batches',
    'prometheus_reads',
    'telemetry_replicas',
    'probes',
    'probe_results',
    'signal_services',
    'signal_senders',
    'signal_minutes',
    'signal_hours',
    'service_usage',
  ]
  for (const table of tables) await database.run(sql`delete from ${sql.table(table)}`)
}

/** All that was counted of a stream. */
export async function totalsOf(
  database: Database,
  id: string,
): Promise<{ good: number; bad: number; total: number; slices: number }> {
  const stream = await findStream(database, id)
  const rows = stream === null ? [] : await readSlices(database, stream.key, 0, Number.MAX_SAFE_INTEGER)
  const sum = (side: Side) => rows.reduce((all, row) => all + row[side], 0)
  return { good: sum('good'), bad: sum('bad'), total: sum('total'), slices: rows.length }
}

/** For a collector of signals whose metrics nobody looks at. */
export const nobodyWatches = {
  observe: () => undefined,
  observeSamples: () => undefined,
  write: async () => undefined,
}

export const nobodyCollects: SignalCollector = {
  take: () => undefined,
  takeSamples: () => undefined,
  flush: async () => undefined,
  start: () => undefined,
  stop: async () => undefined,
  leftOut: () => 0,
}

/** As the inbox must count it: each request at once, in a transaction of its own. */
export const countDirectly = (
  { database }: Needs,
  cache: StreamCache,
  decoded: DecodedBody,
  kind: keyof typeof ways,
): Promise<void> => database.transaction((tx) => countMetrics(tx, cache, decoded, { ...ways[kind], dataSource: null }))

/** Counts what was accepted so far, as another process would that takes over. */
export const countAccepted = (needs: Needs): Promise<void> => createSampleIntake(needs, nobodyCollects).settle()

/** A process whose session the server ends in the middle of a transaction, before the commit. */
export function dying(world: TelemetryWorld): Needs {
  const database: Database = {
    ...world.database,
    transaction: <T>(work: (tx: Tx) => Promise<T>) =>
      world.database.transaction<T>(async (tx) => {
        const result = await work(tx)
        await tx.run(sql`select pg_terminate_backend(pg_backend_pid())`)
        return result
      }),
  }
  return { ...world.needs, database }
}
