// What other rooms put on the overview.
import { day, formatDuration, minute } from '../../kernel/duration.ts'
import { formatInstant } from '../../kernel/instant.ts'
import type { IncidentsPorts } from '../../modules/incidents/index.ts'
import { findGaps } from '../../modules/oncall/index.ts'
import type { Needs } from '../../platform/room/needs.ts'

export function onCallNeedsOf(needs: Needs): IncidentsPorts['onCallNeeds'] {
  return async (queries) => {
    const now = await queries.now()
    return (await findGaps(queries, needs.log)).map(({ schedule, displayName, gap }) => ({
      kind: 'schedule',
      id: schedule,
      title: `Nobody is on call in ${displayName}`,
      sentence: `From ${formatInstant(gap.start)} for ${formatDuration(Math.max(minute, Math.round((gap.end - gap.start) / minute) * minute))}.`,
      severity: gap.start - now < day ? 'warning' : 'info',
      service: null,
      since: null,
      href: `/oncall?schedule=${encodeURIComponent(schedule)}`,
      action: null,
    }))
  }
}
