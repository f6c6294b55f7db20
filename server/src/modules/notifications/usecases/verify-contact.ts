// A contact is used only after somebody who reads it said so: by the code or by the link that was sent to it.
import { createHash, randomInt, timingSafeEqual } from 'node:crypto'
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { minute } from '../../../kernel/duration.ts'
import { plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { type ContactRow, countGuess, findContact, lockContact, setCode, setVerified } from '../contacts.store.ts'
import { contactVerified } from '../notifications.contract.ts'
import type { NotificationPorts } from '../notifications.ports.ts'
import { catalogContact, reachOf } from './reach.ts'
import { queue } from './send-notices.ts'

const codeHoldsMs = 30 * minute
const mostGuesses = 5

const hashOf = (contactId: string, code: string): string =>
  createHash('sha256').update(`${contactId}\n${code}`).digest('hex')

export async function sendCode(
  tx: Tx,
  needs: Pick<Needs, 'newId'>,
  contact: ContactRow,
  person: string,
  zone: string,
): Promise<void> {
  const code = String(randomInt(1_000_000)).padStart(6, '0')
  await setCode(tx, contact.id, hashOf(contact.id, code), plus(await tx.now(), codeHoldsMs))
  const occasion = needs.newId()
  await queue(tx, ['verify', occasion], {
    purpose: 'verify',
    pageId: occasion,
    alertId: null,
    service: null,
    person,
    contact: contact.id,
    kind: contact.kind,
    zone,
    because: 'the contact is to be verified',
    content: { label: contact.label, code },
  })
}

export interface VerifyOrder {
  readonly id: string
  readonly person: string
  readonly actor: Actor
  /** Left out, a new code is sent. */
  readonly code: string | undefined
}

export async function verifyContact(needs: Needs, ports: NotificationPorts, order: VerifyOrder): Promise<ContactRow> {
  const { zone } = await reachOf(needs.database, ports, order.person)
  const verified = await needs.database.transaction(async (tx) => {
    const contact = await lockContact(tx, order.id)
    if (contact === null || contact.person !== order.person)
      throw new AppError('not-found', 'notifications.unknown-contact', 'You have no such contact.')
    if (contact.verifiedAt !== null && contact.disabledAt === null) return contact
    if (order.code === undefined) {
      await sendCode(tx, needs, contact, order.person, zone)
      return contact
    }
    const fits =
      contact.codeHash !== null &&
      contact.codeExpiresAt !== null &&
      (await tx.now()) < contact.codeExpiresAt &&
      contact.codeGuesses < mostGuesses &&
      timingSafeEqual(Buffer.from(hashOf(contact.id, order.code)), Buffer.from(contact.codeHash))
    if (!fits) {
      // Counted in this transaction, so it must commit: the refusal is thrown after it.
      await countGuess(tx, contact.id)
      return null
    }
    await markVerified(tx, needs, contact, order.actor)
    return contact
  })
  if (verified === null)
    throw new AppError(
      'invalid',
      'notifications.wrong-code',
      'The code is wrong, used up or too old. Ask for a new one.',
      {
        faults: [{ pointer: '/code', detail: 'Send the request without a code to get a new one.' }],
      },
    )
  return (await findContact(needs.database, order.id)) ?? verified
}

async function markVerified(tx: Tx, needs: Needs, contact: ContactRow, actor: Actor): Promise<void> {
  await setVerified(tx, contact.id)
  await needs.journal.publish(tx, contactVerified, {
    actor,
    subject: { kind: 'person', id: contact.person },
    links: [{ kind: 'contact', id: contact.id }],
    data: { person: contact.person, channel: contact.kind, label: contact.label },
  })
}

/** By the signed link in a test or verification message: holding it proves that the message was read. */
export async function confirmContact(
  needs: Needs,
  ports: NotificationPorts,
  contactId: string,
  person: string,
): Promise<string | null> {
  if (contactId === catalogContact) {
    const { contacts } = await reachOf(needs.database, ports, person)
    return contacts.find((each) => each.id === catalogContact)?.label ?? null
  }
  return needs.database.transaction(async (tx) => {
    const contact = await lockContact(tx, contactId)
    if (contact === null || contact.person !== person) return null
    if (contact.verifiedAt === null || contact.disabledAt !== null)
      await markVerified(tx, needs, contact, { kind: 'link', id: person, name: person })
    return contact.label
  })
}
