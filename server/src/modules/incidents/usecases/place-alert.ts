// Which open incident an alert belongs to, and where to look first in one: the pure decisions, with what they need read.
import { minute } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { type AlertRow, listAlertsOfIncidents } from '../../alerts/index.ts'
import { dependenciesAround, reachOf, servicesBeneath } from '../../catalog/index.ts'
import { listChangeRows } from '../../changes/index.ts'
import {
  blamedBy,
  graphOf,
  hubNeighbours,
  type ProbableCause,
  placeSymptom,
  rankCauses,
  type ServiceGraph,
  type Symptom,
  signalKindOf,
} from '../core/index.ts'
import type { IncidentRow } from '../incidents.store.ts'

// Symptoms of one failure come within minutes; later ones are more likely another problem.
const sameProblemMs = 60 * minute
const mostAlerts = 500
const changesBeforeMs = 60 * minute
const mostChanges = 100

export interface Related {
  readonly incident: IncidentRow
  readonly because: string
}

/** The nearest first: the same service, one near it in time and calls, one it depends on or that depends on it. */
export async function findRelated(
  tx: Tx,
  alert: AlertRow,
  openIncidents: readonly IncidentRow[],
  now: Instant,
): Promise<Related | null> {
  const { service } = alert
  if (service === null) return alikeElsewhere(tx, alert, openIncidents, now)
  const open = openIncidents.filter(
    // A drill takes no real alert, and what joins a restricted one is decided by people.
    (each) => each.kind === 'normal' && (each.declaredAt > now - sameProblemMs || each.services.includes(service)),
  )
  if (open.length === 0) return null
  const same = open.find((each) => each.services.includes(service))
  if (same !== undefined) return { incident: same, because: `${service} is already part of it.` }
  return (await nearInTime(tx, alert, open)) ?? (await alongDependencies(tx, service, open))
}

/** Of a service nobody declared: with those that the sender calls by the same name, or that the same rule raised. */
async function alikeElsewhere(
  tx: Tx,
  alert: AlertRow,
  openIncidents: readonly IncidentRow[],
  now: Instant,
): Promise<Related | null> {
  const open = openIncidents.filter(
    (each) => each.kind === 'normal' && each.services.length === 0 && each.declaredAt > now - sameProblemMs,
  )
  const { service: word, rule } = alert.signal
  if (open.length === 0 || (word === null && rule === null)) return null
  const ids = open.map((each) => each.id)
  const alike = (await listAlertsOfIncidents(tx, ids, mostAlerts)).find(
    ({ signal, source }) =>
      source === alert.source &&
      ((word !== null && signal.service === word) || (rule !== null && signal.rule === rule)),
  )
  const incident = open.find((each) => each.id === alike?.incidentId)
  if (alike === undefined || incident === undefined) return null
  const same = word !== null && alike.signal.service === word ? `about ${word}` : `raised by ${rule}`
  return { incident, because: `Nobody has declared its service; one ${same} is already part of it.` }
}

async function nearInTime(tx: Tx, alert: AlertRow, open: readonly IncidentRow[]): Promise<Related | null> {
  const alerts = await listAlertsOfIncidents(
    tx,
    open.map((each) => each.id),
    mostAlerts,
  )
  const problems = open.map((incident) => ({
    id: incident.id,
    symptoms: alerts
      .filter((each) => each.incidentId === incident.id)
      .map(symptomOf)
      .reverse(),
  }))
  const symptom = symptomOf(alert)
  const placed = placeSymptom(symptom, problems, await graphAround(tx, [...alerts.map(symptomOf), symptom]))
  const incident = open.find((each) => each.id === placed.joins)
  return incident === undefined ? null : { incident, because: placed.because }
}

async function alongDependencies(tx: Tx, service: string, open: readonly IncidentRow[]): Promise<Related | null> {
  const dependants = new Set((await reachOf(tx, service)).map((each) => each.service))
  const beneath = await servicesBeneath(tx, service)
  for (const incident of open) {
    const symptom = incident.services.find((each) => dependants.has(each))
    if (symptom !== undefined) return { incident, because: `${symptom} depends on ${service}.` }
    const cause = incident.services.find((each) => beneath.has(each))
    if (cause !== undefined) return { incident, because: `${service} depends on ${cause}.` }
  }
  return null
}

/** Services of the incident ranked by what speaks for each; empty when nothing does. */
export async function probableCausesOf(
  queries: Queries,
  incident: IncidentRow,
  limit: number,
): Promise<readonly ProbableCause[]> {
  const symptoms = (await listAlertsOfIncidents(queries, [incident.id], mostAlerts)).map(symptomOf)
  if (symptoms.length === 0) return []
  const first = symptoms.reduce<Instant | null>(
    (min, each) => (min === null || each.startedAt < min ? each.startedAt : min),
    null,
  )
  const graph = await graphAround(queries, symptoms)
  const services = symptoms.flatMap(placesOf)
  const near = new Set([...services, ...services.flatMap((each) => graph.calleesOf(each))])
  const changes =
    first === null
      ? []
      : await listChangeRows(
          queries,
          { services: [...near], from: plus(first, -changesBeforeMs), to: plus(first, 5 * minute) },
          null,
          mostChanges,
        )
  return rankCauses({ symptoms, changes, graph }).slice(0, limit)
}

const placesOf = (symptom: Symptom) => [symptom.service, symptom.blames].filter((each) => each !== null)

async function graphAround(queries: Queries, symptoms: readonly Symptom[]): Promise<ServiceGraph> {
  const services = [...new Set(symptoms.flatMap(placesOf))]
  const { dependencies, hubs } = await dependenciesAround(queries, services, hubNeighbours)
  return graphOf(
    dependencies.map((each) => ({ caller: each.from, callee: each.to })),
    hubs,
  )
}

function symptomOf(alert: AlertRow): Symptom {
  const { labels, rule } = alert.signal
  // Our own objectives all fire by one rule: what they measure is in their name.
  const own = rule === 'ErrorBudgetBurn' ? [labels.objective ?? '', alert.title.replace(/error budget.*$/, '')] : []
  return {
    id: alert.id,
    startedAt: alert.startedAt,
    endedAt: alert.endedAt,
    service: alert.service,
    blames: blamedBy(labels),
    kind: own.length > 0 ? signalKindOf(...own) : signalKindOf(rule ?? '', alert.title),
    severity: alert.severity,
    rule: own.length > 0 ? alert.title : (rule ?? alert.title),
  }
}
