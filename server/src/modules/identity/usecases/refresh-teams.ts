import type { IdentityPorts } from '../identity.ports.ts'
import type { IdentityNeeds } from '../identity-needs.ts'
import { replaceTeams } from '../people.store.ts'

/** Copies who belongs to which team from the catalog. */
export async function refreshTeams(needs: IdentityNeeds, ports: Pick<IdentityPorts, 'teamMembers'>): Promise<void> {
  if (ports.teamMembers === undefined) return
  const members = await ports.teamMembers()
  const changed = await needs.database.transaction(async (tx) => {
    const different = await replaceTeams(tx, members)
    if (different) tx.hint('mainstay_sessions')
    return different
  })
  if (changed) needs.authentication.forget()
}
