import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { sessionEnded } from '../identity.contract.ts'
import { changeRights, type IdentityNeeds } from '../identity-needs.ts'
import { deleteSession, findSession, findSessionByToken, type Session } from '../sessions.store.ts'
import { hashToken } from '../tokens.ts'
import { isAdministrator } from './keys.ts'

/** Signing out twice is no fault. */
export async function signOut(needs: IdentityNeeds, sessionToken: string, actor: Actor): Promise<void> {
  await changeRights(needs, async (tx) => {
    const session = await findSessionByToken(tx, hashToken(sessionToken))
    if (session !== null) await end(needs, tx, session, actor)
  })
}

export async function revokeSession(needs: IdentityNeeds, id: string, actor: Actor): Promise<void> {
  await changeRights(needs, async (tx) => {
    const session = await findSession(tx, id)
    if (session === null || !(session.personId === actor.id || isAdministrator(actor)))
      throw new AppError('not-found', 'identity.unknown-session', 'You have no such session.')
    await end(needs, tx, session, actor)
  })
}

async function end(needs: IdentityNeeds, tx: Tx, session: Session, actor: Actor): Promise<void> {
  if (!(await deleteSession(tx, session.id))) return
  await needs.journal.publish(tx, sessionEnded, {
    actor,
    subject: { kind: 'session', id: session.id },
    links: [{ kind: 'person', id: session.personId }],
    data: { address: session.address, method: session.method },
  })
}
