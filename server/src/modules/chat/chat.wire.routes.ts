// Where a chat calls us: proved, kept, answered at once. The work is done by a job.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../kernel/app-error.ts'
import type { WireDoor } from '../../platform/http/server.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { type ChatPorts, chatProviders, type InboundDoor } from './chat.ports.ts'
import { answerAtOnce } from './usecases/answer-at-once.ts'
import { takeInbound } from './usecases/handle-inbound.ts'

/** A modal with its text and the message it came from has some tens of kilobytes. */
const mostBytes = 262_144
const doors: readonly InboundDoor[] = ['events', 'commands', 'interactions']

export function chatWireRoutes(needs: Needs, ports: ChatPorts) {
  return (server: FastifyInstance, door: WireDoor): void => {
    void server.register(async (scope) => {
      // The raw body is what was signed.
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: mostBytes }, (_request, body, done) =>
        done(null, body),
      )
      scope.post(
        '/api/v1/chat/:provider/:door',
        { config: { operationId: 'chat.receive' } },
        async (request: FastifyRequest<{ Params: { provider: string; door: string } }>, reply) => {
          await door.admit(request, 'chat.receive')
          return receive(needs, ports, request, reply)
        },
      )
    })
  }
}

async function receive(
  needs: Needs,
  ports: ChatPorts,
  request: FastifyRequest<{ Params: { provider: string; door: string } }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const provider = chatProviders.find((each) => each === request.params.provider)
  const entrance = doors.find((each) => each === request.params.door)
  const listener = provider === undefined ? undefined : ports.chats[provider]?.listener
  if (provider === undefined || entrance === undefined || listener === undefined)
    throw new AppError('not-found', 'http.no-such-path', 'Nobody is called here.')
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  const read = await listener.read(entrance, { headers: request.headers, body, now: await needs.database.now() })
  if (read.kind === 'forged') throw new AppError('forbidden', 'chat.forged', read.because)
  if (read.kind === 'challenge') return reply.code(200).type('text/plain; charset=utf-8').send(read.answer)
  if (read.inbound !== null && read.respond !== undefined) {
    const said = await answerAtOnce(needs, ports, provider, read.inbound)
    return reply.code(200).type('application/json; charset=utf-8').send(read.respond(said))
  }
  if (read.inbound !== null) await takeInbound(needs, provider, read.inbound)
  return read.reply === undefined
    ? reply.code(200).send()
    : reply.code(200).type('application/json; charset=utf-8').send(read.reply)
}
