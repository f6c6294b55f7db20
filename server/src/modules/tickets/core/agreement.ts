// Two sides of one ticket: who moved since both last agreed, and what follows. Our own change coming back is an agreement.
import type { TicketState } from './ticket-state.ts'

export interface Sides {
  /** What both said when they last agreed; null before they ever did. */
  readonly base: TicketState | null
  readonly ours: TicketState
  readonly theirs: TicketState
}

export type Agreement =
  | { readonly kind: 'agreed'; readonly on: TicketState }
  /** The tracker is told. */
  | { readonly kind: 'tell'; readonly to: TicketState }
  /** Ours moves as theirs did, if what is measured allows it. */
  | { readonly kind: 'follow'; readonly to: TicketState }
  /** Both moved, to different states: somebody decides. */
  | { readonly kind: 'conflict'; readonly ours: TicketState; readonly theirs: TicketState }

/** All three in words both can say (`sayable`). */
export function decideAgreement({ base, ours, theirs }: Sides): Agreement {
  if (ours === theirs) return { kind: 'agreed', on: ours }
  // Never agreed: it was opened for what is here, so ours leads.
  if (base === null || theirs === base) return { kind: 'tell', to: ours }
  if (ours === base) return { kind: 'follow', to: theirs }
  return { kind: 'conflict', ours, theirs }
}
