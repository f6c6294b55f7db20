// Moves an incident from one phase to another, for people and for what follows its alerts.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { cancelWork } from '../../../platform/work/due-work.store.ts'
import { decidePhase, type IncidentDecision, type IncidentPhase, isOpen } from '../core/index.ts'
import * as contract from '../incidents.contract.ts'
import { type IncidentRow, saveIncident } from '../incidents.store.ts'
import { dataOf, entryOf } from './incident-entry.ts'
import { scheduleUpdate } from './schedule-update.ts'

export interface Move {
  readonly incident: IncidentRow
  readonly to: IncidentPhase
  readonly note: string | null
  readonly actor: Actor
  readonly now: Instant
}

export async function moveIncident(tx: Tx, needs: Needs, order: Move): Promise<IncidentRow> {
  const { incident } = order
  const decision = accept(decidePhase(stateOf(incident), order.to, order.note, order.now))
  const saved = await saveIncident(tx, {
    ...incident,
    ...decision.state.times,
    status: decision.state.phase,
    reviewedAt: decision.state.phase === 'reviewed' ? order.now : null,
  })
  const back = order.to === 'active' && incident.status !== 'triage'
  const event = back ? contract.incidentReopened : contract.incidentMoved[order.to]
  if (event !== null)
    await needs.journal.publish(tx, event, { ...entryOf(saved, order.actor, decision.reason), data: dataOf(saved) })
  await cancelWork(tx, contract.closeQuiet, incident.id)
  // The clock starts when somebody is on it and stops at the end; on the way it keeps what was promised.
  const started = isOpen(saved.status) && incident.nextUpdateAt !== null
  return started ? saved : scheduleUpdate(tx, saved, order.now)
}

export function stateOf(incident: IncidentRow) {
  return { phase: incident.status, severity: incident.severity, times: incident, kind: incident.kind }
}

export function accept(decision: IncidentDecision): Extract<IncidentDecision, { ok: true }> {
  if (!decision.ok) throw new AppError(decision.refusal.kind, decision.refusal.code, decision.refusal.sentence)
  return decision
}
