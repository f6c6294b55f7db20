// Has a connection's tickets looked at now; a worker that is at them already sees it before it rests.
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork } from '../../../platform/work/due-work.store.ts'
import { lockConnection, noteHeard } from '../connections.store.ts'
import type { SubjectKind } from '../core/index.ts'
import { tendTickets } from '../tickets.contract.ts'
import { hurryNamed, hurrySubject, listConnectionsOf } from '../tickets.store.ts'

export async function hurryConnection(tx: Tx, connection: string): Promise<void> {
  const row = await lockConnection(tx, connection)
  if (row === null || (row.tendedUntil !== null && row.tendedUntil > (await tx.now()))) return
  await addWork(tx, tendTickets, { connection }, { key: connection, onDuplicate: 'sooner' })
}

export async function followSubject(
  needs: Needs,
  subject: { readonly kind: SubjectKind; readonly id: string },
): Promise<void> {
  await needs.database.transaction(async (tx) => {
    // The connection is locked before its tickets, as the worker does.
    for (const connection of await listConnectionsOf(tx, subject)) {
      await hurryConnection(tx, connection)
      await hurrySubject(tx, connection, subject)
    }
  })
}

/** The call says only that something changed: what, the tracker is asked itself. */
export async function takeHook(
  needs: Needs,
  connection: string,
  named: { readonly ref: string | null; readonly key: string | null },
): Promise<void> {
  await needs.database.transaction(async (tx) => {
    await noteHeard(tx, connection)
    if (await hurryNamed(tx, connection, named)) await hurryConnection(tx, connection)
  })
}
