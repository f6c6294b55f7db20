// Planned work: declared ahead, begun by its time or by a person, moved with the maintenance it follows, and told when
// its time is over.
import { type Actor, automation } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { day, minute } from '../../../kernel/duration.ts'
import { formatInstant, type Instant, plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork, cancelWork } from '../../../platform/work/due-work.store.ts'
import { type Occurrence, stateOf } from '../../maintenance/core/index.ts'
import {
  changeOccurrenceIn,
  findOccurrences,
  listOccurrences,
  lockOccurrence,
  noteLed,
} from '../../maintenance/index.ts'
import { decidePhase, holdersAt, planTurn, refuseNewEnd, refusePlan, type WorkPlan } from '../core/index.ts'
import { incidentMoved } from '../incidents.contract.ts'
import type { IncidentsPorts } from '../incidents.ports.ts'
import { type IncidentRow, listHoldings, lockIncident, lockLeading, saveIncident } from '../incidents.store.ts'
import {
  incidentBegan,
  incidentCalledOff,
  incidentOverran,
  incidentReplanned,
  turnScheduled,
} from '../scheduled.contract.ts'
import { dataOf, entryOf } from './incident-entry.ts'
import { loadIncident, type Order } from './load-incident.ts'
import { accept, stateOf as stateOfIncident } from './move-incident.ts'

const itself = automation('incidents.turn-scheduled')
// Often enough to be heard, seldom enough to finish meanwhile.
const nagMs = 30 * minute
const lookAheadMs = 92 * day
/** As many as an incident is declared with. */
const mostServices = 50

const badPlan = (detail: string, pointer: string) =>
  new AppError('invalid', 'incidents.bad-plan', detail, { faults: [{ pointer, detail }] })

export interface PlannedWork extends WorkPlan {
  readonly maintenanceId: string | null
  /** Of the maintenance it follows; null where it follows none. */
  readonly services: readonly string[] | null
  readonly window: string | null
}

export interface WantedPlan {
  readonly startsAt: Instant | null
  readonly endsAt: Instant | null
  readonly maintenance: string | null
}

/** The times as they are said, or those of the maintenance, which this incident leads from now on. */
export async function planOf(tx: Tx, wanted: WantedPlan): Promise<PlannedWork> {
  const { startsAt, endsAt, maintenance } = wanted
  if (maintenance !== null) {
    if (startsAt !== null || endsAt !== null)
      throw badPlan('It takes its times from the maintenance. Leave startsAt and endsAt out.', '/startsAt')
    return lead(tx, await needOccurrence(tx, maintenance))
  }
  if (startsAt === null || endsAt === null)
    throw badPlan('Planned work needs startsAt and endsAt, or the maintenance it follows.', '/startsAt')
  const refusal = refusePlan({ startsAt, endsAt }, await tx.now())
  if (refusal !== null) throw badPlan(refusal.sentence, endsAt <= startsAt ? '/endsAt' : '/startsAt')
  return { startsAt, endsAt, maintenanceId: null, services: null, window: null }
}

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)

async function needOccurrence(tx: Tx, named: string): Promise<Occurrence> {
  const now = await tx.now()
  const isNext = (each: Occurrence) => ['scheduled', 'in_progress'].includes(stateOf(each, now))
  const rows = isUuid(named)
    ? await findOccurrences(tx, [named])
    : await listOccurrences(tx, { from: now, to: plus(now, lookAheadMs), services: null, window: named }, null, 50)
  const found = rows.find(isNext)
  if (found !== undefined) return found
  throw badPlan(
    `No maintenance "${named}" is planned or under way. mainstay maintenance list shows them.`,
    '/maintenance',
  )
}

async function lead(tx: Tx, { id }: Occurrence): Promise<PlannedWork> {
  // Locked: of two who open a room for it at once one does.
  const occurrence = await lockOccurrence(tx, id)
  const led = await lockLeading(tx, id)
  if (led !== null)
    throw new AppError('conflict', 'incidents.led-already', `Incident ${led.number} leads this maintenance already.`)
  if (occurrence === null) throw badPlan('The maintenance is gone.', '/maintenance')
  await noteLed(tx, id)
  const { startsAt, endsAt, window, services } = occurrence
  return { startsAt, endsAt, window, maintenanceId: id, services: services.slice(0, mostServices) }
}

