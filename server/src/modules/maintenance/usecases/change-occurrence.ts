// A person ends, extends or cancels one occurrence. The declaration stays as it is.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { decideOrder, type Occurrence, type Order } from '../core/index.ts'
import { maintenanceChanged } from '../maintenance.contract.ts'
import { countRevision, findOccurrences, lockOccurrence, updateOccurrence } from '../maintenance.store.ts'
import { entryOf } from './present-occurrence.ts'

export async function needOccurrence(queries: Queries, id: string): Promise<Occurrence> {
  const [found] = await findOccurrences(queries, [id])
  if (found === undefined) throw unknown()
  return found
}

const unknown = () => new AppError('not-found', 'maintenance.unknown', 'There is no such maintenance.')

export async function changeOccurrence(
  needs: Needs,
  id: string,
  order: Order,
  by: { readonly actor: Actor; readonly reason: string },
): Promise<Occurrence> {
  return needs.database.transaction((tx) => changeOccurrenceIn(tx, needs, id, order, by))
}

export async function changeOccurrenceIn(
  tx: Tx,
  needs: Needs,
  id: string,
  order: Order,
  by: { readonly actor: Actor; readonly reason: string },
): Promise<Occurrence> {
  const occurrence = await lockOccurrence(tx, id)
  if (occurrence === null) throw unknown()
  const now = await tx.now()
  const decision = decideOrder(occurrence, order, { name: by.actor.name, because: by.reason, now })
  if (!decision.ok)
    throw new AppError('conflict', 'maintenance.refused', decision.detail, {
      faults: [{ pointer: decision.pointer, detail: decision.detail }],
    })
  await updateOccurrence(tx, decision.occurrence, true)
  await countRevision(tx)
  await needs.journal.publish(tx, maintenanceChanged, entryOf(decision.occurrence, by.actor, now, by.reason))
  return decision.occurrence
}
