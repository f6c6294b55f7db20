// Somebody pressed the button of a message or answered it: acknowledged as the person whose contact it came from.
import { createHash } from 'node:crypto'
import { AppError } from '../../../kernel/app-error.ts'
import { day } from '../../../kernel/duration.ts'
import { plus } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findMessage, listOpenMessages, setSeen } from '../channels.store.ts'
import { findByIdentity, findContact } from '../contacts.store.ts'
import type { ContactKind } from '../core/index.ts'
import { findDelivery, isToPerson, type ToPerson } from '../deliveries.store.ts'
import { messageSeen } from '../notifications.contract.ts'
import type { AnsweringPorts, CallbackAnswer } from '../notifications.ports.ts'
import { listAlertsOfBundle } from '../page-notices.store.ts'

/** As long as the links in messages hold. */
const answerableMs = 7 * day

export function fingerprintOf(kind: ContactKind, identity: string): string {
  return createHash('sha256').update(`${kind}\n${identity}`).digest('hex')
}

/** Whose verified contact at a provider this is. */
export async function findPeopleAt(queries: Queries, kind: ContactKind, identity: string): Promise<readonly string[]> {
  const contacts = await findByIdentity(queries, kind, fingerprintOf(kind, identity))
  return [...new Set(contacts.map((each) => each.person))]
}

export async function answerMessage(
  needs: Needs,
  ports: Pick<AnsweringPorts, 'acknowledge'>,
  order: { readonly handle: string; readonly sender: string | null },
): Promise<CallbackAnswer> {
  const row = await deliveryOf(needs, order.handle)
  if (row === null) return { done: false, sentence: 'This message is too old to answer. Open Mainstay instead.' }
  await markSeen(needs, order.handle)
  return acknowledgeAll(needs, ports, row, await personOf(needs, row, order.sender))
}

export async function answerNewest(
  needs: Needs,
  ports: Pick<AnsweringPorts, 'acknowledge'>,
  order: { readonly channel: ContactKind; readonly identity: string; readonly all: boolean },
): Promise<CallbackAnswer> {
  const contacts = await findByIdentity(needs.database, order.channel, fingerprintOf(order.channel, order.identity))
  const now = await needs.database.now()
  const since = plus(now, -answerableMs)
  const ids = contacts.map((each) => each.id)
  const open = ids.length === 0 ? [] : await listOpenMessages(needs.database, ids, since)
  if (open.length === 0) return { done: false, sentence: 'No page to this number waits for an answer.' }
  const sentences: string[] = []
  for (const { handle } of order.all ? open : open.slice(0, 1)) {
    sentences.push((await answerMessage(needs, ports, { handle, sender: order.identity })).sentence)
  }
  const left = (await listOpenMessages(needs.database, ids, since)).length
  const more = left === 0 ? '' : ` ${left} more ${left === 1 ? 'waits' : 'wait'}: reply 4 again, or ALL.`
  const first = sentences[0] ?? ''
  return {
    done: true,
    sentence: sentences.length === 1 ? `${first}${more}` : `${sentences.length} pages: ${first}${more}`,
  }
}

async function deliveryOf(needs: Needs, handle: string): Promise<ToPerson | null> {
  const message = await findMessage(needs.database, handle)
  if (message === null) return null
  const now = await needs.database.now()
  if (message.createdAt < now - answerableMs) return null
  const row = await findDelivery(needs.database, message.key)
  return row !== null && isToPerson(row) && (row.purpose === 'page' || row.purpose === 'bundle') ? row : null
}

/**
 * Whoever pressed, when it is somebody whose own contact we know; else the owner of the contact the page went to, who
 * chose to be paged in a place that others read.
 */
async function personOf(needs: Needs, row: ToPerson, sender: string | null): Promise<string> {
  if (sender === null) return row.person
  const known = await findByIdentity(needs.database, row.kind, fingerprintOf(row.kind, sender))
  return known.find((each) => each.person === row.person)?.person ?? known[0]?.person ?? row.person
}

async function acknowledgeAll(
  needs: Needs,
  ports: Pick<AnsweringPorts, 'acknowledge'>,
  row: ToPerson,
  person: string,
): Promise<CallbackAnswer> {
  const alerts =
    row.purpose === 'bundle'
      ? await listAlertsOfBundle(needs.database, row.pageId, row.person)
      : row.alertId === null
        ? []
        : [row.alertId]
  let taken = 0
  let by: string | null = null
  for (const alertId of alerts) {
    const answer = await ports.acknowledge({ alertId, person }).catch((error: unknown) => {
      // It ended between the press and our look.
      if (error instanceof AppError && (error.kind === 'conflict' || error.kind === 'not-found'))
        return { state: 'already', by: null } as const
      throw error
    })
    if (answer.state === 'acknowledged') taken += 1
    else by = answer.by ?? by
  }
  const what = row.service === null ? `${alerts.length} alerts` : row.service
  if (taken > 0) {
    const many = alerts.length > 1 ? ` ${taken} of ${alerts.length} alerts` : ` ${what}`
    return { done: true, sentence: `Acknowledged:${many}. It is yours, ${person}; nobody else is paged.` }
  }
  if (by !== null) return { done: true, sentence: `${by} has acknowledged it already.` }
  return { done: true, sentence: 'It is over. There is nothing to acknowledge.' }
}

/** Answers whether it is news. */
export async function markSeen(needs: Needs, handle: string): Promise<boolean> {
  const message = await findMessage(needs.database, handle)
  if (message === null) return false
  const contact = await findContact(needs.database, message.contact)
  return needs.database.transaction(async (tx) => {
    const row = await findDelivery(tx, message.key)
    if (row === null || !isToPerson(row) || !(await setSeen(tx, handle))) return false
    await needs.journal.publish(tx, messageSeen, {
      actor: { kind: 'link', id: row.person, name: row.person },
      subject: { kind: 'delivery', id: row.key },
      links: [
        { kind: 'page', id: row.pageId },
        { kind: 'person', id: row.person },
        ...(row.alertId === null ? [] : [{ kind: 'alert', id: row.alertId }]),
      ],
      data: { key: row.key, person: row.person, channel: row.kind, contact: contact?.label ?? row.contact },
    })
    return true
  })
}
