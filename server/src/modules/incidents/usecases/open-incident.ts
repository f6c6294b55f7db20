// Opens incidents: from an alert by itself, or because a person says so.
import { type Actor, automation } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { parseSeverity, type Severity } from '../../../kernel/severity.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { type AlertRow, findAlert, linkIncident, lockAlert } from '../../alerts/index.ts'
import { findServices } from '../../catalog/index.ts'
import {
  type BackfilledTimes,
  decideBackfill,
  type IncidentKind,
  type IncidentReader,
  readersWith,
} from '../core/index.ts'
import { incidentAlertLinked, incidentDeclared, incidentNoted } from '../incidents.contract.ts'
import type { IncidentsPorts } from '../incidents.ports.ts'
import { type IncidentRow, insertIncident, lockOpenIncidents, lockOpening, saveIncident } from '../incidents.store.ts'
import { dataOf, entryOf } from './incident-entry.ts'
import { moveIncident } from './move-incident.ts'
import { nameAfterCause, titleOf } from './name-incident.ts'
import { findRelated } from './place-alert.ts'
import { proposeFor } from './propose-severity.ts'
import { scheduleUpdate } from './schedule-update.ts'

const opener = automation('incidents.open')

/** Every alert that wakes somebody belongs to an incident: an open one nearby in the dependency graph, or a new one. */
export async function openForAlert(needs: Needs, ports: IncidentsPorts, alertId: string): Promise<void> {
  await needs.database.transaction(async (tx) => {
    await lockOpening(tx)
    // Locked: an end that comes meanwhile waits, and then finds the incident it ends.
    const alert = await lockAlert(tx, alertId)
    if (alert === null || alert.incidentId !== null || alert.urgency !== 'high' || alert.silencedBy !== null) return
    const now = await tx.now()
    const found = await findRelated(tx, alert, () => lockOpenIncidents(tx), now)
    if (found !== null) {
      const joined = await takeIn(tx, needs, { ...found, alert, actor: opener, reason: found.because })
      const incident = await nameAfterCause(tx, needs, {
        former: found.incident,
        incident: joined,
        alert,
        actor: opener,
        now,
      })
      if (incident.status === 'mitigated' && alert.status !== 'resolved')
        await moveIncident(tx, needs, {
          incident,
          to: 'active',
          note: `It is back: ${alert.title}`.slice(0, 500),
          actor: opener,
          now,
        })
      return
    }
    if (alert.status === 'resolved') return
    const proposal = await propose(tx, ports, alert.service === null ? [] : [alert.service])
    const incident = await insertIncident(tx, {
      id: needs.newId(),
      title: titleOf(alert),
      severity: proposal.severity,
      severityReason: proposal.reason,
      status: alert.status === 'acknowledged' ? 'active' : 'triage',
      services: alert.service === null ? [] : [alert.service],
      teams: alert.team === null ? [] : [alert.team],
      impactStartedAt: alert.startedAt,
      detectedAt: alert.openedAt,
      acknowledgedAt: alert.acknowledgedAt,
      mitigatedAt: null,
      resolvedAt: null,
      declaredBy: opener.name,
      automatic: true,
      kind: 'normal',
      readers: [],
    })
    await needs.journal.publish(tx, incidentDeclared, {
      ...entryOf(incident, opener, proposal.reason),
      data: dataOf(incident),
    })
    await takeIn(tx, needs, { incident, alert, actor: opener, reason: 'The alert that opened it.' })
  })
}

export interface DeclareOrder {
  readonly title: string
  readonly severity?: string
  readonly services?: readonly string[]
  readonly alerts?: readonly string[]
  readonly startedAt: Instant | null
  readonly kind: IncidentKind
  readonly readers: readonly string[]
  /** Only for a back-filled one. */
  readonly past: Omit<BackfilledTimes, 'impactStartedAt'>
  readonly reader: IncidentReader
  readonly note?: string
  readonly actor: Actor
  readonly by: string
}

