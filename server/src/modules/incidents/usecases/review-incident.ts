// The postmortem is published: its incident is reviewed.
import type { Actor } from '../../../kernel/actor.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { lockIncident } from '../incidents.store.ts'
import { moveIncident } from './move-incident.ts'

/** Leaves alone what is not resolved: it was reopened meanwhile, or marked reviewed by hand. */
export async function reviewIncident(
  tx: Tx,
  needs: Needs,
  order: { id: string; actor: Actor; note: string },
): Promise<void> {
  const incident = await lockIncident(tx, order.id)
  if (incident === null || incident.status !== 'resolved') return
  await moveIncident(tx, needs, { incident, to: 'reviewed', note: order.note, actor: order.actor, now: await tx.now() })
}
