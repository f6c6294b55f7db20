import { minute } from '../../kernel/duration.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { type BoundJob, bindJob, type Recurring } from '../../platform/work/job.ts'
import {
  pollPrometheus as pollJob,
  runProbe as runProbeJob,
  scrapeEndpoints as scrapeJob,
  tidyTelemetry as tidyJob,
} from './telemetry.contract.ts'
import type { TelemetryPorts } from './telemetry.ports.ts'
import { pollPrometheus } from './usecases/poll-prometheus.ts'
import { runProbe } from './usecases/run-probe.ts'
import { type ScrapeCaches, scrapeEndpoints } from './usecases/scrape-endpoints.ts'
import { tidyTelemetry } from './usecases/tidy-telemetry.ts'

export function telemetryJobs(needs: Needs, ports: TelemetryPorts): readonly BoundJob[] {
  const caches: ScrapeCaches = new Map()
  return [
    bindJob(runProbeJob, (order, turn) => runProbe(needs, ports, order, turn)),
    bindJob(pollJob, () => pollPrometheus(needs, ports)),
    bindJob(scrapeJob, () => scrapeEndpoints(needs, ports, caches)),
    bindJob(tidyJob, () => tidyTelemetry(needs)),
  ]
}

export const telemetryRecurring: readonly Recurring[] = [
  { job: pollJob, everyMs: 10_000 },
  { job: scrapeJob, everyMs: 5_000 },
  { job: tidyJob, everyMs: 10 * minute },
]
