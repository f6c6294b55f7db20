import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { passwordChanged } from '../identity.contract.ts'
import { changeRights, type IdentityNeeds, type Visitor } from '../identity-needs.ts'
import { confirmPassword, findPerson, savePerson } from '../people.store.ts'
import { deleteSessionsOf, findSessionByToken } from '../sessions.store.ts'
import { hashToken } from '../tokens.ts'
import { requireGoodPassword } from './complete-setup.ts'
import { unknownPerson } from './people.ts'
import { checkPassword } from './sign-in.ts'

export interface ChangePassword extends Visitor {
  readonly current: string
  readonly next: string
  /** Of the session that asks, which goes on. */
  readonly sessionToken: string | null
}

export async function changePassword(needs: IdentityNeeds, order: ChangePassword, actor: Actor): Promise<void> {
  if (actor.kind !== 'person')
    throw new AppError('forbidden', 'identity.forbidden', 'Only people have passwords. Sign in as yourself.')
  const person = await findPerson(needs.database, actor.id)
  if (person === null) throw unknownPerson()
  requireGoodPassword(order.next, [person.email, person.name], '/next')
  const { id, passwordHash } = await checkPassword(needs, { ...order, email: person.email, password: order.current })
  const renewed = await needs.passwords.hash(order.next)
  await changeRights(needs, async (tx) => {
    if (!(await confirmPassword(tx, id, passwordHash)))
      throw new AppError('conflict', 'identity.sign-in-refused', 'The password has changed meanwhile. Try again.')
    await savePerson(tx, id, { passwordHash: renewed })
    const kept = order.sessionToken === null ? null : await findSessionByToken(tx, hashToken(order.sessionToken))
    const endedSessions = await deleteSessionsOf(tx, id, kept?.id ?? null)
    await needs.journal.publish(tx, passwordChanged, {
      actor,
      subject: { kind: 'person', id },
      data: { endedSessions },
    })
  })
}
