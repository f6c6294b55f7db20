// A customer's secret link: made, made anew, taken away. Shown once; kept is its digest.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { keyOf } from '../core/index.ts'
import { customerLinked, customerUnlinked } from '../customers.contract.ts'
import { lockCustomer, setLink } from '../customers.store.ts'
import { findHost } from '../hosts.store.ts'
import { addressOf } from '../reading.ts'
import type { StatusPorts } from '../status.ports.ts'
import { countRevision } from '../status.store.ts'
import { digestOf, newSecret } from '../status-secret.ts'
import { dropWaiting } from '../subscribers.store.ts'
import { needCustomerPage } from './find-page.ts'

interface LinkOrder {
  readonly name: string
  readonly actor: Actor
}

/** The address. The one before leads nowhere from now on, and who asked by it and did not answer is forgotten. */
export async function linkCustomer(
  needs: Needs,
  ports: Pick<StatusPorts, 'personOf'>,
  { name, actor }: LinkOrder,
): Promise<string> {
  const by = await ports.personOf(needs.database, actor)
  return needs.database.transaction(async (tx) => {
    const { page, row } = await lock(tx, name)
    const secret = newSecret()
    await setLink(tx, row.id, { digest: digestOf(secret), by })
    await dropWaiting(tx, keyOf(page))
    await countRevision(tx)
    const data = { page: page.name, customer: name, again: row.digest !== null }
    await needs.journal.publish(tx, customerLinked, { actor, subject: { kind: 'status-page', id: page.name }, data })
    const own = await findHost(tx, page.name)
    const host = own === null || own.verifiedAt === null ? null : own.host
    return addressOf(page, { publicUrl: needs.publicUrl, host, there: false, secret }).url
  })
}

export async function unlinkCustomer(needs: Needs, { name, actor }: LinkOrder): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const { page, row } = await lock(tx, name)
    if (row.digest === null) throw new AppError('not-found', 'status.no-link', `The customer "${name}" has no link.`)
    await setLink(tx, row.id, null)
    await dropWaiting(tx, keyOf(page))
    await countRevision(tx)
    const data = { page: page.name, customer: name }
    await needs.journal.publish(tx, customerUnlinked, { actor, subject: { kind: 'status-page', id: page.name }, data })
  })
}

async function lock(tx: Tx, name: string) {
  const row = await lockCustomer(tx, name)
  const page = await needCustomerPage(tx, name)
  if (row === null) throw new AppError('not-found', 'status.unknown-customer', `There is no customer "${name}".`)
  return { page, row }
}
