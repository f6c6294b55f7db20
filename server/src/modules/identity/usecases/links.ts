import { type Actor, automation } from '../../../kernel/actor.ts'
import { day, hour } from '../../../kernel/duration.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { deleteLinks, insertLink, type LinkPurpose } from '../arrivals.store.ts'
import { personInvited, setupLinkCreated } from '../identity.contract.ts'
import { isAnybodyHere, type Person } from '../people.store.ts'
import { createToken, hashToken } from '../tokens.ts'

const validMs: Readonly<Record<LinkPurpose, number>> = { setup: day, recovery: hour, invitation: 7 * day }

/** While nobody is here: a link with which one person becomes the first administrator. Null otherwise. */
export async function createSetupLink(needs: Needs): Promise<string | null> {
  return needs.database.transaction(async (tx) =>
    // Links of another process that starts now stay good: the first one used ends them all.
    (await isAnybodyHere(tx)) ? null : createServerLink(needs, tx, 'setup'),
  )
}

/** For whoever has a shell on the server: a way in when nobody else can open the door. Good for an hour. */
export async function createRecoveryLink(needs: Needs): Promise<string> {
  return needs.database.transaction((tx) => createServerLink(needs, tx, 'recovery'))
}

async function createServerLink(needs: Needs, tx: Tx, purpose: 'setup' | 'recovery'): Promise<string> {
  const url = await createLink(needs, tx, purpose, null)
  await needs.journal.publish(tx, setupLinkCreated, {
    actor: automation('identity.setup'),
    subject: { kind: 'setup', id: purpose },
    data: { purpose, validMs: validMs[purpose] },
  })
  return url
}

export async function createInvitation(needs: Needs, tx: Tx, person: Person, actor: Actor): Promise<string> {
  await deleteLinks(tx, 'invitation', person.id)
  const url = await createLink(needs, tx, 'invitation', person.id)
  await needs.journal.publish(tx, personInvited, {
    actor,
    subject: { kind: 'person', id: person.id },
    data: { validMs: validMs.invitation },
  })
  return url
}

async function createLink(needs: Needs, tx: Tx, purpose: LinkPurpose, personId: string | null): Promise<string> {
  const token = createToken()
  await insertLink(tx, { tokenHash: hashToken(token), purpose, personId, validMs: validMs[purpose] })
  // Behind the hash sign it reaches no server log and no Referer.
  return `${needs.publicUrl}/setup#${token}`
}
