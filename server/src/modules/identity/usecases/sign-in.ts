import { createHash } from 'node:crypto'
import { automation } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { countAttempts, forgetAttempts, isKnownPlace } from '../arrivals.store.ts'
import { signInBlocked } from '../identity.contract.ts'
import type { IdentityNeeds, Visitor } from '../identity-needs.ts'
import { confirmPassword, findPassword, findPerson, type Person, savePerson } from '../people.store.ts'
import { startSession } from './start-session.ts'

const windowMs = 600_000
/** Guesses in ten minutes: at one account, and from one address, where a whole office may sit. */
const accountGuesses = 10
const addressGuesses = 100

export interface SignIn extends Visitor {
  readonly email: string
  readonly password: string
}

export async function signIn(needs: IdentityNeeds, order: SignIn): Promise<{ person: Person; token: string }> {
  const personId = await checkPassword(needs, order)
  const stored = personId.passwordHash
  const renewed = needs.passwords.isOutdated(stored) ? await needs.passwords.hash(order.password) : null
  return needs.database.transaction(async (tx) => {
    // Disabled or changed while the hash was computed: the answer of before counts for nothing.
    if (!(await confirmPassword(tx, personId.id, stored))) throw refused()
    if (renewed !== null) await savePerson(tx, personId.id, { passwordHash: renewed })
    const person = await findPerson(tx, personId.id)
    if (person === null) throw refused()
    await forgetAttempts(tx, [accountKey(order), placeKey(order)])
    return { person, token: await startSession(needs, tx, person, 'password', order) }
  })
}

/** Counts, then compares; an unknown address costs the same time and gets the same answer. */
export async function checkPassword(
  needs: IdentityNeeds,
  order: SignIn,
): Promise<{ readonly id: string; readonly passwordHash: string }> {
  await countGuess(needs, order)
  const known = await findPassword(needs.database, order.email)
  const right = await needs.passwords.verify(order.password, known?.passwordHash ?? null)
  if (!right || known === null || known.passwordHash === null) throw refused()
  return { id: known.id, passwordHash: known.passwordHash }
}

async function countGuess(needs: IdentityNeeds, order: SignIn): Promise<void> {
  // Somebody who has signed in from here before is not locked out by guesses from elsewhere.
  const known = await isKnownPlace(needs.database, order.email, order.address)
  const account = known ? placeKey(order) : accountKey(order)
  const address = digest('address', order.address)
  const blocked = await needs.database.transaction(async (tx) => {
    const counts = await countAttempts(tx, [account, address], windowMs)
    const guesses = counts.get(account) ?? 0
    // Told once for each window, or guessing would fill the journal.
    if (guesses === accountGuesses + 1) {
      await needs.journal.publish(tx, signInBlocked, {
        actor: automation('identity.sign-in'),
        subject: { kind: 'sign-in', id: order.email.toLowerCase() },
        data: { address: order.address, guesses: accountGuesses, windowMs },
      })
    }
    return guesses > accountGuesses || (counts.get(address) ?? 0) > addressGuesses
  })
  if (blocked) {
    throw new AppError(
      'limited',
      'identity.too-many-attempts',
      'Too many attempts. Wait ten minutes, or ask an administrator for a new link.',
      { retryAfterSeconds: windowMs / 1000 },
    )
  }
}

const digest = (...parts: readonly string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex')
const accountKey = ({ email }: SignIn): string => digest('account', email.toLowerCase())
const placeKey = ({ email, address }: SignIn): string => digest('place', email.toLowerCase(), address)

function refused(): AppError {
  return new AppError('forbidden', 'identity.sign-in-refused', 'E-mail or password is wrong.')
}
