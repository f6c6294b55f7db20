// Where a tracker calls us: proved, then taken as a hint. What changed the tracker is asked itself.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../kernel/app-error.ts'
import { isName } from '../../kernel/names.ts'
import type { WireDoor } from '../../platform/http/server.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { findConnection } from './connections.store.ts'
import type { TicketsPorts } from './tickets.ports.ts'
import { takeHook } from './usecases/hurry.ts'
import { openSettings } from './usecases/settings.ts'

/** A webhook of GitHub holds an issue with its whole text, a megabyte at the most we look at. */
const mostBytes = 1_048_576

type HookParams = FastifyRequest<{ Params: { connection: string } }>

export function ticketsWireRoutes(needs: Needs, ports: TicketsPorts) {
  return (server: FastifyInstance, door: WireDoor): void => {
    void server.register(async (scope) => {
      // The raw body is what was signed.
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: mostBytes }, (_request, body, done) =>
        done(null, body),
      )
      scope.post(
        '/api/v1/tickets/hooks/:connection',
        { config: { operationId: 'tickets.receive' } },
        async (request: HookParams, reply) => {
          await door.admit(request, 'tickets.receive')
          return receive(needs, ports, request, reply)
        },
      )
    })
  }
}

// The same words whether the connection is unknown or the signature wrong: names are nobody's business.
const forged = () => new AppError('forbidden', 'tickets.forged', 'This call does not come from the tracker.')

async function receive(
  needs: Needs,
  ports: TicketsPorts,
  request: HookParams,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { connection } = request.params
  const row = isName(connection) ? await findConnection(needs.database, connection) : null
  if (row === null) throw forged()
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  const now = await needs.database.now()
  const read = ports.trackers[row.tracker].readHook(openSettings(ports, row), { headers: request.headers, body, now })
  if (read.kind === 'forged') throw forged()
  await takeHook(needs, row.name, read)
  return reply.code(202).send()
}
