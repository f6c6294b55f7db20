// Days of an objective, each as it counts now: as it was rolled up, or anew from its slices when it is unfinished, late
// counts changed it, or other time is excluded by now.
import { day } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Rational } from '../../../kernel/rational.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import {
  listFormerStreams,
  readHours,
  readOldestSlice,
  resolveSlice,
  type Stream,
  visitHistory,
} from '../../telemetry/index.ts'
import { cellMs, type RolledDay, rollDays, rollHours, stepFor, unpackCells } from '../core/day-cells.ts'
import { type CoveredSlices, coveredSlices, coverTime } from '../core/exclusion.ts'
import { collectSlices } from '../core/member-tally.ts'
import { coverText, joinDays, type KeptDay, mergeDay } from '../core/merge-days.ts'
import { compileSpend } from '../core/spend.ts'
import type { StoredDay } from '../core/sum-period.ts'
import { concerns, type ExclusionRow } from '../exclusions.store.ts'
import { type DayRow, isWhole } from '../objective-days.store.ts'
import type { ObjectiveRow } from '../objectives.store.ts'

export interface DaysOrder {
  readonly objective: ObjectiveRow
  readonly stream: Stream | null
  readonly begun: Instant | null
  readonly covered: readonly CoveredSlices[]
  /** Their first instants (UTC), in order. */
  readonly days: readonly Instant[]
  /** What is stored of them. */
  readonly rows: readonly DayRow[]
  readonly marked: ReadonlySet<Instant>
  /** How far the objective was told of. */
  readonly until: Instant
  readonly now: Instant
}

export type LoadedDay = KeptDay & { readonly rule: string; readonly anew: boolean }

const textOf = ({ num, den }: Rational) => `${num}/${den}`

/** Days with equal texts were counted alike. */
export function ruleText({ definition: { budgeting, sliceMs, target } }: Pick<ObjectiveRow, 'definition'>): string {
  const { method } = budgeting
  if (method === 'occurrences') return [method, sliceMs, textOf(target)].join(' ')
  const least = method === 'timeslices' ? budgeting.sliceTarget : target
  return [method, sliceMs, textOf(least), budgeting.gaps, budgeting.emptyIsGood].join(' ')
}

/** When the objective's life began, also when it counts in slices of another length since. */
export function begunAt({ born }: Pick<ObjectiveRow, 'born'>, first: DayRow | undefined): Instant | null {
  if (first === undefined || (born !== null && born < first.day + day)) return born
  const cell = unpackCells(first.cells).measured.findIndex((seconds) => seconds > 0)
  const begun = cell < 0 ? null : instant(first.day + cell * cellMs)
  return born === null || (begun !== null && begun < born) ? begun : born
}

/** What is excluded of an objective between two days, with the slices that reach over their edges. */
export function coverageOf(
  objective: ObjectiveRow,
  exclusions: readonly ExclusionRow[],
  { from, to, sliceMs }: { readonly from: Instant; readonly to: Instant; readonly sliceMs: number },
): readonly CoveredSlices[] {
  const own = exclusions.filter((each) => concerns(each, objective))
  if (own.length === 0) return []
  return coveredSlices(coverTime(own, { start: instant(from - sliceMs), end: instant(to + sliceMs) }), sliceMs)
}

export async function loadDays(queries: Queries, order: DaysOrder): Promise<ReadonlyMap<Instant, LoadedDay>> {
  const { objective, begun, covered, stream, until, now } = order
  const { sliceMs, budgeting } = objective.definition
  const rule = ruleText(objective)
  const rows = new Map(order.rows.map((row) => [row.day, row]))
  const found = new Map<Instant, LoadedDay>()
  const wanted: Instant[] = []
  for (const start of order.days) {
    if (start >= until) continue
    const row = rows.get(start)
    const isFinished = start + day <= until
    const current = row?.rule === rule && row.covered === coverText(covered, { start, sliceMs, born: begun })
    if (row !== undefined && isFinished && isWhole(row) && current && !order.marked.has(start))
      found.set(start, { ...keptOf(row), anew: false })
    else if (row !== undefined || (begun !== null && start + day > begun)) wanted.push(start)
  }
  const reach = stream === null ? now : await slicesFrom(queries, { stream, now, oldest: wanted[0] })
  // Of a day that was rolled up before its end the rest was expected all the same.
  const isHalf = (row: DayRow | undefined) => row !== undefined && !isWhole(row)
  const kept = wanted.filter((start) => start + day > reach || isHalf(rows.get(start)))
  const rolled =
    stream === null ? new Map<Instant, RolledDay>() : await rollWithFormer(queries, { ...order, stream }, kept)
  // Of the oldest day some slices may have gone.
  const older = wanted.filter((start) => !rows.has(start) && start < reach)
  const hourly = await rollOlder(queries, order, older)
  for (const start of wanted) {
    const row = rows.get(start)
    const merged = mergeDay({
      start,
      sliceMs,
      rule: compileSpend(budgeting),
      covered,
      born: begun,
      rolled: rolled.get(start) ?? null,
      // Before there was a roll-up, sums of hours were all that was kept for long.
      before: row === undefined ? (hourly.get(start) ?? null) : keptOf(row),
      byHours: row === undefined || row.rule === byHours,
    })
    if (merged === null) continue
    const held = merged.held ? (row?.rule ?? byHours) : rule
    found.set(start, { ...merged, rule: held, anew: true })
  }
  return found
}

