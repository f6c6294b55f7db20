// Turns the readings of one series into amounts for slices, whatever is read: a counter or a histogram.
//
// The amounts are a function of the *set* of readings, not of their order: a late reading takes back what the pair
// around it had placed and places two pairs instead. So any permutation of batches within the allowed lateness gives
// the same slices, and replaying a batch changes nothing.
// Cost of a reading in order: O(1). Memory: the readings of the last `latenessMs`, at most `keep`.
import { minute } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import { apportion } from './apportion.ts'
import { sliceEndingAt, slicesTouching } from './slice.ts'

export interface Reading<Value> {
  readonly at: Instant
  readonly value: Value
  /** When counting began (OTLP start time, OpenMetrics `_created`); for a delta, where its stretch begins. */
  readonly startAt: Instant | null
}

export type Temporality = 'cumulative' | 'delta'

/** Fixed when the series is first seen, so that a correction takes back exactly what was placed. */
export interface SeriesRules {
  readonly temporality: Temporality
  readonly sliceMs: number
  /** How often the source reports. A silence of up to twice this is ordinary jitter. */
  readonly intervalMs: number
  /** Readings older than the newest by more than this are refused. */
  readonly latenessMs: number
  /** Most readings kept for corrections. */
  readonly keep: number
  /** When the target last reported without this series; null when it never reported. */
  readonly previousReportAt: Instant | null
  /** Since when this source has been listened to; a series that started later is new, not merely new to us. */
  readonly listeningSince: Instant | null
}

export const defaultRules: SeriesRules = {
  temporality: 'cumulative',
  sliceMs: minute,
  intervalMs: minute,
  latenessMs: 2 * minute,
  keep: 64,
  previousReportAt: null,
  listeningSince: null,
}

/** A source whose clock runs ahead by more is refused: its future would look like silence later. */
export const mostFutureMs = 5 * minute

/** What a kind of value knows: how to count whole events in it. Every list has the same length for one kind. */
export interface Measure<Value> {
  whole(value: Value): readonly number[]
  /** `reset`: fewer than before, the process restarted. `incomparable`: neither more nor less can be said. */
  difference(before: Value, after: Value): readonly number[] | 'reset' | 'incomparable'
  same(a: Value, b: Value): boolean
}

export const seriesFindingKinds = [
  'baseline',
  'reset',
  'overlapping-start',
  'incomparable',
  'interpolated',
  'late',
  'duplicate',
  'conflict',
  'too-late',
  'future',
  'not-finite',
  'negative',
  'too-large',
] as const
export type SeriesFindingKind = (typeof seriesFindingKinds)[number]

export interface SeriesFinding {
  readonly kind: SeriesFindingKind
  readonly at: Instant
}

const refusals: readonly SeriesFindingKind[] = [
  'duplicate',
  'conflict',
  'too-late',
  'future',
  'not-finite',
  'negative',
  'too-large',
]

/** Whether the reading was left out of the counts (it is counted and shown instead). */
export function isRefusal(kind: SeriesFindingKind): boolean {
  return refusals.includes(kind)
}

export interface CountDelta {
  readonly sliceStart: Instant
  readonly counts: readonly number[]
}

export interface SeriesState<Value> {
  readonly rules: SeriesRules
  /** Oldest first. */
  readonly recent: readonly Reading<Value>[]
  /** Nothing was dropped from `recent` yet: its first reading is the first ever. */
  readonly whole: boolean
}

export interface SeriesStep<State> {
  readonly state: State
  readonly deltas: readonly CountDelta[]
  readonly findings: readonly SeriesFinding[]
}

export function openSeries<Value>(rules: SeriesRules): SeriesState<Value> {
  return { rules, recent: [], whole: true }
}

export function advance<Value>(
  state: SeriesState<Value>,
  reading: Reading<Value>,
  measure: Measure<Value>,
  now: Instant,
): SeriesStep<SeriesState<Value>> {
  const { recent, rules } = state
  const refuse = (kind: SeriesFindingKind) => ({ state, deltas: [], findings: [{ kind, at: reading.at }] })
  if (reading.at > now + mostFutureMs) return refuse('future')
  let index = recent.length
  while (index > 0 && (recent[index - 1]?.at ?? 0) > reading.at) index -= 1
  const before = recent[index - 1]
  const after = recent[index]
  if (before?.at === reading.at) return refuse(measure.same(before.value, reading.value) ? 'duplicate' : 'conflict')
  const newest = recent.at(-1)
  if (newest !== undefined && reading.at < newest.at - rules.latenessMs) return refuse('too-late')
  if (before === undefined && after !== undefined && !state.whole) return refuse('too-late')

  const findings: SeriesFinding[] = []
  const placed = place(before, reading, rules, measure, findings)
  if (after !== undefined) {
    findings.push({ kind: 'late', at: reading.at })
    if (rules.temporality === 'cumulative') {
      placed.push(...place(before, after, rules, measure, []).map(takeBack))
      placed.push(...place(reading, after, rules, measure, findings))
    }
  }
  const kept = [...recent.slice(0, index), reading, ...recent.slice(index)]
  const drop = dropCount(kept, rules)
  return {
    state: { rules, recent: drop === 0 ? kept : kept.slice(drop), whole: state.whole && drop === 0 },
    deltas: after === undefined ? placed : merge(placed),
    findings,
  }
}

