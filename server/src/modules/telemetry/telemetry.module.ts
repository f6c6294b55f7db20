import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import { probeKind } from './kinds/probe.ts'
import { otlpRoutes } from './otlp.routes.ts'
import { otlpGrpc } from './otlp-grpc.ts'
import { remoteWriteRoutes } from './remote-write.routes.ts'
import { telemetryErrors } from './telemetry.contract.ts'
import { telemetryJobs, telemetryRecurring } from './telemetry.jobs.ts'
import type { TelemetryPorts } from './telemetry.ports.ts'
import { telemetryRoutes } from './telemetry.routes.ts'

export function telemetryRoom(needs: Needs, ports: TelemetryPorts): Room {
  return {
    name: 'telemetry',
    operations: telemetryRoutes(needs),
    wireRoutes: (server, door) => {
      otlpRoutes(needs)(server, door)
      remoteWriteRoutes(needs)(server, door)
    },
    jobs: telemetryJobs(needs, ports),
    recurring: telemetryRecurring,
    kinds: [probeKind],
    errors: telemetryErrors,
    ...otlpGrpc(needs, ports),
  }
}
