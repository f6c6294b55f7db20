import { minute } from '../../kernel/duration.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { type BoundJob, bindJob, type Recurring } from '../../platform/work/job.ts'
import {
  runProbe as formerJob,
  pollPrometheus as pollJob,
  runProbes as runProbesJob,
  scrapeEndpoints as scrapeJob,
  pollSignals as signalsJob,
  tidyTelemetry as tidyJob,
} from './telemetry.contract.ts'
import type { TelemetryPorts } from './telemetry.ports.ts'
import type { SignalCollector } from './usecases/collect-signals.ts'
import { pollPrometheus } from './usecases/poll-prometheus.ts'
import { pollSignals, type SignalReads } from './usecases/poll-signals.ts'
import { runProbes } from './usecases/run-probes.ts'
import { newScrapeMemory, scrapeEndpoints } from './usecases/scrape-endpoints.ts'
import { tidyTelemetry } from './usecases/tidy-telemetry.ts'

export function telemetryJobs(needs: Needs, ports: TelemetryPorts, signals: SignalCollector): readonly BoundJob[] {
  const scraped = newScrapeMemory(needs)
  const reads: SignalReads = new Map()
  return [
    bindJob(formerJob, async () => undefined),
    bindJob(runProbesJob, async (_, turn) => turn.rest(await runProbes(needs, ports))),
    bindJob(pollJob, () => pollPrometheus(needs, ports)),
    bindJob(scrapeJob, () => scrapeEndpoints(needs, ports, scraped, signals)),
    bindJob(signalsJob, () => pollSignals(needs, ports, signals, reads)),
    bindJob(tidyJob, () => tidyTelemetry(needs, ports.minutesKeptMs)),
  ]
}

export const telemetryRecurring: readonly Recurring[] = [
  { job: pollJob, everyMs: 10_000 },
  { job: runProbesJob, everyMs: 1_000 },
  { job: scrapeJob, everyMs: 5_000 },
  { job: signalsJob, everyMs: 30_000 },
  { job: tidyJob, everyMs: 10 * minute },
]
