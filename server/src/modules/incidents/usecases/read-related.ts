// What stands beside an incident: changes before it, incidents like it, who is reached, what it is linked to.
import { formatInstant, type Instant, plus } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { listAlertsOfIncidents } from '../../alerts/index.ts'
import { listDependencies, reachOf } from '../../catalog/index.ts'
import { listChangeRows } from '../../changes/index.ts'
import { type IncidentReader, mayReadIncident, rankChanges, rankSimilar, servicesBeneath } from '../core/index.ts'
import type { IncidentsPorts } from '../incidents.ports.ts'
import { findIncident, type IncidentRow, listIncidentsOfServices, listKin } from '../incidents.store.ts'
import type { RelatedReply } from '../work.contract.ts'
import { listRelatedIds } from '../work.store.ts'
import { findCauses } from './find-causes.ts'
import { vendorsNear } from './find-vendors.ts'
import { journeysThrough } from './propose-severity.ts'

const dayMs = 86_400_000
const mostChanges = 200
const shown = 10
const mostCauses = 5
const mostPast = 50
const mostAlerts = 5_000

export async function readRelatedTo(
  queries: Queries,
  ports: Pick<IncidentsPorts, 'measured'>,
  incident: IncidentRow,
  { reader, now }: { readonly reader: IncidentReader; readonly now: Instant },
): Promise<RelatedReply> {
  const { causes, looked } = await findCauses(queries, ports, incident, now)
  return {
    looked,
    causes: causes.slice(0, mostCauses).map(({ service, score, evidence }) => ({
      service,
      score: Math.round(score * 1000) / 1000,
      because: evidence.slice(0, 5),
    })),
    changes: await changesBefore(queries, incident),
    similar: await similarTo(queries, incident, reader),
    reach: await reachedBy(queries, incident),
    vendors: await vendorsNear(queries, incident),
    journeys: [...new Set([...(await journeysThrough(queries, incident.services)).values()].flat())],
    relations: await relationsOf(queries, incident, reader),
  }
}

/** When users began to be hurt, as far as it is known. */
export const beganAt = (incident: Pick<IncidentRow, 'impactStartedAt' | 'detectedAt' | 'declaredAt'>): Instant =>
  incident.impactStartedAt ?? incident.detectedAt ?? incident.declaredAt

async function changesBefore(queries: Queries, incident: IncidentRow): Promise<RelatedReply['changes']> {
  if (incident.services.length === 0) return []
  const startedAt = beganAt(incident)
  const beneath = servicesBeneath(incident.services, await listDependencies(queries))
  const filter = {
    services: [...incident.services, ...beneath.keys()],
    from: plus(startedAt, -dayMs),
    to: plus(startedAt, 600_000),
  }
  const rows = await listChangeRows(queries, filter, null, mostChanges)
  return rankChanges(rows, { services: incident.services, beneath, startedAt })
    .slice(0, shown)
    .flatMap(({ item, score, because }) => {
      const row = rows.find((each) => each.id === item.id)
      if (row === undefined) return []
      const { id, service, kind, summary, version, link } = row
      const rounded = Math.round(score * 1000) / 1000
      return [
        { id, service, kind, summary, version, link, at: formatInstant(row.at), score: rounded, because: [...because] },
      ]
    })
}

async function similarTo(
  queries: Queries,
  incident: IncidentRow,
  reader: IncidentReader,
): Promise<RelatedReply['similar']> {
  if (incident.services.length === 0) return []
  // Only those that share a service: nothing alike shares none.
  const rows = (await listIncidentsOfServices(queries, incident.services, reader, mostPast)).filter(
    (each) => each.id !== incident.id && each.kind !== 'drill' && each.kind !== 'scheduled' && each.mergedInto === null,
  )
  const titles = new Map<string, string[]>()
  for (const alert of await listAlertsOfIncidents(queries, [incident.id, ...rows.map(({ id }) => id)], mostAlerts)) {
    if (alert.incidentId !== null) titles.set(alert.incidentId, [...(titles.get(alert.incidentId) ?? []), alert.title])
  }
  const seen = (row: IncidentRow) => ({
    id: row.id,
    title: row.title,
    services: row.services,
    alertTitles: titles.get(row.id) ?? [],
    startedAt: beganAt(row),
  })
  const past = rows.map(seen)
  const now = seen(incident)
  return rankSimilar(past, now)
    .slice(0, shown)
    .flatMap(({ item, because }) => {
      const row = rows.find((each) => each.id === item.id)
      if (row === undefined) return []
      const resolvedAt = row.resolvedAt === null ? null : formatInstant(row.resolvedAt)
      const { id, number, title, severity } = row
      return [
        { id, number, title, severity, startedAt: formatInstant(beganAt(row)), resolvedAt, because: [...because] },
      ]
    })
}

async function reachedBy(queries: Queries, incident: IncidentRow): Promise<RelatedReply['reach']> {
  const found = new Map<string, RelatedReply['reach'][number]>()
  for (const of of incident.services) {
    for (const { service, displayName, tier, distance } of await reachOf(queries, of)) {
      const before = found.get(service)
      if (incident.services.includes(service) || (before !== undefined && before.distance <= distance)) continue
      found.set(service, { service, displayName, tier, distance, of })
    }
  }
  return [...found.values()]
    .sort((a, b) => a.distance - b.distance || a.tier - b.tier || (a.service < b.service ? -1 : 1))
    .slice(0, 100)
}

async function relationsOf(
  queries: Queries,
  incident: IncidentRow,
  reader: IncidentReader,
): Promise<RelatedReply['relations']> {
  const kin = await listKin(queries, incident)
  const related = []
  for (const id of await listRelatedIds(queries, incident.id)) {
    const row = await findIncident(queries, id)
    if (row !== null) related.push({ row, relation: 'related' as const })
  }
  return [...kin, ...related]
    .filter(({ row }) => mayReadIncident(reader, row))
    .map(({ row: { id, number, title, status }, relation }) => ({ id, number, title, status, relation }))
}
