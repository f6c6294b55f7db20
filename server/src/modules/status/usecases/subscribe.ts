// Subscribing by e-mail or webhook: asked once, heard only after the answer, gone with one press.
import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { day, hour } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { generateWebhookSecret } from '../../../platform/egress/index.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork } from '../../../platform/work/due-work.store.ts'
import {
  chosenComponents,
  keyOf,
  type Language,
  readKey,
  type StatusPage,
  type SubscriberChannel,
} from '../core/index.ts'
import { languageFor } from '../reading.ts'
import { sendHook, sendMail, subscriberConfirmed, subscriberLeft, subscriberResumed } from '../status.contract.ts'
import type { StatusPorts } from '../status.ports.ts'
import { readMailbox, readWebhook, type SubscriberAddress } from '../subscriber-address.ts'
import {
  countQuestions,
  dropUnanswered,
  insertMail,
  lockSubscriber,
  type SubscriberRow,
  setConfirmed,
  setEnded,
  setFailing,
  setWanted,
  upsertSubscriber,
} from '../subscribers.store.ts'
import { findShown, needShown } from './find-page.ts'

/** One question to one address in an hour; a flood of strangers' addresses ends early. */
const askEveryMs = hour
const questionsOfPage = 500
/** Nobody is to be flooded through us by addresses of one host. */
const questionsOfHost = 10
export const answerWithinMs = 3 * day
/** A link in a mail must work for as long as the mail lies around. */
const leaveWithinMs = 3_650 * day

export const sealContext = (subscriberId: string, channel: SubscriberChannel): string =>
  channel === 'email' ? `status-subscriber:${subscriberId}` : `status-webhook:${subscriberId}`

export interface SubscribeOrder {
  /** Its key: a page, or a customer's view of one. */
  readonly page: string
  /** One of both. */
  readonly email: string | null
  readonly webhook: string | null
  /** Empty for everything. */
  readonly components: readonly string[]
  /** Null for the first of the page. */
  readonly language: string | null
}

export function addressOf(
  { email, webhook }: Pick<SubscribeOrder, 'email' | 'webhook'>,
  ports: Pick<StatusPorts, 'plainHooks'>,
): SubscriberAddress {
  const invalid = (pointer: string, detail: string) =>
    new AppError('invalid', 'http.invalid', detail, { faults: [{ pointer, detail }] })
  if ((email === null) === (webhook === null)) throw invalid('/email', 'Give an e-mail address or a webhook.')
  const found = email !== null ? readMailbox(email) : readWebhook(webhook ?? '', ports.plainHooks)
  if (found !== null) return found
  throw email !== null
    ? invalid('/email', 'This is no e-mail address.')
    : invalid('/webhook', 'This is no address of a webhook: it begins with https:// and holds no password.')
}

/** Says nothing of whether the address was known: the answer is the same. */
export async function subscribe(needs: Needs, ports: StatusPorts, order: SubscribeOrder): Promise<void> {
  const { channel, address, identity, label } = addressOf(order, ports)
  await needs.database.transaction(async (tx) => {
    const page = await needShown(tx, order.page)
    const key = keyOf(page)
    const wanted = {
      components: chosenComponents(
        order.components,
        page.components.map((each) => each.name),
      ),
      language: languageFor(page, order.language),
    }
    const id = needs.newId()
    const fingerprint = createHash('sha256').update(`${key}\n${identity}`).digest('hex')
    const secret = channel === 'email' ? address : JSON.stringify({ url: address, secret: generateWebhookSecret() })
    const row = {
      id,
      page: key,
      channel,
      label,
      fingerprint,
      address: ports.seal(secret, sealContext(id, channel)),
    }
    const found = await upsertSubscriber(tx, row)
    const hears = found.confirmedAt !== null && found.endedAt === null && found.pausedAt === null
    const now = { components: found.components, language: languageFor(page, found.language) }
    if (hears && isDeepStrictEqual(now, wanted)) return
    const since = plus(await tx.now(), -askEveryMs)
    const host = channel === 'webhook' ? label : null
    const asked = await countQuestions(tx, { subscriber: found.id, page: key, host }, since)
    // The words of the question that is out stay: what is confirmed is what was asked.
    if (asked.toThem > 0) return
    if (asked.ofPage >= questionsOfPage || asked.toHost >= questionsOfHost)
      throw new AppError(
        'limited',
        'status.too-many-subscribers',
        'Too many addresses were given. Try again in an hour.',
        { retryAfterSeconds: 3_600 },
      )
    await setWanted(tx, found.id, wanted)
    const mail = needs.newId()
    await insertMail(tx, { id: mail, subscriberId: found.id, updateId: null })
    await addWork(tx, jobOf(channel), { id: mail }, { key: mail })
  })
}

