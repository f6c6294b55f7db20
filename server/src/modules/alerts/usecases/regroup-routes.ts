// Another routing file decides, or none: whoever is open joins the groups of the new one, nobody is told twice, and
// nobody who waited is forgotten.
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork } from '../../../platform/work/due-work.store.ts'
import { tellAlerts } from '../alerts.contract.ts'
import { type AlertRow, addTrace, lockAlerts } from '../alerts.store.ts'
import { type Asked, asked, judgeRouting, probesOf, type TimedRouting } from '../core/index.ts'
import { listNewestOpen, listSources } from '../open-alerts.store.ts'
import { clearGroups, listUntold } from '../route-groups.store.ts'
import { setHold } from '../routing.store.ts'
import { addTurns, type NewTurn } from '../turns.store.ts'
import { joinGroups, type Newcomer } from './join-groups.ts'

// Whoever waited among the others is told at once.
const most = 20_000

export async function regroupRoutes(tx: Tx, needs: Pick<Needs, 'newId'>, routing: TimedRouting | null): Promise<void> {
  // Alerts before groups, as whoever takes signals in.
  const waiting = await lockAlerts(tx, await listUntold(tx))
  const held = await holdWaiting(tx, routing, waiting)
  const known = await clearGroups(tx)
  const waits = [...known.values()].some((each) => !each.told)
  if (!waits && (routing === null || routing.timing.mode === 'at-once')) return
  const newcomers: Newcomer[] = []
  const turns: NewTurn[] = []
  const open = (await listNewestOpen(tx, most)).map((row) => held.get(row.id) ?? row)
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
  // More are open than were looked at: whoever waited among the others waits for no timer any more.
  const looked = new Set(open.map((row) => row.id))
  const others = [...known.values()].filter(
    (each) => !each.told && !looked.has(each.alertId) && !held.has(each.alertId),
  )
  const due = [
    ...joined.turns,
    ...others.map(({ alertId, worst, pauseMs }): NewTurn => ({ alertId, task: 'tell', severity: worst, pauseMs })),
  ]
  if (due.length === 0) return
  await addTurns(tx, due)
  await addWork(tx, tellAlerts, {})
}

/** What the new file keeps from people. The sweep lets go what passes by itself. */
async function holdWaiting(
  tx: Tx,
  routing: TimedRouting | null,
  waiting: readonly AlertRow[],
): Promise<ReadonlyMap<string, AlertRow>> {
  const held = new Map<string, AlertRow>()
  if (routing === null) return held
  const heard = waiting.filter(
    (row) => row.silencedBy === null && row.heldBecause === null && row.status !== 'resolved',
  )
  const probes = probesOf(
    routing,
    heard.map((row) => row.signal),
  )
  const sources = await listSources(tx, probes)
  const now = await tx.now()
  const trace: { alertId: string; asked: Asked }[] = []
  for (const row of heard) {
    const { hold } = judgeRouting(routing, { id: row.id, labels: row.signal.labels }, sources, now)
    if (hold === null) continue
    held.set(row.id, await setHold(tx, row.id, hold))
    const because = `It is ${hold} by the routing file that decides from now on.`
    trace.push({ alertId: row.id, asked: asked('paging', 'held', because) })
  }
  await addTrace(tx, trace)
  return held
}
