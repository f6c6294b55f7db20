// Who follows an alert holds its row for some ten statements. Its people are told first: their turn needs that row, too.
import type { Database } from '../../../platform/database/database.ts'
import { awaitsTurn } from '../turns.store.ts'

// In all a fifth of a second: where people are told later than that, nobody else waits for it.
const usualWaitsMs = [10, 20, 40, 60, 80]
/** So many at once are a storm: it is told in its own order, and what follows it goes on beside. */
const few = 10

/** Until nobody is to be told of these any more, or it takes too long. */
export async function untilTold(
  database: Database,
  alerts: readonly string[],
  waitsMs: readonly number[] = usualWaitsMs,
): Promise<void> {
  if (alerts.length > few) return
  for (const ms of waitsMs) {
    if (!(await awaitsTurn(database, alerts))) return
    await new Promise((resolve) => setTimeout(resolve, ms))
  }
}
