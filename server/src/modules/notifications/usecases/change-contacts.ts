// Adding and removing ways to reach oneself.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { second } from '../../../kernel/duration.ts'
import { plus } from '../../../kernel/instant.ts'
import { generateWebhookSecret, isWebhookSecret } from '../../../platform/egress/webhook-signature.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import {
  type ContactRow,
  countContacts,
  insertContact,
  loadRules,
  lockContact,
  removeContact,
  rulesOf,
  saveRules,
} from '../contacts.store.ts'
import { type Contact, readContactAddress } from '../core/index.ts'
import { recentTest } from '../deliveries.store.ts'
import { type ContactOrder, contactCreated, contactDeleted } from '../notifications.contract.ts'
import type { NotificationPorts } from '../notifications.ports.ts'
import { fingerprintOf } from './answer-message.ts'
import { addressContext, catalogContact, reachOf } from './reach.ts'
import { queue } from './send-notices.ts'
import { sendCode } from './verify-contact.ts'

const mostContacts = 20

interface Read {
  readonly address: string
  /** What makes it the same as another one; a new webhook secret makes no new contact. */
  readonly identity: string
  readonly label: string
  readonly secret: string | null
}

export async function createContact(
  needs: Needs,
  ports: NotificationPorts,
  order: { readonly body: ContactOrder; readonly person: string; readonly actor: Actor },
): Promise<{ readonly contact: ContactRow; readonly secret: string | null }> {
  const { person, actor, body } = order
  const read = readAddress(body)
  return needs.database.transaction(async (tx) => {
    if ((await countContacts(tx, person)) >= mostContacts)
      throw new AppError(
        'limited',
        'notifications.too-many-contacts',
        `A person has at most ${mostContacts} contacts. Remove one first.`,
      )
    const id = needs.newId()
    const now = await tx.now()
    const contact = await insertContact(tx, {
      id,
      person,
      kind: body.kind,
      label: body.label ?? read.label,
      address: ports.seal(read.address, addressContext(id)),
      fingerprint: fingerprintOf(body.kind, read.identity),
      // A browser hands a subscription over only with its owner's consent.
      verifiedAt: body.kind === 'webpush' ? now : null,
    })
    if (contact === null)
      throw new AppError('conflict', 'notifications.contact-exists', 'You have this contact already.')
    await needs.journal.publish(tx, contactCreated, {
      actor,
      subject: { kind: 'person', id: person },
      links: [{ kind: 'contact', id }],
      data: { person, channel: body.kind, label: contact.label },
    })
    if (contact.verifiedAt === null) await sendCode(tx, needs, contact, person, await zoneOf(needs, ports, person))
    return { contact, secret: body.kind === 'webhook' && body.secret === undefined ? read.secret : null }
  })
}

async function zoneOf(needs: Needs, ports: NotificationPorts, person: string): Promise<string> {
  return (await reachOf(needs.database, ports, person)).zone
}

function readAddress(body: ContactOrder): Read {
  if (body.kind !== 'webhook' && body.kind !== 'webpush') {
    const { kind, email, url, token, recipient, phone } = body
    const read = readContactAddress({ kind, email, url, token, recipient, phone })
    if (!read.ok) throw incomplete(read.field, read.detail)
    return { ...read, secret: null }
  }
  if (body.kind === 'webhook') {
    if (body.url === undefined) throw incomplete('url', 'A webhook contact needs its URL.')
    if (body.secret !== undefined && !isWebhookSecret(body.secret))
      throw incomplete('secret', 'A secret is "whsec_" and 24 to 64 bytes in base64. Leave it out to get one.')
    const secret = body.secret ?? generateWebhookSecret()
    const address = JSON.stringify({ url: body.url, secret })
    return { address, identity: body.url, label: new URL(body.url).host, secret }
  }
  const { subscription } = body
  if (subscription === undefined) throw incomplete('subscription', 'A web push contact needs the subscription.')
  const { endpoint, keys } = subscription
  const address = JSON.stringify({ endpoint, keys })
  return { address, identity: endpoint, label: new URL(endpoint).host, secret: null }
}

function incomplete(field: string, detail: string): AppError {
  return new AppError('invalid', 'notifications.contact-incomplete', detail, {
    faults: [{ pointer: `/${field}`, detail }],
  })
}

export async function deleteContact(
  needs: Needs,
  order: { readonly id: string; readonly person: string; readonly actor: Actor },
): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const contact = await lockContact(tx, order.id)
    if (contact === null || contact.person !== order.person) throw unknownContact()
    await removeContact(tx, order.id)
    const rules = rulesOf(await loadRules(tx, [order.person]), order.person)
    const without = (steps: typeof rules.high) => steps.filter((step) => step.contact !== order.id)
    const left = { high: without(rules.high), low: without(rules.low) }
    if (left.high.length + left.low.length < rules.high.length + rules.low.length)
      await saveRules(tx, order.person, left)
    await needs.journal.publish(tx, contactDeleted, {
      actor: order.actor,
      subject: { kind: 'person', id: order.person },
      links: [{ kind: 'contact', id: order.id }],
      data: { person: order.person, channel: contact.kind, label: contact.label },
    })
  })
}

/** The whole path of a page without an alert; answers the delivery's key. */
export async function testContact(
  needs: Needs,
  ports: NotificationPorts,
  order: { readonly id: string; readonly person: string },
): Promise<string> {
  return needs.database.transaction(async (tx) => {
    const reach = await reachOf(tx, ports, order.person)
    const contact: Contact | undefined = reach.contacts.find((each) => each.id === order.id)
    if (contact === undefined) throw unknownContact()
    if (await recentTest(tx, order.person, order.id, plus(await tx.now(), -10 * second)))
      throw new AppError('limited', 'notifications.tested-just-now', 'It was tested a moment ago.', {
        retryAfterSeconds: 10,
      })
    const occasion = needs.newId()
    await queue(tx, ['test', occasion], {
      purpose: 'test',
      pageId: occasion,
      alertId: null,
      service: null,
      person: order.person,
      contact: contact.id,
      kind: contact.kind,
      zone: reach.zone,
      because: contact.id === catalogContact ? 'a test of the address in the catalog' : 'a test',
      content: { label: contact.label },
    })
    return `test:${occasion}`
  })
}

export const unknownContact = (): AppError =>
  new AppError('not-found', 'notifications.unknown-contact', 'You have no such contact.')
