// Runs the probes that are due: each is asked outside any transaction, and results are counted with their evidence in
// batches, because one transaction for each check would cost more than the check.
import { second } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { monotonicMs } from '../../../platform/monotonic.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { judgeBeat, judgeCheck, sliceStartOf, slicesTouching, type Verdict } from '../core/index.ts'
import {
  moveProbe,
  type ProbeNews,
  type ProbeRow,
  saveResults,
  takeDueProbes,
  untilNextProbe,
} from '../probes.store.ts'
import { findSources, openSources, saveSources } from '../series.store.ts'
import { addToSlices, readFeeds, type SliceAddition, saveFeeds } from '../slices.store.ts'
import type { Stream } from '../stream.ts'
import { listStreams } from '../streams.store.ts'
import type { TelemetryPorts } from '../telemetry.ports.ts'
import { nextDue, runOf } from './probe-times.ts'

const atOnce = 64
/** A result waits no longer than this for others to be written with. */
const gatherMs = 250
const mostInBatch = 100
/** Longer than the longest timeout of a check (30 s) and its writing. */
const takenMs = 60 * second
/** Evidence is kept so long; the newest 1,000 of each probe. */
export const evidenceMs = 14 * 24 * 3600 * second

interface Done {
  readonly probe: ProbeRow
  readonly verdict: Verdict
}

/** A run ends after this, so that a process that is to stop is not held by probes that are always due. */
const longestRunMs = 4 * second
/** What falls due is gathered for so long. */
const turnMs = 1 * second
/** Where nothing is due for longer it is looked all the same: a word that somebody declared a probe may get lost. */
const longestRestMs = 5 * second
/** A heartbeat that is looked at so late was not listened to either: nothing can be said of that run. */
const missedMs = 60 * second

/**
 * Until all that was due has answered, or for a few seconds. One run at a time in the whole installation, by its due row.
 * What falls due meanwhile waits for the next turn, a second later: written one by one, the checks of that second cost
 * several times as much. Answers after how long the next turn finds something.
 */
export async function runProbes(needs: Needs, ports: TelemetryPorts): Promise<number> {
  const underWay = new Set<Promise<void>>()
  const done: Done[] = []
  const began = monotonicMs()
  let any = false
  for (;;) {
    const late = monotonicMs() - began > longestRunMs
    const free = late ? 0 : atOnce - underWay.size
    const waited = underWay.size > 0
    const taken = free === 0 ? [] : await takeDueProbes(needs.database, free, takenMs)
    if (taken.length > 0) any = true
    const now = taken[0]?.now ?? instant(0)
    const missed = taken.filter(({ check, dueAt }) => check.kind === 'heartbeat' && now - dueAt > missedMs)
    if (missed.length > 0) await skip(needs, missed, now)
    for (const probe of taken.filter((each) => !missed.includes(each))) {
      const run: Promise<void> = ask(ports, probe, now).then((verdict) => {
        done.push({ probe, verdict })
        underWay.delete(run)
      })
      underWay.add(run)
    }
    // Fast ones go on while a slow one is waited for.
    if (underWay.size > 0) await Promise.race([Promise.all(underWay), ports.pause(gatherMs)])
    while (done.length > 0) await count(needs, done.splice(0, mostInBatch))
    if (underWay.size > 0 || !(late || (taken.length < free && !waited))) continue
    const nextMs = any ? turnMs : await untilNextProbe(needs.database, longestRestMs)
    return Math.min(longestRestMs, Math.max(turnMs, nextMs ?? longestRestMs))
  }
}

async function skip(needs: Needs, missed: readonly ProbeRow[], now: Instant): Promise<void> {
  await needs.database.transaction(async (tx) => {
    for (const probe of missed) await moveProbe(tx, probe, nextDue(probe, now))
  })
}

