// What was held back and is let go, where groups have timers: who waits for the next flush, and who need not.
import type { Instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { addWork } from '../../../platform/work/due-work.store.ts'
import { flushGroups } from '../alerts.contract.ts'
import type { AlertRow } from '../alerts.store.ts'
import { firstFlushAt, routesIn, type TimedRouting, timersOf } from '../core/index.ts'
import { hurryCritical, hurryGroups, listPlaces, listWaiting } from '../route-groups.store.ts'

/**
 * Those that the timers still keep waiting, by the rules for what opens now: critical goes at once where that may, and
 * without intervals a group is told within `group_wait`. The caller holds the rows of the alerts.
 */
export async function waitFurther(
  { tx, now }: { readonly tx: Tx; readonly now: Instant },
  routing: TimedRouting | null,
  rows: readonly AlertRow[],
): Promise<ReadonlySet<string>> {
  const waiting = await listWaiting(
    tx,
    rows.map((row) => row.id),
  )
  const released = rows.filter((row) => waiting.has(row.id))
  if (released.length === 0) return waiting
  // Groups before their members, as whoever flushes them.
  if (routing?.timing.mode === 'no-interval') await hurry(tx, now, routing, released)
  const critical = released.filter((row) => row.worst === 'critical').map((row) => row.id)
  const hurried = await hurryCritical(tx, critical)
  return new Set([...waiting].filter((id) => !hurried.has(id)))
}

async function hurry(tx: Tx, now: Instant, routing: TimedRouting, rows: readonly AlertRow[]): Promise<void> {
  const byId = new Map(rows.map((row) => [row.id, row]))
  const routes = routesIn(routing.root)
  const flushes = new Map<string, Instant>()
  for (const { groupId, alertId, version, place } of await listPlaces(tx, [...byId.keys()])) {
    const route = version === routing.version ? routes[place] : undefined
    const row = byId.get(alertId)
    if (route === undefined || row === undefined) continue
    const at = firstFlushAt(now, row.startedAt, timersOf(route), now)
    const known = flushes.get(groupId)
    flushes.set(groupId, known === undefined || at < known ? at : known)
  }
  for (const dueAt of new Set(await hurryGroups(tx, flushes))) await addWork(tx, flushGroups, {}, { dueAt })
}