/** From when on slices are there: as long as their own windows need them, and longer where all minutes are kept. */
export async function slicesFrom(
  queries: Queries,
  { stream, now, oldest }: { readonly stream: Stream; readonly now: Instant; readonly oldest: Instant | undefined },
): Promise<number> {
  const least = now - stream.keepMs
  if (oldest === undefined || oldest >= least) return least
  return Math.min(least, (await readOldestSlice(queries, stream.key)) ?? least)
}

/** Only events add up: how many slices of an hour were bad, its sum does not say. */
const byHours = 'occurrences-by-hour'

async function rollOlder(
  queries: Queries,
  { objective, begun, stream }: DaysOrder,
  days: readonly Instant[],
): Promise<ReadonlyMap<Instant, Omit<KeptDay, 'held'>>> {
  const [first, last] = [days[0], days.at(-1)]
  const isByEvents = objective.definition.budgeting.method === 'occurrences'
  if (first === undefined || last === undefined || stream === null || begun === null || !isByEvents) return new Map()
  const hours = (await readHours(queries, stream.key, first, last + day)).map(({ start, measured, ...sides }) => {
    const slice = resolveSlice(sides, stream)
    const { good, bad } = slice.state === 'closed' ? slice : { good: 0, bad: 0 }
    return { start, good, bad, measuredMs: measured * stream.sliceMs }
  })
  const wanted = new Set(days)
  return new Map(
    [...rollHours(hours, begun)].flatMap(([start, rolled]) =>
      wanted.has(start) ? [[start, { ...rolled, covered: '', coarse: 0 }] as const] : [],
    ),
  )
}

function keptOf(row: DayRow): Omit<LoadedDay, 'anew'> {
  const { covered, coarse, rule } = row
  const counted = row.counted === null ? null : unpackCells(row.counted)
  return { raw: unpackCells(row.cells), counted, covered, coarse, rule, held: false }
}

/** Events are events, whatever the length of the slices they were counted in: what was before a change is added. */
async function rollWithFormer(
  queries: Queries,
  order: DaysOrder & { readonly stream: Stream },
  days: readonly Instant[],
): Promise<ReadonlyMap<Instant, RolledDay>> {
  const { stream, covered, objective } = order
  const { budgeting, sliceMs } = objective.definition
  const rolled = await rollAll(queries, { ...order, sliceMs }, days)
  const [first] = days
  if (first === undefined || budgeting.method !== 'occurrences' || stream.since <= first) return rolled
  for (const former of await listFormerStreams(queries, stream.id, first)) {
    const number = (slice: number) => Math.ceil((slice * sliceMs) / former.sliceMs - 0.5)
    const spec = {
      ...{ ...order, stream: former, sliceMs: former.sliceMs },
      covered: covered.map(({ from, to, mode }) => ({ from: number(from), to: number(to), mode })),
    }
    const before = days.filter((start) => start < former.endedAt)
    for (const [at, cells] of await rollAll(queries, spec, before))
      rolled.set(at, joinDays(rolled.get(at) ?? null, cells))
  }
  return rolled
}

/** Days that follow each other are read by one question; some weeks of minutes are a megabyte while they are summed. */
async function rollAll(
  queries: Queries,
  {
    objective,
    stream,
    sliceMs,
    begun,
    covered,
    until,
  }: Pick<DaysOrder, 'objective' | 'begun' | 'covered' | 'until'> & {
    readonly stream: Stream
    readonly sliceMs: number
  },
  days: readonly Instant[],
): Promise<Map<Instant, RolledDay>> {
  const { budgeting, target } = objective.definition
  const stepMs = stepFor(sliceMs)
  const rolled = new Map<Instant, RolledDay>()
  for (const { start, end } of stretches(days)) {
    const from = instant(Math.ceil(start / stepMs) * stepMs)
    const to = instant(Math.min(Math.ceil(end / stepMs), Math.floor(until / stepMs)) * stepMs)
    if (to <= from) continue
    const spec = {
      ...{ from, until: to, sliceMs, stepMs, born: begun, covered },
      rule: compileSpend(budgeting),
      least: budgeting.method === 'timeslices' ? budgeting.sliceTarget : target,
    }
    const slices = collectSlices(spec)
    await visitHistory(queries, [{ stream, from, to }], (_stream, block) => slices.take(block))
    for (const [at, cells] of rollDays(spec, slices)) rolled.set(at, cells)
  }
  return rolled
}

function stretches(days: readonly Instant[]): readonly { readonly start: Instant; readonly end: number }[] {
  const found: { start: Instant; end: number }[] = []
  for (const start of days) {
    const last = found.at(-1)
    if (last?.end === start) last.end = start + day
    else found.push({ start, end: start + day })
  }
  return found
}

/** As a period adds them up; null when it was counted in a way that cannot be added to what is counted now. */
export function standingOf(objective: ObjectiveRow, loaded: LoadedDay): StoredDay | null {
  const { rule, coarse } = loaded
  const cells = loaded.counted ?? loaded.raw
  const now = ruleText(objective)
  if (rule === now) return { cells, coarse, by: 'this-definition' }
  if (rule === byHours)
    return objective.definition.budgeting.method === 'occurrences' ? { cells, coarse, by: 'hours' } : null
  const unitsOf = (text: string) => text.split(' ').slice(0, 2).join(' ')
  const fits = objective.definition.budgeting.method === 'occurrences' || unitsOf(rule) === unitsOf(now)
  return fits ? { cells, coarse, by: 'earlier' } : null
}