async function ask(ports: TelemetryPorts, probe: ProbeRow, now: Instant): Promise<Verdict> {
  const { check } = probe
  if (check.kind === 'heartbeat') {
    // Of a schedule, one sign of life since the last look; without one, a sign that is not older than allowed.
    const since = check.schedule === null ? instant(probe.dueAt - probe.everyMs - check.graceMs) : probe.lastAt
    return judgeBeat(probe.lastBeat, since, runOf(probe), check.graceMs)
  }
  return judgeCheck(check, await ports.observe(check), now)
}

async function count(needs: Needs, done: readonly Done[]): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const now = await tx.now()
    const news: ProbeNews[] = done.map(({ probe, verdict }) => ({
      name: probe.name,
      revision: probe.revision,
      verdict,
      nextAt: nextDue(probe, now),
    }))
    const kept = await saveResults(tx, news, now)
    await addEvents(
      tx,
      done.filter(({ probe }) => kept.has(probe.name)),
      now,
    )
  })
}

async function addEvents(tx: Tx, done: readonly Done[], now: Instant): Promise<void> {
  const streams = new Map<string, Stream[]>()
  for (const stream of await listStreams(tx, 'probe')) {
    if (stream.source.kind !== 'probe') continue
    streams.set(stream.source.probe, [...(streams.get(stream.source.probe) ?? []), stream])
  }
  const sourceOf = ({ probe }: Done) => `probe:${probe.name}`
  // Nearly always there already, and looking is cheaper than asking to insert.
  const names = done.map(sourceOf)
  const found = await findSources(tx, names)
  const missing = names.filter((name) => !found.has(name))
  const known = missing.length === 0 ? found : new Map([...found, ...(await openSources(tx, 'probe', missing, now))])
  const keyOf = (each: Done) => known.get(sourceOf(each))?.key ?? 0
  const counted = done.flatMap((each) =>
    (streams.get(each.probe.name) ?? []).map((stream) => ({ each, stream, source: keyOf(each) })),
  )
  const fed = counted.length === 0 ? [] : await readFeeds(tx, [...new Set(counted.map(({ source }) => source))])
  const feeds = new Map(fed.map((feed) => [`${feed.stream} ${feed.source}`, feed.lastAt]))
  const additions = new Map<string, SliceAddition>()
  for (const { each, stream, source } of counted)
    for (const added of additionsOf(stream, each, { now, before: feeds.get(`${stream.key} ${source}`) ?? null })) {
      const key = `${added.stream} ${added.sliceStart}`
      const found = additions.get(key)
      additions.set(key, { ...added, good: added.good + (found?.good ?? 0), bad: added.bad + (found?.bad ?? 0) })
    }
  await addToSlices(tx, [...additions.values()])
  await saveFeeds(
    tx,
    counted.map(({ stream, source }) => ({ stream: stream.key, source, lastAt: now })),
  )
  await saveSources(
    tx,
    done.map((each) => ({
      key: keyOf(each),
      samples: 1,
      matched: streams.has(each.probe.name) ? 1 : 0,
      findings: known.get(sourceOf(each))?.findings ?? {},
    })),
    now,
  )
}

/** A probe rarer than the slices still measures: between two checks nothing else was to be seen. */
function additionsOf(
  stream: Stream,
  { probe, verdict }: Done,
  { now, before }: { readonly now: Instant; readonly before: Instant | null },
): readonly SliceAddition[] {
  const limit = stream.source.kind === 'probe' ? stream.source.atMostMs : undefined
  const good = verdict.good && (limit === undefined || verdict.totalMs <= limit)
  const own = sliceStartOf(now, stream.sliceMs)
  const since = before !== null && now - before <= 2.5 * probe.everyMs ? before : now
  const empty = slicesTouching({ start: since, end: own }, stream.sliceMs)
  const rest = { stream: stream.key, total: 0, corrected: false }
  return [
    ...empty.map((sliceStart) => ({ ...rest, sliceStart, good: 0, bad: 0 })),
    { ...rest, sliceStart: own, good: good ? 1 : 0, bad: good ? 0 : 1 },
  ]
}
