// Whether enough people looked at what is to be published. An approval holds for the text it was given to.
import type { Instant } from '../../../kernel/instant.ts'
import type { ReviewRule } from './policy.ts'

export const reviewDecisions = ['approved', 'changes'] as const
export type ReviewDecision = (typeof reviewDecisions)[number]

export interface Reviewer {
  readonly person: string
  readonly askedAt: Instant
  readonly decision: ReviewDecision | null
  /** Of the content that was decided on. */
  readonly textHash: string | null
}

export type ReviewerState = 'asked' | 'approved' | 'changes' | 'outdated'

/** What was approved has changed since: asked again. A wish for changes is met by a change. */
export function stateOfReviewer(reviewer: Reviewer, textHash: string): ReviewerState {
  if (reviewer.decision === null) return 'asked'
  return reviewer.textHash === textHash ? reviewer.decision : 'outdated'
}

export interface ReviewStanding {
  /** Approvals it needs; 0: nobody has to look. */
  readonly quorum: number
  readonly approvals: number
  /** Who is waited for, by name. */
  readonly missing: readonly string[]
  readonly ready: boolean
  readonly sentence: string
}

export interface ReviewFacts {
  readonly rule: Pick<ReviewRule, 'quorum'>
  /** Named by the policy, directly or by their team. Empty: anybody but the owner. */
  readonly board: readonly string[]
  readonly owner: string | null
  readonly reviewers: readonly Reviewer[]
  readonly openComments: number
  readonly textHash: string
}

export function judgeReview({ rule, board, owner, reviewers, openComments, textHash }: ReviewFacts): ReviewStanding {
  const { quorum } = rule
  const states = reviewers.map((each) => ({ person: each.person, state: stateOfReviewer(each, textHash) }))
  const counts = (person: string) => person !== owner && (board.length === 0 || board.includes(person))
  const approvals = states.filter((each) => each.state === 'approved' && counts(each.person)).length
  const wishing = states.filter((each) => each.state === 'changes').map((each) => each.person)
  const approved = new Set(states.filter((each) => each.state === 'approved').map((each) => each.person))
  const lacking = Math.max(0, quorum - approvals)
  const asked = board.length > 0 ? board : states.map((each) => each.person)
  const missing = lacking === 0 ? [] : asked.filter((person) => person !== owner && !approved.has(person))
  if (quorum === 0 && wishing.length === 0)
    return { quorum, approvals, missing, ready: true, sentence: 'Nobody has to review it.' }
  const reasons = [
    ...(wishing.length === 0 ? [] : [`${wishing.join(', ')} ${wishing.length === 1 ? 'asks' : 'ask'} for changes`]),
    ...(lacking === 0
      ? []
      : [
          `${lacking} of ${quorum} ${quorum === 1 ? 'approval' : 'approvals'} missing${missing.length === 0 ? '' : ` from ${missing.join(', ')}`}`,
        ]),
    ...(openComments === 0 || quorum === 0
      ? []
      : [`${openComments} ${openComments === 1 ? 'comment is' : 'comments are'} open`]),
  ]
  if (reasons.length === 0)
    return { quorum, approvals, missing, ready: true, sentence: `Approved by ${approvals} of ${quorum}.` }
  return { quorum, approvals, missing, ready: false, sentence: `${reasons.join('; ')}.` }
}
