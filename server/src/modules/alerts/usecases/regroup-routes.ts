// Another routing file decides, or none: whoever is open joins the groups of the new one, and nobody is told twice.
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork } from '../../../platform/work/due-work.store.ts'
import { tellAlerts } from '../alerts.contract.ts'
import type { TimedRouting } from '../core/index.ts'
import { clearGroups } from '../route-groups.store.ts'
import { listOpenAlerts } from '../routing.store.ts'
import { addTurns, type NewTurn } from '../turns.store.ts'
import { joinGroups, type Newcomer } from './join-groups.ts'

export async function regroupRoutes(tx: Tx, needs: Pick<Needs, 'newId'>, routing: TimedRouting | null): Promise<void> {
  const known = await clearGroups(tx)
  const waits = [...known.values()].some((each) => !each.told)
  if (!waits && (routing === null || routing.timing.mode === 'at-once')) return
  const open = await listOpenAlerts(tx)
  const newcomers: Newcomer[] = []
  const turns: NewTurn[] = []
  for (const row of open) {
    const before = known.get(row.id)
    const isHeard = row.silencedBy === null && row.heldBecause === null
    // Without a group it was told as soon as nothing held it.
    const told = before?.told ?? isHeard
    const pauseMs = before?.pauseMs ?? null
    newcomers.push({ row, pauseMs, told })
    if (!told && isHeard) turns.push({ alertId: row.id, task: 'tell', severity: row.worst, pauseMs })
  }
  const joined = await joinGroups({ tx, needs, routing, now: await tx.now() }, newcomers, turns)
  if (joined.turns.length === 0) return
  await addTurns(tx, joined.turns)
  await addWork(tx, tellAlerts, {})
}
