import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import { coverageRoutes } from './coverage.routes.ts'
import { probeKind } from './kinds/probe.ts'
import { otlpRoutes } from './otlp.routes.ts'
import { otlpGrpc } from './otlp-grpc.ts'
import { remoteWriteRoutes } from './remote-write.routes.ts'
import { sampleMetrics } from './sample-metrics.ts'
import { signalRoutes } from './signals.routes.ts'
import { signalsKept } from './signals-retention.store.ts'
import { telemetryErrors } from './telemetry.contract.ts'
import { telemetryJobs, telemetryRecurring } from './telemetry.jobs.ts'
import type { TelemetryPorts } from './telemetry.ports.ts'
import { telemetryRoutes } from './telemetry.routes.ts'
import { createSignalCollector, type SignalCollector } from './usecases/collect-signals.ts'
import { createUsageCollector } from './usecases/collect-usage.ts'
import { createSampleIntake } from './usecases/take-samples.ts'

/** `signals`: a test that wants to see what was collected brings its own. */
export function telemetryRoom(
  needs: Needs,
  ports: TelemetryPorts,
  signals: SignalCollector = createSignalCollector(needs, createUsageCollector()),
): Room {
  const samples = createSampleIntake(needs, signals)
  const grpc = otlpGrpc(needs, ports, samples)
  if (ports.registry !== undefined) sampleMetrics(needs, ports.registry)
  return {
    name: 'telemetry',
    operations: [...telemetryRoutes(needs), ...signalRoutes(needs), ...coverageRoutes(needs, ports)],
    wireRoutes: (server, door) => {
      otlpRoutes(samples)(server, door)
      remoteWriteRoutes(samples)(server, door)
    },
    jobs: telemetryJobs(needs, ports, signals),
    recurring: telemetryRecurring,
    kinds: [probeKind],
    errors: telemetryErrors,
    kept: signalsKept,
    start: async () => {
      signals.start()
      samples.start()
      await grpc.start?.()
    },
    stop: async () => {
      await grpc.stop?.()
      await samples.stop()
      await signals.stop()
    },
  }
}
