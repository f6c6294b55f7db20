// OTLP/HTTP intake of metrics: protobuf and JSON, plain or gzip. Answers after the commit, in the format of the request.
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../kernel/app-error.ts'
import type { WireDoor } from '../../platform/http/server.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { type Decoded, type DecodeMemory, decodeOtlpJson, decodeOtlpProtobuf, defaultLimits } from './core/index.ts'
import { openDecodeMemory } from './decode-memory.ts'
import { exportResponse, lengthDelimited } from './otlp-response.ts'
import type { SignalCollector } from './usecases/collect-signals.ts'
import { newStreamCache, otlpSignals, type Received, receiveMetrics } from './usecases/receive-metrics.ts'

/** As sent. The Collector's batches of 8,192 points are some 2 MiB. */
const bodyLimit = 4 * 1024 * 1024
/** Once unpacked: a few kilobytes of gzip can hold gigabytes. */
export const unpackedLimit = 8 * 1024 * 1024
const unpack = promisify(gunzip)

type Format = 'json' | 'protobuf'

export function otlpRoutes(needs: Needs, signals: SignalCollector): (server: FastifyInstance, door: WireDoor) => void {
  const [cache, memory] = [newStreamCache(), openDecodeMemory()]
  return (server, door) => {
    // A scope of its own: here a body stays bytes until it is unpacked.
    server.register(async (scope) => {
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => done(null, body))
      scope.post('/v1/metrics', { bodyLimit, config: { operationId: 'intake.otlp' } }, async (request, reply) => {
        await door.admit(request, 'intake.otlp')
        const format = formatOf(request)
        const body = await unpackBody(request)
        const decoded = decode(format, body, memory)
        if (decoded.state === 'refused')
          return refuse(reply, format, `The request cannot be read at ${decoded.at}: ${decoded.detail}`)
        const received = await receiveMetrics(needs, cache, decoded)
        signals.take(decoded.resources, decoded.accepted, otlpSignals)
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

async function unpackBody(request: FastifyRequest): Promise<Uint8Array> {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (encoding === 'identity') return body
  if (encoding !== 'gzip')
    throw new AppError('invalid', 'http.unsupported-media-type', 'Send the body plain or with content-encoding gzip.')
  try {
    return await unpack(body, { maxOutputLength: unpackedLimit })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
      throw new AppError(
        'invalid',
        'http.too-large',
        `The body is larger than ${unpackedLimit / 1024 / 1024} MiB once unpacked. Send smaller batches.`,
      )
    throw new AppError('invalid', 'http.unreadable', 'The body says gzip and is not.')
  }
}

function decode(format: Format, body: Uint8Array, memory: DecodeMemory): Decoded {
  if (format === 'protobuf') return decodeOtlpProtobuf(body, defaultLimits, memory)
  try {
    return decodeOtlpJson(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)))
  } catch {
    return { state: 'refused', at: '', detail: 'it is not JSON.' }
  }
}

// google.rpc.Status, as OTLP wants it for a request that must not be sent again.
function refuse(reply: FastifyReply, format: Format, message: string): FastifyReply {
  if (format === 'json') return reply.code(400).send({ code: 3, message })
  return reply
    .code(400)
    .type('application/x-protobuf')
    .send(Buffer.concat([Buffer.from([8, 3]), lengthDelimited(2, Buffer.from(message.slice(0, 2_000)))]))
}

function answer(reply: FastifyReply, format: Format, received: Received): FastifyReply {
  const { rejected, sentence } = received
  if (format === 'json')
    return reply.send(
      rejected === 0 ? {} : { partialSuccess: { rejectedDataPoints: String(rejected), errorMessage: sentence } },
    )
  return reply.type('application/x-protobuf').send(exportResponse(received))
}
