// What people do to an incident: move it on, change its severity or title, take roles, write notes.
import { type Actor, automation } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { minute } from '../../../kernel/duration.ts'
import { formatInstant, type Instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork } from '../../../platform/work/due-work.store.ts'
import { findAlert, hasOpenAlert, listIncidentsOf, lockAlerts } from '../../alerts/index.ts'
import {
  decideSeverity,
  type IncidentPhase,
  type IncidentRole,
  isOpen,
  readersWith,
  releaseRole,
  takeRole,
} from '../core/index.ts'
import * as contract from '../incidents.contract.ts'
import {
  type IncidentRow,
  listHoldings,
  lockIncident,
  lockOpening,
  removeOffer,
  saveHoldings,
  saveIncident,
} from '../incidents.store.ts'
import { dataOf, entryOf } from './incident-entry.ts'
import { loadIncident as load, type Order } from './load-incident.ts'
import { accept, moveIncident, stateOf } from './move-incident.ts'
import { readSeverity, takeIn } from './open-incident.ts'
import { movePlannedWork } from './plan-work.ts'
import { scheduleUpdate } from './schedule-update.ts'

export async function transitionIncident(
  needs: Needs,
  order: Order & { readonly to: IncidentPhase; readonly note: string | null },
): Promise<IncidentRow> {
  return needs.database.transaction(async (tx) => {
    const incident = await load(tx, order)
    const { to, note, actor } = order
    if (incident.kind === 'scheduled' && (to === 'active' || to === 'resolved'))
      return movePlannedWork(tx, needs, { incident, to, reason: note, actor })
    return moveIncident(tx, needs, { incident, to, note, actor, now: await tx.now() })
  })
}

export async function updateIncident(
  needs: Needs,
  order: Order & {
    readonly title?: string
    readonly severity?: string
    readonly reason?: string
    readonly callUrl?: string | null
  },
): Promise<IncidentRow> {
  return needs.database.transaction(async (tx) => {
    let incident = await load(tx, order)
    if (order.severity !== undefined) {
      const from = incident.severity
      const decision = accept(decideSeverity(stateOf(incident), readSeverity(order.severity), order.reason ?? ''))
      incident = await saveIncident(tx, {
        ...incident,
        severity: decision.state.severity,
        severityReason: decision.reason,
      })
      await needs.journal.publish(tx, contract.incidentSeverityChanged, {
        ...entryOf(incident, order.actor, decision.reason),
        data: { ...dataOf(incident), from, to: incident.severity },
      })
      // A worse severity is told sooner; one that nobody is on yet is told when somebody is.
      if (incident.status !== 'triage') incident = await scheduleUpdate(tx, incident, await tx.now())
    }
    if (order.title !== undefined && order.title !== incident.title) {
      incident = await saveIncident(tx, { ...incident, title: order.title })
      await needs.journal.publish(tx, contract.incidentRenamed, {
        ...entryOf(incident, order.actor),
        data: dataOf(incident),
      })
    }
    return order.callUrl === undefined
      ? incident
      : nameCall(tx, needs, { incident, url: order.callUrl, actor: order.actor })
  })
}

const longestCall = 2_000

function isCall(url: string): boolean {
  const { protocol, username, password } = URL.canParse(url)
    ? new URL(url)
    : { protocol: '', username: '', password: '' }
  return protocol === 'https:' && username === '' && password === ''
}

/** Where people talk; null when nobody does any more. */
export async function nameCall(
  tx: Tx,
  needs: Needs,
  { incident, url, actor }: { readonly incident: IncidentRow; readonly url: string | null; readonly actor: Actor },
): Promise<IncidentRow> {
  if (url === incident.callUrl) return incident
  if (url !== null && (url.length > longestCall || !isCall(url)))
    throw new AppError('invalid', 'incidents.bad-call', 'This is no address to talk at.', {
      faults: [{ pointer: '/callUrl', detail: 'Write an address that begins with https://.' }],
    })
  const saved = await saveIncident(tx, { ...incident, callUrl: url })
  await needs.journal.publish(tx, contract.incidentCallNamed, {
    ...entryOf(saved, actor),
    data: { ...dataOf(saved), url, text: url === null ? 'The call is over' : `People talk at ${url}` },
  })
  return saved
}

export interface RoleOrder {
  readonly role: IncidentRole
  readonly person: string
  readonly release: boolean
  readonly actor: Actor
}

export async function assignRole(needs: Needs, order: Order & RoleOrder): Promise<IncidentRow> {
  return needs.database.transaction(async (tx) => holdRole(tx, needs, { ...order, incident: await load(tx, order) }))
}

