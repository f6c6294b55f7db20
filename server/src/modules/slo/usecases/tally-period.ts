// What objectives came to in any period: whole days as they were rolled up, the rest from slices, exactly.
import { day } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { findStreamsNamed, type Stream } from '../../telemetry/index.ts'
import { dayOf, daysOf } from '../core/day-cells.ts'
import { compileSpend } from '../core/spend.ts'
import { type PeriodTotal, type StoredDay, sumPeriod } from '../core/sum-period.ts'
import type { ExclusionRow } from '../exclusions.store.ts'
import { type DayRow, readDays, readFirstDays, readMarks } from '../objective-days.store.ts'
import type { ObjectiveRow } from '../objectives.store.ts'
import { begunAt, coverageOf, loadDays, standingOf } from './load-days.ts'

export interface PeriodWanted {
  readonly objective: ObjectiveRow
  /** How far it was told of. */
  readonly asOf: Instant
}

/** More marks than this would be the first minutes of an installation. */
const mostMarks = 50_000

/** One after the other: a quarter of one objective takes some hundred kilobytes while it is summed. */
export async function tallyPeriod(
  queries: Queries,
  wanted: readonly PeriodWanted[],
  order: { readonly period: Interval; readonly exclusions: readonly ExclusionRow[] },
): Promise<ReadonlyMap<string, PeriodTotal>> {
  const { period, exclusions } = order
  const names = wanted.map(({ objective }) => objective.name)
  const [from, to] = [dayOf(period.start), instant(dayOf(period.end - 1) + day)]
  const now = await queries.now()
  const firsts = await readFirstDays(queries, names)
  const marks = await readMarks(queries, { objectives: names, limit: mostMarks })
  const streams = await streamsOf(queries, names)
  const totals = new Map<string, PeriodTotal>()
  for (const { objective, asOf } of wanted) {
    const { name, definition } = objective
    const begun = begunAt(objective, firsts.get(name))
    const until = instant(Math.min(period.end, asOf))
    const covered = coverageOf(objective, exclusions, { from, to, sliceMs: definition.sliceMs })
    const rows: readonly DayRow[] = await readDays(queries, [name], from, to)
    const loaded = await loadDays(queries, {
      ...{ objective, begun, rows, until, now, covered },
      stream: streams.get(name) ?? null,
      days: daysOf(period.start, period.end),
      marked: new Set(marks.filter((mark) => mark.objective === name).map((mark) => mark.day)),
    })
    const days = new Map<Instant, StoredDay>()
    for (const [start, each] of loaded) {
      const standing = standingOf(objective, each)
      if (standing !== null) days.set(start, standing)
    }
    const { sliceMs, budgeting } = definition
    const rule = compileSpend(budgeting)
    totals.set(name, sumPeriod({ period, until, begun, sliceMs, rule, covered, days }))
  }
  return totals
}

/** By the objective that each counts for. */
export async function streamsOf(queries: Queries, names: readonly string[]): Promise<ReadonlyMap<string, Stream>> {
  const found = await findStreamsNamed(queries, names)
  return new Map(found.map((stream) => [stream.id, stream]))
}
