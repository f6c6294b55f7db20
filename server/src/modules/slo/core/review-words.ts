// What people read about reviews and ends of objectives.
import { day } from '../../../kernel/duration.ts'
import { formatInstant, type Instant } from '../../../kernel/instant.ts'
import { type ExpiryState, everyWords, parseEvery, type ReviewDecision, type ReviewState } from './review-terms.ts'

export interface TermsWords {
  readonly every: string | null
  readonly due: { readonly on: string; readonly state: ReviewState; readonly overdueAt: Instant } | null
  readonly expiry: { readonly at: Instant; readonly state: ExpiryState } | null
  readonly pending: { readonly decision: ReviewDecision; readonly newTarget: string | null; readonly on: string } | null
}

export const shownMinute = (at: Instant): string => `${formatInstant(at).slice(0, 16).replace('T', ' ')} UTC`

const days = (count: number): string => (count === 1 ? 'a day' : `${count} days`)

export function everyInWords(every: string | null): string | null {
  const parsed = every === null ? null : parseEvery(every)
  return parsed === null ? null : everyWords(parsed)
}

export function termsSentence(words: TermsWords, now: Instant): string {
  return [expirySentence(words.expiry), dueSentence(words, now), pendingSentence(words.pending)]
    .filter((each) => each !== null)
    .join(' ')
}

const endedSentence = (at: Instant): string => `Expired at ${shownMinute(at)}: nobody has renewed this promise.`

/** What is said of a promise, with its end before it once that has come. */
export const sentenceWithEnd = (sentence: string, expiresAt: Instant | null, now: Instant): string =>
  expiresAt !== null && now >= expiresAt ? `${endedSentence(expiresAt)} ${sentence}` : sentence

function expirySentence(expiry: TermsWords['expiry']): string | null {
  if (expiry === null) return null
  const at = shownMinute(expiry.at)
  if (expiry.state === 'expired') return endedSentence(expiry.at)
  return expiry.state === 'expires-soon' ? `Expires at ${at}.` : `Holds until ${at}.`
}

function dueSentence({ due, every }: TermsWords, now: Instant): string | null {
  if (due === null) return null
  const often = `looked at every ${everyInWords(every) ?? 'so often'}`
  if (due.state === 'upcoming') return `It is ${often}, next by ${due.on}.`
  if (due.state === 'due') return `Its review is due on ${due.on}; it is ${often}.`
  const late = Math.floor((now - due.overdueAt) / day) + 1
  return `Its review was due on ${due.on}, ${days(late)} ago; it is ${often}.`
}

function pendingSentence(pending: TermsWords['pending']): string | null {
  if (pending === null || pending.decision === 'keep') return null
  const decided =
    pending.decision === 'retire' ? 'to retire it' : `to change its target to ${pending.newTarget ?? 'another'} %`
  return `The review of ${pending.on} decided ${decided}; its definition does not say so yet.`
}
