// Reads what is new from Prometheus-compatible servers, slice by slice. A sample that was read is never read again; a
// server that does not answer, or answers in part, leaves a gap and a finding, and never a good slice.
import { hour, second } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import { isJsonObject } from '../../../kernel/json.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findResource } from '../../catalog/index.ts'
import { movePosition, readPositions } from '../prometheus.store.ts'
import { lockSources, openSources, saveSources } from '../series.store.ts'
import type { Stream } from '../stream.ts'
import { listStreams } from '../streams.store.ts'
import type { RangeAnswer, TelemetryPorts } from '../telemetry.ports.ts'
import { countAnswers } from './count-prometheus.ts'
import type { ReadOrder } from './read-order.ts'
import { addFindings } from './receive-metrics.ts'

/** The newest scrape needs a moment to be seen by a query. */
const settleMs = 5 * second
const mostSteps = 500
/** How far back a stream is read when it begins, and after a long silence of the server. */
export const backfillMs = 6 * hour
const atOnce = 4
const limits = { maxReplyBytes: 16 * 1024 * 1024, timeouts: { headersMs: 10_000, totalMs: 20_000 } }

export async function pollPrometheus(needs: Needs, ports: TelemetryPorts): Promise<void> {
  const { database } = needs
  const streams = await listStreams(database, 'prometheus')
  if (streams.length === 0) return
  const [now, positions] = [await database.now(), await readPositions(database)]
  const due = streams.flatMap((stream) => {
    const order = orderFor(stream, positions.get(stream.key) ?? null, now)
    return order === null ? [] : [order]
  })
  const urls = new Map<string, string | null>()
  for (const { source } of due)
    if (!urls.has(source.dataSource)) urls.set(source.dataSource, await urlOf(needs, source.dataSource))
  const queue = [...due]
  const worker = async () => {
    for (let order = queue.shift(); order !== undefined; order = queue.shift()) {
      const url = urls.get(order.source.dataSource) ?? null
      if (url !== null) await readStream(needs, ports, order, url)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

function orderFor(stream: Stream, position: Instant | null, now: Instant): ReadOrder | null {
  if (stream.source.kind !== 'prometheus') return null
  const { sliceMs } = stream
  const until = Math.floor((now - settleMs) / sliceMs) * sliceMs
  const earliest = Math.floor((now - backfillMs) / sliceMs) * sliceMs
  const after = Math.max(position ?? 0, earliest)
  const to = Math.min(until, after + mostSteps * sliceMs)
  if (to <= after) return null
  return { stream, source: stream.source, position, from: instant(after + sliceMs), to: instant(to) }
}

async function urlOf(needs: Needs, dataSource: string): Promise<string | null> {
  const stored = await findResource(needs.database, { kind: 'DataSource', name: dataSource })
  const details = stored?.document.spec.connectionDetails
  return isJsonObject(details) && typeof details.url === 'string' ? details.url : null
}

async function readStream(needs: Needs, ports: TelemetryPorts, order: ReadOrder, url: string): Promise<void> {
  const { source, stream, from, to } = order
  const send = ports.egress.fetch(`prometheus:${source.dataSource}`, limits)
  const queries = [...source.queries.map((each) => each.query), ...(source.threshold ? [source.threshold.query] : [])]
  const answers: Extract<RangeAnswer, { state: 'read' }>[] = []
  for (const query of queries) {
    const answer = await ports.queryRange(send, { url, query, from, to, stepMs: stream.sliceMs })
    if (answer.state === 'failed') return noteFailure(needs, order, answer)
    answers.push(answer)
  }
  await needs.database.transaction(async (tx) => {
    if (!(await movePosition(tx, stream.key, order.position, to))) return
    await countAnswers(tx, order, answers)
  })
}

/** The server's trouble is shown at the source; the position stays, so that nothing is skipped. */
async function noteFailure(
  needs: Needs,
  { source, stream }: ReadOrder,
  { because, detail }: Extract<RangeAnswer, { state: 'failed' }>,
): Promise<void> {
  const name = `prometheus:${source.dataSource}`
  await needs.database.transaction(async (tx) => {
    await lockSources(tx, [name])
    const now = await tx.now()
    const row = (await openSources(tx, 'prometheus', [name], now)).get(name)
    if (row === undefined) return
    const findings = addFindings(row.findings, [{ kind: because, example: `${stream.id}: ${detail}` }], now)
    await saveSources(tx, [{ key: row.key, samples: 0, matched: 0, findings }], now)
  })
}
