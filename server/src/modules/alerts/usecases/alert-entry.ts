// How an alert stands in the journal.
import { formatInstant } from '../../../kernel/instant.ts'
import type { Subject } from '../../../platform/journal/journal.ts'
import type { AlertData } from '../alert-data.ts'
import type { AlertRow } from '../alerts.store.ts'

export function dataOf(alert: AlertRow): AlertData {
  return {
    alertId: alert.id,
    number: alert.number,
    service: alert.service,
    summary: alert.title,
    severity: alert.severity,
    urgency: alert.urgency,
    source: alert.source,
    startedAt: formatInstant(alert.startedAt),
  }
}

export function linksOf(alert: AlertRow): readonly Subject[] {
  return [
    ...(alert.service === null ? [] : [{ kind: 'service', id: alert.service }]),
    ...(alert.incidentId === null ? [] : [{ kind: 'incident', id: alert.incidentId }]),
    ...(alert.team === null ? [] : [{ kind: 'team', id: alert.team }]),
  ]
}
