// A corrective action is not done when somebody says so, but when its signal has held for a while.
import { day, minute } from '../../../kernel/duration.ts'
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
  /** The service has what readiness asks of it, the whole time: a runbook, an objective, a signal. */
  | { readonly kind: 'check'; readonly service: string; readonly check: ReadinessCheck; readonly windowMs: number }
  /** A drill of the service, begun after the work was done and within the window, ends mitigated, and soon enough. */
  | {
      readonly kind: 'drill'
      readonly service: string
      readonly windowMs: number
      /** From the beginning of the drill; null: however long it takes. */
      readonly mitigatedWithinMs: number | null
    }

/** What coverage can tell of a service; traces are not among them, since nobody here can see whether they are there. */
export const readinessChecks = [
  'traffic',
  'errors',
  'latency',
  'saturation',
  'objective',
  'dashboard',
  'runbook',
  'owner',
] as const
export type ReadinessCheck = (typeof readinessChecks)[number]

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
  /**
   * `good`, `bad` and `unknown` are of this moment: good must last. `passed` proves at once, `awaited` is still to happen
   * and must within the window. `gone`: nobody can look at it any more.
   */
  readonly state: 'good' | 'bad' | 'unknown' | 'gone' | 'passed' | 'awaited'
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
  if (seen.state === 'passed') return { state: 'proven', because: seen.detail }
  if (now < end) {
    const lookAt = end - now < lookMs ? end : plus(now, lookMs)
    return { state: 'waiting', lookAt, because: seen.detail }
  }
  if (seen.state === 'awaited')
    return { state: 'recurred', because: `${seen.detail} It was to happen within ${daysText(windowMs)}.` }
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

/** A drill that is over, as far as it proves something. */
export interface DrillHeld {
  readonly number: number
  readonly declaredAt: Instant
  readonly mitigatedAt: Instant | null
  readonly resolvedAt: Instant | null
}

/** The newest drill decides: one that failed may be held again. */
export function judgeDrills(
  { service, mitigatedWithinMs }: Pick<Extract<ProofSignal, { kind: 'drill' }>, 'service' | 'mitigatedWithinMs'>,
  since: Instant,
  drills: readonly DrillHeld[],
): SignalSeen {
  const [newest] = drills.filter((each) => each.declaredAt >= since).sort((a, b) => b.declaredAt - a.declaredAt)
  if (newest === undefined) return { state: 'awaited', detail: `No drill of ${service} has ended since.` }
  const name = `Drill ${newest.number} of ${service}`
  const { mitigatedAt, resolvedAt } = newest
  // Who ends one without saying that it was mitigated has given up: that moment stands as both.
  if (mitigatedAt === null || (resolvedAt !== null && mitigatedAt >= resolvedAt))
    return { state: 'bad', detail: `${name} ended without being mitigated.` }
  const took = Math.max(0, mitigatedAt - newest.declaredAt)
  if (mitigatedWithinMs !== null && took > mitigatedWithinMs)
    return { state: 'bad', detail: `${name} took ${timeText(took)} to mitigate, not ${timeText(mitigatedWithinMs)}.` }
  return { state: 'passed', detail: `${name} was mitigated within ${timeText(took)}.` }
}

function timeText(ms: number): string {
  const minutes = Math.max(1, Math.ceil(ms / minute))
  if (minutes < 120) return minutes === 1 ? '1 minute' : `${minutes} minutes`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
