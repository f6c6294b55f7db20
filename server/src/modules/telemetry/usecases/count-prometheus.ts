// From samples to slices. Counters go through the same exact steps as OTLP ones, series by series.
import { minute } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { advanceAll, openState, rulesFor } from '../advance-series.ts'
import { apportion, groupKey, groupValues, type Side, slicesTouching } from '../core/index.ts'
import { addFindings, longestBridgeMs } from '../counting-rules.ts'
import {
  listTargets,
  loadSeries,
  lockSources,
  openSources,
  type SeriesRow,
  saveSeries,
  saveSources,
  seriesHash,
} from '../series.store.ts'
import { addToSlices, readSlices, saveFeeds } from '../slices.store.ts'
import type { RangeAnswer } from '../telemetry.ports.ts'
import { addToGroups } from './count-groups.ts'
import { isRaw, type ReadOrder } from './read-order.ts'

type Answer = Extract<RangeAnswer, { state: 'read' }>
type Amounts = Map<number, { good: number; bad: number; total: number }>
type Labels = Readonly<Record<string, string>>

interface Run {
  readonly order: ReadOrder
  readonly amounts: Amounts
  /** The same amounts by the values of their group. */
  readonly groups: Map<string, { readonly values: readonly string[]; readonly amounts: Amounts }>
  readonly findings: { kind: string; example: string }[]
  readonly now: Instant
  /** Slice ends with a value that cannot be counted. */
  readonly unfit: Set<number>
  samples: number
}

export async function countAnswers(tx: Tx, order: ReadOrder, answers: readonly Answer[]): Promise<void> {
  const { source, stream } = order
  const name = `prometheus:${source.dataSource}`
  await lockSources(tx, [name])
  const now = await tx.now()
  const row = (await openSources(tx, 'prometheus', [name], now)).get(name)
  if (row === undefined) return
  const run: Run = { order, amounts: new Map(), groups: new Map(), findings: [], now, unfit: new Set(), samples: 0 }
  const seen: ReadonlySet<number>[] = []
  const rows: SeriesRow[] = []
  const targets = new Set(order.back ? [] : await listTargets(tx, stream.key))
  const reports = reportsOf(source.queries.flatMap((query, index) => (query.counter ? (answers[index] ?? []) : [])))
  for (const [index, query] of source.queries.entries()) {
    const answer = answers[index]
    if (answer === undefined) continue
    seen.push(
      query.counter
        ? await countCounters(tx, run, answer, {
            side: query.side,
            index,
            source: row.key,
            raw: isRaw(query),
            targets,
            reports,
            rows,
          })
        : countValues(run, answer, query.side),
    )
  }
  if (source.threshold !== undefined) {
    const { op, value } = source.threshold
    seen.push(judgeSamples(run, answers[source.queries.length], (sample) => compare(op, sample, value)))
  }
  // The total says whether the source was alive: an error counter is often born with the first error. Without a
  // total, and for thresholds, any sample does.
  const proof = source.queries.findIndex((query) => query.side === 'total')
  const told = proof === -1 ? seen.flatMap((each) => [...each]) : [...(seen[proof] ?? [])]
  const measured = new Set(told.filter((end) => end > order.after && end <= order.to && !run.unfit.has(end)))
  // A count without its total, or with a value that is none, says nothing. Counters keep theirs: the next sample
  // goes on from it, so what is dropped here would be missing for ever.
  if (!source.queries.some((query) => query.counter))
    for (const start of run.amounts.keys()) if (!measured.has(start + stream.sliceMs)) run.amounts.delete(start)
  for (const end of measured) amountAt(run.amounts, end - stream.sliceMs)
  if (!order.back && measured.size < (order.to - order.after) / stream.sliceMs)
    run.findings.push({ kind: 'no-samples', example: stream.id })
  if (!order.back) await saveSeries(tx, rows)
  // Where this stream was counted before by another source, what stands there stays.
  const first = order.back || order.known === null
  const counted = new Set<number>(
    first ? (await readSlices(tx, stream.key, order.after, order.to)).map((slice) => slice.sliceStart) : [],
  )
  // Neighbours of a first stretch belong to another read. Later ones may correct slices that were read before.
  const owned = (start: number) => start < order.to && (!first || (start >= order.after && !counted.has(start)))
  const whole = additionsOf(run, run.amounts, owned).map((each) => ({ stream: stream.key, ...each }))
  const parts = [...run.groups.values()].flatMap(({ values, amounts }) =>
    additionsOf(run, amounts, (start) => owned(start) && run.amounts.has(start)).map((each) => ({
      stream,
      values,
      ...each,
    })),
  )
  await addToSlices(tx, [...whole, ...(await addToGroups(tx, parts))])
  const last = Math.max(...measured)
  if (Number.isFinite(last) && !order.back)
    await saveFeeds(tx, [{ stream: stream.key, source: row.key, lastAt: instant(last) }])
  const findings = addFindings(row.findings, run.findings, now)
  await saveSources(tx, [{ key: row.key, samples: run.samples, matched: run.samples, findings }], now)
}

