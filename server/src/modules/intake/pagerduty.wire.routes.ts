// PagerDuty's change events; the answers are those its clients read. Its events come in by the room alerts.
import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isJsonObject, type JsonObject } from '../../kernel/json.ts'
import type { Gate } from './gate.ts'
import { invalidEvent as invalid } from './usecases/take-event.ts'
import { incomingOf } from './wire-request.ts'

export function pagerDutyRoutes(gate: Gate): (scope: FastifyInstance) => void {
  return (scope) => {
    scope.post(
      '/v2/change/enqueue',
      { bodyLimit: 512 * 1024, config: { operationId: 'intake.deliver' } },
      async (request: FastifyRequest, reply: FastifyReply) => {
        const { headers, body } = incomingOf(request)
        const change = parse(body)
        if (change === null) return reply.code(400).send(invalid(['The body must be a JSON object.']))
        const { routing_key: key, ...rest } = change
        const id = createHash('sha256').update(JSON.stringify(rest)).digest('hex').slice(0, 32)
        const wrapped = Buffer.from(JSON.stringify({ change: { ...rest, id } }))
        try {
          // Only now: the key stands in the body, and a stranger who sends it slowly must hold up nobody.
          gate.enter(request)
          const { taken } = await gate.deliver(request, {
            ...{
              name: null,
              token: typeof key === 'string' ? key : null,
              headers,
              body: wrapped,
              formats: ['pagerduty'],
            },
          })
          if (taken.because !== null) return reply.code(400).send(invalid([taken.because]))
          return reply.code(202).send({ status: 'success', message: 'Change event processed' })
        } catch (error) {
          const { status, sentence } = gate.refuse(error, reply, 429)
          if (status === 401) return reply.code(400).send(invalid(["'routing_key' is not a key of this server"]))
          return reply.code(status).send({ status: 'throttled', message: sentence, errors: [] })
        }
      },
    )
  }
}

function parse(body: Uint8Array): JsonObject | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body))
    return isJsonObject(value) ? value : null
  } catch {
    return null
  }
}
