// What a document says of reviews and ends, kept true to it in the transaction that saves it.
import type { Fault } from '../../../kernel/app-error.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { step } from '../core/openslo-cursor.ts'
import { expiresAt } from '../core/review-annotations.ts'
import { dayNameOf, dueOn, dueTimes, everyText, type ReviewCycle, type ReviewTerms } from '../core/review-terms.ts'
import { shownMinute } from '../core/review-words.ts'
import { listReviewsOf, lockTerms, removeTerms, saveTerms } from '../reviews.store.ts'

/** `objective`: its name, or the key of a journey. */
export async function declareTerms(tx: Tx, objective: string, terms: ReviewTerms | null): Promise<void> {
  if (terms === null) return removeTerms(tx, [objective])
  const { cycle, owner } = terms
  const [before, now] = [await lockTerms(tx, objective), await tx.now()]
  const [every, startsOn] = [cycle === null ? null : everyText(cycle.every), cycle?.from ?? null]
  const isSame = before !== null && before.every === every && before.startsOn === startsOn
  const declaredAt = isSame ? before.declaredAt : now
  const [last] = await listReviewsOf(tx, objective, 1)
  const since =
    last === undefined ? { day: dayNameOf(declaredAt), isReview: false } : { day: dayNameOf(last.at), isReview: true }
  await saveTerms(tx, {
    objective,
    owner,
    every,
    startsOn,
    declaredAt,
    expiresAt: terms.expiresAt,
    ...nextDue(cycle, since),
  })
}

export function nextDue(cycle: ReviewCycle | null, since: { readonly day: string; readonly isReview: boolean }) {
  if (cycle === null) return { dueOn: null, soonAt: null, overdueAt: null }
  const due = dueOn(cycle, since)
  return { dueOn: due, ...dueTimes(cycle.every, due) }
}

/** A file that was forgotten is applied again: it is taken, and said. */
export async function expiryWarnings(tx: Tx, terms: ReviewTerms | null, goesOn: string): Promise<readonly Fault[]> {
  const at = terms?.expiresAt ?? null
  if (at === null || at > (await tx.now())) return []
  const pointer = `/metadata/annotations${step(expiresAt)}`
  return [{ pointer, detail: `It expired at ${shownMinute(at)}: ${goesOn}, and shown as expired.` }]
}
