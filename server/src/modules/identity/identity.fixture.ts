// A house with this room only, and as many processes of it as a test wants.
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import pg from 'pg'
import { openTestDatabase } from '../../../test/database.ts'
import { identityPermissions } from '../../app/permissions/identity.ts'
import type { Role } from '../../kernel/actor.ts'
import { type Database, openDatabase } from '../../platform/database/database.ts'
import { createMetrics } from '../../platform/http/metrics.ts'
import type { BoundOperation } from '../../platform/http/operation.ts'
import { createRateLimits } from '../../platform/http/rate-limit.ts'
import { buildHttp } from '../../platform/http/server.ts'
import { newId } from '../../platform/ids.ts'
import { createJournal } from '../../platform/journal/journal.ts'
import { silentLog } from '../../platform/log/log.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import { appendEntries } from '../audit/index.ts'
import { gatekeeper, type PermissionRows } from './gatekeeper.ts'
import { identityRoom } from './identity.module.ts'
import type { IdentityPorts } from './identity.ports.ts'
import { createSetupLink } from './usecases/links.ts'

export interface Process {
  readonly needs: Needs
  readonly room: Room
  readonly server: FastifyInstance
  /** As a process leaves: its rooms stop, last first. */
  stop(): Promise<void>
  call(order: InjectOptions & { session?: string; key?: string }): Promise<LightMyRequestResponse>
}

export interface IdentityWorld {
  readonly owner: pg.Client
  startProcess(options?: StartProcess): Promise<Process>
  /** Moves the database's clock. */
  setClock(ahead: string): Promise<void>
  /** Entry types, oldest first. */
  journal(): Promise<readonly string[]>
  close(): Promise<void>
}

export interface StartProcess {
  readonly ports?: IdentityPorts
  readonly publicUrl?: string
  /** Without hints only the age of what is remembered ends it. */
  readonly deaf?: boolean
  readonly operations?: readonly BoundOperation[]
  readonly table?: PermissionRows
  /** Later rooms of the same house. */
  readonly rooms?: (needs: Needs) => readonly Room[]
}

export const cheap = { work: 4, blockSize: 8, parallel: 1 }
export const goodPassword = 'seven small otters'

export async function openIdentityWorld(name: string): Promise<IdentityWorld> {
  const test = await openTestDatabase(name)
  const owner = new pg.Client({ ...test.connection, application_name: 'identity-test' })
  await owner.connect()
  const opened: { database: Database; stop: () => Promise<void>; server: FastifyInstance }[] = []
  return {
    owner,
    startProcess: async (options = {}) => {
      const database = openDatabase({ connection: test.connection, log: silentLog, maxConnections: 8 })
      const needs: Needs = {
        database,
        journal: createJournal(appendEntries, () => []),
        log: silentLog,
        newId,
        publicUrl: options.publicUrl ?? 'http://localhost:8420',
      }
      const room = identityRoom(needs, { passwordCost: cheap, ...options.ports })
      const rooms = [room, ...(options.rooms?.(needs) ?? [])]
      const server = await buildHttp({
        operations: [...rooms.flatMap((each) => each.operations ?? []), ...(options.operations ?? [])],
        wireRoutes: rooms.flatMap((each) => (each.wireRoutes === undefined ? [] : [each.wireRoutes])),
        gatekeeper: gatekeeper(needs, { ...identityPermissions, ...options.table }),
        idempotency: { database },
        rateLimits: createRateLimits({ perSecond: 100_000, burst: 100_000 }),
        metrics: createMetrics(),
        log: silentLog,
        trustProxy: false,
        instrument: null,
        secure: false,
      })
      const stop = async () => {
        for (const each of [...rooms].reverse()) await each.stop?.()
      }
      opened.push({ database, stop, server })
      if (options.deaf !== true) await room.start?.()
      const call: Process['call'] = ({ session, key, ...order }) =>
        server.inject({
          ...order,
          headers: {
            'x-mainstay-csrf': '1',
            ...(session === undefined ? {} : { cookie: `mainstay_session=${session}` }),
            ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
            ...order.headers,
          },
        })
      return { needs, room, server, stop, call }
    },
    setClock: async (ahead) => {
      await owner.query(
        `create or replace function mainstay_now() returns timestamptz language sql stable parallel safe as $$ select clock_timestamp() + interval '${ahead}' $$`,
      )
    },
    journal: async () => {
      const { rows } = await owner.query<{ type: string }>('select type from journal order by id')
      return rows.map((row) => row.type)
    },
    close: async () => {
      for (const { stop, server, database } of opened) {
        await stop()
        await server.close()
        await database.close()
      }
      await owner.end()
      await test.close()
    },
  }
}

export const tokenOf = (url: string): string => url.slice(url.indexOf('#') + 1)

export function sessionOf(response: LightMyRequestResponse): string {
  return response.cookies.find((cookie) => cookie.name === 'mainstay_session')?.value ?? ''
}

/** The first administrator, by the link. */
export async function setUp(process: Process, email = 'ana@shop.example'): Promise<{ session: string; id: string }> {
  const link = await createSetupLink(process.needs)
  const response = await process.call({
    method: 'POST',
    url: '/api/v1/setup',
    payload: { token: tokenOf(link ?? ''), email, name: 'Ana', password: goodPassword },
  })
  if (response.statusCode !== 201) throw new Error(response.body)
  return { session: sessionOf(response), id: response.json<{ person: { id: string } }>().person.id }
}

/** Somebody else, invited by the administrator and signed in. */
export async function join(
  process: Process,
  admin: string,
  email: string,
  role: Role,
): Promise<{ session: string; id: string }> {
  const created = await process.call({
    method: 'POST',
    url: '/api/v1/people',
    session: admin,
    payload: { email, name: email.split('@')[0], role },
  })
  const { person, invitation } = created.json<{ person: { id: string }; invitation: string }>()
  const accepted = await process.call({
    method: 'POST',
    url: '/api/v1/setup',
    payload: { token: tokenOf(invitation), password: goodPassword },
  })
  if (accepted.statusCode !== 201) throw new Error(`${created.body} ${accepted.body}`)
  return { session: sessionOf(accepted), id: person.id }
}
