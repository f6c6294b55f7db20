// Where providers call us, each in its own format, and where a phone says that a push was seen. Proved by signatures:
// there is nobody to sign in.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../kernel/app-error.ts'
import type { WireDoor } from '../../platform/http/server.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type {
  AnsweringPorts,
  Callback,
  CallbackAnswer,
  CallbackIntent,
  NotificationPorts,
} from './notifications.ports.ts'
import { answerMessage, answerNewest, markSeen } from './usecases/answer-message.ts'
import { readConnection } from './usecases/connections.ts'
import { recordFate } from './usecases/fall-through.ts'
import { openAnswerToken } from './usecases/message-handle.ts'

/** Far above any callback of these providers. */
const mostBytes = 65_536

export function notificationsWireRoutes(needs: Needs, ports: NotificationPorts, answering: AnsweringPorts | null) {
  return (server: FastifyInstance, door: WireDoor): void => {
    void server.register(async (scope) => {
      // The raw body is what was signed.
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: mostBytes }, (_request, body, done) =>
        done(null, body),
      )
      const seen = async (request: FastifyRequest, reply: FastifyReply) => {
        await door.admit(request, 'notifications.message-seen')
        const handle = openAnswerToken(ports, named(request, 'token'))
        if (handle !== null) await markSeen(needs, handle)
        return reply.code(204).send()
      }
      scope.post('/hooks/seen/:token', { config: { operationId: 'notifications.message-seen' } }, seen)
      const receive = async (request: FastifyRequest, reply: FastifyReply) => {
        await door.admit(request, 'notifications.provider-callback')
        const callback = answering?.callbacks[named(request, 'provider')]
        if (answering === null || callback === undefined)
          throw new AppError('not-found', 'http.no-such-path', 'Nobody is called here.')
        return receiveCallback(needs, ports, answering, callback, request, reply)
      }
      scope.post('/hooks/:provider', { config: { operationId: 'notifications.provider-callback' } }, receive)
      scope.post('/hooks/:provider/:handle', { config: { operationId: 'notifications.provider-callback' } }, receive)
    })
  }
}

function named({ params }: FastifyRequest, name: string): string {
  const found = typeof params === 'object' && params !== null ? new Map(Object.entries(params)).get(name) : undefined
  return typeof found === 'string' ? found : ''
}

async function receiveCallback(
  needs: Needs,
  ports: NotificationPorts,
  answering: AnsweringPorts,
  callback: Callback,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const asked = {
    // As the provider was told to call it: signatures hold over this, whatever a proxy made of it.
    url: `${needs.publicUrl}${request.url}`,
    headers: request.headers,
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    now: await needs.database.now(),
    settings: await readConnection(needs.database, ports, callback.connection),
  }
  const intent = callback.read(asked)
  if (intent.kind === 'forged') throw new AppError('forbidden', 'notifications.callback-forged', intent.because)
  const { status, type, body } = callback.reply(asked, await obey(needs, ports, answering, intent))
  return reply.code(status).type(type).send(body)
}

async function obey(
  needs: Needs,
  ports: NotificationPorts,
  answering: AnsweringPorts,
  intent: Exclude<CallbackIntent, { readonly kind: 'forged' }>,
): Promise<CallbackAnswer | null> {
  switch (intent.kind) {
    case 'answer':
      return answerMessage(needs, answering, intent)
    case 'answer-newest':
      return answerNewest(needs, answering, intent)
    case 'fate':
      await recordFate(needs, ports, intent)
      return null
    case 'none':
      return null
  }
}
