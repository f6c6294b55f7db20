// A server of its own that serves postmortems only, for tests that kill it. It tells its port when it listens.

import { postmortemsPermissions } from '../../app/permissions/postmortems.ts'
import { type Actor, type Role, roleAtLeast } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/app-error.ts'
import { openDatabase } from '../../platform/database/database.ts'
import { applicationRole } from '../../platform/database/migrate.ts'
import { createMetrics } from '../../platform/http/metrics.ts'
import { createRateLimits } from '../../platform/http/rate-limit.ts'
import { buildHttp } from '../../platform/http/server.ts'
import { newId } from '../../platform/ids.ts'
import { createJournal } from '../../platform/journal/journal.ts'
import { silentLog } from '../../platform/log/log.ts'
import { appendEntries, listConcerning } from '../audit/index.ts'
import { postmortemsRoom } from './postmortems.module.ts'

const [connection = '{}'] = process.argv.slice(2)
const database = openDatabase({ connection: JSON.parse(connection), log: silentLog, role: applicationRole })

/** `ana` is a responder, `viewer-vic` a viewer. */
function actorOf(token: string): Actor {
  const role: Role = token.startsWith('viewer-') ? 'viewer' : 'responder'
  return { kind: 'person', id: token, name: token, role, teams: [] }
}

const room = postmortemsRoom(
  {
    database,
    journal: createJournal(appendEntries, () => []),
    log: silentLog,
    newId,
    publicUrl: 'http://localhost:8420',
  },
  {
    personOf: async (actor) => actor.name,
    declaredNameOf: async (actor) => actor.name,
    linesOf: listConcerning,
  },
)
const server = await buildHttp({
  operations: room.operations ?? [],
  wireRoutes: room.wireRoutes === undefined ? [] : [room.wireRoutes],
  gatekeeper: {
    authenticate: async ({ token }) => (token === null ? null : actorOf(token)),
    isPublic: () => false,
    authorize: (actor, operationId) => {
      const row = postmortemsPermissions[operationId]
      const needed = row !== undefined && 'role' in row ? row.role : 'admin'
      if (!('role' in actor) || !roleAtLeast(actor.role, needed))
        throw new AppError('forbidden', 'identity.forbidden', 'Not yours.')
    },
  },
  idempotency: { database },
  rateLimits: createRateLimits({ perSecond: 100_000, burst: 100_000 }),
  metrics: createMetrics(),
  log: silentLog,
  trustProxy: false,
  instrument: null,
  secure: false,
})
await server.listen({ host: '127.0.0.1', port: 0 })
const address = server.server.address()
process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`)
process.on('SIGTERM', () => {
  void room
    .stop?.()
    .then(() => server.close())
    .then(() => database.close())
})
