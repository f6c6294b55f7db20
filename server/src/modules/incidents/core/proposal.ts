// An update that a second person looks at before anybody is told.
import type { Refusal } from '../../oncall/core/index.ts'

export const proposalOutcomes = ['waiting', 'approved', 'declined', 'taken-back'] as const
export type ProposalOutcome = (typeof proposalOutcomes)[number]

export interface ProposalState {
  readonly proposedBy: string
  readonly proposedById: string
  readonly decidedBy: string | null
}

export interface Someone {
  readonly by: string
  readonly byId: string
}

export interface ProposalDecision extends Someone {
  readonly approve: boolean
  readonly reason: string | null
}

/** Whoever proposed it takes it back and does not approve it: also not by a key of theirs. */
export const isOwnProposal = (proposal: ProposalState, { by, byId }: Someone): boolean =>
  proposal.proposedById === byId || proposal.proposedBy === by

/** Null when it may be decided so. */
export function refuseDecision(proposal: ProposalState, decision: ProposalDecision): Refusal | null {
  const { approve, reason } = decision
  if (proposal.decidedBy !== null) return decided(proposal.decidedBy)
  if (isOwnProposal(proposal, decision))
    return approve
      ? refusal(
          'forbidden',
          'incidents.own-proposal',
          'You proposed it: somebody else has to approve it. You may take it back.',
        )
      : null
  if (!approve && reason === null)
    return refusal('invalid', 'incidents.reason-missing', 'Say why it is declined, so that the next one is better.')
  return null
}

/** Null when it may be taken back. */
export function refuseWithdrawal(proposal: ProposalState, someone: Someone): Refusal | null {
  if (proposal.decidedBy !== null) return decided(proposal.decidedBy)
  if (isOwnProposal(proposal, someone)) return null
  return refusal(
    'forbidden',
    'incidents.not-own-proposal',
    `${proposal.proposedBy} proposed it: only they take it back. You may approve or decline it.`,
  )
}

export function outcomeOf(proposal: {
  readonly decidedBy: string | null
  readonly update: number | null
  readonly withdrawn: boolean
}): ProposalOutcome {
  if (proposal.decidedBy === null) return 'waiting'
  if (proposal.withdrawn) return 'taken-back'
  return proposal.update === null ? 'declined' : 'approved'
}

const decided = (by: string): Refusal => refusal('conflict', 'incidents.proposal-decided', `${by} decided it already.`)
const refusal = (kind: Refusal['kind'], code: string, sentence: string): Refusal => ({ kind, code, sentence })
