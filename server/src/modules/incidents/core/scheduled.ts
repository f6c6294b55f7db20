// Planned work that is led like an incident: when it begins and ends, and what its time calls for.
import { day } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Refusal } from '../../oncall/core/index.ts'
import type { IncidentKind } from './incident-reader.ts'
import type { IncidentPhase } from './lifecycle.ts'

export interface WorkPlan {
  readonly startsAt: Instant
  readonly endsAt: Instant
}

// As a maintenance: what lasts longer is a project.
const longestMs = 31 * day
const farthestMs = 400 * day

/** Null when it can take place. */
export function refusePlan(plan: WorkPlan, now: Instant): Refusal | null {
  const { startsAt, endsAt } = plan
  if (startsAt < now) return refusal('It cannot begin in the past. Name a later time, or declare it when it begins.')
  if (endsAt <= startsAt) return refusal('It ends before it begins.')
  if (endsAt - startsAt > longestMs) return refusal('Planned work lasts 31 days at most.')
  if (startsAt - now > farthestMs) return refusal('Planned work begins within 400 days.')
  return null
}

/** Of work that is under way only the end is still open. */
export function refuseNewEnd(plan: WorkPlan, now: Instant): Refusal | null {
  if (plan.endsAt <= now) return refusal('The new end lies in the past. Resolve it instead.')
  return plan.endsAt - plan.startsAt > longestMs ? refusal('Planned work lasts 31 days at most.') : null
}

export type PlanTurn =
  | { readonly do: 'nothing' }
  | { readonly do: 'wait'; readonly until: Instant }
  | { readonly do: 'begin' }
  /** Its time is over and it is not. */
  | { readonly do: 'remind' }

/** By the times alone, however late or often it is asked: a clock that jumps is no matter. */
export function planTurn(
  { kind, phase }: { readonly kind: IncidentKind; readonly phase: IncidentPhase },
  plan: WorkPlan,
  now: Instant,
): PlanTurn {
  if (kind !== 'scheduled') return { do: 'nothing' }
  if (phase === 'planned') return now < plan.startsAt ? { do: 'wait', until: plan.startsAt } : { do: 'begin' }
  if (phase !== 'active') return { do: 'nothing' }
  return now < plan.endsAt ? { do: 'wait', until: plan.endsAt } : { do: 'remind' }
}

/** Null when it may become an incident as any other. */
export function refuseWentWrong({
  kind,
  phase,
}: {
  readonly kind: IncidentKind
  readonly phase: IncidentPhase
}): Refusal | null {
  if (kind !== 'scheduled') return conflict('incidents.not-scheduled', 'It is no planned work.')
  if (phase === 'planned') return conflict('incidents.not-begun', 'It has not begun. Begin it, or call it off.')
  if (phase !== 'active') return conflict('incidents.not-begun', 'It is over. Reopen it, or declare an incident.')
  return null
}

const refusal = (sentence: string): Refusal => ({ kind: 'invalid', code: 'incidents.bad-plan', sentence })
const conflict = (code: string, sentence: string): Refusal => ({ kind: 'conflict', code, sentence })
