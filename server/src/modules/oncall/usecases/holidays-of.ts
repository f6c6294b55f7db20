// The holidays a team keeps, as its schedules declare and import them: whose days are no working days.
import type { Interval } from '../../../kernel/interval.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { findResource, listByKind, type StoredResource } from '../../catalog/index.ts'
import { listHolidays } from '../calendars.store.ts'
import { holidaysOf } from './lint-schedule.ts'

const mostSchedules = 500

export interface KeptHolidays {
  readonly schedule: string
  readonly zone: string
  readonly holidays: readonly Interval[]
}

/** Of the schedule named; else of the first schedule of the team that keeps any then. Null when none does. */
export async function loadKeptHolidays(
  queries: Queries,
  of: { readonly schedule: string | null; readonly team: string | null },
  window: Interval,
): Promise<KeptHolidays | null> {
  const { schedule, team } = of
  const named = schedule === null ? null : await findResource(queries, { kind: 'Schedule', name: schedule })
  if (named !== null) return keptBy(queries, named, window)
  if (team === null) return null
  const all = await listByKind(queries, 'Schedule', null, mostSchedules)
  for (const each of all.filter((stored) => stored.document.spec.team === team)) {
    const kept = await keptBy(queries, each, window)
    if (kept.holidays.length > 0) return kept
  }
  return null
}

async function keptBy(
  queries: Queries,
  { name, document }: Pick<StoredResource, 'name' | 'document'>,
  window: Interval,
): Promise<KeptHolidays> {
  const zone = typeof document.spec.zone === 'string' ? document.spec.zone : 'UTC'
  const own = holidaysOf(document, zone).map((each) => each.span)
  const inside = own.filter((each) => each.end > window.start && each.start < window.end)
  return { schedule: name, zone, holidays: [...inside, ...(await listHolidays(queries, name, window))] }
}
