import type { Actor } from '../../../kernel/actor.ts'
import { AppError, type Fault } from '../../../kernel/app-error.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { deleteLinks, takeLink } from '../arrivals.store.ts'
import { judgePassword } from '../core/index.ts'
import { passwordChanged, personCreated, setupCompleted } from '../identity.contract.ts'
import { changeRights, type IdentityNeeds, type Visitor } from '../identity-needs.ts'
import {
  findPerson,
  findPersonByEmail,
  insertPerson,
  isAnybodyHere,
  lockFirstArrival,
  type Person,
  savePerson,
} from '../people.store.ts'
import { deleteSessionsOf } from '../sessions.store.ts'
import { hashToken } from '../tokens.ts'
import { badPerson, changePersonIn, requireZone } from './people.ts'
import { startSession } from './start-session.ts'

export interface CompleteSetup extends Visitor {
  readonly token: string
  readonly email: string | null
  readonly name: string | null
  readonly password: string
  readonly timeZone: string | null
}

/** Uses a one-time link: the first administrator arrives, an invited person sets a password, or somebody comes back. */
export async function completeSetup(
  needs: IdentityNeeds,
  order: CompleteSetup,
): Promise<{ person: Person; token: string }> {
  requireGoodPassword(order.password, [order.email ?? '', order.name ?? ''])
  if (order.timeZone !== null) requireZone(order.timeZone)
  const passwordHash = await needs.passwords.hash(order.password)
  return changeRights(needs, async (tx) => {
    const link = await takeLink(tx, hashToken(order.token))
    if (link === null) throw linkUsed()
    if (link.purpose === 'setup') {
      await lockFirstArrival(tx)
      if (await isAnybodyHere(tx)) throw linkUsed()
    }
    const person =
      link.personId === null
        ? await becomeAdministrator(needs, tx, order, passwordHash)
        : await acceptInvitation(needs, tx, link.personId, order, passwordHash)
    if (link.purpose !== 'invitation') {
      await deleteLinks(tx, 'setup')
      await needs.journal.publish(tx, setupCompleted, {
        actor: byLink(link.purpose),
        subject: { kind: 'setup', id: link.purpose },
        links: [{ kind: 'person', id: person.id }],
        data: { purpose: link.purpose, address: order.address },
      })
    }
    return { person, token: await startSession(needs, tx, person, 'link', order) }
  })
}

async function becomeAdministrator(
  needs: IdentityNeeds,
  tx: Tx,
  { email, name, timeZone }: CompleteSetup,
  passwordHash: string,
): Promise<Person> {
  const faults: Fault[] = []
  if (email === null) faults.push({ pointer: '/email', detail: 'It is missing.' })
  const known = email === null ? null : await findPersonByEmail(tx, email)
  if (name === null && known === null) faults.push({ pointer: '/name', detail: 'It is missing.' })
  if (email === null || faults.length > 0) throw badPerson(faults)
  if (known !== null) {
    const change = { role: 'admin', disabled: false } as const
    const reason = 'Recovered with a one-time link of the server.'
    await changePersonIn(needs, tx, { id: known.id, change, reason, version: null }, byLink('recovery'))
    const person = await savePerson(tx, known.id, { passwordHash })
    await replacePassword(needs, tx, person)
    return person
  }
  const person = await insertPerson(tx, {
    id: needs.newId(),
    email,
    name: name ?? email,
    role: 'admin',
    timeZone: timeZone ?? 'UTC',
    passwordHash,
  })
  await needs.journal.publish(tx, personCreated, {
    actor: byLink('setup'),
    subject: { kind: 'person', id: person.id },
    data: { email: person.email, name: person.name, role: person.role },
  })
  return person
}

async function acceptInvitation(
  needs: IdentityNeeds,
  tx: Tx,
  personId: string,
  { name, timeZone }: CompleteSetup,
  passwordHash: string,
): Promise<Person> {
  const known = await findPerson(tx, personId)
  if (known === null || known.disabledAt !== null) throw linkUsed()
  const person = await savePerson(tx, personId, {
    passwordHash,
    ...(name === null ? {} : { name }),
    ...(timeZone === null ? {} : { timeZone }),
  })
  await replacePassword(needs, tx, person)
  return person
}

/** Whoever held the old password holds nothing any more. */
async function replacePassword(needs: IdentityNeeds, tx: Tx, person: Person): Promise<void> {
  const ended = await deleteSessionsOf(tx, person.id, null)
  await needs.journal.publish(tx, passwordChanged, {
    actor: byLink('link'),
    subject: { kind: 'person', id: person.id },
    data: { endedSessions: ended, role: person.role },
  })
}

export function requireGoodPassword(password: string, about: readonly string[], pointer = '/password'): void {
  const weakness = judgePassword(password, about)
  if (weakness !== null) {
    throw new AppError('invalid', 'identity.weak-password', 'This password is too easy to guess.', {
      faults: [{ pointer, detail: weakness }],
    })
  }
}

const byLink = (purpose: string): Actor => ({ kind: 'link', id: `identity.${purpose}`, name: 'one-time link' })

function linkUsed(): AppError {
  return new AppError(
    'forbidden',
    'identity.link-used',
    'This link was used already or has expired. Ask for a new one; on the server `mainstay setup-link` prints one.',
  )
}
