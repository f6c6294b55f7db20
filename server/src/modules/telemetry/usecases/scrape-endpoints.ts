// Fetches the endpoints that objectives are read from, each at its interval, and counts what they tell.

import { AppError } from '../../../kernel/app-error.ts'
import { minute, second } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import {
  checkFamilies,
  type ExpositionFormat,
  type ExpositionMemory,
  newExpositionMemory,
  readExposition,
  readScrape,
  sizeOf,
} from '../core/index.ts'
import { addFindings } from '../counting-rules.ts'
import { findSources, lockSources, openSources, saveSources } from '../series.store.ts'
import { openServer, type Server } from '../servers.ts'
import { listStreams, registryRevision } from '../streams.store.ts'
import type { TelemetryPorts } from '../telemetry.ports.ts'
import type { SignalCollector } from './collect-signals.ts'
import { createScrapeFolder, type ScrapeFolder, scrapeSource } from './fold-scrape.ts'

const atOnce = 8
/** A scrape that is due within this is made now: the next look is that far away. */
const earlyMs = 1 * second
const limits = { maxReplyBytes: 16 * 1024 * 1024, timeouts: { headersMs: 5 * second, totalMs: 10 * second } }
const accept = 'application/openmetrics-text;version=1.0.0;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1'
/** Whether all of OpenMetrics is kept to is looked at this often: it takes longer than counting. */
const checkEveryMs = 5 * minute
/** A declaration that has changed since is seen this soon. */
const lookEveryMs = 1 * minute
/** Lines of all endpoints that are remembered; some 1 kB each. What is not is read anew each time. */
const mostLines = 100_000
/** Series in memory, of all of them; some 500 bytes each. Those of targets that were scraped longest ago are read when it is their turn. */
const mostSeries = 300_000

interface Endpoint {
  exposition: ExpositionMemory | null
  checkedAt: Instant | null
  /** As it was declared when it was fetched last. */
  intervalMs: number
}

/** What a process remembers of endpoints from scrape to scrape. */
export interface ScrapeMemory {
  readonly folder: ScrapeFolder
  readonly endpoints: Map<string, Endpoint>
  readonly mostLines: number
  /** Those that streams read from, as of a revision of the registry. */
  names: { readonly revision: number; readonly all: readonly string[] } | null
}

export const newScrapeMemory = (
  needs: Pick<Needs, 'database'>,
  most = { series: mostSeries, lines: mostLines },
): ScrapeMemory => ({
  folder: createScrapeFolder(needs, most.series),
  mostLines: most.lines,
  endpoints: new Map(),
  names: null,
})

export async function scrapeEndpoints(
  needs: Needs,
  ports: TelemetryPorts,
  memory: ScrapeMemory,
  signals: SignalCollector,
): Promise<void> {
  const { database } = needs
  const names = await namesToScrape(needs, memory)
  if (names.length === 0) return
  const [now, known] = [await database.now(), await findSources(database, names.map(scrapeSource))]
  const isDue = (name: string, intervalMs: number): boolean => {
    const last = known.get(scrapeSource(name))?.lastAt ?? null
    return last === null || now - last >= intervalMs - earlyMs
  }
  const queue = names.filter((name) => isDue(name, Math.min(lookEveryMs, memory.endpoints.get(name)?.intervalMs ?? 0)))
  const worker = async () => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      const server = await openServer(needs, ports, name, limits, 'scrape')
      if (server !== null && isDue(name, server.intervalMs)) await scrape(needs, name, server, { memory, signals })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

async function namesToScrape({ database }: Needs, memory: ScrapeMemory): Promise<readonly string[]> {
  const revision = await registryRevision(database)
  if (memory.names?.revision === revision) return memory.names.all
  const streams = await listStreams(database, 'scrape')
  const all = [...new Set(streams.flatMap(({ source }) => (source.kind === 'scrape' ? [source.dataSource] : [])))]
  memory.names = { revision, all }
  memory.folder.keepOnly(new Set(all))
  for (const name of memory.endpoints.keys()) if (!all.includes(name)) memory.endpoints.delete(name)
  return all
}

async function scrape(
  needs: Needs,
  name: string,
  server: Server,
  { memory, signals }: { readonly memory: ScrapeMemory; readonly signals: SignalCollector },
): Promise<void> {
  const endpoint = memory.endpoints.get(name) ?? { exposition: null, checkedAt: null, intervalMs: 0 }
  memory.endpoints.set(name, endpoint)
  endpoint.intervalMs = server.intervalMs
  const at = await needs.database.now()
  const told = await fetchEndpoint(server)
  if (told.state === 'failed') return note(needs, name, [{ kind: told.because, example: told.detail }])
  const { text, format } = told
  const read = readScrape(text, format, at, expositionOf(endpoint, name, new URL(server.url).host))
  forgetBeyond(memory, endpoint)
  if (read.state === 'refused')
    return note(needs, name, [{ kind: 'bad-answer', example: `line ${read.line}: ${read.detail}` }])
  await memory.folder.fold(name, read.batch, at)
  signals.takeSamples(read.batch, { kind: 'scrape', senderOf: () => scrapeSource(name), wholeTargets: true })
  if (format !== 'openmetrics' || (endpoint.checkedAt !== null && at - endpoint.checkedAt < checkEveryMs)) return
  endpoint.checkedAt = at
  const whole = readExposition(text, format)
  const [first] = whole.state === 'read' ? checkFamilies(whole.lines) : []
  if (first !== undefined) await note(needs, name, [{ kind: 'format', example: `line ${first.line}: ${first.detail}` }])
}

function expositionOf(endpoint: Endpoint, job: string, instance: string): ExpositionMemory {
  const known = endpoint.exposition
  if (known !== null && known.instance === instance) return known
  const fresh = newExpositionMemory({ job, instance }, (text) => Buffer.from(text, 'utf8').toString('utf8'))
  endpoint.exposition = fresh
  return fresh
}

/** What there is no room for is read anew next time. */
function forgetBeyond({ endpoints, mostLines }: ScrapeMemory, endpoint: Endpoint): void {
  let lines = 0
  for (const { exposition } of endpoints.values()) lines += exposition === null ? 0 : sizeOf(exposition)
  if (lines > mostLines) endpoint.exposition = null
}

type Told =
  | { readonly state: 'told'; readonly text: string; readonly format: ExpositionFormat }
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
    return { state: 'told', text, format }
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
  const name = scrapeSource(dataSource)
  await needs.database.transaction(async (tx) => {
    await lockSources(tx, [name])
    const now: Instant = await tx.now()
    const row = (await openSources(tx, 'scrape', [name], now)).get(name)
    if (row === undefined) return
    const found = addFindings(row.findings, findings, now)
    await saveSources(tx, [{ key: row.key, samples: 0, matched: 0, findings: found }], now)
  })
}
