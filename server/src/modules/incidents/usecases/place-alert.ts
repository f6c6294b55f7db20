// Which open incident an alert belongs to: the pure decision, with what it needs read.
import { minute } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { AlertRow } from '../../alerts/index.ts'
import { dependenciesAround } from '../../catalog/index.ts'
import {
  blamedBy,
  type Call,
  correlationRules,
  endOf,
  graphOf,
  hubNeighbours,
  learntWord,
  pairInWords,
  placeSymptom,
  type ServiceGraph,
  type Symptom,
  signalKindOf,
  spreadLimit,
  spreadTo,
} from '../core/index.ts'
import type { IncidentRow } from '../incidents.store.ts'
import { listPairsOf, notePairUse } from '../regrouping.store.ts'
import { alertsAmong, beneathOf, dependantsOf, knowsPairs, type Opening, openIncidentsOf } from './opening.ts'

// Symptoms of one failure come within minutes; later ones are more likely another problem.
const sameProblemMs = 60 * minute
/** Services of one question at most; those farther down are left out. */
const mostServices = 60

export interface Related {
  readonly incident: IncidentRow
  readonly because: string
  /** Nothing but the rule joins them: it is no better name for the incident. */
  readonly isSpread?: true
}

/**
 * The nearest first: the same service, one near it in time and calls, one it depends on or that depends on it, one of many that
 * the same rule opened.
 */
export async function findRelated(opening: Opening, alert: AlertRow): Promise<Related | null> {
  const { service } = alert
  // In a storm about nothing that anybody named, incidents are not read.
  if (service === null && namesNothing(alert) && !(await knowsPairs(opening))) return null
  const { together, rest } = await asLearnt(opening, alert)
  if (together !== null) return together
  if (service === null) return alikeElsewhere(opening, alert, rest)
  const open = rest.filter(
    // A drill takes no real alert, and what joins a restricted one is decided by people.
    (each) =>
      each.kind === 'normal' && (each.declaredAt > opening.now - sameProblemMs || each.services.includes(service)),
  )
  if (open.length === 0) return null
  const same = open.find((each) => each.services.includes(service))
  if (same !== undefined) return { incident: same, because: `${service} is already part of it.` }
  return (
    (await nearInTime(opening, alert, open)) ??
    (await alongDependencies(opening, service, open)) ??
    withSameRule(alert, open, opening.now)
  )
}

function withSameRule(alert: AlertRow, open: readonly IncidentRow[], now: Instant): Related | null {
  const { rule } = alert.signal
  const lately = open.filter((each) => each.declaredAt > now - sameProblemMs)
  const incident = spreadTo({ rule, tier: alert.tier }, lately)
  const because = `${rule} has opened ${spreadLimit} incidents of other services within an hour: one failure beneath them all.`
  return incident === null ? null : { incident, because, isSpread: true }
}

const namesNothing = ({ signal }: AlertRow): boolean => signal.service === null && signal.rule === null

/** What people said of such alerts: where it belongs whatever the graph says, and where it does not. */
async function asLearnt(
  opening: Opening,
  alert: AlertRow,
): Promise<{ readonly together: Related | null; readonly rest: readonly IncidentRow[] }> {
  const { tx, now } = opening
  const openIncidents = await openIncidentsOf(opening)
  const symptom = symptomOf(alert)
  const asks = openIncidents.length > 0 && (await knowsPairs(opening))
  const pairs = asks ? await listPairsOf(tx, endOf(symptom), now) : []
  if (pairs.length === 0) return { together: null, rest: openIncidents }
  const alerts = await alertsAmong(opening, openIncidents)
  const rest: IncidentRow[] = []
  for (const incident of openIncidents) {
    const own = alerts.filter((each) => each.incidentId === incident.id).map(symptomOf)
    const word = learntWord(symptom, own, pairs)
    if (word !== null) await notePairUse(tx, word.pair.id)
    const near = incident.kind === 'normal' && incident.declaredAt > now - sameProblemMs
    if (word?.pair.verdict === 'together' && near)
      return { together: { incident, because: pairInWords(word.pair) }, rest }
    if (word?.pair.verdict !== 'apart') rest.push(incident)
  }
  return { together: null, rest }
}

