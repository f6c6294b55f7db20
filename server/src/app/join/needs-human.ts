// What other rooms put on the overview.
import { day, formatDuration, minute } from '../../kernel/duration.ts'
import { formatInstant } from '../../kernel/instant.ts'
import type { IncidentsPorts } from '../../modules/incidents/index.ts'
import { countOrphans, listSources } from '../../modules/intake/index.ts'
import { findGaps } from '../../modules/oncall/index.ts'
import type { Queries } from '../../platform/database/queries.ts'
import type { Needs } from '../../platform/room/needs.ts'

export function onCallNeedsOf(needs: Needs): IncidentsPorts['onCallNeeds'] {
  return async (queries) => {
    const now = await queries.now()
    const gaps: NeedItem[] = (await findGaps(queries, needs.log)).map(({ schedule, displayName, gap }) => ({
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
    return [...gaps, ...(await intakeNeeds(queries))]
  }
}

type NeedItem = Awaited<ReturnType<IncidentsPorts['onCallNeeds']>>[number]

/** An alarm that nobody understood may be the one that matters. */
async function intakeNeeds(queries: Queries): Promise<readonly NeedItem[]> {
  const orphans = await countOrphans(queries)
  if (orphans.size === 0) return []
  return (await listSources(queries)).flatMap(({ source }): NeedItem[] => {
    const waiting = orphans.get(source.name)
    if (waiting === undefined) return []
    const many = waiting.open === 1 ? 'One payload is' : `${waiting.open} payloads are`
    return [
      {
        kind: 'intake',
        id: source.name,
        title: `${source.title} sends what is not understood`,
        sentence: `${many} kept. ${waiting.because.slice(0, 300)}`,
        severity: 'warning',
        service: source.service,
        since: formatInstant(waiting.since),
        href: `/intake/${encodeURIComponent(source.name)}`,
        action: null,
      },
    ]
  })
}