function additionsOf({ now, order }: Run, amounts: Amounts, isWanted: (start: number) => boolean) {
  return [...amounts]
    .filter(([start]) => isWanted(start))
    .map(([start, sides]) => ({
      sliceStart: instant(start),
      ...sides,
      corrected: now - start > 3 * Math.max(order.stream.sliceMs, minute),
    }))
}

/** Adds to the whole and to the group that the labels say. */
function add(
  run: Run,
  labels: Labels,
  at: { readonly start: number; readonly side: Side; readonly count: number },
): void {
  amountAt(run.amounts, at.start)[at.side] += at.count
  addToGroup(run, labels, at)
}

function addToGroup(
  { order, groups }: Run,
  labels: Labels,
  { start, side, count }: { readonly start: number; readonly side: Side; readonly count: number },
): void {
  const { grouping } = order.stream
  if (grouping === null || count === 0) return
  const values = groupValues(grouping, (label) => labels[label])
  const key = groupKey(values)
  const group = groups.get(key) ?? { values, amounts: new Map() }
  groups.set(key, group)
  amountAt(group.amounts, start)[side] += count
}

function amountAt(amounts: Amounts, start: number): { good: number; bad: number; total: number } {
  const found = amounts.get(start) ?? { good: 0, bad: 0, total: 0 }
  amounts.set(start, found)
  return found
}

interface CounterRun {
  readonly side: Side
  readonly index: number
  readonly source: number
  readonly raw: boolean
  /** Grows: what a target's first query shows, its second one may rely on. */
  readonly targets: Set<string>
  readonly reports: ReadonlyMap<string, readonly number[]>
  readonly rows: SeriesRow[]
}

/** When each target told anything in these answers, ascending. */
function reportsOf(answers: readonly Answer[]): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, Set<number>>()
  for (const { series } of answers)
    for (const { labels, samples } of series) {
      const target = targetOf(labels)
      if (target === null) continue
      const times = found.get(target) ?? new Set<number>()
      found.set(target, times)
      for (const { at } of samples) times.add(at)
    }
  return new Map([...found].map(([target, times]) => [target, [...times].sort((a, b) => a - b)]))
}

/** Answers the slice ends that were measured: those with a sample that had one before it. */
async function countCounters(tx: Tx, run: Run, answer: Answer, of: CounterRun): Promise<ReadonlySet<number>> {
  const { stream, known: position, after, back } = run.order
  const hashed = answer.series.map((series) => ({
    series,
    hash: seriesHash(JSON.stringify([of.index, Object.entries(series.labels).sort()])),
    target: targetOf(series.labels),
  }))
  const wanted = back ? [] : hashed.map(({ hash }) => ({ stream: stream.key, series: hash }))
  const kept = new Map((await loadSeries(tx, wanted)).map((row) => [row.series, row]))
  const knownTargets = new Set(of.targets)
  const measured = new Set<number>()
  for (const { series, hash, target } of hashed) {
    const first = series.samples[0]
    if (first === undefined) continue
    const before = kept.get(hash)
    // A target that was read before, and now shows a series more: the series began at 0 since the last report.
    const report = target === null ? undefined : of.reports.get(target)?.findLast((at) => at < first.at)
    const known = report !== undefined || (target !== null && knownTargets.has(target) && position !== null)
    const previousReportAt = known
      ? instant(report ?? (of.raw ? Math.min(after, first.at - 1) : first.at - stream.sliceMs))
      : null
    const state =
      before?.state ??
      openState(null, {
        ...rulesFor(stream, 'cumulative', previousReportAt),
        listeningSince: null,
        latenessMs: stream.sliceMs,
      })
    const readings = series.samples.map((sample) => ({ at: sample.at, startAt: null, value: sample.value }))
    const step = advanceAll(state, readings, null, run.now)
    run.samples += readings.length
    for (const { kind } of step.findings) if (kind !== 'duplicate') run.findings.push({ kind, example: stream.id })
    for (const { sliceStart, counts } of step.deltas)
      add(run, series.labels, { start: sliceStart, side: of.side, count: counts[0] ?? 0 })
    const finite = series.samples.filter((sample) => Number.isFinite(sample.value))
    noteMeasured(measured, finite, { before: before?.lastAt ?? previousReportAt, raw: of.raw, stream })
    const last = finite.at(-1)
    if (last === undefined) continue
    of.rows.push({
      stream: stream.key,
      series: hash,
      source: of.source,
      target,
      state: step.state,
      lastAt: last.at,
      firstAt: before?.firstAt ?? first.at,
    })
    if (target !== null) of.targets.add(target)
  }
  return measured
}

