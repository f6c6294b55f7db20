// Opsgenie's addresses, exactly: senders are given our address in place of https://api.opsgenie.com/.
import { createHash, randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isJsonObject, type JsonObject } from '../../kernel/json.ts'
import type { Gate } from './gate.ts'
import { incomingOf, paramOf, tokenOf } from './wire-request.ts'

type Verb = 'create' | 'close' | 'acknowledge' | 'other' | 'ping'

export function opsgenieRoutes(gate: Gate): (scope: FastifyInstance) => void {
  return (scope) => {
    const refuse = (error: unknown, reply: FastifyReply, requestId: string) => {
      const { status, sentence } = gate.refuse(error, reply, 429)
      return reply
        .code(status)
        .send({ message: status === 401 ? 'Could not authenticate' : sentence, took: 0, requestId })
    }
    const prove = async (request: FastifyRequest, reply: FastifyReply) => {
      try {
        gate.enter(request)
        await gate.prove(request, { name: null, token: tokenOf(request), formats: ['opsgenie'] })
      } catch (error) {
        return refuse(error, reply, randomUUID())
      }
    }
    const options = { bodyLimit: 1024 * 1024, config: { operationId: 'intake.deliver' }, onRequest: prove }
    const take = (verb: Verb) => async (request: FastifyRequest, reply: FastifyReply) => {
      const requestId = randomUUID()
      const { headers, body } = incomingOf(request)
      const given = parse(body)
      if (given === null)
        return reply.code(400).send({ message: 'Request body is not processable.', took: 0, requestId })
      const alias = aliasOf(request)
      const wrapped = Buffer.from(JSON.stringify({ verb, alias, body: named(given, requestId) }))
      try {
        const { taken } = await gate.deliver(request, {
          ...{ name: null, token: tokenOf(request), headers, body: wrapped, formats: ['opsgenie'] },
        })
        if (taken.because !== null)
          return reply
            .code(422)
            .send({ message: 'Request body is not processable.', errors: { body: taken.because }, took: 0, requestId })
        return reply.code(202).send({ result: 'Request will be processed', took: 0, requestId })
      } catch (error) {
        return refuse(error, reply, requestId)
      }
    }
    scope.post('/v2/alerts', options, take('create'))
    scope.post('/v2/alerts/:identifier/close', options, take('close'))
    scope.post('/v2/alerts/:identifier/acknowledge', options, take('acknowledge'))
    for (const verb of [
      'notes',
      'snooze',
      'tags',
      'details',
      'unacknowledge',
      'escalate',
      'assign',
      'responders',
      'teams',
    ])
      scope.post(`/v2/alerts/:identifier/${verb}`, options, take('other'))
    for (const method of ['GET', 'POST', 'PUT', 'PATCH'] as const)
      scope.route({
        method,
        url: '/v2/heartbeats/:name/ping',
        ...options,
        handler: take('ping'),
        exposeHeadRoute: false,
      })
  }
}

/** Without an alias a request is an alert of its own. Its name must stay the same when an orphan is tried again. */
function named(given: JsonObject, requestId: string): JsonObject {
  return typeof given.alias === 'string' && given.alias.trim() !== '' ? given : { ...given, alias: requestId }
}

/** By alias as most clients ask; an id of Opsgenie is not known here and is taken as one. */
function aliasOf(request: FastifyRequest): string | null {
  const given = paramOf(request, 'identifier')
  // Longer than a key of ours may be: its digest is as good a name.
  return given !== null && given.length > 512 ? createHash('sha256').update(given).digest('hex') : given
}

function parse(body: Uint8Array): JsonObject | null {
  if (body.length === 0) return {}
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
    return isJsonObject(value) ? value : null
  } catch {
    return null
  }
}
