// How an incident stands in the journal.
import type { Actor } from '../../../kernel/actor.ts'
import type { Subject } from '../../../platform/journal/journal.ts'
import type { IncidentData } from '../incidents.contract.ts'
import type { IncidentRow } from '../incidents.store.ts'

export function dataOf(incident: IncidentRow): IncidentData {
  return {
    incidentId: incident.id,
    number: incident.number,
    title: incident.title,
    severity: incident.severity,
    kind: incident.kind,
  }
}

export function entryOf(incident: IncidentRow, actor: Actor, reason?: string, links: readonly Subject[] = []) {
  return {
    actor,
    subject: { kind: 'incident', id: incident.id },
    links: [
      ...incident.services.map((id) => ({ kind: 'service', id })),
      ...links,
      // Readers of the journal and the live stream need to be let in to read such an entry.
      ...(incident.kind === 'security' ? [{ kind: 'restricted', id: incident.id }] : []),
    ],
    ...(reason === undefined ? {} : { reason }),
  }
}