/** At slice ends a sample tells of the slice before it; one as scraped tells of all since the scrape before. */
function noteMeasured(
  measured: Set<number>,
  samples: readonly { readonly at: Instant }[],
  of: { readonly before: Instant | null; readonly raw: boolean; readonly stream: ReadOrder['stream'] },
): void {
  const { sliceMs } = of.stream
  let previous = of.before
  for (const { at } of samples) {
    if (previous !== null && !of.raw) measured.add(at)
    else if (previous !== null && at > previous && at - previous <= Math.max(longestBridgeMs, 3 * sliceMs))
      for (const start of slicesTouching({ start: previous, end: at }, sliceMs)) measured.add(start + sliceMs)
    previous = at
  }
}

function targetOf({ job, instance }: Readonly<Record<string, string>>): string | null {
  return job === undefined || instance === undefined ? null : `${job} ${instance}`
}

/** Each value is a number of events in the slice that ends at it; a slice with a value that is none is not measured. */
function countValues(run: Run, answer: Answer, side: Side): ReadonlySet<number> {
  const { stream } = run.order
  const sums = new Map<number, number>()
  const parts = new Map<number, { readonly labels: Labels; readonly value: number }[]>()
  for (const { samples, labels } of answer.series)
    for (const { at, value } of samples) {
      run.samples += 1
      if (!Number.isFinite(value) || value < 0) {
        run.findings.push({ kind: value < 0 ? 'negative' : 'not-finite', example: stream.id })
        run.unfit.add(at)
      } else {
        sums.set(at, (sums.get(at) ?? 0) + value)
        if (stream.grouping === null) continue
        const known = parts.get(at)
        if (known === undefined) parts.set(at, [{ labels, value }])
        else known.push({ labels, value })
      }
    }
  const measured = new Set<number>()
  for (const [at, sum] of sums) {
    if (run.unfit.has(at)) continue
    const whole = Math.round(sum)
    if (Math.abs(whole - sum) > 1e-6) run.findings.push({ kind: 'fraction', example: stream.id })
    if (!Number.isSafeInteger(whole)) continue
    const start = at - stream.sliceMs
    amountAt(run.amounts, start)[side] += whole
    const shares = parts.get(at) ?? []
    // Fractions are split so that the groups add up to the rounded whole.
    const counts = apportion(
      whole,
      shares.map((share) => Math.round(share.value * 1e6)),
    )
    for (const [index, { labels }] of shares.entries())
      addToGroup(run, labels, { start, side, count: counts[index] ?? 0 })
    measured.add(at)
  }
  return measured
}

function judgeSamples(run: Run, answer: Answer | undefined, isGood: (value: number) => boolean): ReadonlySet<number> {
  const measured = new Set<number>()
  for (const { samples, labels } of answer?.series ?? [])
    for (const { at, value } of samples) {
      run.samples += 1
      if (Number.isNaN(value)) continue
      add(run, labels, { start: at - run.order.stream.sliceMs, side: isGood(value) ? 'good' : 'bad', count: 1 })
      measured.add(at)
    }
  return measured
}

function compare(op: 'lte' | 'gte' | 'lt' | 'gt', a: number, b: number): boolean {
  return op === 'lte' ? a <= b : op === 'gte' ? a >= b : op === 'lt' ? a < b : a > b
}
