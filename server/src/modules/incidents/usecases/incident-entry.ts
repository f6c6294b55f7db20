// How an incident stands in the journal.
import type { Actor } from '../../../kernel/actor.ts'
import type { Subject } from '../../../platform/journal/journal.ts'
import type { IncidentData } from '../incidents.contract.ts'
import type { IncidentRow } from '../incidents.store.ts'

export function dataOf(incident: IncidentRow): IncidentData {
  return { incidentId: incident.id, number: incident.number, title: incident.title, severity: incident.severity }
}

export function entryOf(incident: IncidentRow, actor: Actor, reason?: string, links: readonly Subject[] = []) {
  return {
    actor,
    subject: { kind: 'incident', id: incident.id },
    links: [...incident.services.map((id) => ({ kind: 'service', id })), ...links],
    ...(reason === undefined ? {} : { reason }),
  }
}
