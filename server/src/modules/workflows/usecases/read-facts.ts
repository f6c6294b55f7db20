// What conditions may ask of an incident, as it stands now.
import { isJsonObject, type JsonObject } from '../../../kernel/json.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { findAlert, listAlertsOfIncidents } from '../../alerts/index.ts'
import { findResources, findServices } from '../../catalog/index.ts'
import { type IncidentRow, journeysThrough, listHoldings, readImpactOf } from '../../incidents/index.ts'
import { type Cause, type IncidentFacts, type TriggerFacts, triggerFacts } from '../core/index.ts'

/** The newest; whoever asks for a label asks for one that is there now. */
const mostAlerts = 200

export async function readFacts(queries: Queries, incident: IncidentRow): Promise<IncidentFacts> {
  const services = await findServices(queries, incident.services)
  const documents = await findResources(
    queries,
    incident.services.map((name) => ({ kind: 'Service', name })),
  )
  const alerts = await listAlertsOfIncidents(queries, [incident.id], mostAlerts)
  const holdings = await listHoldings(queries, incident.id)
  const journeys = await journeysThrough(queries, incident.services)
  const labels = new Map<string, Set<string>>()
  const note = (name: string, value: string) => labels.set(name, (labels.get(name) ?? new Set()).add(value))
  for (const { document } of documents)
    for (const [name, value] of Object.entries(document.metadata.labels ?? {}))
      for (const each of typeof value === 'string' ? [value] : value) note(name, each)
  for (const { signal } of alerts) for (const [name, value] of Object.entries(signal.labels)) note(name, value)
  const roles = new Map<string, string[]>()
  for (const { role, person, until } of holdings)
    if (until === null) roles.set(role, [...(roles.get(role) ?? []), person])
  const { number, title, severity, status, kind, automatic, teams, impactStatement, declaredAt } = incident
  return {
    ...{ number, title, severity, status, kind, automatic, teams, impactStatement, declaredAt },
    services: incident.services,
    tiers: services.map((service) => service.tier),
    journeys: [...new Set([...journeys.values()].flat())],
    labels: Object.fromEntries([...labels].map(([name, values]) => [name, [...values].sort()])),
    roles: Object.fromEntries(roles),
    impactMinutes: (await readImpactOf(queries, incident)).minutes,
  }
}

/** What the event says of itself, and of the alert it is about. */
export async function readTrigger(queries: Queries, cause: Cause, data: JsonObject): Promise<TriggerFacts> {
  const textOf = (name: string): string => (typeof data[name] === 'string' ? data[name] : '')
  const alert = textOf('alertId') === '' ? null : await findAlert(queries, textOf('alertId'))
  return triggerFacts(cause, {
    from: textOf('from'),
    to: textOf('to'),
    role: textOf('role'),
    person: textOf('person'),
    ...(alert === null
      ? {}
      : {
          alert: {
            title: alert.title,
            service: alert.service ?? '',
            severity: alert.severity,
            labels: isJsonObject(alert.signal.labels) ? alert.signal.labels : {},
          },
        }),
  })
}
