// Somebody looked at an objective or a journey: who, when, what they had before them, and what they decided.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { compare, divide, parseRational, type Rational, rational } from '../../../kernel/rational.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { dayNameOf, parseEvery, type ReviewDecision } from '../core/review-terms.ts'
import { formatTarget } from '../core/sentence.ts'
import { subjectOf } from '../core/subject.ts'
import { type ObjectiveReview, reviewed } from '../reviews.contract.ts'
import { insertReview, lockTerms, type ReviewRow, saveTerms, type TermsRow } from '../reviews.store.ts'
import type { SloPorts } from '../slo.ports.ts'
import { nextDue } from './declare-terms.ts'
import { makeReviewFigures } from './make-figures.ts'
import { needSubject } from './need-subject.ts'
import { presentReview } from './read-reviews.ts'

export interface ReviewOrder {
  /** The name of an objective, or the key of a journey. */
  readonly key: string
  readonly decision: ReviewDecision
  readonly reason: string
  /** In percent. */
  readonly newTarget: string | null
  readonly actor: Actor
}

export async function recordReview(needs: Needs, ports: SloPorts, order: ReviewOrder): Promise<ObjectiveReview> {
  const { key, decision, reason, actor } = order
  // A walk over the past: not while a row is locked.
  const figures = await makeReviewFigures(needs.database, ports, key)
  return needs.database.transaction(async (tx) => {
    const terms = await lockTerms(tx, key)
    const declared = await needSubject(tx, key)
    const newTarget = readTarget(order, declared.target)
    const at = await tx.now()
    const due = terms === null ? null : dueAfter(terms, dayNameOf(at))
    const row: ReviewRow = {
      id: needs.newId(),
      objective: key,
      at,
      by: (await ports.declaredNameOf?.(tx, actor)) ?? actor.name,
      decision,
      reason,
      targetText: figures.targetText,
      newTarget,
      version: declared.version,
      dueOn: due !== null && due.dueOn !== terms?.dueOn ? (terms?.dueOn ?? null) : null,
      figures,
    }
    await insertReview(tx, row)
    if (terms !== null && due !== null) await saveTerms(tx, { ...terms, ...due })
    const { kind, name } = subjectOf(key)
    await needs.journal.publish(tx, reviewed[kind], {
      actor,
      subject: { kind, id: name },
      links: declared.services.map((id) => ({ kind: 'service', id })),
      reason,
      data: { objective: name, review: row.id, decision, newTarget, version: declared.version },
    })
    return presentReview(row)
  })
}

function dueAfter({ every, startsOn }: TermsRow, today: string) {
  const parsed = every === null ? null : parseEvery(every)
  return nextDue(parsed === null ? null : { every: parsed, from: startsOn }, { day: today, isReview: true })
}

/** As it would be promised: between 0 and 100 %, and another one than now. */
function readTarget({ decision, newTarget }: ReviewOrder, target: Rational | null): string | null {
  const refuse = (detail: string) =>
    new AppError('invalid', 'slo.bad-review', detail, { faults: [{ pointer: '/newTarget', detail }] })
  if (decision !== 'change-target') {
    if (newTarget !== null) throw refuse('Only the decision `change-target` names a target.')
    return null
  }
  const wanted = newTarget === null ? null : parseRational(newTarget)
  if (wanted === null || wanted.num <= 0n || compare(wanted, rational(100)) >= 0)
    throw refuse('Name the target that was decided, above 0 % and below 100 %: `99.5`.')
  const share = divide(wanted, rational(100))
  if (target !== null && compare(share, target) === 0)
    throw refuse('That is the target it has. The decision is `keep`.')
  return formatTarget(share).replace(' %', '')
}
