import type { Tx } from '../../../platform/database/database.ts'
import { sessionStarted } from '../identity.contract.ts'
import type { IdentityNeeds, Visitor } from '../identity-needs.ts'
import type { Person } from '../people.store.ts'
import { insertSession, type NewSession } from '../sessions.store.ts'
import { createToken, hashToken } from '../tokens.ts'

/** The token goes into the cookie and nowhere else. */
export async function startSession(
  needs: IdentityNeeds,
  tx: Tx,
  person: Person,
  method: NewSession['method'],
  visitor: Visitor,
): Promise<string> {
  const token = createToken()
  const id = needs.newId()
  const { address } = visitor
  const agent = visitor.agent.slice(0, 300)
  await insertSession(tx, { id, tokenHash: hashToken(token), personId: person.id, address, agent, method })
  await needs.journal.publish(tx, sessionStarted, {
    actor: { kind: 'person', id: person.id, name: person.name, role: person.role, teams: person.teams },
    subject: { kind: 'session', id },
    links: [{ kind: 'person', id: person.id }],
    data: { method, address, agent },
  })
  return token
}
