// One letter or webhook for each subscriber and update, however often the job runs; in lanes below everything else.
import { automation } from '../../../kernel/actor.ts'
import { AppError, invariant } from '../../../kernel/app-error.ts'
import { isJsonObject } from '../../../kernel/json.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { keepTrying } from '../../../platform/database/keep-trying.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork } from '../../../platform/work/due-work.store.ts'
import { concerns, judgeDied, judgeMail, judgeReceiver, keyOf, type MailVerdict, readKey } from '../core/index.ts'
import { findHost } from '../hosts.store.ts'
import { addressOf, languageFor, speakingOf } from '../reading.ts'
import { fanOut, subscriberLeft, subscriberPaused } from '../status.contract.ts'
import type { Hook, HookOutcome, Letter, StatusPorts } from '../status.ports.ts'
import { findPost, findUpdate, listTouched } from '../status.store.ts'
import { questionHook, updateHook } from '../status-hooks.ts'
import { questionLetter, updateLetter } from '../status-letters.ts'
import {
  beginMail,
  beginText,
  findSubscriber,
  insertMail,
  listHearing,
  lockMail,
  lockSubscriber,
  type MailRow,
  recordMail,
  setEnded,
  setFailing,
} from '../subscribers.store.ts'
import { findShown, shownOf } from './find-page.ts'
import { jobOf, linkOf, sealContext } from './subscribe.ts'

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
    const touched = await listTouched(tx, post.id)
    const keys = [post.page, ...(await concerned(tx, post.page, touched))]
    const hearing = await listHearing(tx, { keys, touched }, order.after, atOnce)
    for (const { id: subscriberId, channel } of hearing) {
      const id = needs.newId()
      if (await insertMail(tx, { id, subscriberId, updateId: update.id }))
        await addWork(tx, jobOf(channel), { id }, { key: id })
    }
    const last = hearing.at(-1)?.id
    if (hearing.length === atOnce && last !== undefined)
      await addWork(tx, fanOut, { update: update.id, after: last }, { key: `${update.id} ${last}` })
  })
}

/** The customers' views that show what is told to everybody. */
async function concerned(tx: Tx, key: string, touched: readonly string[]): Promise<readonly string[]> {
  if (readKey(key).customer !== null) return []
  return (await shownOf(tx, key)).flatMap((page) => (concerns(page, touched) ? [keyOf(page)] : []))
}

export async function sendMail(needs: Needs, ports: StatusPorts, id: string): Promise<void> {
  const begun = await needs.database.transaction((tx) => begin(tx, needs, ports, id))
  if (begun === null) return
  const { text, attempt } = begun
  let began = false
  const around = {
    signal: AbortSignal.timeout(sendMs),
    beforeWrite: async () => {
      began = await beginText(needs.database, id, attempt)
      if (!began) throw new AppError('conflict', 'status.mail-stopped', 'The reader left, or another process sends it.')
    },
  }
  const outcome =
    text.channel === 'email'
      ? await ports.sendLetter({ ...text.letter, ...around })
      : await ports.sendHook({ ...text.hook, ...around })
  const again = await keepTrying(() =>
    needs.database.transaction((tx) => record(tx, needs, id, { attempt, began, outcome })),
  )
  if (again) throw new AppError('unavailable', 'status.mail-refused', 'because' in outcome ? outcome.because : '')
}

type Composed =
  | { readonly channel: 'email'; readonly letter: Omit<Letter, 'signal' | 'beforeWrite'> }
  | { readonly channel: 'webhook'; readonly hook: Omit<Hook, 'signal' | 'beforeWrite'> }

interface Begun {
  readonly text: Composed
  readonly attempt: number
}

async function begin(tx: Tx, needs: Needs, ports: StatusPorts, id: string): Promise<Begun | null> {
  let mail = await lockMail(tx, id)
  if (mail === null || mail.state !== 'waiting') return null
  const now = await tx.now()
  if (mail.sendingUntil !== null) {
    // It still holds: another process is at it.
    if (now < mail.sendingUntil) {
      const channel = (await findSubscriber(tx, mail.subscriberId))?.channel ?? 'email'
      await addWork(tx, jobOf(channel), { id }, { key: id, dueAt: mail.sendingUntil })
      return null
    }
    await recordMail(tx, id, judgeDied(mail))
    mail = await lockMail(tx, id)
    if (mail === null || mail.state !== 'waiting') return null
  }
  const text = await compose(tx, needs, ports, mail)
  if (text === null) return null
  await beginMail(tx, id, holdMs)
  return { text, attempt: mail.attempts + 1 }
}

