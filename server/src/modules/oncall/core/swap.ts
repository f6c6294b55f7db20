// Whether somebody may take somebody's shift. The people decide; this keeps them from a swap that leaves a hole.
import type { Instant } from '../../../kernel/instant.ts'
import { type Interval, intersection, union } from '../../../kernel/interval.ts'
import type { Refusal } from './refusal.ts'
import type { Shift } from './schedule.ts'

export interface Swap extends Interval {
  readonly asker: string
  /** Null asks everybody. */
  readonly candidate: string | null
  readonly back: Interval | null
  readonly state: 'open' | 'accepted' | 'declined' | 'withdrawn'
}

export type SwapState = Swap['state'] | 'expired'

/** A request nobody answered before the shift began is over. */
export function stateOfSwap(swap: Swap, now: Instant): SwapState {
  return swap.state === 'open' && swap.start <= now ? 'expired' : swap.state
}

const refuse = (code: string, sentence: string, kind: Refusal['kind'] = 'conflict'): Refusal => ({
  kind,
  code,
  sentence,
})

/** `shifts` of the schedule over the spans that are swapped. */
export function judgeRequest(swap: Swap, shifts: readonly Shift[], now: Instant): Refusal | null {
  if (swap.start <= now) return refuse('oncall.swap-past', 'A swap is asked for before the shift begins.', 'invalid')
  if (!serves(swap.asker, swap, shifts))
    return refuse('oncall.swap-not-yours', `${swap.asker} is not on call for all of that time.`, 'invalid')
  if (swap.candidate === swap.asker) return refuse('oncall.swap-self', 'Nobody swaps with themselves.', 'invalid')
  if (swap.back === null) return null
  if (swap.candidate === null)
    return refuse('oncall.swap-unclear', 'Name the person whose shift you take in return.', 'invalid')
  if (swap.back.start <= now) return refuse('oncall.swap-past', 'The shift in return has begun already.', 'invalid')
  if (!serves(swap.candidate, swap.back, shifts))
    return refuse(
      'oncall.swap-not-theirs',
      `${swap.candidate} is not on call for all of the time in return.`,
      'invalid',
    )
  return null
}

export function judgeAccept(swap: Swap, by: string, shifts: readonly Shift[], now: Instant): Refusal | null {
  const closed = closedBecause(swap, now)
  if (closed !== null) return closed
  if (by === swap.asker) return refuse('oncall.swap-self', 'Nobody swaps with themselves.')
  if (swap.candidate !== null && by !== swap.candidate)
    return refuse('oncall.swap-not-asked', `${swap.candidate} is asked, not ${by}.`, 'forbidden')
  if (!serves(swap.asker, swap, shifts))
    return refuse('oncall.swap-stale', `${swap.asker} is not on call for all of that time any more.`)
  if (meets(by, swap, shifts))
    return refuse(
      'oncall.swap-busy',
      `${by} is on call already for a part of that time: two shifts would be one person.`,
    )
  if (swap.back === null) return null
  if (!serves(by, swap.back, shifts))
    return refuse('oncall.swap-stale', `${by} is not on call for all of the time in return any more.`)
  if (meets(swap.asker, swap.back, shifts))
    return refuse('oncall.swap-busy', `${swap.asker} is on call already for a part of the time in return.`)
  return null
}

export function judgeDecline(swap: Swap, by: string, now: Instant): Refusal | null {
  const closed = closedBecause(swap, now)
  if (closed !== null) return closed
  // Everybody was asked: one person's no decides nothing.
  if (swap.candidate === null) return refuse('oncall.swap-not-asked', 'Everybody is asked; leave it to the others.')
  return by === swap.candidate
    ? null
    : refuse('oncall.swap-not-asked', `${swap.candidate} is asked, not ${by}.`, 'forbidden')
}

export function judgeWithdraw(swap: Swap, by: string, now: Instant): Refusal | null {
  const closed = closedBecause(swap, now)
  if (closed !== null) return closed
  return by === swap.asker
    ? null
    : refuse('oncall.swap-not-yours', `Only ${swap.asker} takes this request back.`, 'forbidden')
}

function closedBecause(swap: Swap, now: Instant): Refusal | null {
  const state = stateOfSwap(swap, now)
  return state === 'open' ? null : refuse('oncall.swap-closed', `This request is ${state}.`)
}

function serves(person: string, span: Interval, shifts: readonly Shift[]): boolean {
  const mine = shifts.filter((each) => each.person === person).flatMap((each) => intersection(each, span) ?? [])
  const covered = union(mine)
  return covered.length === 1 && covered[0]?.start === span.start && covered[0].end === span.end
}

function meets(person: string, span: Interval, shifts: readonly Shift[]): boolean {
  return shifts.some((each) => each.person === person && intersection(each, span) !== null)
}
