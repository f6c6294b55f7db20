// Asks the Prometheus servers that objectives are read from for what they know of services: edges of request histograms and
// gauges of fullness, as they were scraped. A sample read twice counts once, so the newest minutes are always asked for.
import { minute, second } from '../../../kernel/duration.ts'
import { instant } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { Metric, ResourceMetrics } from '../core/index.ts'
import { familySelector } from '../core/signals/index.ts'
import { targetName } from '../read-body.ts'
import { openServer } from '../servers.ts'
import { listStreams } from '../streams.store.ts'
import type { RangeAnswer, TelemetryPorts } from '../telemetry.ports.ts'
import type { SignalCollector } from './collect-signals.ts'

const limits = { maxReplyBytes: 16 * 1024 * 1024, timeouts: { headersMs: 10 * second, totalMs: 20 * second } }
/** How far back the first question goes; two scrapes are needed before anything can be counted. */
const backMs = 3 * minute
/** What arrives late at the server is still seen. */
const overlapMs = minute / 2

/** How far each server was read by this process. */
export type SignalReads = Map<string, number>

export async function pollSignals(
  needs: Needs,
  ports: TelemetryPorts,
  signals: SignalCollector,
  reads: SignalReads,
): Promise<void> {
  const streams = await listStreams(needs.database, 'prometheus')
  const names = streams.flatMap(({ source }) => (source.kind === 'prometheus' ? [source.dataSource] : []))
  for (const name of new Set(names)) {
    const server = await openServer(needs, ports, name, limits)
    if (server === null || server.state === 'closed') continue
    const to = await needs.database.now()
    const from = instant(Math.max(to - backMs, (reads.get(name) ?? 0) - overlapMs))
    const query = { url: server.url, query: familySelector(), from, to, stepMs: null }
    const answer = await ports.queryRange(server.fetch, query)
    if (answer.state === 'failed') {
      // That a server does not answer is said where objectives are read from it; here it only leaves a gap.
      needs.log.warn('Signals could not be read from a Prometheus.', { dataSource: name, detail: answer.detail })
      continue
    }
    reads.set(name, to)
    const { resources, points } = resourcesOf(answer)
    signals.take(resources, points, {
      kind: 'prometheus',
      senderOf: (target) => targetName(`prometheus:${name}`, target),
      wholeTargets: true,
    })
  }
}

function resourcesOf({ series }: Extract<RangeAnswer, { state: 'read' }>): {
  readonly resources: readonly ResourceMetrics[]
  readonly points: number
} {
  const metrics = new Map<string, { job: string; instance: string; metrics: Metric[] }>()
  let points = 0
  for (const { labels, samples } of series) {
    const { __name__: name = '', job = '', instance = '', ...others } = labels
    const key = JSON.stringify([job, instance])
    const found = metrics.get(key) ?? { job, instance, metrics: [] }
    metrics.set(key, found)
    const attributes = new Map(Object.entries(others))
    const told = samples
      .filter((each) => Number.isFinite(each.value))
      .map(({ at, value }) => ({ attributes, at, startAt: null, value }))
    points += told.length
    const data = { kind: 'sum', temporality: 'cumulative', monotonic: true, points: told } as const
    if (told.length > 0) found.metrics.push({ name, unit: '', data })
  }
  return {
    resources: [...metrics.values()].map(({ job, instance, metrics: each }) => ({
      attributes: new Map(Object.entries({ job, instance })),
      scopes: [{ name: '', version: '', metrics: each }],
    })),
    points,
  }
}
