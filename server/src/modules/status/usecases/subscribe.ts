// Subscribing by e-mail: asked once, heard only after the answer, gone with one press.
import { createHash } from 'node:crypto'
import { AppError } from '../../../kernel/app-error.ts'
import { day, hour } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork } from '../../../platform/work/due-work.store.ts'
import { sendMail, subscriberConfirmed, subscriberLeft } from '../status.contract.ts'
import type { StatusPorts } from '../status.ports.ts'
import {
  countQuestions,
  dropUnanswered,
  insertMail,
  lockSubscriber,
  setConfirmed,
  setEnded,
  upsertSubscriber,
} from '../subscribers.store.ts'
import { needPage } from './publish.ts'

/** One question to one address in an hour; a flood of strangers' addresses ends early. */
const askEveryMs = hour
const questionsOfPage = 500
export const answerWithinMs = 3 * day
/** A link in a mail must work for as long as the mail lies around. */
const leaveWithinMs = 3_650 * day

export const emailContext = (subscriberId: string): string => `status-subscriber:${subscriberId}`

/** Practical, not RFC 5321: something, one @, a name with a dot; no space, no bracket, no line. */
const address = /^[^\s@<>(),;:"[\]\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?\.[A-Za-z]{2,63}$/

export function readAddress(text: string): string | null {
  const trimmed = text.trim()
  return address.test(trimmed) ? trimmed : null
}

/** Says nothing of whether the address was known: the answer is the same. */
export async function subscribe(
  needs: Needs,
  ports: StatusPorts,
  order: { readonly page: string; readonly email: string },
): Promise<void> {
  const email = readAddress(order.email)
  if (email === null) throw new AppError('invalid', 'http.invalid', 'This is no e-mail address.')
  await needs.database.transaction(async (tx) => {
    const page = await needPage(tx, order.page)
    const id = needs.newId()
    const fingerprint = createHash('sha256').update(`${page.name}\n${email.toLowerCase()}`).digest('hex')
    const found = await upsertSubscriber(tx, {
      id,
      page: page.name,
      fingerprint,
      email: ports.seal(email, emailContext(id)),
    })
    if (found.confirmedAt !== null && found.endedAt === null) return
    const since = plus(await tx.now(), -askEveryMs)
    const asked = await countQuestions(tx, { subscriber: found.id, page: page.name }, since)
    if (asked.toThem > 0) return
    if (asked.ofPage >= questionsOfPage)
      throw new AppError(
        'limited',
        'status.too-many-subscribers',
        'Too many addresses were given. Try again in an hour.',
        {
          retryAfterSeconds: 3_600,
        },
      )
    const mail = needs.newId()
    await insertMail(tx, { id: mail, subscriberId: found.id, updateId: null })
    await addWork(tx, sendMail, { id: mail }, { key: mail })
  })
}

export type LinkVerb = 'confirm' | 'leave'

export function linkOf(ports: Pick<StatusPorts, 'links'>, verb: LinkVerb, subscriber: string, now: Instant): string {
  const holds = verb === 'confirm' ? answerWithinMs : leaveWithinMs
  return ports.links.signLink({ k: `status-${verb}`, i: subscriber }, plus(now, holds))
}

/** The page's name when the link did what it says; null when it is no good. */
export async function followLink(
  needs: Needs,
  ports: Pick<StatusPorts, 'links'>,
  verb: LinkVerb,
  token: string,
  options: { readonly look: boolean },
): Promise<string | null> {
  const verdict = ports.links.openLink(token, await needs.database.now())
  if (!verdict.valid || verdict.payload.k !== `status-${verb}`) return null
  const id = verdict.payload.i ?? ''
  return needs.database.transaction(async (tx) => {
    const row = await lockSubscriber(tx, id)
    if (row === null) return null
    // Mail scanners open every link: looking changes nothing.
    if (options.look) return row.page
    const done = verb === 'confirm' ? row.confirmedAt !== null && row.endedAt === null : row.endedAt !== null
    if (done) return row.page
    await (verb === 'confirm' ? setConfirmed(tx, id) : setEnded(tx, id))
    await needs.journal.publish(tx, verb === 'confirm' ? subscriberConfirmed : subscriberLeft, {
      actor: { kind: 'link', id, name: 'a subscriber' },
      subject: { kind: 'status-page', id: row.page },
      data: { page: row.page, subscriber: id },
    })
    return row.page
  })
}

/** Addresses that never answered are not kept. */
export async function forgetUnanswered(needs: Needs): Promise<void> {
  await needs.database.transaction(
    async (tx) => void (await dropUnanswered(tx, plus(await tx.now(), -2 * answerWithinMs))),
  )
}
