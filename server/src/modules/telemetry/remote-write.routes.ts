// Prometheus remote write, 1.0 and 2.0. Answers once the request is kept in the database; it is counted soon after. The status
// decides what the sender does: 2xx takes the batch off its queue, 5xx has it sent again, and 4xx has it dropped, so only what can
// never be read is a 4xx.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../../kernel/app-error.ts'
import type { WireDoor } from '../../platform/http/server.ts'
import type { RemoteWriteVersion } from './core/index.ts'
import type { SampleIntake } from './usecases/take-samples.ts'

/** As sent. 2,000 samples, the usual batch, are some 100 kB. */
const bodyLimit = 4 * 1024 * 1024

export function remoteWriteRoutes(samples: SampleIntake): (server: FastifyInstance, door: WireDoor) => void {
  return (server, door) => {
    server.register(async (scope) => {
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => done(null, body))
      scope.post(
        '/api/v1/write',
        { bodyLimit, config: { operationId: 'intake.remote-write' } },
        async (request, reply) => {
          await door.admit(request, 'intake.remote-write').catch(askAgain)
          const version = versionOf(request)
          const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
          const { accepted, histograms } = await samples.take(body, version)
          // 2.0 counts as written what was taken, also when it was known already or nothing counts it.
          if (version === '2.0')
            reply.headers({
              'x-prometheus-remote-write-samples-written': String(accepted - histograms),
              'x-prometheus-remote-write-histograms-written': String(histograms),
              'x-prometheus-remote-write-exemplars-written': '0',
            })
          return reply.code(204).send()
        },
      )
    })
  }
}

/** 429 makes a Prometheus drop the batch unless it was told otherwise; 503 has it sent again. */
function askAgain(error: unknown): never {
  if (!(error instanceof AppError) || error.kind !== 'limited') throw error
  throw new AppError(
    'unavailable',
    'telemetry.too-fast',
    'Too many batches from this key. Send it again in a moment.',
    {
      ...error.details,
      cause: error,
    },
  )
}

const messages: Readonly<Record<string, RemoteWriteVersion>> = {
  'prometheus.WriteRequest': '1.0',
  'io.prometheus.write.v2.Request': '2.0',
}

/** A sender of 2.0 that reads 415 goes on in 1.0. */
function versionOf(request: FastifyRequest): RemoteWriteVersion {
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '').split(';').map((each) => each.trim())
  const named =
    parameters.find((each) => each.toLowerCase().startsWith('proto='))?.slice(6) ?? 'prometheus.WriteRequest'
  const version = messages[named.replaceAll('"', '')]
  if (type.toLowerCase() !== 'application/x-protobuf' || version === undefined)
    throw new AppError(
      'invalid',
      'http.unsupported-media-type',
      `Send application/x-protobuf with proto=${Object.keys(messages).join(' or proto=')}.`,
    )
  const encoding = (request.headers['content-encoding'] ?? '').toString().trim().toLowerCase()
  if (encoding !== 'snappy')
    throw new AppError('invalid', 'http.unsupported-media-type', 'Send the body with content-encoding snappy.')
  return version
}
