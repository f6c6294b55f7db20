// One check of a probe: asked outside any transaction, then counted with its evidence in one.
import { AppError } from '../../../kernel/app-error.ts'
import { minute } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import { monotonicMs } from '../../../platform/monotonic.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { Turn } from '../../../platform/work/job.ts'
import { sliceStartOf, slicesTouching } from '../core/index.ts'
import { type ProbeCheck, readCheck } from '../kinds/probe.ts'
import { findProbe, saveResult } from '../probes.store.ts'
import { lockSources, openSources, saveSources } from '../series.store.ts'
import { addToSlices, readFeeds, type SliceAddition, saveFeeds } from '../slices.store.ts'
import type { Stream } from '../stream.ts'
import { listStreams } from '../streams.store.ts'
import type { TelemetryPorts } from '../telemetry.ports.ts'

const bodyLimit = 256 * 1024

export interface CheckResult {
  readonly good: boolean
  readonly status: number | null
  readonly totalMs: number
  readonly reason: string
}

export async function runProbe(
  needs: Needs,
  ports: TelemetryPorts,
  order: { readonly name: string; readonly revision: number },
  turn: Turn,
): Promise<void> {
  const probe = await findProbe(needs.database, order.name)
  if (probe === null || probe.revision !== order.revision) {
    await needs.database.transaction((tx) => turn.finish(tx))
    return
  }
  const result = await check(ports, readCheck(probe.check))
  await needs.database.transaction(async (tx) => {
    const now = await tx.now()
    await saveResult(tx, probe.name, { ...result, at: now })
    const source = `probe:${probe.name}`
    await lockSources(tx, [source])
    const row = (await openSources(tx, 'probe', [source], now)).get(source)
    const streams = (await listStreams(tx, 'probe')).filter(
      (stream) => stream.source.kind === 'probe' && stream.source.probe === probe.name,
    )
    const feeds = row === undefined ? [] : await readFeeds(tx, [row.key])
    const before = (stream: Stream) => feeds.find((feed) => feed.stream === stream.key)?.lastAt ?? null
    await addToSlices(
      tx,
      streams.flatMap((stream) => additionsOf(stream, result, { now, before: before(stream), everyMs: probe.everyMs })),
    )
    if (row !== undefined) {
      await saveFeeds(
        tx,
        streams.map((stream) => ({ stream: stream.key, source: row.key, lastAt: now })),
      )
      const matched = streams.length > 0 ? 1 : 0
      await saveSources(tx, [{ key: row.key, samples: 1, matched, findings: row.findings }], now)
    }
    await turn.again(tx, nextAt(now, probe.everyMs, probe.name))
  })
}

/** A probe rarer than the slices still measures: between two checks nothing else was to be seen. */
function additionsOf(
  stream: Stream,
  result: CheckResult,
  { now, before, everyMs }: { readonly now: Instant; readonly before: Instant | null; readonly everyMs: number },
): readonly SliceAddition[] {
  const limit = stream.source.kind === 'probe' ? stream.source.atMostMs : undefined
  const good = result.good && (limit === undefined || result.totalMs <= limit)
  const own = sliceStartOf(now, stream.sliceMs)
  const since = before !== null && now - before <= 2.5 * everyMs ? before : now
  const empty = slicesTouching({ start: since, end: own }, stream.sliceMs)
  const rest = { stream: stream.key, total: 0, corrected: false }
  return [
    ...empty.map((sliceStart) => ({ ...rest, sliceStart, good: 0, bad: 0 })),
    { ...rest, sliceStart: own, good: good ? 1 : 0, bad: good ? 0 : 1 },
  ]
}

/** Each probe has its own place within the interval, so that many probes do not all ask at the full minute. */
export function nextAt(now: Instant, everyMs: number, name: string): Instant {
  let hash = 7
  for (const letter of name) hash = (hash * 31 + letter.charCodeAt(0)) % 1_000_003
  const phase = hash % everyMs
  const next = Math.floor((now - phase) / everyMs) * everyMs + phase + everyMs
  return instant(next - now < Math.min(1_000, everyMs / 2) ? next + everyMs : next)
}

export async function check(ports: TelemetryPorts, probe: ProbeCheck): Promise<CheckResult> {
  const began = monotonicMs()
  const elapsed = () => Math.round(monotonicMs() - began)
  try {
    const send = ports.egress.fetch('probe', {
      maxReplyBytes: bodyLimit,
      timeouts: { headersMs: probe.timeoutMs, totalMs: probe.timeoutMs },
    })
    const reply = await send(probe.url, {
      method: probe.method,
      headers: { 'user-agent': 'mainstay-probe', ...probe.headers },
      redirect: 'manual',
      signal: AbortSignal.timeout(probe.timeoutMs),
      ...(probe.body === null ? {} : { body: probe.body }),
    })
    const body = probe.bodyContains === null ? '' : await reply.text()
    const totalMs = elapsed()
    const reason = whyBad(probe, reply.status, body, totalMs)
    return { good: reason === null, status: reply.status, totalMs, reason: reason ?? `Answered ${reply.status}.` }
  } catch (error) {
    const totalMs = elapsed()
    const reason =
      error instanceof AppError
        ? error.message
        : totalMs >= probe.timeoutMs
          ? `No answer within ${probe.timeoutMs} ms.`
          : `No answer: ${error instanceof Error ? error.message : String(error)}`
    return { good: false, status: null, totalMs, reason: reason.slice(0, 500) }
  }
}

function whyBad(probe: ProbeCheck, status: number, body: string, totalMs: number): string | null {
  const expected = probe.statuses.length === 0 ? status < 400 : probe.statuses.includes(status)
  if (!expected)
    return `Answered ${status} instead of ${probe.statuses.length === 0 ? 'a success' : probe.statuses.join(' or ')}.`
  if (probe.bodyContains !== null && !body.includes(probe.bodyContains)) return 'The body lacks the expected text.'
  if (probe.withinMs !== null && totalMs > probe.withinMs) return `Took ${totalMs} ms, more than ${probe.withinMs} ms.`
  return null
}

/** Evidence is kept so long; the newest 1,000 of each probe. */
export const evidenceMs = 14 * 24 * 60 * minute
