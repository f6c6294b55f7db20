// Opens incidents: from an alert by itself, or because a person says so.
import { type Actor, automation } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { parseSeverity, type Severity } from '../../../kernel/severity.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { published } from '../../../platform/journal/journal.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { type AlertRow, linkIncidents, lockAlerts, untilTold } from '../../alerts/index.ts'
import { findServices } from '../../catalog/index.ts'
import {
  type BackfilledTimes,
  decideBackfill,
  type IncidentKind,
  type IncidentReader,
  readersWith,
} from '../core/index.ts'
import { incidentDeclared, incidentNoted } from '../incidents.contract.ts'
import type { IncidentsPorts } from '../incidents.ports.ts'
import { type IncidentRow, insertIncident, lockOpening } from '../incidents.store.ts'
import { incidentScheduled } from '../scheduled.contract.ts'
import { dataOf, entryOf } from './incident-entry.ts'
import { moveIncident } from './move-incident.ts'
import { nameAfterCause, nameAfterRule, titleOf } from './name-incident.ts'
import {
  joinIncident,
  linkedEntry,
  type Opening,
  remember,
  rememberNew,
  startOpening,
  type TakeIn,
  widen,
  writeOpening,
} from './opening.ts'
import { findRelated } from './place-alert.ts'
import { type PlannedWork, planData, planOf, type WantedPlan, wakeFor } from './plan-work.ts'
import { proposeFor } from './propose-severity.ts'
import { scheduleUpdate } from './schedule-update.ts'

const opener = automation('incidents.open')

/**
 * Every alert that wakes somebody belongs to an incident: an open one nearby in the dependency graph, or a new one.
 * Alerts that were taken in together are placed in one transaction; one that cannot be placed holds no other up.
 */
export async function openForAlerts(needs: Needs, ports: IncidentsPorts, alerts: readonly string[]): Promise<void> {
  await untilTold(needs.database, alerts)
  try {
    await needs.database.transaction((tx) => placeAll(tx, needs, ports, alerts))
  } catch (error) {
    if (alerts.length === 1 || (error instanceof AppError && error.kind === 'unavailable')) throw error
    const failures: unknown[] = []
    for (const alert of alerts)
      await openForAlerts(needs, ports, [alert]).catch((failure: unknown) => failures.push(failure))
    if (failures.length > 0) throw failures[0]
  }
}

async function placeAll(tx: Tx, needs: Needs, ports: IncidentsPorts, ids: readonly string[]): Promise<void> {
  await lockOpening(tx)
  // Locked: an end that comes meanwhile waits, and then finds the incident it ends.
  const rows = new Map((await lockAlerts(tx, ids)).map((row) => [row.id, row]))
  const services = [...rows.values()].flatMap(({ service }) => service ?? [])
  const opening = await startOpening(tx, needs, [...new Set(services)])
  for (const id of new Set(ids)) {
    const alert = rows.get(id)
    if (alert === undefined || alert.incidentId !== null || alert.urgency !== 'high' || alert.silencedBy !== null)
      continue
    await place(opening, ports, alert)
  }
  await writeOpening(opening)
}

async function place(opening: Opening, ports: IncidentsPorts, alert: AlertRow): Promise<void> {
  const { tx, needs, now } = opening
  const found = await findRelated(opening, alert)
  if (found === null) return alert.status === 'resolved' ? undefined : openFor(opening, ports, alert)
  const joined = await joinIncident(opening, { ...found, alert, actor: opener, reason: found.because })
  const former = found.incident
  if (found.isSpread) return nameAfterRule(opening, { former, incident: joined, alert, actor: opener })
  const incident = await nameAfterCause(opening, { former, incident: joined, alert, actor: opener })
  if (incident.status !== 'mitigated' || alert.status === 'resolved') return
  await writeOpening(opening)
  const note = `It is back: ${alert.title}`.slice(0, 500)
  remember(opening, await moveIncident(tx, needs, { incident, to: 'active', note, actor: opener, now }))
}

