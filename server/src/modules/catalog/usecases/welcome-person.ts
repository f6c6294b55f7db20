// Every account can be put on call: one that nobody declared yet becomes a Person.
import { automation } from '../../../kernel/actor.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { CatalogPorts } from '../catalog.ports.ts'
import { findPersonByEmail, listNamesLike, lockCatalog } from '../catalog.store.ts'
import { personNameFor } from '../core/index.ts'
import { applyInTransaction } from './apply-documents.ts'

export interface Account {
  readonly email: string
  readonly name: string
}

// An object of its own manager: Git may still say more about the person, or take the fields over.
const manager = 'identity'

/** Answers the Person's name: the one that has the address already, or a new one. */
export async function welcomePerson(needs: Needs, ports: CatalogPorts, account: Account): Promise<string> {
  return needs.database.transaction(async (tx) => {
    await lockCatalog(tx)
    const declared = await findPersonByEmail(tx, account.email)
    if (declared !== null) return declared.name
    const plain = personNameFor(account.email, new Set())
    const name = personNameFor(account.email, new Set(await listNamesLike(tx, 'Person', plain)))
    const displayName = account.name.trim().slice(0, 63).toWellFormed()
    const document = {
      apiVersion: 'mainstay.dev/v1',
      kind: 'Person',
      metadata: { name, ...(displayName === '' ? {} : { displayName }) },
      spec: { email: account.email },
    }
    await applyInTransaction(tx, needs, ports, {
      documents: JSON.stringify(document),
      manager,
      actor: automation('catalog.welcome-person'),
    })
    return name
  })
}
