// Prometheus remote write, 1.0 and 2.0. Answers after the commit. The status decides what the sender does: 2xx takes the
// batch off its queue, 5xx has it sent again, and 4xx has it dropped, so only what can never be read is a 4xx.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { uncompress } from 'snappyjs'
import { AppError } from '../../kernel/app-error.ts'
import type { WireDoor } from '../../platform/http/server.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { decodeRemoteWrite, defaultLimits, type RemoteWriteVersion } from './core/index.ts'
import { openDecodeMemory } from './decode-memory.ts'
import type { SignalCollector } from './usecases/collect-signals.ts'
import { newStreamCache } from './usecases/receive-metrics.ts'
import { receiveRemoteWrite } from './usecases/receive-remote-write.ts'

/** As sent. 2,000 samples, the usual batch, are some 100 kB. */
const bodyLimit = 4 * 1024 * 1024
/** Once unpacked: snappy says its length first, so a small body cannot become a large one unseen. */
const unpackedLimit = 32 * 1024 * 1024

export function remoteWriteRoutes(
  needs: Needs,
  signals: SignalCollector,
): (server: FastifyInstance, door: WireDoor) => void {
  const [cache, memory] = [newStreamCache(), openDecodeMemory()]
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
          const decoded = decodeRemoteWrite(unpack(request), version, defaultLimits, memory)
          if (decoded.state === 'refused')
            throw new AppError(
              'invalid',
              'http.unreadable',
              `The request cannot be read at ${decoded.at}: ${decoded.detail}`,
            )
          await receiveRemoteWrite(needs, cache, decoded, signals)
          // 2.0 counts as written what was taken, also when it was known already or nothing counts it.
          if (version === '2.0')
            reply.headers({
              'x-prometheus-remote-write-samples-written': String(decoded.accepted - (decoded.histograms ?? 0)),
              'x-prometheus-remote-write-histograms-written': String(decoded.histograms ?? 0),
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

function unpack(request: FastifyRequest): Uint8Array {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  // The length stands in front as a varint: of up to five bytes.
  let [length, scale] = [0, 1]
  for (const byte of body.subarray(0, 5)) {
    length += (byte & 0x7f) * scale
    scale *= 128
    if (byte < 0x80) break
  }
  if (length > unpackedLimit)
    throw new AppError(
      'invalid',
      'http.too-large',
      `The body is larger than ${unpackedLimit / 1024 / 1024} MiB once unpacked. Send smaller batches (max_samples_per_send).`,
    )
  try {
    return uncompress(new Uint8Array(body), unpackedLimit)
  } catch {
    throw new AppError('invalid', 'http.unreadable', 'The body says snappy and is not.')
  }
}