export const planData = (incident: IncidentRow, { startsAt, endsAt }: WorkPlan) => ({
  ...dataOf(incident),
  startsAt: formatInstant(startsAt),
  endsAt: formatInstant(endsAt),
})

export function planOfRow({ plannedStart, plannedEnd }: IncidentRow): WorkPlan | null {
  return plannedStart === null || plannedEnd === null ? null : { startsAt: plannedStart, endsAt: plannedEnd }
}

/** Looks again when the next thing is due. */
export async function wakeFor(tx: Tx, incident: IncidentRow): Promise<void> {
  const plan = planOfRow(incident)
  if (plan === null) return
  const turn = planTurn({ kind: incident.kind, phase: incident.status }, plan, await tx.now())
  if (turn.do === 'nothing') await cancelWork(tx, turnScheduled, incident.id)
  else {
    const dueAt = turn.do === 'wait' ? { dueAt: turn.until } : {}
    await addWork(tx, turnScheduled, { incidentId: incident.id }, { key: incident.id, ...dueAt })
  }
}

/** What its time calls for; asked too early, it waits. */
export async function turnPlannedWork(needs: Needs, ports: IncidentsPorts, incidentId: string): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const locked = await lockIncident(tx, incidentId)
    if (locked === null || locked.kind !== 'scheduled') return
    const incident = await follow(tx, needs, locked)
    const plan = planOfRow(incident)
    if (plan === null) return
    const now = await tx.now()
    const turn = planTurn({ kind: incident.kind, phase: incident.status }, plan, now)
    if (turn.do === 'begin') {
      await changePhase(tx, needs, incident, { to: 'active', reason: 'Its time has come.', actor: itself })
      return
    }
    if (turn.do !== 'remind') return wakeFor(tx, incident)
    const person = holdersAt(await listHoldings(tx, incidentId), 'commander', now)[0] ?? null
    if (person !== null)
      await ports.remind?.(tx, { incident, person, since: plan.endsAt, occasion: formatInstant(now), what: 'end' })
    await needs.journal.publish(tx, incidentOverran, {
      ...entryOf(incident, itself, undefined, person === null ? [] : [{ kind: 'person', id: person }]),
      data: { ...dataOf(incident), since: formatInstant(plan.endsAt), person },
    })
    await addWork(tx, turnScheduled, { incidentId }, { key: incidentId, dueAt: plus(now, nagMs) })
  })
}

/** Something became of a maintenance: the room that leads it follows. */
export async function followMaintenance(needs: Needs, maintenanceId: string): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const incident = await lockLeading(tx, maintenanceId)
    if (incident === null) return
    const followed = await follow(tx, needs, incident)
    if (followed.status === 'planned' || followed.status === 'active') await wakeFor(tx, followed)
  })
}

async function follow(tx: Tx, needs: Needs, incident: IncidentRow): Promise<IncidentRow> {
  const { maintenanceId, status, plannedStart, plannedEnd } = incident
  if (maintenanceId === null || (status !== 'planned' && status !== 'active')) return incident
  const [occurrence] = await findOccurrences(tx, [maintenanceId])
  const isOff = occurrence === undefined || occurrence.cancelledAt !== null
  if (isOff && status === 'planned') {
    const reason = occurrence?.changedBecause ?? 'The maintenance is planned no more.'
    return changePhase(tx, needs, incident, { to: 'resolved', reason, actor: itself })
  }
  if (occurrence === undefined) return incident
  const { startsAt, endsAt } = occurrence
  const services = occurrence.services.slice(0, mostServices)
  const same = startsAt === plannedStart && endsAt === plannedEnd
  if (same && services.join() === incident.services.join()) return incident
  // Ended while it began: nothing is shorter than nothing.
  const end = endsAt > startsAt ? endsAt : plus(startsAt, 1)
  const saved = await saveIncident(tx, { ...incident, services, plannedStart: startsAt, plannedEnd: end })
  if (!same)
    await needs.journal.publish(tx, incidentReplanned, {
      ...entryOf(saved, itself, occurrence.changedBecause ?? 'As the maintenance is declared now.'),
      data: planData(saved, { startsAt, endsAt: end }),
    })
  return saved
}

interface PhaseOrder {
  readonly to: 'active' | 'resolved'
  readonly reason: string | null
  readonly actor: Actor
}

