// Two sides of one ticket: who moved since both last agreed, and what follows. Our own change coming back is an agreement.
import type { TicketState } from './ticket-state.ts'

export interface Sides {
  /** What each said when they last agreed; null before they ever did. */
  readonly base: { readonly ours: TicketState; readonly theirs: TicketState } | null
  readonly ours: TicketState
  readonly theirs: TicketState
}

export type Agreement =
  | { readonly kind: 'agreed' }
  /** The tracker is told. */
  | { readonly kind: 'tell'; readonly to: TicketState }
  /** Ours moves as theirs did, if what is measured allows it. */
  | { readonly kind: 'follow'; readonly to: TicketState }
  /** Both moved, to different states: somebody decides. */
  | { readonly kind: 'conflict'; readonly ours: TicketState; readonly theirs: TicketState }

/** All in words both can say (`sayable`). */
export function decideAgreement({ base, ours, theirs }: Sides): Agreement {
  if (ours === theirs) return { kind: 'agreed' }
  // Never agreed: it was opened for what is here, so ours leads.
  if (base === null) return { kind: 'tell', to: ours }
  const moved = { ours: ours !== base.ours, theirs: theirs !== base.theirs }
  if (!moved.theirs) return moved.ours ? { kind: 'tell', to: ours } : { kind: 'agreed' }
  return moved.ours ? { kind: 'conflict', ours, theirs } : { kind: 'follow', to: theirs }
}
