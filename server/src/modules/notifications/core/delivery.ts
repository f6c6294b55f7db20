// One message to one contact: from due to sent, failed or unknown. A crash or a lost answer never fails a page in
// silence; the same key goes out once more, then the next channel is used.
import { second } from '../../../kernel/duration.ts'
import { type Instant, instant, plus } from '../../../kernel/instant.ts'

export type DeliveryPhase =
  | { readonly kind: 'pending'; readonly dueAt: Instant }
  | { readonly kind: 'sending'; readonly leaseUntil: Instant }
  | { readonly kind: 'sent'; readonly at: Instant; readonly receipt: string | null }
  | { readonly kind: 'failed'; readonly at: Instant; readonly because: string }
  /** It may have arrived; nobody can say. */
  | { readonly kind: 'unknown'; readonly at: Instant; readonly because: string }
  | { readonly kind: 'cancelled'; readonly at: Instant; readonly because: string }

export interface Delivery {
  readonly key: string
  readonly phase: DeliveryPhase
  readonly attempts: number
  readonly firstAttemptAt: Instant | null
  /** Copies that may have arrived. Never more than two, all with one key. */
  readonly copies: number
  /** Set when it was cancelled while a send was under way: the outcome is still recorded, nothing is retried. */
  readonly stopped: string | null
}

export type DeliveryEvent =
  | { readonly kind: 'claimed'; readonly leaseMs: number }
  | { readonly kind: 'accepted'; readonly receipt: string | null }
  /** Certainly not delivered, and worth trying again: refused connection, 5xx, 429. */
  | { readonly kind: 'refused'; readonly because: string; readonly retryAfterMs?: number }
  /** Certainly not delivered, for good: a subscription that is gone, an address that does not exist. */
  | { readonly kind: 'rejected'; readonly because: string }
  /** The request was written and no answer came: it may have arrived. */
  | { readonly kind: 'lost'; readonly because: string }
  /** Our own side failed before a byte left, a database that could not be asked: that says nothing about the channel. */
  | { readonly kind: 'unsent'; readonly because: string }
  /** The lease ran out: the process that was sending is gone. `written` unless it is known that no byte had left. */
  | { readonly kind: 'lease-expired'; readonly written: boolean }
  /** What was counted as a copy was none: the disk of the process that was killed at it shows it. */
  | { readonly kind: 'nothing-left' }
  | { readonly kind: 'cancelled'; readonly because: string }

export type DeliveryEffect =
  | { readonly kind: 'send'; readonly key: string; readonly attempt: number }
  | { readonly kind: 'next-channel'; readonly because: string }

export interface DeliveryMove {
  readonly delivery: Delivery
  readonly effects: readonly DeliveryEffect[]
  readonly reason: string
}

/** After the first attempt. Twenty seconds of one channel, then another one: a page cannot wait longer. */
export const attemptOffsetsMs = [0, 2 * second, 5 * second, 10 * second, 20 * second] as const
const lastOffsetMs = 20 * second
const mostCopies = 2
/** Of claims whose process died. Those before a byte left are no copies; but a message that ends whoever claims it has an end, too. */
const mostClaims = 12
/**
 * Of a message that may have left its sender has longer to say that it was taken: one that stands still, is cut off or has
 * lost its database for seconds comes back, and another copy is not worth being sooner. With the lease below ten seconds.
 */
const doubtMs = 3 * second
/** After a claim that failed on our own side. */
const unsentAgainMs = second

/**
 * The same for every attempt of one delivery: receivers that honour the key see a page once however often it is sent.
 * Readable, so that it can be found in a provider's log.
 */
export function deliveryKey(of: DeliveryPlace): string {
  return ['page', of.page, String(of.step), of.person, String(of.order), of.contact].map(encodeURIComponent).join(':')
}

export interface DeliveryPlace {
  readonly page: string
  /** The escalation's step: a later round is another page. */
  readonly step: number
  readonly person: string
  /** Place in the personal plan: a reminder on the same contact is another message. */
  readonly order: number
  readonly contact: string
}

export function newDelivery(key: string, dueAt: Instant): Delivery {
  return { key, phase: { kind: 'pending', dueAt }, attempts: 0, firstAttemptAt: null, copies: 0, stopped: null }
}

/** When the work edge should look at it again: the next attempt, or the end of a lease. */
export function deliveryDueAt({ phase }: Delivery): Instant | null {
  return phase.kind === 'pending' ? phase.dueAt : phase.kind === 'sending' ? phase.leaseUntil : null
}

/** When somebody else goes on with what a process was sending that is gone. */
export function takenOverAt(leaseUntil: Instant, written: boolean): Instant {
  return written ? plus(leaseUntil, doubtMs) : leaseUntil
}

