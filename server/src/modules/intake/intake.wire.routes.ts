// The addresses of sources. A body stays bytes until its sender is proven; answers come after the commit.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Format, formatFacts } from './core/index.ts'
import type { Gate } from './gate.ts'
import type { Taken } from './usecases/take-delivery.ts'
import { bodyLimit, incomingOf, paramOf, tokenOf } from './wire-request.ts'

export function intakeWireRoutes(gate: Gate): (scope: FastifyInstance) => void {
  return (scope) => {
    const config = { operationId: 'intake.deliver' }

    const proofOf = (request: FastifyRequest) => ({
      name: paramOf(request, 'source'),
      token: paramOf(request, 'token') ?? tokenOf(request),
    })
    const refuse = (error: unknown, reply: FastifyReply) => {
      const { status, sentence } = gate.refuse(error, reply, 503)
      // Amazon sends credentials only after it was asked for them.
      if (status === 401) reply.header('www-authenticate', 'Basic realm="mainstay"')
      return reply.code(status).send({ status: 'refused', message: sentence })
    }
    const prove = async (request: FastifyRequest, reply: FastifyReply) => {
      try {
        gate.enter(request)
        await gate.prove(request, proofOf(request))
      } catch (error) {
        return refuse(error, reply)
      }
    }
    const take = async (request: FastifyRequest, reply: FastifyReply) => {
      try {
        const { taken, format } = await gate.deliver(request, { ...incomingOf(request), ...proofOf(request) })
        return reply.code(202).send(answerOf(taken, format))
      } catch (error) {
        return refuse(error, reply)
      }
    }
    for (const url of ['/in/:source', '/in/:source/:token'])
      scope.route({
        ...{ method: ['POST', 'PUT', 'GET', 'HEAD'], url, bodyLimit, config },
        ...{ onRequest: prove, handler: take, exposeHeadRoute: false },
      })
  }
}

function answerOf(taken: Taken, format: Format) {
  const { signals, counted, because, nothing } = taken
  if (because !== null)
    return {
      status: 'kept',
      message: `${formatFacts[format].title}: ${because} It is kept for a person to look at.`,
      signals,
    }
  return {
    status: 'taken',
    signals,
    ...(counted === 0 ? {} : { counted }),
    ...(nothing === null ? {} : { message: nothing }),
  }
}
