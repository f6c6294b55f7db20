// OTLP over gRPC: the same decoding, counting and answers as over HTTP, behind the same key.
import { AppError } from '../../kernel/app-error.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import { decodeOtlpProtobuf, defaultLimits } from './core/index.ts'
import { openDecodeMemory } from './decode-memory.ts'
import { exportResponse } from './otlp-response.ts'
import type { TelemetryPorts } from './telemetry.ports.ts'
import type { SignalCollector } from './usecases/collect-signals.ts'
import { newStreamCache, otlpSignals, receiveMetrics } from './usecases/receive-metrics.ts'

/** Nothing when the operator opened no port for it. */
export function otlpGrpc(
  needs: Needs,
  { listenGrpc, admitToken }: TelemetryPorts,
  signals: SignalCollector,
): Pick<Room, 'start' | 'stop'> {
  if (listenGrpc === null) return {}
  const [cache, memory] = [newStreamCache(), openDecodeMemory()]
  let listener: { readonly port: number; stop(): Promise<void> } | null = null
  return {
    start: async () => {
      listener = await listenGrpc(async ({ token, address, body }) => {
        await admitToken({ token, address }, 'intake.otlp')
        const decoded = decodeOtlpProtobuf(body, defaultLimits, memory)
        if (decoded.state === 'refused')
          throw new AppError(
            'invalid',
            'http.unreadable',
            `The request cannot be read at ${decoded.at}: ${decoded.detail}`,
          )
        const received = await receiveMetrics(needs, cache, decoded)
        signals.take(decoded.resources, decoded.accepted, otlpSignals)
        return exportResponse(received)
      })
      needs.log.info('OTLP over gRPC is taken.', { port: listener.port })
    },
    stop: async () => listener?.stop(),
  }
}
