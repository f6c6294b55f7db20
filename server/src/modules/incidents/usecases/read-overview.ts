// What needs a human now, worst first, each with its one best action; and one calm sentence about everything else.
import { formatInstant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { listSetAside } from '../../../platform/work/due-work.store.ts'
import {
  type AlertRow,
  countOpen,
  listAlertRows,
  listUnanswered,
  lockAlerts,
  type UnansweredGroup,
} from '../../alerts/index.ts'
import { countResources } from '../../catalog/index.ts'
import { listChangeRows } from '../../changes/index.ts'
import { type IncidentReader, kindWords } from '../core/index.ts'
import type { IncidentsPorts } from '../incidents.ports.ts'
import { countOpenIncidents, type IncidentRow, listOpenIncidents } from '../incidents.store.ts'
import type { NeedItem } from '../overview.contract.ts'

/** So many are looked at, which is also what one acknowledgement may hold. */
const mostUnanswered = 500
const shownGroups = 50

/** Held in the order of everybody before the first is moved elsewhere. */
export async function holdAlertsOf(tx: Tx, incident: string): Promise<readonly AlertRow[]> {
  const ids = (await alertsOf(tx, incident)).map((row) => row.id)
  await lockAlerts(tx, ids)
  return alertsOf(tx, incident)
}

export async function alertsOf(queries: Queries, incident: string): Promise<readonly AlertRow[]> {
  return listAlertRows(
    queries,
    { status: null, service: null, team: null, severity: null, incident, search: null, from: null, to: null },
    null,
    200,
  )
}

export async function readOverview(queries: Queries, ports: IncidentsPorts, reader: IncidentReader) {
  const unanswered = await listUnanswered(queries, { alerts: mostUnanswered, groups: shownGroups })
  const incidents = await listOpenIncidents(queries, reader, 50)
  const objectives = await ports.objectiveCounts(queries)
  const counts = await countResources(queries)
  const alerts = await countOpen(queries)
  const needsHuman = [
    ...unanswered.map(unansweredAlerts),
    ...incidents.map(openIncident),
    ...objectives.needs,
    ...(await ports.onCallNeeds(queries)),
    ...((await ports.workflowNeeds?.(queries, reader)) ?? []),
    ...((await ports.learningNeeds?.(queries, reader)) ?? []),
    ...(await setAsideWork(queries)),
  ].sort((a, b) => rank(a) - rank(b) || (a.since ?? '').localeCompare(b.since ?? ''))
  const since = await queries.now()
  const changes = await listChangeRows(queries, { services: null, from: null, to: null }, null, 10)
  const services = counts.get('Service') ?? 0
  return {
    needsHuman,
    calm: calmSentence({
      services,
      objectives: objectives.total,
      healthy: objectives.healthy,
      needs: needsHuman.length,
    }),
    recentChanges: changes
      .filter((change) => change.at > since - 3_600_000)
      .map((change) => ({
        id: change.id,
        service: change.service,
        summary: change.summary,
        version: change.version,
        kind: change.kind,
        at: formatInstant(change.at),
      })),
    counts: {
      services,
      objectives: objectives.total,
      healthyObjectives: objectives.healthy,
      openAlerts: alerts.firing + alerts.acknowledged + alerts.snoozed,
      openIncidents: await countOpenIncidents(queries, reader),
      people: counts.get('Person') ?? 0,
    },
    firstRun: services === 0,
  }
}

/** One row for a failure: whoever takes it takes what else fired of the same incident. */
function unansweredAlerts({ first, ids }: UnansweredGroup): NeedItem {
  const others = ids.length - 1
  const more = others === 0 ? '' : `, nor ${others} more of its incident`
  return {
    kind: 'alert',
    id: first.id,
    title: first.title,
    sentence: `${first.service === null ? 'Nobody' : `${first.service}: nobody`} has acknowledged it${more}.`,
    severity: first.severity,
    service: first.service,
    since: formatInstant(first.startedAt),
    href: `/alerts/${first.id}`,
    action:
      others === 0
        ? { label: 'Acknowledge', operation: 'alerts.acknowledge', id: first.id }
        : { label: `Acknowledge ${ids.length}`, operation: 'alerts.bulk', id: first.id, ids: [...ids] },
  }
}

function openIncident(incident: IncidentRow): NeedItem {
  const calm = incident.status === 'mitigated' || incident.kind === 'drill' || incident.kind === 'scheduled'
  const major = incident.severity === 'SEV1' || incident.severity === 'SEV2'
  return {
    kind: 'incident',
    id: incident.id,
    title: `#${incident.number} ${incident.title}`,
    sentence: `${incident.kind === 'normal' ? '' : `${kindWords[incident.kind]}, `}${incident.severity}, ${incident.status}${incident.services.length > 0 ? `, on ${incident.services.slice(0, 3).join(', ')}` : ''}.`,
    severity: calm ? 'info' : major ? 'critical' : 'warning',
    service: incident.services[0] ?? null,
    since: formatInstant(incident.declaredAt),
    href: `/incidents/${incident.id}`,
    action:
      incident.status === 'mitigated' ? { label: 'Resolve', operation: 'incidents.transition', id: incident.id } : null,
  }
}

async function setAsideWork(queries: Queries): Promise<readonly NeedItem[]> {
  const rows = await listSetAside(queries, 5)
  return rows.map((row) => ({
    kind: 'work',
    id: String(row.id),
    title: `${row.kind} could not be done`,
    sentence: row.lastError ?? 'It failed for good.',
    severity: 'warning',
    service: null,
    since: formatInstant(row.setAsideAt),
    href: '/settings/work',
    action: null,
  }))
}

const order = ['critical', 'warning', 'info']
const rank = (item: NeedItem): number => order.indexOf(item.severity)

function calmSentence(of: { services: number; objectives: number; healthy: number; needs: number }): string {
  if (of.services === 0) return 'Nothing is declared yet.'
  const services = `${of.services} ${of.services === 1 ? 'service' : 'services'}`
  const rest = of.needs === 0 ? 'Nothing needs you.' : 'Nothing else needs you.'
  if (of.objectives === 0) return `${services}, no objectives yet. ${rest}`
  const kept =
    of.healthy === of.objectives
      ? `all ${of.objectives} objectives are kept`
      : `${of.healthy} of ${of.objectives} objectives are kept`
  return `${services}, ${kept}. ${rest}`
}
