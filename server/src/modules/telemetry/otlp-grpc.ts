// OTLP over gRPC: taken and answered as over HTTP, behind the same key.
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import { exportResponse } from './otlp-response.ts'
import { unreadable } from './read-body.ts'
import type { TelemetryPorts } from './telemetry.ports.ts'
import type { SampleIntake } from './usecases/take-samples.ts'

/** Nothing when the operator opened no port for it. */
export function otlpGrpc(
  needs: Needs,
  { listenGrpc, admitToken }: TelemetryPorts,
  samples: SampleIntake,
): Pick<Room, 'start' | 'stop'> {
  if (listenGrpc === null) return {}
  let listener: { readonly port: number; stop(): Promise<void> } | null = null
  return {
    start: async () => {
      listener = await listenGrpc(async ({ token, address, body }) => {
        await admitToken({ token, address }, 'intake.otlp')
        const received = await samples.takeMetrics(Buffer.from(body.buffer, body.byteOffset, body.byteLength), 'otlp')
        if (received.state === 'refused') throw unreadable(received)
        return exportResponse(received)
      })
      needs.log.info('OTLP over gRPC is taken.', { port: listener.port })
    },
    stop: async () => listener?.stop(),
  }
}
