// Incidents as they leave through the API.
import { formatInstant, type Instant } from '../../kernel/instant.ts'
import type { Queries } from '../../platform/database/queries.ts'
import { type Measure, measuresOf, nextPhases } from './core/index.ts'
import type { IncidentReply, IncidentSummary } from './incidents.contract.ts'
import { type IncidentRow, listHoldings, listOffers } from './incidents.store.ts'
import { readImpactOf } from './usecases/communicate.ts'
import { alertsOf } from './usecases/read-overview.ts'
import { listVacancies } from './vacancies.store.ts'

const orNull = (at: Instant | null): string | null => (at === null ? null : formatInstant(at))

export function summarizeIncident(row: IncidentRow): IncidentSummary {
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    severity: row.severity,
    severityReason: row.severityReason,
    status: row.status,
    services: [...row.services],
    teams: [...row.teams],
    impactStartedAt: orNull(row.impactStartedAt),
    detectedAt: orNull(row.detectedAt),
    declaredAt: formatInstant(row.declaredAt),
    acknowledgedAt: orNull(row.acknowledgedAt),
    mitigatedAt: orNull(row.mitigatedAt),
    resolvedAt: orNull(row.resolvedAt),
    declaredBy: row.declaredBy,
    automatic: row.automatic,
    kind: row.kind,
    plan:
      row.plannedStart === null || row.plannedEnd === null
        ? null
        : {
            startsAt: formatInstant(row.plannedStart),
            endsAt: formatInstant(row.plannedEnd),
            maintenance: row.maintenanceId,
          },
    nextUpdateAt: orNull(row.nextUpdateAt),
    parentId: row.parentId,
    mergedInto: row.mergedInto,
  }
}

export async function presentIncident(queries: Queries, row: IncidentRow): Promise<IncidentReply> {
  const holdings = await listHoldings(queries, row.id)
  const alerts = await alertsOf(queries, row.id)
  const impact = await readImpactOf(queries, row)
  const measures = measuresOf(row)
  return {
    ...summarizeIncident(row),
    roles: holdings
      .filter((each) => each.until === null)
      .map((each) => ({ role: each.role, person: each.person, since: formatInstant(each.since) })),
    offers: (await listOffers(queries, row.id)).map((each) => ({ ...each, offeredAt: formatInstant(each.offeredAt) })),
    vacancies: (await listVacancies(queries, row.id)).map((each) => ({
      role: each.role,
      since: formatInstant(each.since),
      pagedAt: formatInstant(each.pagedAt),
      rota: each.rota,
      because: each.because,
      endedAt: orNull(each.endedAt),
    })),
    readers: [...row.readers],
    reviewedAt: orNull(row.reviewedAt),
    impactStatement: row.impactStatement,
    callUrl: row.callUrl,
    alerts: alerts.map((alert) => ({
      id: alert.id,
      number: alert.number,
      title: alert.title,
      status: alert.status,
      severity: alert.severity,
      service: alert.service,
      openedAt: formatInstant(alert.openedAt),
    })),
    next: [...nextPhases(row.status, row.kind)],
    // A tenth of a minute is as exact as anybody's memory of it.
    impact: {
      minutes: impact.minutes === null ? null : Math.round(impact.minutes * 10) / 10,
      ongoing: impact.ongoing,
      people: row.peopleAffected,
      regions: [...row.impactRegions],
      customers: [...row.impactCustomers],
    },
    measures: {
      timeToDetect: present(measures.timeToDetect),
      timeToAcknowledge: present(measures.timeToAcknowledge),
      timeToMitigate: present(measures.timeToMitigate),
      timeToResolve: present(measures.timeToResolve),
      timeToFirstUpdate: present(measures.timeToFirstUpdate),
    },
    version: row.version,
  }
}

function present(measure: Measure) {
  return {
    kind: measure.kind,
    ms: measure.kind === 'known' ? measure.ms : null,
    because: measure.kind === 'unknown' ? measure.because : null,
  }
}
