// An alert whose people were told while nobody could ask the database: its page stands as if it had been made here.
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { AlertsPorts, Paging } from '../alerts.ports.ts'
import { type AlertRow, addTrace } from '../alerts.store.ts'
import { takeTurn } from '../turns.store.ts'
import { pageAlone, takeTurnFor } from './page-alerts.ts'

/** In the transaction that takes it in. `open` takes the page over; nobody is told again, and others may join it. */
export async function toldElsewhere(
  tx: Tx,
  needs: Needs,
  ports: AlertsPorts,
  row: AlertRow,
  open: Paging['open'],
): Promise<void> {
  await takeTurn(tx, { alertId: row.id, task: 'tell' })
  const apart = { ...ports, paging: { ...ports.paging, open } }
  const turn = await takeTurnFor({ tx, needs, ports: apart, now: await tx.now() }, [row])
  const told = await pageAlone(turn, row, [])
  await addTrace(
    tx,
    told.trace.map((each) => ({ alertId: row.id, asked: each })),
  )
}