export async function holdRole(
  tx: Tx,
  needs: Needs,
  order: RoleOrder & { readonly incident: IncidentRow },
): Promise<IncidentRow> {
  const now = await tx.now()
  const { incident } = order
  const before = await listHoldings(tx, incident.id)
  const decision = order.release
    ? releaseRole(before, order.role, order.person, isOpen(incident.status), now)
    : takeRole(before, order.role, order.person, now)
  if (!decision.ok) throw new AppError(decision.refusal.kind, decision.refusal.code, decision.refusal.sentence)
  await saveHoldings(tx, incident.id, before, decision.holdings)
  await removeOffer(tx, incident.id, order.role)
  const data = { ...dataOf(incident), role: order.role, person: order.person }
  const entry = entryOf(incident, order.actor, decision.reason, [{ kind: 'person', id: order.person }])
  if (order.release) await needs.journal.publish(tx, contract.incidentRoleReleased, { ...entry, data })
  else if (decision.from === null) await needs.journal.publish(tx, contract.incidentRoleTaken, { ...entry, data })
  else
    await needs.journal.publish(tx, contract.incidentRoleHandedOver, {
      ...entry,
      data: { ...data, from: decision.from },
    })
  const readers = readersWith(incident.readers, order.release ? [] : [`person:${order.person}`])
  return readers.length === incident.readers.length ? incident : saveIncident(tx, { ...incident, readers })
}

export async function addNote(
  needs: Needs,
  /** `occurredAt`: when it happened, if not now. */
  order: Order & { readonly text: string; readonly occurredAt: Instant | null },
): Promise<{ id: number; at: Instant; incident: IncidentRow }> {
  return needs.database.transaction(async (tx) => {
    const incident = await load(tx, order)
    const now = await tx.now()
    if (order.occurredAt !== null && order.occurredAt > now)
      throw new AppError('invalid', 'incidents.time-ahead', 'Nothing has happened in the future yet.')
    const id = await needs.journal.publish(tx, contract.incidentNoted, {
      ...entryOf(incident, order.actor),
      data: {
        ...dataOf(incident),
        text: order.text,
        ...(order.occurredAt === null ? {} : { occurredAt: formatInstant(order.occurredAt) }),
      },
    })
    return { id, at: now, incident }
  })
}

export async function linkAlert(needs: Needs, order: Order & { readonly alertId: string }): Promise<IncidentRow> {
  return needs.database.transaction(async (tx) => {
    await lockOpening(tx)
    const incident = await load(tx, order)
    const [alert] = await lockAlerts(tx, [order.alertId])
    if (alert === undefined) throw new AppError('not-found', 'alerts.unknown', 'There is no such alert.')
    return takeIn(tx, needs, { incident, alert, actor: order.actor })
  })
}

/** Somebody took an alert of it: the incident is no longer in triage and its response time stands. */
export async function noteAcknowledgement(needs: Needs, alertId: string, by: string): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const alert = await findAlert(tx, alertId)
    const incident =
      alert?.incidentId === undefined || alert.incidentId === null ? null : await lockIncident(tx, alert.incidentId)
    if (incident === null || !isOpen(incident.status)) return
    const now = await tx.now()
    const known =
      incident.acknowledgedAt === null
        ? await saveIncident(tx, { ...incident, acknowledgedAt: alert?.acknowledgedAt ?? now })
        : incident
    if (known.status === 'triage')
      await moveIncident(tx, needs, {
        incident: known,
        to: 'active',
        note: `${by} is on it.`,
        actor: automation('incidents.follow-alerts'),
        now,
      })
  })
}

// Long enough to see a relapse, short enough that nobody has to tidy up after every blip.
const quietMs = 10 * minute

/** Alerts ended. When all of an incident have, one that opened by itself is mitigated, and later ends by itself. */
export async function noteAlertEnds(needs: Needs, alerts: readonly string[]): Promise<void> {
  // A storm that ends brings many ends of few incidents: each is looked at once, in a transaction of its own.
  for (const incident of await listIncidentsOf(needs.database, alerts)) await noteAllEnded(needs, incident)
}

async function noteAllEnded(needs: Needs, incidentId: string): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const incident = await lockIncident(tx, incidentId)
    if (incident === null || !incident.automatic || !isOpen(incident.status) || (await hasOpenAlerts(tx, incident.id)))
      return
    const actor = automation('incidents.follow-alerts')
    const now = await tx.now()
    if (incident.status === 'triage') {
      await moveIncident(tx, needs, {
        incident: await saveIncident(tx, { ...incident, mitigatedAt: now }),
        to: 'resolved',
        note: 'All its alerts ended before anybody had to act.',
        actor,
        now,
      })
      return
    }
    if (incident.status === 'active')
      await moveIncident(tx, needs, { incident, to: 'mitigated', note: 'All its alerts have ended.', actor, now })
    await addWork(tx, contract.closeQuiet, { incidentId: incident.id }, { key: incident.id, delayMs: quietMs })
  })
}

export async function closeQuietIncident(needs: Needs, incidentId: string): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const incident = await lockIncident(tx, incidentId)
    if (incident === null || incident.status !== 'mitigated' || (await hasOpenAlerts(tx, incidentId))) return
    await moveIncident(tx, needs, {
      incident,
      to: 'resolved',
      note: 'No alert of it came back for 10 minutes.',
      actor: automation('incidents.close-quiet'),
      now: await tx.now(),
    })
  })
}

/** A page that asks somebody to come is no problem of its own. */
const hasOpenAlerts = (tx: Tx, incident: string): Promise<boolean> => hasOpenAlert(tx, incident, callForPeople)

/** The source of alerts that only ask people to come to an incident. */
export const callForPeople = 'incident-call'
