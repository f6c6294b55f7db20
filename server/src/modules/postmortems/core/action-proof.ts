// A corrective action is not done when somebody says so, but when its signal has held for a while.
import { day } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'

export const actionKinds = ['detect', 'mitigate', 'prevent', 'process'] as const
export type ActionKind = (typeof actionKinds)[number]
export const actionStates = ['open', 'proving', 'proven', 'dropped'] as const
export type ActionState = (typeof actionStates)[number]

export type ProofSignal =
  /** The objective stays green: it does not burn at any level, and is measured. */
  | { readonly kind: 'objective'; readonly objective: string; readonly windowMs: number }
  /** The alert does not open again. */
  | { readonly kind: 'alert'; readonly service: string; readonly title: string; readonly windowMs: number }

const ways: Readonly<Record<ActionState, readonly ActionState[]>> = {
  open: ['proving', 'dropped'],
  proving: ['proven', 'open', 'dropped'],
  proven: ['open'],
  dropped: ['open'],
}

export function nextActionStates(state: ActionState): readonly ActionState[] {
  return ways[state]
}

/** What is known at a moment about the signal of an action that is being proved. */
export interface SignalSeen {
  /** Of an objective: null when there is none of that name any more. Of an alert: how many are open. */
  readonly state: 'good' | 'bad' | 'unknown' | 'gone'
  readonly detail: string
}

export type ProofVerdict =
  | { readonly state: 'proven'; readonly because: string }
  | { readonly state: 'recurred'; readonly because: string }
  | { readonly state: 'waiting'; readonly lookAt: Instant; readonly because: string }

/** Longest silence between two looks. */
const lookMs = day

/** Unknown is never taken for good: with it the proof only takes longer. */
export function judgeProof(since: Instant, windowMs: number, seen: SignalSeen, now: Instant): ProofVerdict {
  const end = plus(since, windowMs)
  if (seen.state === 'bad') return { state: 'recurred', because: seen.detail }
  if (seen.state === 'gone') return { state: 'recurred', because: `Its signal is gone: ${seen.detail}` }
  if (now < end) {
    const lookAt = end - now < lookMs ? end : plus(now, lookMs)
    return { state: 'waiting', lookAt, because: seen.detail }
  }
  if (seen.state === 'unknown')
    return { state: 'waiting', lookAt: plus(now, lookMs), because: `${seen.detail} Not proven while it is unknown.` }
  return { state: 'proven', because: `${seen.detail} It held for ${daysText(windowMs)}.` }
}

function daysText(ms: number): string {
  const days = Math.round(ms / day)
  return days >= 1 ? `${days} ${days === 1 ? 'day' : 'days'}` : `${Math.round(ms / 3_600_000)} hours`
}

export function isOverdue(action: { readonly state: ActionState; readonly dueAt: Instant }, now: Instant): boolean {
  return action.state === 'open' && action.dueAt < now
}
