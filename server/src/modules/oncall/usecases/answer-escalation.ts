// What people and alerts do to an escalation under way: acknowledge, give back, snooze, resolve, escalate, pass on.
import { type Actor, automation } from '../../../kernel/actor.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { EndedPage } from '../../notifications/core/index.ts'
import { type EscalationInput, stepEscalation } from '../core/index.ts'
import type { OncallPorts } from '../oncall.ports.ts'
import { type EscalationRow, lockOpenOfAlert, markAnswered } from '../oncall.store.ts'
import { loadDirectory } from './load-directory.ts'
import { saveStep } from './save-step.ts'

export interface InputOrder {
  readonly alertId: string
  readonly input: EscalationInput
  readonly actor?: Actor
}

/** Null when nothing is escalated for the alert: it was silenced, or it is over. */
export async function applyInput(
  tx: Tx,
  needs: Needs,
  ports: OncallPorts,
  order: InputOrder,
): Promise<EscalationRow | null> {
  const row = await lockOpenOfAlert(tx, order.alertId)
  if (row === null) return null
  const { input } = order
  const now = await tx.now()
  const policies = 'policy' in input ? [row.state.policy, input.policy] : [row.state.policy]
  const people = input.kind === 'reassign-people' ? input.people : []
  const { directory } = await loadDirectory(tx, needs, ports.notifier, { policies, people, at: now })
  const step = stepEscalation(row.state, input, directory, now)
  await saveStep({ tx, needs, ports }, { row, step, by: order.actor ?? automation('oncall'), now })
  return { ...row, state: step.state }
}

/** Ends the escalation and tells everyone who heard of the alert. */
export async function resolveEscalation(
  tx: Tx,
  needs: Needs,
  ports: OncallPorts,
  order: { readonly alertId: string; readonly ended: EndedPage['ended']; readonly actor?: Actor },
): Promise<void> {
  const row = await applyInput(tx, needs, ports, { ...order, input: { kind: 'resolve' } })
  if (row === null) return
  // Who closes an alert has looked at it; who it was, only the room that owns alerts knows.
  if (order.ended === 'closed') await markAnswered(tx, row.id, 'whoever closed it', await tx.now())
  const { service, summary, startedAt, link } = row.facts
  const endedAt = await tx.now()
  await ports.notifier.notifyEnded(tx, row.alertId, { service, summary, startedAt, endedAt, link, ended: order.ended })
}
