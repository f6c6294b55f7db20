// All SQL by which postmortems go with their incidents. A draft, a review and an action that nobody has proven keep both.
import type { Tx } from '../../platform/database/database.ts'
import { sql } from '../../platform/database/queries.ts'
import { type KeepRule, picked } from '../../platform/retention/keep-rule.ts'
import { leaveIncidents } from '../alerts/index.ts'
import { lockOldIncidents, removeIncidents } from '../incidents/index.ts'

const incidents: KeepRule = {
  name: 'incidents',
  summary: 'Incidents that are over, with their published postmortems',
  keep: 'incidents',
  pick: async (tx, pick) => {
    const rows = await lockOldIncidents(tx, pick)
    return picked(
      rows.map((row) => ({ ...row, incidents: [row.id], people: 'anyone' as const })),
      pick.limit,
    )
  },
  remove: async (tx, ids) => {
    const learnt = await tx.run(sql`delete from postmortems where incident_id = any(${[...ids]}::uuid[])`)
    await leaveIncidents(tx, ids)
    return learnt + (await removeIncidents(tx, ids))
  },
}

export const postmortemsKept: readonly KeepRule[] = [incidents]

/** Of the incidents named, those whose postmortem is not published, or has an action that nobody has proven or dropped. */
export async function listUnlearntAmong(tx: Tx, incidentIds: readonly string[]): Promise<readonly string[]> {
  const rows = await tx.many(sql<{ id: string }>`
    select p.incident_id as id from postmortems p where p.incident_id = any(${[...incidentIds]}::uuid[])
      and (p.status <> 'published' or exists (
        select from corrective_actions a where a.postmortem_id = p.id and a.state in ('open', 'proving')))`)
  return rows.map((row) => row.id)
}
