// grpc.health.v1.Health/Check over a connection that egress opened. The protocol is one small message each way, so it
// is spoken here: a client library would open its own connections.
import { type ClientHttp2Session, connect } from 'node:http2'
import type { Duplex } from 'node:stream'
import type { AskedCheck, Observation } from '../../modules/telemetry/core/index.ts'
import type { Egress } from '../../platform/egress/index.ts'
import { connector } from './connector.ts'

type GrpcCheck = Extract<AskedCheck, { kind: 'grpc' }>
type Seen = Omit<Extract<Observation, { what: 'grpc' }>, 'totalMs'>

const statuses = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'] as const
const replyLimit = 64 * 1024

export async function askGrpcHealth(egress: Egress, check: GrpcCheck): Promise<Seen> {
  const { host, port, tls, timeoutMs } = check
  const socket = await egress.checkedSocket({ connector, host, port, tls, timeoutMs, ...(tls ? { alpn: ['h2'] } : {}) })
  const scheme = tls ? 'https' : 'http'
  const session = connect(`${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`, {
    createConnection: (): Duplex => socket,
  })
  try {
    const { body, status, message } = await exchange(session, check)
    if (status === 5) return { what: 'grpc', serving: false, detail: `The service ${check.service} is not known.` }
    if (status === 12) return { what: 'grpc', serving: false, detail: 'It does not offer grpc.health.v1.Health.' }
    if (status !== 0)
      return { what: 'grpc', serving: false, detail: `gRPC status ${status}${message === '' ? '' : `: ${message}`}.` }
    const word = statuses[readStatus(body)] ?? 'UNKNOWN'
    return { what: 'grpc', serving: word === 'SERVING', detail: `It says ${word}.` }
  } finally {
    session.destroy()
    socket.destroy()
  }
}

interface Exchanged {
  readonly body: Buffer
  readonly status: number
  readonly message: string
}

function exchange(session: ClientHttp2Session, { service, timeoutMs, host, port, tls }: GrpcCheck): Promise<Exchanged> {
  return new Promise((resolve, reject) => {
    session.on('error', reject)
    const stream = session.request({
      ':method': 'POST',
      ':scheme': tls ? 'https' : 'http',
      ':authority': `${host}:${port}`,
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
      'user-agent': 'mainstay-probe',
      'grpc-timeout': `${timeoutMs}m`,
    })
    const chunks: Buffer[] = []
    let [length, status, message]: [number, number | null, string] = [0, null, '']
    const read = (headers: Readonly<Record<string, unknown>>) => {
      if (headers['grpc-status'] !== undefined) status = Number(headers['grpc-status'])
      if (typeof headers['grpc-message'] === 'string') message = headers['grpc-message'].slice(0, 200)
    }
    stream.setTimeout(timeoutMs, () => stream.destroy(new Error(`no answer within ${timeoutMs} ms`)))
    stream.on('response', (headers) => {
      read(headers)
      if (headers[':status'] !== 200 && status === null) reject(new Error(`HTTP ${headers[':status']}, not gRPC`))
    })
    stream.on('trailers', read)
    stream.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > replyLimit) stream.destroy(new Error('the answer is too long'))
      else chunks.push(chunk)
    })
    stream.on('error', reject)
    stream.on('end', () =>
      status === null
        ? reject(new Error('the answer has no gRPC status'))
        : resolve({ body: Buffer.concat(chunks), status, message }),
    )
    stream.end(frame(service))
  })
}

/** Five bytes (not compressed, length), then HealthCheckRequest {service = 1}. */
function frame(service: string): Buffer {
  const name = Buffer.from(service, 'utf8')
  const message =
    name.length === 0
      ? Buffer.alloc(0)
      : Buffer.concat([
          Buffer.from(
            name.length < 128 ? [10, name.length] : [10, (name.length % 128) + 128, Math.floor(name.length / 128)],
          ),
          name,
        ])
  const head = Buffer.alloc(5)
  head.writeUInt32BE(message.length, 1)
  return Buffer.concat([head, message])
}

/** HealthCheckResponse {status = 1}; what is not sent is 0. */
function readStatus(body: Buffer): number {
  const message = body.subarray(5)
  return message[0] === 8 ? (message[1] ?? 0) : 0
}
