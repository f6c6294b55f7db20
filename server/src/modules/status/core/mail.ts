// What becomes of a mail to a subscriber. At most two copies leave, both under one key: a lost answer may have been a yes.

export type MailOutcome =
  | { readonly kind: 'accepted'; readonly receipt: string | null }
  /** Certainly not delivered, worth another attempt. */
  | { readonly kind: 'refused'; readonly because: string }
  | { readonly kind: 'rejected'; readonly because: string }
  /** It was written and no answer came. */
  | { readonly kind: 'lost'; readonly because: string }

export interface MailVerdict {
  readonly state: 'waiting' | 'sent' | 'failed'
  readonly outcome: string
  readonly copies: number
}

const mostAttempts = 5
const mostCopies = 2

/** `copies` is how often the text began to leave, the attempt that is judged counted. */
export function judgeMail(
  outcome: MailOutcome,
  so: { readonly attempts: number; readonly copies: number; readonly began: boolean },
): MailVerdict {
  if (outcome.kind === 'accepted') return { state: 'sent', outcome: outcome.receipt ?? 'accepted', copies: so.copies }
  // A refusal with a code is an answer: that copy reached nobody.
  const copies = outcome.kind !== 'lost' && so.began ? so.copies - 1 : so.copies
  const again = outcome.kind !== 'rejected' && so.attempts < mostAttempts && copies < mostCopies
  return { state: again ? 'waiting' : 'failed', outcome: outcome.because, copies }
}

/** An attempt whose process died: what it wrote down last is all that is known. */
export function judgeDied(so: { readonly attempts: number; readonly copies: number }): MailVerdict {
  const because = 'The process that sent it ended before it knew what became of it.'
  return judgeMail({ kind: 'lost', because }, { ...so, began: false })
}
