// One letter for each subscriber and update, however often the job runs; in the lane below everything else.
import { AppError } from '../../../kernel/app-error.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { keepTrying } from '../../../platform/database/keep-trying.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork } from '../../../platform/work/due-work.store.ts'
import { judgeDied, judgeMail } from '../core/index.ts'
import { fanOut, sendMail as job } from '../status.contract.ts'
import type { Letter, LetterOutcome, StatusPorts } from '../status.ports.ts'
import { findPost, findUpdate } from '../status.store.ts'
import { questionLetter, updateLetter } from '../status-letters.ts'
import {
  beginMail,
  beginText,
  insertMail,
  listHearing,
  lockMail,
  lockSubscriber,
  type MailRow,
  recordMail,
} from '../subscribers.store.ts'
import { needPage } from './publish.ts'
import { emailContext, linkOf } from './subscribe.ts'

const atOnce = 500
const sendMs = 12_000
/** Longer than one attempt may take, its record counted: only of a dead process does anything run out. */
const holdMs = 30_000

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
  const begun = await needs.database.transaction((tx) => begin(tx, needs, ports, id))
  if (begun === null) return
  const { letter, attempt } = begun
  let began = false
  const outcome = await ports.sendLetter({
    ...letter,
    signal: AbortSignal.timeout(sendMs),
    beforeWrite: async () => {
      began = await beginText(needs.database, id, attempt)
      if (!began) throw new AppError('conflict', 'status.mail-stopped', 'The reader left, or another process sends it.')
    },
  })
  const again = await keepTrying(() => needs.database.transaction((tx) => record(tx, id, attempt, began, outcome)))
  if (again) throw new AppError('unavailable', 'status.mail-refused', 'because' in outcome ? outcome.because : '')
}

interface Begun {
  readonly letter: Omit<Letter, 'signal' | 'beforeWrite'>
  readonly attempt: number
}

async function begin(tx: Tx, needs: Needs, ports: StatusPorts, id: string): Promise<Begun | null> {
  let mail = await lockMail(tx, id)
  if (mail === null || mail.state !== 'waiting') return null
  const now = await tx.now()
  if (mail.sendingUntil !== null) {
    // It still holds: another process is at it.
    if (now < mail.sendingUntil) {
      await addWork(tx, job, { id }, { key: id, dueAt: mail.sendingUntil })
      return null
    }
    await recordMail(tx, id, judgeDied(mail))
    mail = await lockMail(tx, id)
    if (mail === null || mail.state !== 'waiting') return null
  }
  const letter = await compose(tx, needs, ports, mail)
  if (letter === null) return null
  await beginMail(tx, id, holdMs)
  return { letter, attempt: mail.attempts + 1 }
}

async function compose(tx: Tx, needs: Needs, ports: StatusPorts, mail: MailRow): Promise<Begun['letter'] | null> {
  const { id } = mail
  const subscriber = await lockSubscriber(tx, mail.subscriberId)
  const isHearing = subscriber !== null && subscriber.confirmedAt !== null && subscriber.endedAt === null
  if (subscriber === null || (mail.updateId !== null && !isHearing)) {
    const outcome = 'The subscriber left before it was sent.'
    await recordMail(tx, id, { state: 'dropped', outcome, copies: mail.copies })
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

/** True when it is to be tried again. Who was overtaken says only what is certain: that it was taken. */
async function record(tx: Tx, id: string, attempt: number, began: boolean, outcome: LetterOutcome): Promise<boolean> {
  const mail = await lockMail(tx, id)
  if (mail === null || (mail.attempts !== attempt && outcome.kind !== 'accepted')) return false
  const verdict = judgeMail(outcome, { attempts: attempt, copies: mail.copies, began })
  await recordMail(tx, id, verdict)
  return verdict.state === 'waiting'
}
