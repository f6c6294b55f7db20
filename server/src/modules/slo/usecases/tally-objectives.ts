// The objectives of a journey over its window: each is read once, slice by slice, with what is excluded of it.
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { findStream, visitHistory } from '../../telemetry/index.ts'
import { coveredSlices, coverTime } from '../core/exclusion.ts'
import { type Tally, tallyMember } from '../core/member-tally.ts'
import { compileSpend } from '../core/spend.ts'
import { concerns, type ExclusionRow } from '../exclusions.store.ts'
import type { ObjectiveRow } from '../objectives.store.ts'

export interface TallyWindow {
  readonly from: Instant
  readonly until: Instant
  readonly stepMs: number
}

/** What one round has read already: journeys share members. */
export type TallyCache = Map<string, Tally>

/** One after the other: a month of minutes of one objective is some hundred kilobytes while it is summed. */
export async function tallyObjectives(
  queries: Queries,
  rows: readonly ObjectiveRow[],
  exclusions: readonly ExclusionRow[],
  window: TallyWindow,
  cache: TallyCache,
): Promise<ReadonlyMap<string, Tally>> {
  const tallies = new Map<string, Tally>()
  for (const row of rows) {
    const key = `${row.name} ${window.from} ${window.until} ${window.stepMs}`
    const tally = cache.get(key) ?? (await tallyOne(queries, row, exclusions, window))
    cache.set(key, tally)
    tallies.set(row.name, tally)
  }
  return tallies
}

async function tallyOne(
  queries: Queries,
  row: ObjectiveRow,
  exclusions: readonly ExclusionRow[],
  { from, until, stepMs }: TallyWindow,
): Promise<Tally> {
  const { sliceMs, budgeting, target } = row.definition
  const own = exclusions.filter((each) => concerns(each, row))
  const tally = tallyMember({
    from,
    until,
    sliceMs,
    stepMs,
    born: row.born === null ? null : instant(row.born),
    rule: compileSpend(budgeting),
    least: budgeting.method === 'timeslices' ? budgeting.sliceTarget : target,
    covered: own.length === 0 ? [] : coveredSlices(coverTime(own, { start: from, end: until }), sliceMs),
  })
  const stream = await findStream(queries, row.name)
  if (stream !== null) await visitHistory(queries, [{ stream, from, to: until }], (_stream, block) => tally.take(block))
  return tally.finish()
}
