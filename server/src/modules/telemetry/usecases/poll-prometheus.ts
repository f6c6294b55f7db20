// Reads what is new from Prometheus-compatible servers, slice by slice, and then history, step by step. A sample that
// was read is never read again; a server that does not answer, or answers in part, leaves a gap and a finding, and
// never a good slice.
import { second } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { earlierStretch, halve, nextStretch, type Stretch } from '../core/index.ts'
import { addFindings } from '../counting-rules.ts'
import { movePosition, type Position, readPositions } from '../prometheus.store.ts'
import { lockSources, openSources, saveSources } from '../series.store.ts'
import { openServer, type Server } from '../servers.ts'
import type { Stream } from '../stream.ts'
import { listStreams } from '../streams.store.ts'
import type { RangeAnswer, TelemetryPorts } from '../telemetry.ports.ts'
import { countAnswers } from './count-prometheus.ts'
import { isRaw, type ReadOrder, rangeOf } from './read-order.ts'

const atOnce = 4
/** Stretches of history in one round, so that what is new never waits for it. */
const mostHistory = 16
const limits = { maxReplyBytes: 16 * 1024 * 1024, timeouts: { headersMs: 10 * second, totalMs: 20 * second } }

type Read = Extract<RangeAnswer, { state: 'read' }>
type Failed = Extract<RangeAnswer, { state: 'failed' }>

export async function pollPrometheus(needs: Needs, ports: TelemetryPorts): Promise<void> {
  const { database } = needs
  const streams = await listStreams(database, 'prometheus')
  if (streams.length === 0) return
  const servers = new Map<string, Server | null>()
  for (const { source } of streams)
    if (source.kind === 'prometheus' && !servers.has(source.dataSource))
      servers.set(source.dataSource, await openServer(needs, ports, source.dataSource, limits))
  const readAll = async (orders: readonly ReadOrder[]) => {
    const queue = [...orders]
    let sound = true
    const worker = async () => {
      for (let order = queue.shift(); order !== undefined; order = queue.shift()) {
        const server = servers.get(order.source.dataSource) ?? null
        sound = server !== null && (await readStream(needs, ports, order, server)) && sound
      }
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
    return sound
  }
  const now = await database.now()
  await readAll(
    planOf(
      streams,
      await readPositions(database),
      (known, stream) => nextStretch(known, stream.sliceMs, now, stream.keepMs),
      false,
    ),
  )
  for (let left = mostHistory; left > 0; ) {
    const known = await readPositions(database)
    const history = planOf(streams, known, (position, stream) => pastOf(position, stream, now), true)
    // The shortest history first: every objective gets some before one gets all.
    const next = [...history].sort((a, b) => b.to - a.to).slice(0, left)
    if (next.length === 0 || !(await readAll(next))) break
    left -= next.length
  }
}

/** Not while what is new is behind: the server has trouble, or there is much of it. */
function pastOf(position: Position | null, stream: Stream, now: Instant): Stretch | null {
  return nextStretch(position, stream.sliceMs, now, stream.keepMs) === null
    ? earlierStretch(position, stream.sliceMs, now, stream.keepMs)
    : null
}

function planOf(
  streams: readonly Stream[],
  positions: ReadonlyMap<number, Position>,
  stretchOf: (known: Position | null, stream: Stream) => Stretch | null,
  back: boolean,
): readonly ReadOrder[] {
  return streams.flatMap((stream) => {
    const known = positions.get(stream.key) ?? null
    const stretch = stretchOf(known, stream)
    if (stretch === null || stream.source.kind !== 'prometheus') return []
    return [{ stream, source: stream.source, known, back, ...stretch }]
  })
}

/** False when the server did not answer with the whole of it. */
async function readStream(needs: Needs, ports: TelemetryPorts, order: ReadOrder, server: Server): Promise<boolean> {
  const { stream, back } = order
  const answers = await askAll(ports, order, server)
  if ('state' in answers) {
    const half = answers.because === 'too-much' ? halve(order, stream.sliceMs, back) : null
    if (half !== null) return readStream(needs, ports, { ...order, ...half }, server)
    await noteFailure(needs, order, answers)
    return false
  }
  await needs.database.transaction(async (tx) => {
    if (!(await movePosition(tx, stream.key, order))) return
    await countAnswers(tx, order, answers)
  })
  return true
}

async function askAll(ports: TelemetryPorts, order: ReadOrder, server: Server): Promise<readonly Read[] | Failed> {
  const { source } = order
  if (server.state === 'closed') return { state: 'failed', because: 'refused', detail: server.detail }
  const questions = [
    ...source.queries.map((each) => ({ ...each, raw: isRaw(each) })),
    ...(source.threshold ? [{ query: source.threshold.query, counter: false, raw: false }] : []),
  ]
  const answers: Read[] = []
  for (const question of questions) {
    const range = rangeOf(order, question)
    const answer = await ports.queryRange(server.fetch, { url: server.url, query: question.query, ...range })
    if (answer.state === 'failed') return answer
    answers.push(answer)
  }
  return answers
}

/** The server's trouble is shown at the source; the position stays, so that nothing is skipped. */
async function noteFailure(needs: Needs, { source, stream }: ReadOrder, { because, detail }: Failed): Promise<void> {
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
