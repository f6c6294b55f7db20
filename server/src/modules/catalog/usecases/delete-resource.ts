import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { versionMismatch } from '../../../platform/http/problem.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { resourceDeleted } from '../catalog.contract.ts'
import type { CatalogPorts } from '../catalog.ports.ts'
import { findResource, type Key, listReferrers, lockCatalog, removeResource, saveVersion } from '../catalog.store.ts'

export interface Removal {
  readonly key: Key
  readonly actor: Actor
  /** The version the caller saw; null removes whatever is there. */
  readonly ifMatch?: number | null
}

export async function deleteResource(needs: Needs, ports: CatalogPorts, removal: Removal): Promise<void> {
  await needs.database.transaction(async (tx) => {
    await lockCatalog(tx)
    await removeInTransaction(tx, needs, ports, removal)
  })
}

export async function removeInTransaction(tx: Tx, needs: Needs, ports: CatalogPorts, removal: Removal): Promise<void> {
  const { kind, name } = removal.key
  const stored = await findResource(tx, removal.key)
  const resourceKind = ports.kinds().find((each) => each.kind === kind)
  if (stored === null || resourceKind === undefined)
    throw new AppError('not-found', 'resources.unknown', `There is no ${kind} ${name}.`)
  if (removal.ifMatch !== undefined && removal.ifMatch !== null && removal.ifMatch !== stored.version)
    throw versionMismatch()
  ports.mayChange(removal.actor, resourceKind.owner(stored.document), kind)
  const referrers = (await listReferrers(tx, removal.key, 11)).filter(
    (each) => each.kind !== kind || each.name !== name,
  )
  if (referrers.length > 0) {
    const shown = referrers
      .slice(0, 10)
      .map((each) => `${each.kind} ${each.name}`)
      .join(', ')
    throw new AppError(
      'conflict',
      'resources.referred-to',
      `${kind} ${name} is referred to by ${shown}${referrers.length > 10 ? ' and more' : ''}. Change or remove those first.`,
    )
  }
  await resourceKind.removed?.(tx, stored.document)
  await removeResource(tx, removal.key)
  await saveVersion(tx, { key: removal.key, version: stored.version + 1, document: null, actor: removal.actor.name })
  await needs.journal.publish(tx, resourceDeleted, {
    actor: removal.actor,
    subject: { kind: kind.toLowerCase(), id: name },
    data: { kind, name, version: stored.version + 1, fields: [] },
    before: stored.document,
  })
}