async function openFor(opening: Opening, ports: IncidentsPorts, alert: AlertRow): Promise<void> {
  const { tx, needs, entries } = opening
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
    openedBy: { rule: alert.signal.rule, tier: alert.tier },
  })
  rememberNew(opening, incident)
  const declared = { ...entryOf(incident, opener, proposal.reason), data: dataOf(incident) }
  entries.push(published(incidentDeclared, declared))
  await joinIncident(opening, { incident, alert, actor: opener, reason: 'The alert that opened it.' })
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
  /** Only for planned work. */
  readonly plan?: WantedPlan
  readonly reader: IncidentReader
  readonly note?: string
  readonly peopleAffected?: number
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
  const wanted = order.plan ?? { startsAt: null, endsAt: null, maintenance: null }
  if (order.kind !== 'scheduled' && [wanted.startsAt, wanted.endsAt, wanted.maintenance].some((each) => each !== null))
    throw new AppError('invalid', 'incidents.bad-plan', 'Only planned work has a plan.', {
      faults: [{ pointer: '/kind', detail: 'Declare it with kind "scheduled".' }],
    })
  if (order.kind === 'scheduled' && ((order.alerts ?? []).length > 0 || order.startedAt !== null))
    throw new AppError('invalid', 'incidents.bad-plan', 'Planned work hurts nobody yet.', {
      faults: [{ pointer: '/kind', detail: 'Leave alerts and startedAt out, or declare a normal incident.' }],
    })
  const given = order.severity === undefined ? null : readSeverity(order.severity)
  return needs.database.transaction(async (tx) => {
    const now = await tx.now()
    const alerts = await holdNamed(tx, order.alerts ?? [])
    const plan = order.kind === 'scheduled' ? await planOf(tx, wanted) : null
    const services = [...new Set(plan?.services ?? order.services ?? [])]
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
      given === null
        ? plan === null
          ? await propose(tx, ports, services, order.peopleAffected ?? null)
          : plannedSeverity
        : { severity: given, reason: `${order.by} chose it.` }
    const backfilled = order.kind === 'backfilled' ? pastOf(order, now) : null
    let incident = await insertIncident(tx, {
      id: needs.newId(),
      title: order.title,
      severity: proposal.severity,
      severityReason: proposal.reason,
      status: backfilled?.phase ?? (plan === null ? 'active' : 'planned'),
      services,
      teams: [...new Set(known.map((service) => service.team).filter((team) => team !== null))],
      impactStartedAt: order.startedAt,
      ...(backfilled?.times ??
        (plan === null ? { ...unknownTimes, detectedAt: now, acknowledgedAt: now } : unknownTimes)),
      ...(plan === null ? {} : { plan }),
      declaredBy: order.by,
      automatic: false,
      kind: order.kind,
      readers: order.kind === 'security' ? readersOf(order) : [],
      peopleAffected: order.peopleAffected ?? null,
    })
    if (plan === null)
      await needs.journal.publish(tx, incidentDeclared, {
        ...entryOf(incident, order.actor, proposal.reason),
        data: dataOf(incident),
      })
    else await tellOfPlan(tx, needs, { incident, plan, actor: order.actor })
    for (const alert of alerts) incident = await takeIn(tx, needs, { incident, alert, actor: order.actor })
    if (order.note !== undefined)
      await needs.journal.publish(tx, incidentNoted, {
        ...entryOf(incident, order.actor),
        data: { ...dataOf(incident), text: order.note },
      })
    return scheduleUpdate(tx, incident, now)
  })
}

const unknownTimes = { detectedAt: null, acknowledgedAt: null, mitigatedAt: null, resolvedAt: null }
const plannedSeverity = { severity: 'SEV4', reason: 'Planned work hurts nobody unless it goes wrong.' } as const

/** Not as a declaration: nobody is called, and no workflow, room or ticket begins by it. */
async function tellOfPlan(
  tx: Tx,
  needs: Needs,
  of: { readonly incident: IncidentRow; readonly plan: PlannedWork; readonly actor: Actor },
): Promise<void> {
  const { incident, plan, actor } = of
  const { maintenanceId, window } = plan
  const links = maintenanceId === null ? [] : [{ kind: 'maintenance', id: maintenanceId }]
  await needs.journal.publish(tx, incidentScheduled, {
    ...entryOf(incident, actor, undefined, links),
    data: { ...planData(incident, plan), ...(window === null ? {} : { maintenance: window }) },
  })
  await wakeFor(tx, incident)
}

/** In the order of everybody, each once; answered in the order they were named. */
async function holdNamed(tx: Tx, ids: readonly string[]): Promise<readonly AlertRow[]> {
  const rows = new Map((await lockAlerts(tx, ids)).map((row) => [row.id, row]))
  return [...new Set(ids)].map((id) => {
    const row = rows.get(id)
    if (row === undefined) throw new AppError('not-found', 'alerts.unknown', `There is no alert ${id}.`)
    return row
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

export async function takeIn(tx: Tx, needs: Needs, order: TakeIn): Promise<IncidentRow> {
  const incident = await widen(tx, order)
  await linkIncidents(tx, new Map([[order.alert.id, incident.id]]))
  await needs.journal.publishAll(tx, [linkedEntry({ ...order, incident })])
  return incident
}

async function propose(
  tx: Tx,
  ports: IncidentsPorts,
  names: readonly string[],
  people: number | null = null,
): Promise<{ severity: Severity; reason: string }> {
  const proposal = await proposeFor(tx, ports, names, people)
  return { severity: proposal.severity, reason: proposal.reasons.join(' ') }
}