/** Begins it, ends it or calls it off. What becomes of the maintenance is for the caller. */
async function changePhase(tx: Tx, needs: Needs, incident: IncidentRow, order: PhaseOrder): Promise<IncidentRow> {
  const decision = accept(decidePhase(stateOfIncident(incident), order.to, order.reason, await tx.now()))
  const saved = await saveIncident(tx, { ...incident, ...decision.state.times, status: decision.state.phase })
  const calledOff = incident.status === 'planned' && order.to === 'resolved'
  const event = calledOff ? incidentCalledOff : order.to === 'active' ? incidentBegan : incidentMoved.resolved
  await needs.journal.publish(tx, event, {
    ...entryOf(saved, order.actor, order.reason === null ? undefined : decision.reason),
    data: dataOf(saved),
  })
  await wakeFor(tx, saved)
  return saved
}

/** A person begins it early, is done, or calls it off: the maintenance begins, ends or is cancelled with it. */
export async function movePlannedWork(
  tx: Tx,
  needs: Needs,
  order: PhaseOrder & { readonly incident: IncidentRow },
): Promise<IncidentRow> {
  const saved = await changePhase(tx, needs, order.incident, order)
  const { maintenanceId, number } = order.incident
  const [occurrence] = maintenanceId === null ? [] : await findOccurrences(tx, [maintenanceId])
  if (occurrence === undefined) return settled(tx, saved)
  const state = stateOf(occurrence, await tx.now())
  const reason = order.reason ?? (order.to === 'active' ? `Incident ${number} began.` : `Incident ${number} is over.`)
  const by = { actor: order.actor, reason }
  if (order.to === 'active' && state === 'scheduled')
    await changeOccurrenceIn(tx, needs, occurrence.id, { kind: 'begin' }, by)
  if (order.to === 'resolved' && state === 'scheduled')
    await changeOccurrenceIn(tx, needs, occurrence.id, { kind: 'cancel' }, by)
  if (order.to === 'resolved' && state === 'in_progress')
    await changeOccurrenceIn(tx, needs, occurrence.id, { kind: 'end' }, by)
  return settled(tx, saved)
}

/** Begun before its time: then its time is now. */
async function settled(tx: Tx, incident: IncidentRow): Promise<IncidentRow> {
  const now = await tx.now()
  const { plannedStart, plannedEnd } = incident
  if (incident.status !== 'active' || plannedStart === null || plannedStart <= now || plannedEnd === null)
    return incident
  return saveIncident(tx, { ...incident, plannedStart: now })
}

export async function replanWork(
  needs: Needs,
  order: Order & { readonly startsAt: Instant | null; readonly endsAt: Instant | null; readonly reason: string },
): Promise<IncidentRow> {
  return needs.database.transaction(async (tx) => {
    const incident = await loadIncident(tx, order)
    const before = planOfRow(incident)
    const isPlanned = incident.status === 'planned'
    if (incident.kind !== 'scheduled' || before === null || (!isPlanned && incident.status !== 'active'))
      throw new AppError('conflict', 'incidents.not-scheduled', 'It is no planned work, or it is over.')
    if (!isPlanned && order.startsAt !== null) throw badPlan('It began already; only its end can change.', '/startsAt')
    const startsAt = order.startsAt ?? before.startsAt
    const plan = { startsAt, endsAt: order.endsAt ?? plus(startsAt, before.endsAt - before.startsAt) }
    const now = await tx.now()
    const refusal = isPlanned ? refusePlan(plan, now) : refuseNewEnd(plan, now)
    if (refusal !== null) throw badPlan(refusal.sentence, order.startsAt === null ? '/endsAt' : '/startsAt')
    const by = { actor: order.actor, reason: order.reason }
    if (incident.maintenanceId !== null) {
      const change = isPlanned
        ? ({ kind: 'move', ...plan } as const)
        : ({ kind: 'extend', until: plan.endsAt } as const)
      await changeOccurrenceIn(tx, needs, incident.maintenanceId, change, by)
    }
    const saved = await saveIncident(tx, { ...incident, plannedStart: plan.startsAt, plannedEnd: plan.endsAt })
    await needs.journal.publish(tx, incidentReplanned, {
      ...entryOf(saved, order.actor, order.reason),
      data: planData(saved, plan),
    })
    await wakeFor(tx, saved)
    return saved
  })
}
