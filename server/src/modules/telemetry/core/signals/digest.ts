// From what came in to news of senders: which points tell of requests or of fullness, and whose they are. Asks for each metric
// once whether it is of any family; all others cost one look-up.
import type { Metric, Point, ResourceMetrics } from '../otlp-model.ts'
import type { Attributes } from '../selector.ts'
import { type FullnessFamily, familyOf, type RequestFamily, serviceOf, unitOf, verdictOf } from './families.ts'
import type { FullnessPoint, RequestPoint } from './sender.ts'
import { type Hash, hashAttributes, hashName, hashText, joinHashes } from './series-hash.ts'

/** By which way it came. */
export interface SignalIntake {
  readonly kind: 'otlp' | 'remote-write' | 'scrape' | 'prometheus'
  readonly senderOf: (resource: Attributes) => string
  readonly wholeTargets: boolean
}

export interface DigestedNews {
  readonly service: string
  readonly sender: string
  readonly kind: SignalIntake['kind']
  readonly wholeTargets: boolean
  readonly requests: RequestPoint[]
  readonly fullness: FullnessPoint[]
  aliveAt: number | null
}

const known = new Map<string, boolean>()
const mostKnown = 10_000

/** Whether a metric of this name says anything of requests or fullness. */
export function tellsSignals(metric: string): boolean {
  const found = known.get(metric)
  if (found !== undefined) return found
  if (known.size >= mostKnown) known.clear()
  const tells = familyOf(metric) !== null
  known.set(metric, tells)
  return tells
}

/** Takes one metric of a resource; `into` is by sender. Answers how many points it kept. */
export function digestMetric(
  resource: ResourceMetrics,
  metric: Metric,
  intake: SignalIntake,
  into: Map<string, DigestedNews>,
): number {
  const found = familyOf(metric.name)
  if (found === null) {
    noteAlive(resource, metric, intake, into)
    return 0
  }
  const { family, part } = found
  if (family.kind === 'fullness') return digestFullness({ resource, metric, intake, into }, family)
  if (metric.data.kind === 'gauge') return 0
  let kept = 0
  const base = joinHashes(hashText(metric.name), hashAttributes(resource.attributes))
  for (const point of metric.data.points) {
    const service = serviceOf(resource.attributes, point.attributes)
    if (service === null) continue
    const edge = part === 'bucket' ? (point.attributes.get('le') ?? null) : null
    if (part === 'bucket' ? edge === null || typeof point.value !== 'number' : typeof point.value === 'number') continue
    const news = newsOf(into, intake, resource.attributes, service)
    kept += 1
    news.requests.push({
      series: nameOf(base, point.attributes, part === 'bucket' ? 'le' : null),
      at: point.at,
      startAt: point.startAt,
      temporality: metric.data.temporality,
      // Fractions of a request are none; an edge counts whole ones.
      value: typeof point.value === 'number' ? Math.max(0, Math.floor(point.value)) : point.value,
      family,
      unit: unitFor(metric, family),
      verdict: verdictOf(family.protocol, point.attributes),
      edge,
    })
    if (intake.kind === 'otlp') news.aliveAt = Math.max(news.aliveAt ?? 0, point.at)
  }
  return kept
}

const nameOf = (base: Hash, attributes: Attributes, without: string | null): string =>
  hashName(joinHashes(base, hashAttributes(attributes, without)))

const unitFor = ({ unit }: Metric, family: RequestFamily) => unitOf(unit) ?? family.unit

interface Order {
  readonly resource: ResourceMetrics
  readonly metric: Metric
  readonly intake: SignalIntake
  readonly into: Map<string, DigestedNews>
}

const modes = ['cpu.mode', 'cpu_mode', 'process.cpu.state', 'state', 'mode']

/** A processor's modes are shares of one whole: they are added up, without its idleness. */
function digestFullness({ resource, metric, intake, into }: Order, family: FullnessFamily): number {
  const sums = new Map<string, { service: string; at: number; value: number }>()
  const points: readonly (Point & { readonly value: unknown })[] = metric.data.points
  for (const { attributes, at, value } of points) {
    const service = serviceOf(resource.attributes, attributes)
    if (service === null || typeof value !== 'number' || value < 0 || !Number.isFinite(value)) continue
    const mode = modes.find((key) => attributes.has(key)) ?? null
    if (mode !== null && attributes.get(mode) === 'idle') continue
    const key = `${at} ${service} ${hashName(hashAttributes(attributes, mode))}`
    const share = family.percent ? value / 100 : value
    sums.set(key, { service, at, value: (sums.get(key)?.value ?? 0) + share })
  }
  for (const { service, at, value } of sums.values()) {
    const news = newsOf(into, intake, resource.attributes, service)
    news.fullness.push({ resource: family.resource, at, value })
    if (intake.kind === 'otlp') news.aliveAt = Math.max(news.aliveAt ?? 0, at)
  }
  return sums.size
}

/**
 * Of an OTLP process any metric proves that it is alive. What Prometheus says of a target (`up`) it also says of a dead
 * one.
 */
function noteAlive(
  resource: ResourceMetrics,
  metric: Metric,
  intake: SignalIntake,
  into: Map<string, DigestedNews>,
): void {
  const last = metric.data.points.at(-1)
  if (last !== undefined) noteHeard({ resource: resource.attributes, ...last }, intake, into)
}

/** The same of one point of any metric. */
export function noteHeard(
  last: { readonly resource: Attributes; readonly attributes: Attributes; readonly at: number },
  intake: SignalIntake,
  into: Map<string, DigestedNews>,
): void {
  if (intake.kind !== 'otlp') return
  const service = serviceOf(last.resource, last.attributes)
  if (service === null) return
  const news = newsOf(into, intake, last.resource, service)
  news.aliveAt = Math.max(news.aliveAt ?? 0, last.at)
}

const longestSender = 400

function newsOf(
  into: Map<string, DigestedNews>,
  intake: SignalIntake,
  resource: Attributes,
  service: string,
): DigestedNews {
  // One target may tell of several services.
  const sender = `${intake.senderOf(resource)} ${service}`
    .slice(0, longestSender)
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, ' ')
  const known = into.get(sender)
  if (known !== undefined) return known
  const news: DigestedNews = {
    service,
    sender,
    kind: intake.kind,
    wholeTargets: intake.wholeTargets,
    requests: [],
    fullness: [],
    aliveAt: null,
  }
  into.set(sender, news)
  return news
}