export function moveDelivery(delivery: Delivery, event: DeliveryEvent, now: Instant): DeliveryMove {
  const { phase } = delivery
  switch (event.kind) {
    case 'claimed': {
      if (phase.kind !== 'pending' || now < phase.dueAt) return stay(delivery, 'It is not due.')
      const attempts = delivery.attempts + 1
      const leased: DeliveryPhase = { kind: 'sending', leaseUntil: plus(now, event.leaseMs) }
      const claimed = { ...delivery, phase: leased, attempts, firstAttemptAt: delivery.firstAttemptAt ?? now }
      const send = { kind: 'send', key: delivery.key, attempt: attempts } as const
      return { delivery: claimed, effects: [send], reason: `Attempt ${attempts}.` }
    }
    case 'accepted': {
      // The truth wins whatever was believed: a late receipt also ends an unknown or a cancelled one.
      if (phase.kind === 'sent') return stay(delivery, 'It was already sent.')
      const sent: DeliveryPhase = { kind: 'sent', at: now, receipt: event.receipt }
      return { delivery: { ...delivery, phase: sent }, effects: [], reason: 'The channel accepted it.' }
    }
    case 'cancelled': {
      if (phase.kind === 'pending') return cancel(delivery, event.because, now)
      if (phase.kind === 'sending') return stay({ ...delivery, stopped: event.because }, event.because)
      return stay(delivery, 'It is already over.')
    }
    case 'refused':
      if (phase.kind !== 'sending') return stay(delivery, 'No attempt is under way.')
      return retry(delivery, event.because, now, event.retryAfterMs ?? 0)
    case 'rejected':
      if (phase.kind !== 'sending') return stay(delivery, 'No attempt is under way.')
      return delivery.stopped === null ? giveUp(delivery, event.because, now) : cancel(delivery, delivery.stopped, now)
    case 'lost':
      if (phase.kind !== 'sending') return stay(delivery, 'No attempt is under way.')
      return doubt(delivery, event.because, now, attemptOffsetsMs.length)
    case 'unsent':
      if (phase.kind !== 'sending') return stay(delivery, 'No attempt is under way.')
      return claimAgain(delivery, event.because, plus(now, unsentAgainMs), now)
    case 'nothing-left': {
      const counted = { ...delivery, copies: Math.max(0, delivery.copies - 1) }
      if (phase.kind !== 'unknown' || counted.stopped !== null || counted.attempts >= mostClaims)
        return stay(counted, 'One copy less may have left.')
      const pending: DeliveryPhase = { kind: 'pending', dueAt: now }
      return { delivery: { ...counted, phase: pending }, effects: [], reason: 'Nothing had left, so it goes on.' }
    }
    case 'lease-expired':
      if (phase.kind !== 'sending' || now < phase.leaseUntil) return stay(delivery, 'The lease still holds.')
      if (event.written) return doubt(delivery, 'The process that was sending it is gone.', now, mostClaims)
      return claimAgain(delivery, 'The process that was to send it is gone; nothing had left.', now, now)
  }
}

/** The second copy is not refused because processes died before the first one: those claims were no attempts of the channel's. */
function doubt(delivery: Delivery, because: string, now: Instant, mostAttempts: number): DeliveryMove {
  const doubted = { ...delivery, copies: delivery.copies + 1 }
  if (doubted.stopped === null && (doubted.copies >= mostCopies || doubted.attempts >= mostAttempts))
    return giveUp(doubted, because, now)
  return again(doubted, because, now, 0)
}

function claimAgain(delivery: Delivery, because: string, dueAt: Instant, now: Instant): DeliveryMove {
  if (delivery.stopped !== null) return cancel(delivery, delivery.stopped, now)
  if (delivery.attempts >= mostClaims) return giveUp(delivery, because, now)
  return { delivery: { ...delivery, phase: { kind: 'pending', dueAt } }, effects: [], reason: because }
}

/** A channel has five attempts or twenty seconds, whichever is longer: claims that died are counted, but were none of them. */
function retry(delivery: Delivery, because: string, now: Instant, retryAfterMs: number): DeliveryMove {
  if (delivery.stopped !== null) return cancel(delivery, delivery.stopped, now)
  const last = lastAttemptAt(delivery, now)
  const spent = delivery.attempts >= attemptOffsetsMs.length && now >= last
  if (spent || delivery.attempts >= mostClaims) return giveUp(delivery, because, now)
  const move = again(delivery, because, now, retryAfterMs)
  const { phase } = move.delivery
  // A channel that asks for more patience than a page has is as good as failed.
  if (retryAfterMs > 0 && phase.kind === 'pending' && phase.dueAt > last)
    return giveUp(delivery, `${because} It asks to wait too long.`, now)
  return move
}

function again(delivery: Delivery, because: string, now: Instant, retryAfterMs: number): DeliveryMove {
  if (delivery.stopped !== null) return cancel(delivery, delivery.stopped, now)
  const offset = attemptOffsetsMs[delivery.attempts] ?? lastOffsetMs
  const dueAt = instant(Math.max(now + retryAfterMs, (delivery.firstAttemptAt ?? now) + offset))
  return { delivery: { ...delivery, phase: { kind: 'pending', dueAt } }, effects: [], reason: because }
}

const lastAttemptAt = ({ firstAttemptAt }: Delivery, now: Instant): Instant => plus(firstAttemptAt ?? now, lastOffsetMs)

function giveUp(delivery: Delivery, because: string, now: Instant): DeliveryMove {
  const kind = delivery.copies > 0 ? 'unknown' : 'failed'
  const ended = { ...delivery, phase: { kind, at: now, because } as const }
  return { delivery: ended, effects: [{ kind: 'next-channel', because }], reason: because }
}

function cancel(delivery: Delivery, because: string, now: Instant): DeliveryMove {
  return { delivery: { ...delivery, phase: { kind: 'cancelled', at: now, because } }, effects: [], reason: because }
}

function stay(delivery: Delivery, reason: string): DeliveryMove {
  return { delivery, effects: [], reason }
}
