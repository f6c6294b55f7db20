import type { Actor } from '../../../kernel/actor.ts'
import { AppError, type Fault } from '../../../kernel/app-error.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { isUniqueViolation } from '../../../platform/database/failures.ts'
import { versionMismatch } from '../../../platform/http/problem.ts'
import { personChanged, personCreated, personDisabled, personEnabled } from '../identity.contract.ts'
import { changeRights, type IdentityNeeds } from '../identity-needs.ts'
import {
  insertPerson,
  lockAdministrators,
  lockPerson,
  type Person,
  type PersonChange,
  savePerson,
} from '../people.store.ts'
import { deleteSessionsOf } from '../sessions.store.ts'
import { createInvitation } from './links.ts'

export interface Invited {
  readonly person: Person
  readonly invitation: string
}

export async function createPerson(
  needs: IdentityNeeds,
  order: Pick<Person, 'email' | 'name' | 'role' | 'timeZone'>,
  actor: Actor,
): Promise<Invited> {
  requireZone(order.timeZone)
  try {
    return await needs.database.transaction(async (tx) => {
      const person = await insertPerson(tx, { id: needs.newId(), ...order })
      await publishCreated(needs, tx, person, actor)
      return { person, invitation: await createInvitation(needs, tx, person, actor) }
    })
  } catch (error) {
    if (isUniqueViolation(error))
      throw new AppError('conflict', 'identity.email-taken', `${order.email} belongs to somebody already.`)
    throw error
  }
}

export async function publishCreated(needs: IdentityNeeds, tx: Tx, person: Person, actor: Actor): Promise<void> {
  await needs.journal.publish(tx, personCreated, {
    actor,
    subject: { kind: 'person', id: person.id },
    data: { email: person.email, name: person.name, role: person.role },
  })
}

export async function invitePerson(needs: IdentityNeeds, id: string, actor: Actor): Promise<Invited> {
  return needs.database.transaction(async (tx) => {
    const person = await lockPerson(tx, id)
    if (person === null) throw unknownPerson()
    if (person.disabledAt !== null)
      throw new AppError('conflict', 'identity.disabled', `${person.name} is disabled. Enable the account first.`)
    return { person, invitation: await createInvitation(needs, tx, person, actor) }
  })
}

export interface ChangePerson {
  readonly id: string
  readonly change: Pick<PersonChange, 'name' | 'role' | 'timeZone' | 'disabled'>
  readonly reason?: string
  /** The version the caller saw. */
  readonly version: number | null
}

export async function changePerson(needs: IdentityNeeds, order: ChangePerson, actor: Actor): Promise<Person> {
  if (order.change.timeZone !== undefined) requireZone(order.change.timeZone)
  return changeRights(needs, (tx) => changePersonIn(needs, tx, order, actor))
}

export async function changePersonIn(needs: IdentityNeeds, tx: Tx, order: ChangePerson, actor: Actor): Promise<Person> {
  const { id, change } = order
  const administrators = change.role === undefined && change.disabled === undefined ? [] : await lockAdministrators(tx)
  const before = await lockPerson(tx, id)
  if (before === null) throw unknownPerson()
  if (order.version !== null && order.version !== before.version) throw versionMismatch()
  const losesOffice = (change.role !== undefined && change.role !== 'admin') || change.disabled === true
  if (losesOffice && administrators.length === 1 && administrators[0] === id) {
    throw new AppError(
      'conflict',
      'identity.last-administrator',
      `${before.name} is the only administrator. Make somebody else one first.`,
    )
  }
  const after = await savePerson(tx, id, change)
  await publishChange(needs, tx, before, after, order.reason, actor)
  return after
}

async function publishChange(
  needs: IdentityNeeds,
  tx: Tx,
  before: Person,
  after: Person,
  reason: string | undefined,
  actor: Actor,
): Promise<void> {
  const subject = { kind: 'person', id: after.id }
  const why = reason === undefined ? {} : { reason }
  const [was, is] = [facts(before), facts(after)]
  if (JSON.stringify(was) !== JSON.stringify(is)) {
    const data = { email: after.email, ...is }
    await needs.journal.publish(tx, personChanged, { actor, subject, ...why, data, before: was, after: is })
  }
  if (before.disabledAt === null && after.disabledAt !== null) {
    const endedSessions = await deleteSessionsOf(tx, after.id, null)
    await needs.journal.publish(tx, personDisabled, {
      actor,
      subject,
      ...why,
      data: { email: after.email, endedSessions },
    })
  }
  if (before.disabledAt !== null && after.disabledAt === null)
    await needs.journal.publish(tx, personEnabled, { actor, subject, ...why, data: { email: after.email } })
}

const facts = ({ name, role, timeZone }: Person): JsonObject => ({ name, role, timeZone })

export function requireZone(zone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
  } catch {
    throw badPerson([
      { pointer: '/timeZone', detail: `There is no time zone ${zone}. Take one such as Europe/Berlin.` },
    ])
  }
}

export function badPerson(faults: readonly Fault[]): AppError {
  return new AppError('invalid', 'identity.bad-person', 'This does not describe a person.', { faults })
}

export function unknownPerson(): AppError {
  return new AppError('not-found', 'identity.unknown-person', 'There is no such person.')
}