export async function declareIncident(needs: Needs, ports: IncidentsPorts, order: DeclareOrder): Promise<IncidentRow> {
  const { past } = order
  if (
    order.kind !== 'backfilled' &&
    [past.detectedAt, past.acknowledgedAt, past.mitigatedAt, past.resolvedAt].some((at) => at !== null)
  )
    throw new AppError(
      'invalid',
      'incidents.not-backfilled',
      'Its times of the past are given only for a back-filled incident.',
      {
        faults: [{ pointer: '/kind', detail: 'Declare it with kind "backfilled".' }],
      },
    )
  const given = order.severity === undefined ? null : readSeverity(order.severity)
  return needs.database.transaction(async (tx) => {
    const now = await tx.now()
    const services = [...new Set(order.services ?? [])]
    const known = await findServices(tx, services)
    const unknown = services.filter((name) => !known.some((service) => service.name === name))
    if (unknown.length > 0)
      throw new AppError(
        'invalid',
        'incidents.unknown-service',
        `There is no service ${unknown.join(', ')} in the catalog.`,
        { faults: [{ pointer: '/services', detail: 'Leave unknown services out; they can be added later.' }] },
      )
    const proposal =
      given === null ? await propose(tx, ports, services) : { severity: given, reason: `${order.by} chose it.` }
    const backfilled = order.kind === 'backfilled' ? pastOf(order, now) : null
    let incident = await insertIncident(tx, {
      id: needs.newId(),
      title: order.title,
      severity: proposal.severity,
      severityReason: proposal.reason,
      status: backfilled?.phase ?? 'active',
      services,
      teams: [...new Set(known.map((service) => service.team).filter((team) => team !== null))],
      impactStartedAt: order.startedAt,
      ...(backfilled?.times ?? { detectedAt: now, acknowledgedAt: now, mitigatedAt: null, resolvedAt: null }),
      declaredBy: order.by,
      automatic: false,
      kind: order.kind,
      readers: order.kind === 'security' ? readersOf(order) : [],
    })
    await needs.journal.publish(tx, incidentDeclared, {
      ...entryOf(incident, order.actor, proposal.reason),
      data: dataOf(incident),
    })
    for (const id of order.alerts ?? []) {
      const alert = await findAlert(tx, id)
      if (alert === null) throw new AppError('not-found', 'alerts.unknown', `There is no alert ${id}.`)
      incident = await takeIn(tx, needs, { incident, alert, actor: order.actor })
    }
    if (order.note !== undefined)
      await needs.journal.publish(tx, incidentNoted, {
        ...entryOf(incident, order.actor),
        data: { ...dataOf(incident), text: order.note },
      })
    return scheduleUpdate(tx, incident, now)
  })
}

function pastOf(order: DeclareOrder, now: Instant) {
  const decision = decideBackfill({ impactStartedAt: order.startedAt, ...order.past }, now)
  if (!decision.ok) throw new AppError(decision.refusal.kind, decision.refusal.code, decision.refusal.sentence)
  return decision
}

/** Whoever declares it reads it, whoever else is named. */
function readersOf(order: DeclareOrder): readonly string[] {
  const account = order.actor.kind === 'person' || order.actor.kind === 'key' ? [`account:${order.actor.id}`] : []
  return readersWith(order.readers, account)
}

export function readSeverity(text: string): Severity {
  const severity = parseSeverity(text)
  if (severity === null)
    throw new AppError('invalid', 'incidents.bad-severity', `${text} is no severity.`, {
      faults: [{ pointer: '/severity', detail: 'Use SEV1, SEV2, SEV3 or SEV4; P0 to P3 mean the same.' }],
    })
  return severity
}

export interface TakeIn {
  readonly incident: IncidentRow
  readonly alert: AlertRow
  readonly actor: Actor
  readonly reason?: string
}

export async function takeIn(tx: Tx, needs: Needs, order: TakeIn): Promise<IncidentRow> {
  const { alert } = order
  const joined = (known: readonly string[], more: string | null): readonly string[] =>
    more === null || known.includes(more) ? known : [...known, more]
  const services = joined(order.incident.services, alert.service)
  const teams = joined(order.incident.teams, alert.team)
  const same = services === order.incident.services && teams === order.incident.teams
  const incident = same ? order.incident : await saveIncident(tx, { ...order.incident, services, teams })
  await linkIncident(tx, alert.id, incident.id)
  await needs.journal.publish(tx, incidentAlertLinked, {
    ...entryOf(incident, order.actor, order.reason, [{ kind: 'alert', id: alert.id }]),
    data: { ...dataOf(incident), alertId: alert.id, summary: alert.title },
  })
  return incident
}

async function propose(
  tx: Tx,
  ports: IncidentsPorts,
  names: readonly string[],
): Promise<{ severity: Severity; reason: string }> {
  const proposal = await proposeFor(tx, ports, names)
  return { severity: proposal.severity, reason: proposal.reasons.join(' ') }
}
