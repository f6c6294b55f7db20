// Fetches the endpoints that objectives are read from, each at its interval, and counts what they tell.

import { AppError } from '../../../kernel/app-error.ts'
import { second } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { checkFamilies, type ExposedLine, type ExpositionFormat, pointsOf, readExposition } from '../core/index.ts'
import { findSources, lockSources, openSources, saveSources } from '../series.store.ts'
import { openServer, type Server } from '../servers.ts'
import { listStreams } from '../streams.store.ts'
import type { TelemetryPorts } from '../telemetry.ports.ts'
import type { SignalCollector } from './collect-signals.ts'
import { addFindings, countMetrics, newStreamCache, type StreamCache } from './count-metrics.ts'

const atOnce = 8
/** A scrape that is due within this is made now: the next look is that far away. */
const earlyMs = 1 * second
const limits = { maxReplyBytes: 16 * 1024 * 1024, timeouts: { headersMs: 5 * second, totalMs: 10 * second } }
const accept = 'application/openmetrics-text;version=1.0.0;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1'

/** One for each process: what was compiled for each endpoint. */
export type ScrapeCaches = Map<string, StreamCache>

export async function scrapeEndpoints(
  needs: Needs,
  ports: TelemetryPorts,
  caches: ScrapeCaches,
  signals: SignalCollector,
): Promise<void> {
  const { database } = needs
  const streams = await listStreams(database, 'scrape')
  const names = [...new Set(streams.flatMap(({ source }) => (source.kind === 'scrape' ? [source.dataSource] : [])))]
  if (names.length === 0) return
  const [now, known] = [await database.now(), await findSources(database, names.map(sourceOf))]
  const queue = [...names]
  const worker = async () => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      const server = await openServer(needs, ports, name, limits, 'scrape')
      if (server === null) continue
      const last = known.get(sourceOf(name))?.lastAt ?? null
      if (last !== null && now - last < server.intervalMs - earlyMs) continue
      await scrape(needs, name, server, { caches, signals })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

const sourceOf = (dataSource: string): string => `scrape:${dataSource}`

async function scrape(
  needs: Needs,
  name: string,
  server: Server,
  { caches, signals }: { readonly caches: ScrapeCaches; readonly signals: SignalCollector },
): Promise<void> {
  const at = await needs.database.now()
  const told = await fetchEndpoint(server)
  if (told.state === 'failed') return note(needs, name, [{ kind: told.because, example: told.detail }])
  const cache = caches.get(name) ?? newStreamCache()
  caches.set(name, cache)
  const decoded = pointsOf(told.lines, { job: name, instance: new URL(server.url).host, at })
  const faults = told.format === 'openmetrics' ? checkFamilies(told.lines) : []
  await needs.database.transaction(async (tx) => {
    await countMetrics(tx, cache, decoded, {
      kind: 'scrape',
      dataSource: name,
      nameOf: () => sourceOf(name),
      wholeTargets: true,
      keepsAll: true,
    })
  })
  signals.take(decoded.resources, decoded.accepted, {
    kind: 'scrape',
    senderOf: () => sourceOf(name),
    wholeTargets: true,
  })
  const [first] = faults
  if (first !== undefined) await note(needs, name, [{ kind: 'format', example: `line ${first.line}: ${first.detail}` }])
}

type Told =
  | { readonly state: 'told'; readonly lines: readonly ExposedLine[]; readonly format: ExpositionFormat }
  | { readonly state: 'failed'; readonly because: 'unreachable' | 'refused' | 'bad-answer'; readonly detail: string }

async function fetchEndpoint(server: Server): Promise<Told> {
  const failed = (because: Extract<Told, { state: 'failed' }>['because'], detail: string): Told => ({
    state: 'failed',
    because,
    detail: detail.slice(0, 300),
  })
  if (server.state === 'closed') return failed('refused', server.detail)
  try {
    const reply = await server.fetch(server.url, { headers: { accept } })
    const text = await reply.text()
    if (reply.status === 401 || reply.status === 403) return failed('refused', `HTTP ${reply.status}`)
    if (!reply.ok) return failed('unreachable', `HTTP ${reply.status}`)
    const type = reply.headers.get('content-type') ?? ''
    const format = type.startsWith('application/openmetrics-text') ? 'openmetrics' : 'text'
    const read = readExposition(text, format)
    return read.state === 'read'
      ? { state: 'told', lines: read.lines, format }
      : failed('bad-answer', `line ${read.line}: ${read.detail}`)
  } catch (error) {
    if (error instanceof AppError || error instanceof Error) return failed('unreachable', error.message)
    throw error
  }
}

async function note(
  needs: Needs,
  dataSource: string,
  findings: readonly { readonly kind: string; readonly example: string }[],
): Promise<void> {
  const name = sourceOf(dataSource)
  await needs.database.transaction(async (tx) => {
    await lockSources(tx, [name])
    const now: Instant = await tx.now()
    const row = (await openSources(tx, 'scrape', [name], now)).get(name)
    if (row === undefined) return
    const found = addFindings(row.findings, findings, now)
    await saveSources(tx, [{ key: row.key, samples: 0, matched: 0, findings: found }], now)
  })
}