/** Of a service nobody declared: with those that the sender calls by the same name, or that the same rule raised. */
async function alikeElsewhere(
  opening: Opening,
  alert: AlertRow,
  openIncidents: readonly IncidentRow[],
): Promise<Related | null> {
  const open = openIncidents.filter(
    (each) => each.kind === 'normal' && each.services.length === 0 && each.declaredAt > opening.now - sameProblemMs,
  )
  const { service: word, rule } = alert.signal
  if (open.length === 0 || (word === null && rule === null)) return null
  const alike = (await alertsAmong(opening, open)).find(
    ({ signal, source }) =>
      source === alert.source &&
      ((word !== null && signal.service === word) || (rule !== null && signal.rule === rule)),
  )
  const incident = open.find((each) => each.id === alike?.incidentId)
  if (alike === undefined || incident === undefined) return null
  const same = word !== null && alike.signal.service === word ? `about ${word}` : `raised by ${rule}`
  return { incident, because: `Nobody has declared its service; one ${same} is already part of it.` }
}

async function nearInTime(opening: Opening, alert: AlertRow, open: readonly IncidentRow[]): Promise<Related | null> {
  const symptoms = new Map<string | null, Symptom[]>()
  // They come the newest first, a problem has them in the order they began.
  for (const each of (await alertsAmong(opening, open)).toReversed()) {
    const known = symptoms.get(each.incidentId)
    if (known === undefined) symptoms.set(each.incidentId, [symptomOf(each)])
    else known.push(symptomOf(each))
  }
  const problems = open.flatMap(({ id }) => {
    const own = symptoms.get(id)
    return own === undefined ? [] : [{ id, symptoms: own }]
  })
  if (problems.length === 0) return null
  const symptom = symptomOf(alert)
  const placed = placeSymptom(symptom, problems, await graphNear(opening.tx, placesOf(symptom)))
  const incident = open.find((each) => each.id === placed.joins)
  return incident === undefined ? null : { incident, because: placed.because }
}

async function alongDependencies(
  opening: Opening,
  service: string,
  open: readonly IncidentRow[],
): Promise<Related | null> {
  const dependants = await dependantsOf(opening, service)
  const beneath = await beneathOf(opening, service)
  for (const incident of open) {
    const symptom = incident.services.find((each) => dependants.has(each))
    if (symptom !== undefined) return { incident, because: `${symptom} depends on ${service}.` }
    const cause = incident.services.find((each) => beneath.has(each))
    if (cause !== undefined) return { incident, because: `${service} depends on ${cause}.` }
  }
  return null
}

export const placesOf = (symptom: Symptom) => [symptom.service, symptom.blames].filter((each) => each !== null)

/** As far around these as one problem reaches. */
async function graphNear(queries: Queries, places: readonly string[]): Promise<ServiceGraph> {
  const calls = new Map<string, Call>()
  const hubs = new Set<string>()
  const seen = new Set(places)
  let edge = [...seen]
  for (let steps = 0; steps < correlationRules.steps && edge.length > 0; steps += 1) {
    const around = await dependenciesAround(queries, edge, hubNeighbours)
    for (const hub of around.hubs) hubs.add(hub)
    for (const { from, to } of around.dependencies) calls.set(`${from} ${to}`, { caller: from, callee: to })
    const next = new Set(around.dependencies.flatMap((each) => [each.from, each.to]))
    edge = [...next].filter((each) => !seen.has(each) && !hubs.has(each))
    for (const each of edge) seen.add(each)
  }
  return graphOf([...calls.values()], hubs)
}

/** These and what they call, some steps down, and who calls them. */
export async function graphBeneath(
  queries: Queries,
  places: readonly string[],
): Promise<ServiceGraph & { readonly services: readonly string[] }> {
  const calls = new Map<string, Call>()
  const hubs = new Set<string>()
  const seen = new Set(places.slice(0, mostServices))
  for (let edge = [...seen]; edge.length > 0; ) {
    const around = await dependenciesAround(queries, edge, hubNeighbours)
    for (const hub of around.hubs) hubs.add(hub)
    for (const { from, to } of around.dependencies) calls.set(`${from} ${to}`, { caller: from, callee: to })
    const next = around.dependencies.filter((each) => edge.includes(each.from)).map((each) => each.to)
    edge = [...new Set(next)].filter((each) => !seen.has(each)).slice(0, mostServices - seen.size)
    for (const each of edge) seen.add(each)
  }
  return { ...graphOf([...calls.values()], hubs), services: [...seen] }
}

const symptoms = new WeakMap<AlertRow, Symptom>()

/** Read of a row once: each alert of a storm is compared with all before it. */
export function symptomOf(alert: AlertRow): Symptom {
  const known = symptoms.get(alert) ?? readSymptom(alert)
  symptoms.set(alert, known)
  return known
}

function readSymptom(alert: AlertRow): Symptom {
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
