// OTLP over gRPC: the metrics service, on a port of its own. Bytes go in and out; what they mean is telemetry's.
import { type Server as GrpcServer, Metadata, Server, ServerCredentials, status } from '@grpc/grpc-js'
import { AppError } from '../../kernel/app-error.ts'

/** Takes ExportMetricsServiceRequest, answers ExportMetricsServiceResponse. `token` is the bearer's; null when none. */
export type ReceiveExport = (sender: {
  readonly token: string | null
  readonly address: string
  readonly body: Uint8Array
}) => Promise<Uint8Array>

export interface Listener {
  readonly port: number
  stop(): Promise<void>
}

/** As over HTTP. The Collector's batches of 8,192 points are some 2 MiB. */
const messageLimit = 8 * 1024 * 1024
const stopWithinMs = 3_000
const asIs = (bytes: Buffer) => bytes

export async function listenForMetrics(
  at: { readonly host: string; readonly port: number },
  receive: ReceiveExport,
): Promise<Listener> {
  const server = new Server({ 'grpc.max_receive_message_length': messageLimit })
  server.addService(
    {
      export: {
        path: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
        requestStream: false,
        responseStream: false,
        requestSerialize: asIs,
        requestDeserialize: asIs,
        responseSerialize: asIs,
        responseDeserialize: asIs,
      },
    },
    {
      export: (
        call: { readonly request: Buffer; readonly metadata: Metadata; getPeer(): string },
        reply: (error: object | null, answer?: Buffer) => void,
      ) => {
        const authorization = String(call.metadata.get('authorization')[0] ?? '')
        const token = /^Bearer (\S{1,300})$/i.exec(authorization)?.[1] ?? null
        receive({ token, address: call.getPeer().replace(/:\d+$/, ''), body: call.request }).then(
          (answer) => reply(null, Buffer.from(answer)),
          (error: unknown) => reply(refusalOf(error)),
        )
      },
    },
  )
  const host = at.host.includes(':') ? `[${at.host}]` : at.host
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host}:${at.port}`, ServerCredentials.createInsecure(), (error, bound) =>
      error === null
        ? resolve(bound)
        : reject(
            new AppError(
              'unavailable',
              'config.port-taken',
              `OTLP over gRPC cannot listen on ${host}:${at.port}: ${error.message}`,
            ),
          ),
    )
  })
  return { port, stop: () => stopServer(server) }
}

/** What a sender does next hangs on the code: it sends again after UNAVAILABLE and RESOURCE_EXHAUSTED with a delay. */
function refusalOf(error: unknown): { code: number; details: string; metadata: Metadata } {
  const metadata = new Metadata()
  if (!(error instanceof AppError))
    return { code: status.UNAVAILABLE, details: 'The request could not be taken. Send it again.', metadata }
  const codes = {
    invalid: status.INVALID_ARGUMENT,
    'not-found': status.NOT_FOUND,
    forbidden: error.code === 'http.unauthenticated' ? status.UNAUTHENTICATED : status.PERMISSION_DENIED,
    conflict: status.ABORTED,
    limited: status.RESOURCE_EXHAUSTED,
    unavailable: status.UNAVAILABLE,
  } as const
  if (error.kind === 'limited') metadata.set('grpc-status-details-bin', retryInfo(error.details.retryAfterSeconds ?? 1))
  return { code: codes[error.kind], details: error.message, metadata }
}

// google.rpc.Status {code=1, details=3: Any {type_url=1, value=2: RetryInfo {retry_delay=1: Duration {seconds=1}}}}:
// without it a sender must not send again after RESOURCE_EXHAUSTED.
function retryInfo(seconds: number): Buffer {
  const field = (number: number, content: Buffer) =>
    Buffer.concat([Buffer.from([number * 8 + 2, content.length]), content])
  const delay = field(1, Buffer.from([8, Math.min(127, Math.max(1, Math.ceil(seconds)))]))
  const any = Buffer.concat([field(1, Buffer.from('type.googleapis.com/google.rpc.RetryInfo')), field(2, delay)])
  return Buffer.concat([Buffer.from([8, status.RESOURCE_EXHAUSTED]), field(3, any)])
}

function stopServer(server: GrpcServer): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => {
      server.forceShutdown()
      resolve()
    }, stopWithinMs)
    server.tryShutdown(() => {
      clearTimeout(late)
      resolve()
    })
  })
}
