// Does a mitigation work? Judged on what is measured, not on hope: the objective must stay within its budget for a
// stretch of time after the start. What is not measured proves nothing.
import { minute } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'

export interface VerificationPlan {
  /** 0.999 allows one bad event in a thousand. */
  readonly target: number
  /** How long it must hold. */
  readonly holdMs: number
  readonly startedAt: Instant
  /** When it counts as without effect. */
  readonly giveUpAt: Instant
}

export interface MeasuredStep {
  readonly start: Instant
  readonly stepMs: number
  readonly good: number
  readonly bad: number
  /** False for a gap: nothing arrived. */
  readonly measured: boolean
}

export type VerificationVerdict =
  | { readonly state: 'waiting'; readonly goodSince: Instant | null; readonly because: string }
  | { readonly state: 'verified'; readonly goodSince: Instant; readonly because: string }
  | { readonly state: 'ineffective'; readonly goodSince: null; readonly because: string }

/** Counts arrive late by up to this much; gaps younger than that are not held against it. */
const lateMs = 3 * minute

export function judgeMitigation(
  plan: VerificationPlan,
  steps: readonly MeasuredStep[],
  now: Instant,
): VerificationVerdict {
  const run = lastGoodRun(plan, steps, now)
  const needed = `${Math.round(plan.holdMs / minute)} min`
  if (run !== null && run.events > 0 && run.end - run.start >= plan.holdMs) {
    return {
      state: 'verified',
      goodSince: run.start,
      because: `Within its budget for ${needed} in a row, over ${run.events} ${run.events === 1 ? 'event' : 'events'}.`,
    }
  }
  if (now >= plan.giveUpAt) {
    return {
      state: 'ineffective',
      goodSince: null,
      because: `Not within its budget for ${needed} in a row until the time was up.`,
    }
  }
  if (run === null) {
    const last = steps.findLast((each) => each.measured && each.start + each.stepMs > plan.startedAt)
    if (last === undefined) return waiting(null, 'Nothing was measured since it began.')
    return waiting(null, `Still ${percent(last)} of events are bad, ${percentText(1 - plan.target)} are allowed.`)
  }
  const held = Math.max(0, Math.floor((run.end - run.start) / minute))
  return waiting(run.start, `Within its budget for ${held} of ${needed}.`)
}

interface Run {
  readonly start: Instant
  readonly end: Instant
  readonly events: number
}

/** The stretch of good steps that reaches up to what was measured last; null when the last one is bad or old. */
function lastGoodRun(plan: VerificationPlan, steps: readonly MeasuredStep[], now: Instant): Run | null {
  const since = steps.filter((each) => each.start >= plan.startedAt && each.start + each.stepMs <= now)
  const lastMeasured = since.findLastIndex((each) => each.measured)
  const last = since[lastMeasured]
  if (last === undefined || now - (last.start + last.stepMs) > lateMs + last.stepMs) return null
  let start: Instant | null = null
  let events = 0
  for (let index = lastMeasured; index >= 0; index -= 1) {
    const step = since[index]
    if (step === undefined || !step.measured || !withinBudget(step, plan.target)) break
    start = step.start
    events += step.good + step.bad
  }
  return start === null ? null : { start, end: instant(last.start + last.stepMs), events }
}

/** A minute without events breaks no promise; a run without any event proves none (see above). */
function withinBudget({ good, bad }: MeasuredStep, target: number): boolean {
  const total = good + bad
  // The target is a decimal fraction: 1 − 0.999 is a hair above 0.001 in binary, and so is this margin.
  return bad <= (1 - target) * total + total * 1e-12
}

function waiting(goodSince: Instant | null, because: string): VerificationVerdict {
  return { state: 'waiting', goodSince, because }
}

function percent({ good, bad }: MeasuredStep): string {
  return good + bad === 0 ? '0 %' : percentText(bad / (good + bad))
}

function percentText(ratio: number): string {
  return `${Number((ratio * 100).toPrecision(2))} %`
}
