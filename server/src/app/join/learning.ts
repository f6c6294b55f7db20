// What the overview says of reviews and corrective actions that are late.
import { formatInstant } from '../../kernel/instant.ts'
import type { IncidentsPorts } from '../../modules/incidents/index.ts'
import { listRestricted } from '../../modules/incidents/index.ts'
import { listActionRows, listPostmortemRows } from '../../modules/postmortems/index.ts'

const shown = 10

export const learningNeeds: NonNullable<IncidentsPorts['learningNeeds']> = async (queries, reader) => {
  const now = await queries.now()
  const { closed } = await listRestricted(queries, reader)
  const late = { closed, status: null, service: null, incident: null, search: null, overdueAt: now }
  const postmortems = await listPostmortemRows(queries, late, null, shown)
  const actions = await listActionRows(
    queries,
    { closed, state: 'overdue', owner: null, number: null, now },
    null,
    shown,
  )
  return [
    ...postmortems.map((row) => ({
      kind: 'postmortem' as const,
      id: row.id,
      title: `The postmortem of incident ${row.incidentNumber} is overdue`,
      sentence: `${row.title}. ${row.owner === null ? 'Nobody owns it.' : `${row.owner} owns it.`}`,
      severity: 'info' as const,
      service: row.services[0] ?? null,
      since: formatInstant(row.dueAt),
      href: `/postmortems/${row.id}`,
      action: null,
    })),
    ...actions.map((action) => ({
      kind: 'action' as const,
      id: action.id,
      title: `Corrective action ${action.number} is overdue`,
      sentence: `${action.title}. ${action.owner} owns it.`,
      severity: 'info' as const,
      service: null,
      since: formatInstant(action.dueAt),
      href: `/postmortems/${action.postmortemId}`,
      action: null,
    })),
  ]
}
