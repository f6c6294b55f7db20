// An update that a second person looks at before anybody is told.
import type { Refusal } from '../../oncall/core/index.ts'

export interface ProposalState {
  readonly proposedBy: string
  readonly proposedById: string
  readonly decidedBy: string | null
}

export interface ProposalDecision {
  readonly approve: boolean
  readonly by: string
  readonly byId: string
  readonly reason: string | null
}

/** Null when it may be decided so. Whoever proposed it takes it back, but does not approve it: also not by a key of theirs. */
export function refuseDecision(
  proposal: ProposalState,
  { approve, by, byId, reason }: ProposalDecision,
): Refusal | null {
  if (proposal.decidedBy !== null)
    return refusal('conflict', 'incidents.proposal-decided', `${proposal.decidedBy} decided it already.`)
  if (approve && (proposal.proposedById === byId || proposal.proposedBy === by))
    return refusal('forbidden', 'incidents.own-proposal', 'You proposed it: somebody else has to approve it.')
  if (!approve && reason === null)
    return refusal('invalid', 'incidents.reason-missing', 'Say why it is declined, so that the next one is better.')
  return null
}

const refusal = (kind: Refusal['kind'], code: string, sentence: string): Refusal => ({ kind, code, sentence })
