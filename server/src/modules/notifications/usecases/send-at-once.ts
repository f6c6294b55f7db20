// A page that is due the moment it is planned is claimed by the transaction that plans it and sent right after its commit: as if a
// worker had claimed it then, without being woken, asking, and a transaction of its own. What it says is read when it is claimed.
import type { Tx } from '../../../platform/database/database.ts'
import { onceIn } from '../../../platform/database/once.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { type Place, placeAtOnce } from '../../../platform/work/at-once.ts'
import { claimKeyed, type DueRow } from '../../../platform/work/due-work.store.ts'
import { nameMessages } from '../channels.store.ts'
import { claimPlanned, type DeliveryRow, type NewDeliveryRow } from '../deliveries.store.ts'
import { contentOf } from '../message-content.store.ts'
import type { NotificationPorts } from '../notifications.ports.ts'
import { composePage } from './compose-message.ts'
import { addressOf, type Claimed, leaseMs } from './deliver-message.ts'
import { jobOf } from './delivery-jobs.ts'
import { handleOf } from './message-handle.ts'

interface Planned {
  readonly row: NewDeliveryRow
  readonly place: Place
  readonly address: Promise<string | null>
}

/** What the claims of one transaction came to. */
interface Batch {
  readonly planned: Planned[]
  claimed: Promise<ReadonlyMap<string, DueRow>>
}

/** By the payload of the work: only the run that was begun at once has it. */
const born = new WeakMap<object, Claimed>()

export const bornWith = (payload: object): Claimed | null => born.get(payload) ?? null

/** True when this process sends it after the commit; false leaves it to whoever claims it. The row is to be written in this transaction. */
export async function sendAtOnce(
  tx: Tx,
  needs: Pick<Needs, 'log'>,
  ports: NotificationPorts,
  row: NewDeliveryRow,
): Promise<boolean> {
  const batch = await onceIn(tx, 'notifications.at-once', async (): Promise<Batch> => {
    const made: Batch = { planned: [], claimed: Promise.resolve(new Map()) }
    // Last: until then the same transaction may still change what it says.
    tx.beforeCommit('notifications.at-once', async () => {
      const addresses = await Promise.all(made.planned.map(({ address }) => address))
      made.claimed = claimAll(tx, ports, made.planned, addresses)
      made.claimed.catch((error: unknown) => needs.log.debug('Pages are left to the lanes.', { error }))
    })
    return made
  })
  const place = placeAtOnce(tx, jobOf(row), async () => (await batch.claimed).get(row.key) ?? null)
  if (place === null) return false
  const address = addressOf(tx, ports, row)
  address.catch(() => undefined)
  batch.planned.push({ row, place, address })
  return true
}

/** Nobody waits for the answers: they are there before that of the commit, which goes behind. */
async function claimAll(
  tx: Tx,
  ports: NotificationPorts,
  planned: readonly Planned[],
  addresses: readonly (string | null)[],
): Promise<ReadonlyMap<string, DueRow>> {
  if (planned.length === 0) return new Map()
  const keys = planned.map(({ row }) => row.key)
  const asked = [
    claimKeyed(
      tx,
      planned.map(({ row, place }) => ({ job: jobOf(row), key: row.key, place })),
    ),
    claimPlanned(tx, keys, leaseMs),
  ] as const
  nameMessages(
    tx,
    planned.flatMap(({ row }) =>
      row.person === null ? [] : [{ handle: handleOf(row.key), key: row.key, contact: row.contact }],
    ),
  )
  const [work, rows] = await Promise.all(asked)
  const claimed = new Map<string, DueRow>()
  for (const [index, key] of keys.entries()) {
    const [due, row] = [work.get(key), rows.get(key)]
    if (due === undefined || row === undefined) continue
    born.set(due.payload, claimOf(ports, row, addresses[index] ?? null))
    claimed.set(key, due)
  }
  return claimed
}

function claimOf(
  ports: NotificationPorts,
  { now, ...row }: DeliveryRow & { readonly now: Claimed['at'] },
  address: string | null,
): Claimed {
  const content = contentOf(row)
  if (content.purpose !== 'page') throw new Error('Only a page of its own is sent at once.')
  return { row, attempt: row.attempts, composed: composePage(ports, row, content, now), address, at: now }
}