async function compose(tx: Tx, needs: Needs, ports: StatusPorts, mail: MailRow): Promise<Composed | null> {
  const { id } = mail
  const subscriber = await lockSubscriber(tx, mail.subscriberId)
  const hears = subscriber !== null && subscriber.confirmedAt !== null && subscriber.endedAt === null
  const paused = mail.updateId !== null && subscriber !== null && subscriber.pausedAt !== null
  if (subscriber === null || paused || (mail.updateId !== null && !hears)) {
    const outcome = paused ? 'The subscriber is paused.' : 'The subscriber left before it was sent.'
    await recordMail(tx, id, { state: 'dropped', outcome, copies: mail.copies })
    return null
  }
  const now = await tx.now()
  const page = await findShown(tx, subscriber.page)
  if (page === null) {
    await recordMail(tx, id, {
      state: 'dropped',
      outcome: 'What it was about is declared no more.',
      copies: mail.copies,
    })
    return null
  }
  const { channel } = subscriber
  const to = ports.open(subscriber.address, sealContext(subscriber.id, channel))
  const own = await findHost(tx, page.name)
  const host = own === null || own.verifiedAt === null ? null : own.host
  const at = addressOf(page, { publicUrl: needs.publicUrl, host, there: false })
  const address = (verb: 'confirm' | 'leave') =>
    `${at.origin}/status/${verb === 'confirm' ? 'confirm' : 'unsubscribe'}/${linkOf(ports, verb, subscriber.id, now)}`
  const { language } = mail.updateId === null ? (subscriber.wanted ?? subscriber) : subscriber
  const speaking = speakingOf(page, languageFor(page, language), at)
  const about = { key: `status:${id}`, at: now }
  if (mail.updateId === null) {
    const components = (subscriber.wanted ?? subscriber).components
    const confirmUrl = address('confirm')
    if (channel === 'email')
      return {
        channel,
        letter: { to, ...about, headers: {}, ...questionLetter(speaking, { components, confirmUrl }) },
      }
    const target = readTarget(to)
    const asked = { components, confirmUrl, secret: target.secret }
    return { channel, hook: { ...target, ...about, ...questionHook(speaking, asked) } }
  }
  const update = await findUpdate(tx, mail.updateId)
  const post = update === null ? null : await findPost(tx, update.postId)
  if (update === null || post === null) return null
  const leave = address('leave')
  if (channel === 'webhook')
    return {
      channel,
      hook: { ...readTarget(to), ...about, ...updateHook(speaking, post, update, leave) },
    }
  // RFC 8058: one press in the mail client, no page in between.
  const headers = { 'List-Unsubscribe': `<${leave}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
  return { channel, letter: { to, ...about, headers, ...updateLetter(speaking, post, update, leave) } }
}

function readTarget(opened: string): { readonly url: string; readonly secret: string } {
  const target: unknown = JSON.parse(opened)
  invariant(isJsonObject(target), 'a webhook of a subscriber is sealed with its secret')
  const { url, secret } = target
  invariant(
    typeof url === 'string' && typeof secret === 'string',
    'a webhook of a subscriber is sealed with its secret',
  )
  return { url, secret }
}

interface Attempted {
  readonly attempt: number
  readonly began: boolean
  readonly outcome: HookOutcome
}

/** True when it is to be tried again. Who was overtaken says only what is certain: that it was taken. */
async function record(tx: Tx, needs: Needs, id: string, { attempt, began, outcome }: Attempted): Promise<boolean> {
  const mail = await lockMail(tx, id)
  if (mail === null || (mail.attempts !== attempt && outcome.kind !== 'accepted')) return false
  const verdict = judgeMail(outcome, { attempts: attempt, copies: mail.copies, began })
  await recordMail(tx, id, verdict)
  await noteReceiver(tx, needs, mail.subscriberId, verdict, outcome.gone === true)
  return verdict.state === 'waiting'
}

/** A webhook that takes nothing for days is paused, and one that asks never to be called again has left. */
async function noteReceiver(tx: Tx, needs: Needs, id: string, verdict: MailVerdict, gone: boolean): Promise<void> {
  const found = await findSubscriber(tx, id)
  if (found === null || found.channel !== 'webhook') return
  const failing = judgeReceiver(verdict, found.failingSince, await tx.now())
  if (failing === null || (failing.failingSince === null && found.failingSince === null)) return
  await setFailing(tx, id, failing)
  const ended = gone && found.endedAt === null
  if (ended) await setEnded(tx, id)
  if (ended || (failing.paused && found.pausedAt === null && found.endedAt === null))
    await needs.journal.publish(tx, ended ? subscriberLeft : subscriberPaused, {
      actor: automation('status.send-webhook'),
      subject: { kind: 'status-page', id: readKey(found.page).page },
      data: { page: readKey(found.page).page, subscriber: id },
    })
}
