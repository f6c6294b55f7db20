// What is measured of services, for the causes of an incident: their golden signals and the minutes of their objectives.
// Another measurer is one more source in the list.
import { minute, second } from '../../kernel/duration.ts'
import { type Instant, parseInstant, plus } from '../../kernel/instant.ts'
import type { Interval } from '../../kernel/interval.ts'
import type { MeasuredSeries } from '../../modules/incidents/core/index.ts'
import type { IncidentsPorts } from '../../modules/incidents/index.ts'
import { describeObjectives } from '../../modules/slo/index.ts'
import { findSignalServices, findStream, readSignals, readSteps } from '../../modules/telemetry/index.ts'
import type { Queries } from '../../platform/database/queries.ts'

type MeasuredSource = NonNullable<IncidentsPorts['measured']>

/** Objectives of one service and of one question; a service has a handful. */
const mostOfService = 10
const mostObjectives = 100
/** Services whose golden signals are read for one question, the nearest first: a day of minutes each. */
const mostTelling = 12
/** Steps of one read of the history. */
const mostSteps = 1_440

const ofObjectives: MeasuredSource = async (queries, services, within) => {
  const found: MeasuredSeries[] = []
  let left = mostObjectives
  for (const service of services) {
    const filter = { service, state: null, sort: 'worst' } as const
    const rows = await describeObjectives(queries, filter, null, Math.min(mostOfService, left))
    left -= rows.length
    for (const { summary } of rows) found.push(...(await ofObjective(queries, summary, within)))
    if (left <= 0) break
  }
  return found
}

async function ofObjective(
  queries: Queries,
  { name, service, displayName, kind }: { name: string; service: string; displayName: string; kind: string },
  within: Interval,
): Promise<readonly MeasuredSeries[]> {
  const stream = await findStream(queries, name)
  if (stream === null) return []
  const stepMs = Math.max(minute, Math.ceil(minute / stream.sliceMs) * stream.sliceMs)
  const counted: { at: Instant; good: number; bad: number }[] = []
  for (let from = within.start; from < within.end; from = plus(from, stepMs * mostSteps)) {
    const end = plus(from, stepMs * mostSteps)
    const { slices } = await readSteps(queries, { name, from, to: end < within.end ? end : within.end, stepMs })
    for (const { start, good, bad, state } of slices) if (state === 'closed') counted.push({ at: start, good, bad })
  }
  if (counted.length === 0) return []
  const seconds = stepMs / second
  const share = counted.filter(({ good, bad }) => good + bad > 0)
  return [
    {
      service,
      calls: null,
      measured: kind === 'latency' ? 'slow' : 'errors',
      words: `${kind === 'latency' ? 'slow requests' : 'errors'} in “${displayName}”`,
      samples: share.map(({ at, good, bad }) => ({ at, value: bad / (good + bad) })),
    },
    {
      service,
      calls: null,
      measured: 'traffic',
      words: `requests in “${displayName}”`,
      samples: counted.map(({ at, good, bad }) => ({ at, value: (good + bad) / seconds })),
    },
  ]
}

const ofSignals: MeasuredSource = async (queries, services, within) => {
  const telling = await findSignalServices(queries, services)
  const found: MeasuredSeries[] = []
  for (const service of services.filter((each) => telling.has(each)).slice(0, mostTelling))
    found.push(...(await signalsOf(queries, service, within)))
  return found
}

async function signalsOf(
  queries: Queries,
  service: string,
  { start, end }: Interval,
): Promise<readonly MeasuredSeries[]> {
  const { points } = await readSignals(queries, { service, from: start, to: end, stepMs: minute })
  const seriesOf = (
    measured: MeasuredSeries['measured'],
    words: string,
    read: (point: (typeof points)[number]) => number | null | undefined,
  ): MeasuredSeries => ({
    service,
    calls: null,
    measured,
    words,
    samples: points.flatMap((point) => {
      const value = read(point)
      const at = parseInstant(point.start)
      return value === null || value === undefined || at === null ? [] : [{ at, value }]
    }),
  })
  const saturated = [...new Set(points.flatMap((each) => Object.keys(each.saturation?.all ?? {})))].sort()
  return [
    seriesOf('traffic', 'requests', (each) => each.traffic?.perSecond),
    seriesOf('errors', 'errors', (each) => each.errors?.ratio),
    // An open bucket has no upper edge; it is at least its lower one.
    ...(['p50', 'p99'] as const).map((which) =>
      seriesOf('latency', `${which} latency`, (each) => each.latency?.[which].seconds ?? each.latency?.[which].low),
    ),
    ...saturated.map((of) => seriesOf('saturation', saturationWords[of] ?? of, (each) => each.saturation?.all[of])),
  ].filter((each) => each.samples.length > 0)
}

const saturationWords: Readonly<Record<string, string>> = {
  cpu: 'CPU',
  memory: 'memory',
  loop: 'event loop',
  pool: 'connection pool',
}

const sources: readonly MeasuredSource[] = [ofSignals, ofObjectives]

export const measuredSeries: MeasuredSource = async (queries, services, within) => {
  const found: MeasuredSeries[] = []
  for (const source of sources) found.push(...(await source(queries, services, within)))
  return found
}