/** Webhooks have a lane of their own: one that hangs holds up no mail. */
export const jobOf = (channel: SubscriberChannel) => (channel === 'email' ? sendMail : sendHook)

export type LinkVerb = 'confirm' | 'leave'

export function linkOf(ports: Pick<StatusPorts, 'links'>, verb: LinkVerb, subscriber: string, now: Instant): string {
  const holds = verb === 'confirm' ? answerWithinMs : leaveWithinMs
  return ports.links.signLink({ k: `status-${verb}`, i: subscriber }, plus(now, holds))
}

export interface Followed {
  readonly page: StatusPage
  readonly language: Language
}

/** The page when the link did what it says; null when it is no good. */
export async function followLink(
  needs: Needs,
  ports: Pick<StatusPorts, 'links'>,
  verb: LinkVerb,
  token: string,
  options: { readonly look: boolean },
): Promise<Followed | null> {
  const verdict = ports.links.openLink(token, await needs.database.now())
  if (!verdict.valid || verdict.payload.k !== `status-${verb}`) return null
  const id = verdict.payload.i ?? ''
  return needs.database.transaction(async (tx) => {
    const row = await lockSubscriber(tx, id)
    const declared = row === null ? null : await findShown(tx, row.page)
    if (row === null || declared === null) return null
    const followed = { page: declared, language: languageFor(declared, (row.wanted ?? row).language) }
    // Mail scanners open every link: looking changes nothing.
    if (options.look) return followed
    const hears = row.confirmedAt !== null && row.endedAt === null && row.pausedAt === null
    const done = verb === 'confirm' ? hears && row.wanted === null : row.endedAt !== null
    if (done) return followed
    if (verb === 'leave') await setEnded(tx, id)
    else await setConfirmed(tx, id, row.wanted ?? row)
    if (verb === 'confirm' && hears) return followed
    const actor: Actor = { kind: 'link', id, name: 'a subscriber' }
    await say(tx, needs, verb === 'confirm' ? subscriberConfirmed : subscriberLeft, row, actor)
    return followed
  })
}

export interface SubscriberOrder {
  readonly id: string
  readonly actor: Actor
}

async function lockHearer(tx: Tx, id: string): Promise<SubscriberRow> {
  const found = await lockSubscriber(tx, id)
  if (found !== null && found.endedAt === null) return found
  throw new AppError('not-found', 'status.unknown-subscriber', 'There is no such subscriber.')
}

/** By a person of the house: the receiver is said to be well again. */
export async function resumeSubscription(needs: Needs, { id, actor }: SubscriberOrder): Promise<SubscriberRow> {
  return needs.database.transaction(async (tx) => {
    const found = await lockHearer(tx, id)
    if (found.failingSince === null && found.pausedAt === null) return found
    await setFailing(tx, id, null)
    await say(tx, needs, subscriberResumed, found, actor)
    return { ...found, failingSince: null, failedBecause: null, pausedAt: null }
  })
}

export async function endSubscription(needs: Needs, { id, actor }: SubscriberOrder): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const found = await lockHearer(tx, id)
    await setEnded(tx, id)
    await say(tx, needs, subscriberLeft, found, actor)
  })
}

function say(tx: Tx, needs: Needs, event: typeof subscriberLeft, row: SubscriberRow, actor: Actor) {
  const { page } = readKey(row.page)
  const data = { page, subscriber: row.id }
  return needs.journal.publish(tx, event, { actor, subject: { kind: 'status-page', id: page }, data })
}

/** Addresses that never answered are not kept. */
export async function forgetUnanswered(needs: Needs): Promise<void> {
  await needs.database.transaction(
    async (tx) => void (await dropUnanswered(tx, plus(await tx.now(), -2 * answerWithinMs))),
  )
}
