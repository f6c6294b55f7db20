// Alerts of one moment on their way into incidents: what they are placed by is read once for all of them and kept true
// as they join, and what they change is written once.
import type { Actor } from '../../../kernel/actor.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { type Published, published } from '../../../platform/journal/journal.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { type AlertRow, linkIncidents, listAlertsOfIncidents } from '../../alerts/index.ts'
import { reachOf, servicesBeneath } from '../../catalog/index.ts'
import { isOpen } from '../core/index.ts'
import { incidentAlertLinked } from '../incidents.contract.ts'
import { type IncidentRow, lockOpenIncidents, saveIncident } from '../incidents.store.ts'
import { hasPairs } from '../regrouping.store.ts'
import { dataOf, entryOf } from './incident-entry.ts'

/** The newest of the incidents that are compared. */
export const mostAlerts = 500

export interface Opening {
  readonly tx: Tx
  readonly needs: Needs
  readonly now: Instant
  /** Those of the alerts that are placed. */
  readonly services: readonly string[]
  /** Open ones, locked, the newest first; null until somebody asks. */
  incidents: readonly IncidentRow[] | null
  /** The newest alerts of the incidents that were asked about, and of those that were opened since. */
  alerts: { readonly incidents: Set<string>; readonly rows: readonly AlertRow[]; readonly isWhole: boolean } | null
  knowsPairs: boolean | null
  readonly beneath: Map<string, ReadonlySet<string>>
  readonly dependants: Map<string, ReadonlySet<string>>
  /** Not written yet: incident by alert, and what is said of it. */
  readonly links: Map<string, string>
  /** Incidents whose services or teams grew. */
  readonly grown: Map<string, IncidentRow>
  readonly entries: Published[]
}

export interface TakeIn {
  readonly incident: IncidentRow
  readonly alert: AlertRow
  readonly actor: Actor
  readonly reason?: string
}

export async function startOpening(tx: Tx, needs: Needs, services: readonly string[]): Promise<Opening> {
  const unread = { incidents: null, alerts: null, knowsPairs: null, beneath: new Map(), dependants: new Map() }
  return { tx, needs, now: await tx.now(), services, ...unread, links: new Map(), grown: new Map(), entries: [] }
}

export async function openIncidentsOf(opening: Opening): Promise<readonly IncidentRow[]> {
  opening.incidents ??= await lockOpenIncidents(opening.tx, opening.services)
  return opening.incidents
}

/** As it is now, for the alerts that come next. */
export function remember(opening: Opening, incident: IncidentRow): void {
  if (opening.incidents === null) return
  const known = opening.incidents.some((each) => each.id === incident.id)
  if (!known) opening.incidents = [incident, ...opening.incidents]
  else if (!isOpen(incident.status)) opening.incidents = opening.incidents.filter((each) => each.id !== incident.id)
  else opening.incidents = opening.incidents.map((each) => (each.id === incident.id ? incident : each))
}

/** One that was just made: it has no alert but those that come. */
export function rememberNew(opening: Opening, incident: IncidentRow): void {
  remember(opening, incident)
  opening.alerts?.incidents.add(incident.id)
}

/** Their newest alerts, those of this moment among them. */
export async function alertsAmong(opening: Opening, incidents: readonly IncidentRow[]): Promise<readonly AlertRow[]> {
  const ids = new Set(incidents.map((each) => each.id))
  const known = opening.alerts
  if (known !== null && incidents.every((each) => known.incidents.has(each.id))) {
    if (known.incidents.size === ids.size) return known.rows
    if (known.isWhole) return known.rows.filter(({ incidentId }) => incidentId !== null && ids.has(incidentId))
  }
  await writeOpening(opening)
  const rows = await listAlertsOfIncidents(opening.tx, [...ids], mostAlerts)
  opening.alerts = { incidents: ids, rows, isWhole: rows.length < mostAlerts }
  return rows
}

export async function knowsPairs(opening: Opening): Promise<boolean> {
  opening.knowsPairs ??= await hasPairs(opening.tx)
  return opening.knowsPairs
}

/** What it calls, however far down. */
export async function beneathOf({ tx, beneath }: Opening, service: string): Promise<ReadonlySet<string>> {
  const found = beneath.get(service) ?? (await servicesBeneath(tx, service))
  beneath.set(service, found)
  return found
}

/** What calls it, however far up. */
export async function dependantsOf({ tx, dependants }: Opening, service: string): Promise<ReadonlySet<string>> {
  const found = dependants.get(service) ?? new Set((await reachOf(tx, service)).map((each) => each.service))
  dependants.set(service, found)
  return found
}

/** Answers the incident with what the alert brings to it. */
export async function joinIncident(opening: Opening, order: TakeIn): Promise<IncidentRow> {
  const { alert } = order
  const incident = widened(order)
  if (incident !== order.incident) opening.grown.set(incident.id, incident)
  remember(opening, incident)
  if (opening.alerts?.incidents.has(incident.id) === true) {
    const rows = [{ ...alert, incidentId: incident.id }, ...opening.alerts.rows]
    const isWhole = opening.alerts.isWhole && rows.length < mostAlerts
    opening.alerts = { ...opening.alerts, rows: rows.slice(0, mostAlerts), isWhole }
  }
  opening.links.set(alert.id, incident.id)
  opening.entries.push(linkedEntry({ ...order, incident }))
  return incident
}

export async function writeOpening(opening: Opening): Promise<void> {
  const { tx, needs, links, grown, entries } = opening
  for (const incident of grown.values()) remember(opening, await saveIncident(tx, incident))
  grown.clear()
  await linkIncidents(tx, links)
  await needs.journal.publishAll(tx, entries)
  links.clear()
  entries.length = 0
}

/** With the service of the alert and its team. */
export async function widen(tx: Tx, order: TakeIn): Promise<IncidentRow> {
  const wider = widened(order)
  return wider === order.incident ? wider : saveIncident(tx, wider)
}

function widened({ incident, alert }: TakeIn): IncidentRow {
  const joined = (known: readonly string[], more: string | null): readonly string[] =>
    more === null || known.includes(more) ? known : [...known, more]
  const services = joined(incident.services, alert.service)
  const teams = joined(incident.teams, alert.team)
  const same = services === incident.services && teams === incident.teams
  return same ? incident : { ...incident, services, teams }
}

/** Of interest to the alert's own service: a storm of many would write each of them with each of its alerts. */
export function linkedEntry({ incident, alert, actor, reason }: TakeIn): Published {
  const about = { ...incident, services: alert.service === null ? [] : [alert.service] }
  return published(incidentAlertLinked, {
    ...entryOf(about, actor, reason, [{ kind: 'alert', id: alert.id }]),
    data: { ...dataOf(incident), alertId: alert.id, summary: alert.title },
  })
}