// The newest reading stays for the next difference, and one older than the lateness for a late one to lean on.
export function dropCount<Value>(kept: readonly Reading<Value>[], rules: SeriesRules): number {
  const floor = (kept.at(-1)?.at ?? 0) - rules.latenessMs
  let drop = Math.max(0, kept.length - rules.keep)
  while ((kept[drop + 1]?.at ?? Number.POSITIVE_INFINITY) <= floor) drop += 1
  return drop
}

function place<Value>(
  before: Reading<Value> | undefined,
  reading: Reading<Value>,
  rules: SeriesRules,
  measure: Measure<Value>,
  findings: SeriesFinding[],
): CountDelta[] {
  const amount = amountOf(before, reading, rules, measure, findings)
  if (amount === null || amount.counts.every((count) => count === 0)) return []
  const from = Math.min(amount.from, reading.at - 1)
  const arrival = sliceEndingAt(reading.at, rules.sliceMs)
  if (reading.at - from <= 2 * rules.intervalMs || from >= arrival)
    return [{ sliceStart: arrival, counts: amount.counts }]
  const span = { start: instant(from), end: reading.at }
  findings.push({ kind: 'interpolated', at: reading.at })
  const starts = slicesTouching(span, rules.sliceMs)
  const overlaps = starts.map((start) => Math.min(start + rules.sliceMs, span.end) - Math.max(start, span.start))
  const columns = amount.counts.map((count) => apportion(count, overlaps))
  return starts
    .map((sliceStart, row) => ({ sliceStart, counts: columns.map((column) => column[row] ?? 0) }))
    .filter((delta) => delta.counts.some((count) => count !== 0))
}

interface Amount {
  readonly counts: readonly number[]
  /** The events happened in [from, reading.at). */
  readonly from: number
}

function amountOf<Value>(
  before: Reading<Value> | undefined,
  { at, startAt, value }: Reading<Value>,
  rules: SeriesRules,
  measure: Measure<Value>,
  findings: SeriesFinding[],
): Amount | null {
  if (rules.temporality === 'delta') return { counts: measure.whole(value), from: startAt ?? at - 1 }
  if (before === undefined) {
    const known = rules.previousReportAt ?? rules.listeningSince
    if (startAt !== null && known !== null && startAt >= known) return { counts: measure.whole(value), from: startAt }
    // Its target told before without it, so it began since; a start of its own that says otherwise is believed.
    if (rules.previousReportAt !== null && startAt === null)
      return { counts: measure.whole(value), from: rules.previousReportAt }
    findings.push({ kind: 'baseline', at })
    return null
  }
  // A start after the last reading proves a restart, even when the new count has already passed the old one.
  const restarted =
    startAt !== null &&
    (startAt > before.at || (startAt === before.at && before.startAt !== null && before.startAt < startAt))
  const difference = restarted ? 'reset' : measure.difference(before.value, value)
  if (difference === 'reset') {
    // Two restarts between readings, and what was counted before the first, cannot be known: a lower bound.
    findings.push({ kind: 'reset', at })
    return { counts: measure.whole(value), from: restarted ? startAt : before.at }
  }
  if (difference === 'incomparable') {
    findings.push({ kind: 'incomparable', at })
    return null
  }
  if (startAt !== null && before.startAt !== null && startAt > before.startAt)
    findings.push({ kind: 'overlapping-start', at })
  return { counts: difference, from: before.at }
}

const takeBack = (delta: CountDelta): CountDelta => ({ ...delta, counts: delta.counts.map((count) => -count) })

function merge(deltas: readonly CountDelta[]): CountDelta[] {
  const merged = new Map<Instant, number[]>()
  for (const { sliceStart, counts } of deltas) {
    const found = merged.get(sliceStart)
    if (found === undefined) merged.set(sliceStart, [...counts])
    else for (const [index, count] of counts.entries()) found[index] = (found[index] ?? 0) + count
  }
  return [...merged]
    .filter(([, counts]) => counts.some((count) => count !== 0))
    .sort(([a], [b]) => a - b)
    .map(([sliceStart, counts]) => ({ sliceStart, counts }))
}
