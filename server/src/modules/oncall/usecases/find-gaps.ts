// Times of the coming days when nobody is on call in a schedule: said before the night, not in it.
import { day } from '../../../kernel/duration.ts'
import { plus } from '../../../kernel/instant.ts'
import { type Interval, union } from '../../../kernel/interval.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { listByKind } from '../../catalog/index.ts'
import { finalSchedule, missingCover } from '../core/index.ts'
import { loadSchedules } from './load-directory.ts'

export interface ScheduleGap {
  readonly schedule: string
  readonly displayName: string
  readonly gap: Interval
}

const lookAheadMs = 7 * day
const mostSchedules = 200

/** The first gap of each schedule within seven days. O(schedules × shifts of a week). */
export async function findGaps(queries: Queries, log: Needs['log']): Promise<readonly ScheduleGap[]> {
  const now = await queries.now()
  const end = plus(now, lookAheadMs)
  const stored = await listByKind(queries, 'Schedule', null, mostSchedules)
  const schedules = await loadSchedules(
    queries,
    log,
    stored.map((each) => each.name),
    now,
    end,
  )
  return schedules.flatMap((schedule) => {
    const [gap] = union(missingCover(schedule, finalSchedule(schedule, { start: now, end }).gaps))
    const displayName =
      stored.find((each) => each.name === schedule.name)?.document.metadata.displayName ?? schedule.name
    return gap === undefined ? [] : [{ schedule: schedule.name, displayName, gap }]
  })
}
