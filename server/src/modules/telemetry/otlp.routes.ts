// OTLP/HTTP intake of metrics: protobuf and JSON, plain or gzip. Answers once the request is kept in the database, in the format
// of the request; it is counted soon after.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../kernel/app-error.ts'
import type { WireDoor } from '../../platform/http/server.ts'
import type { OtlpForm } from './inbox.store.ts'
import { exportResponse, lengthDelimited } from './otlp-response.ts'
import { unreadable } from './read-body.ts'
import type { Received, SampleIntake } from './usecases/take-samples.ts'

/** As sent. The Collector's batches of 8,192 points are some 2 MiB. */
const bodyLimit = 4 * 1024 * 1024

type Format = 'json' | 'protobuf'

export function otlpRoutes(samples: SampleIntake): (server: FastifyInstance, door: WireDoor) => void {
  return (server, door) => {
    // A scope of its own: here a body stays bytes until it is unpacked.
    server.register(async (scope) => {
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => done(null, body))
      scope.post('/v1/metrics', { bodyLimit, config: { operationId: 'intake.otlp' } }, async (request, reply) => {
        await door.admit(request, 'intake.otlp')
        const format = formatOf(request)
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
        const received = await samples.takeMetrics(body, formOf(format, request))
        if (received.state === 'refused') return refuse(reply, format, unreadable(received).message)
        return answer(reply, format, received)
      })
    })
  }
}

function formatOf(request: FastifyRequest): Format {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  if (type === 'application/json') return 'json'
  if (type === 'application/x-protobuf' || type === 'application/protobuf') return 'protobuf'
  throw new AppError(
    'invalid',
    'http.unsupported-media-type',
    'Send OTLP as application/x-protobuf or application/json.',
  )
}

function formOf(format: Format, request: FastifyRequest): OtlpForm {
  const form = format === 'json' ? 'otlp-json' : 'otlp'
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (encoding === 'identity') return form
  if (encoding === 'gzip') return `${form}+gzip`
  throw new AppError('invalid', 'http.unsupported-media-type', 'Send the body plain or with content-encoding gzip.')
}

// google.rpc.Status, as OTLP wants it for a request that must not be sent again.
function refuse(reply: FastifyReply, format: Format, message: string): FastifyReply {
  if (format === 'json') return reply.code(400).send({ code: 3, message })
  return reply
    .code(400)
    .type('application/x-protobuf')
    .send(Buffer.concat([Buffer.from([8, 3]), lengthDelimited(2, Buffer.from(message.slice(0, 2_000)))]))
}

function answer(reply: FastifyReply, format: Format, received: Extract<Received, { state: 'kept' }>): FastifyReply {
  const { rejected, sentence } = received
  if (format === 'json')
    return reply.send(
      rejected === 0 ? {} : { partialSuccess: { rejectedDataPoints: String(rejected), errorMessage: sentence } },
    )
  return reply.type('application/x-protobuf').send(exportResponse(received))
}
