// One letter for each subscriber and update, however often the job runs; in the lane below everything else.
import { AppError } from '../../../kernel/app-error.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork } from '../../../platform/work/due-work.store.ts'
import { fanOut, sendMail as job } from '../status.contract.ts'
import type { Letter, LetterOutcome, StatusPorts } from '../status.ports.ts'
import { findPost, findUpdate } from '../status.store.ts'
import { questionLetter, updateLetter } from '../status-letters.ts'
import { insertMail, listHearing, lockMail, lockSubscriber, recordMail } from '../subscribers.store.ts'
import { needPage } from './publish.ts'
import { emailContext, linkOf } from './subscribe.ts'

const atOnce = 500
const mostAttempts = 5
const sendMs = 12_000

/** Puts the letters of an update down, some hundred at a time. */
export async function fanOutUpdate(
  needs: Needs,
  order: { readonly update: string; readonly after: string | null },
): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const update = await findUpdate(tx, order.update)
    const post = update === null ? null : await findPost(tx, update.postId)
    if (update === null || post === null) return
    const hearing = await listHearing(tx, post.page, order.after, atOnce)
    for (const subscriberId of hearing) {
      const id = needs.newId()
      if (await insertMail(tx, { id, subscriberId, updateId: update.id })) await addWork(tx, job, { id }, { key: id })
    }
    const last = hearing.at(-1)
    if (hearing.length === atOnce && last !== undefined)
      await addWork(tx, fanOut, { update: update.id, after: last }, { key: `${update.id} ${last}` })
  })
}

export async function sendMail(needs: Needs, ports: StatusPorts, id: string): Promise<void> {
  const letter = await needs.database.transaction((tx) => compose(tx, needs, ports, id))
  if (letter === null) return
  const outcome = await ports.sendLetter({ ...letter, signal: AbortSignal.timeout(sendMs) })
  const again = await needs.database.transaction((tx) => record(tx, id, outcome))
  if (again) throw new AppError('unavailable', 'status.mail-refused', 'because' in outcome ? outcome.because : '')
}

async function compose(tx: Tx, needs: Needs, ports: StatusPorts, id: string): Promise<Omit<Letter, 'signal'> | null> {
  const mail = await lockMail(tx, id)
  if (mail === null || mail.state !== 'waiting') return null
  const subscriber = await lockSubscriber(tx, mail.subscriberId)
  const isHearing = subscriber !== null && subscriber.confirmedAt !== null && subscriber.endedAt === null
  if (subscriber === null || (mail.updateId !== null && !isHearing)) {
    await recordMail(tx, id, { state: 'dropped', outcome: 'The subscriber left before it was sent.' })
    return null
  }
  const now = await tx.now()
  const page = await needPage(tx, subscriber.page)
  const to = ports.open(subscriber.email, emailContext(subscriber.id))
  const pageUrl = `${needs.publicUrl}/status/${page.name}`
  const address = (verb: 'confirm' | 'leave') =>
    `${needs.publicUrl}/status/${verb === 'confirm' ? 'confirm' : 'unsubscribe'}/${linkOf(ports, verb, subscriber.id, now)}`
  const key = `status:${id}`
  if (mail.updateId === null)
    return { to, key, at: now, headers: {}, ...questionLetter(page, pageUrl, address('confirm')) }
  const update = await findUpdate(tx, mail.updateId)
  const post = update === null ? null : await findPost(tx, update.postId)
  if (update === null || post === null) return null
  const leave = address('leave')
  return {
    to,
    key,
    at: now,
    // RFC 8058: one press in the mail client, no page in between.
    headers: { 'List-Unsubscribe': `<${leave}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
    ...updateLetter(page, post, update, pageUrl, leave),
  }
}

/** True when it is to be tried again. */
async function record(tx: Tx, id: string, outcome: LetterOutcome): Promise<boolean> {
  const mail = await lockMail(tx, id)
  if (mail === null) return false
  if (outcome.kind === 'accepted') {
    await recordMail(tx, id, { state: 'sent', outcome: outcome.receipt ?? 'accepted' })
    return false
  }
  // A lost answer may have been a yes: once more, and then it is left at that.
  const retry =
    (outcome.kind === 'refused' && mail.attempts + 1 < mostAttempts) || (outcome.kind === 'lost' && mail.attempts === 0)
  await recordMail(tx, id, { state: retry ? 'waiting' : 'failed', outcome: outcome.because })
  return retry
}
