// The page of one alert group from the first person to the last, as a pure step from state and input to state and
// effects. The caller stores the state and its wake-up in one transaction and only then acts on the effects.
import { formatDuration } from '../../../kernel/duration.ts'
import { formatInstant, type Instant, plus } from '../../../kernel/instant.ts'
import type { Urgency } from '../../../kernel/severity.ts'
import type { Directory } from './directory.ts'
import { advance, after, again, handOver, pageNewcomers, pagePeople, tellNewWebhooks } from './escalation-paging.ts'
import type { EscalationPolicy } from './escalation-policy.ts'
import {
  type Escalation,
  type EscalationInput,
  type EscalationStep,
  explain,
  fallbackLevel,
  type Phase,
  refuse,
  unchanged,
  wakeAt,
} from './escalation-state.ts'

interface Opening {
  readonly policy: EscalationPolicy
  readonly urgency: Urgency
  readonly turn: number
}

export function openEscalation(opening: Opening, directory: Directory, now: Instant): EscalationStep {
  const blank: Escalation = {
    ...opening,
    phase: { kind: 'escalating', nextAt: now },
    round: 0,
    level: fallbackLevel,
    steps: 0,
    assigned: [],
    pagedThisRound: [],
    handOverAt: null,
  }
  return wake(null, advance(blank, { level: 0, round: 0 }, directory, now))
}

export function stepEscalation(
  state: Escalation,
  input: EscalationInput,
  directory: Directory,
  now: Instant,
): EscalationStep {
  if (state.phase.kind === 'resolved') {
    if (input.kind === 'due' || input.kind === 'hold' || input.kind === 'resolve') return unchanged(state)
    return refuse(state, 'conflict', 'oncall.escalation-resolved', 'This alert is already resolved.')
  }
  return wake(wakeAt(state), decide(state, input, directory, now))
}

function decide(state: Escalation, input: EscalationInput, directory: Directory, now: Instant): EscalationStep {
  switch (input.kind) {
    case 'due':
      return due(state, directory, now)
    case 'hold':
      return hold(state, input.until, input.because, now)
    case 'acknowledge':
      return acknowledge(state, input.by, input.timeoutMs, now)
    case 'unacknowledge':
      if (state.phase.kind !== 'acknowledged' && state.phase.kind !== 'snoozed') {
        return refuse(state, 'conflict', 'oncall.not-acknowledged', 'Nobody has acknowledged this alert.')
      }
      return resume(state, directory, now, `${input.by} gave the alert back.`)
    case 'snooze': {
      if (input.until <= now) return refuse(state, 'invalid', 'oncall.snooze-past', 'A snooze ends in the future.')
      const phase: Phase = { kind: 'snoozed', by: input.by, until: input.until }
      const because = `${input.by} snoozed it until ${formatInstant(input.until)}.`
      return settle(state, phase, 'oncall.snoozed', because)
    }
    case 'resolve':
      return settle(state, { kind: 'resolved', at: now }, 'oncall.resolved', 'The alert is resolved.')
    case 'escalate':
      return explain('oncall.escalated', `${input.by} escalated.`, advance(state, after(state), directory, now, true))
    case 'reassign-policy': {
      const opened = openEscalation({ policy: input.policy, urgency: state.urgency, turn: input.turn }, directory, now)
      const because = `${input.by} passed it to policy ${input.policy.name}.`
      return restarted(state, opened, because)
    }
    case 'reassign-people':
      return pagePeople(state, input.by, input.people, directory, now)
    case 'reapply':
      return reapply(state, input, directory, now)
    case 'raise-urgency': {
      if (state.urgency === 'high') return unchanged(state)
      const raised: Escalation = { ...state, urgency: 'high' }
      const waits = state.phase.kind === 'acknowledged' || state.phase.kind === 'snoozed'
      if (waits) return { ...unchanged(raised), reasons: [{ code: 'oncall.urgency-raised', sentence: input.because }] }
      return explain('oncall.urgency-raised', input.because, again(raised, directory, now))
    }
  }
}

function due(state: Escalation, directory: Directory, now: Instant): EscalationStep {
  const at = wakeAt(state)
  if (at === null || now < at) {
    return { ...unchanged(state), reasons: [{ code: 'oncall.not-due', sentence: 'Nothing is due yet.' }] }
  }
  const { phase } = state
  if (phase.kind === 'acknowledged') {
    const since = formatDuration(now - phase.at)
    return resume(state, directory, now, `${phase.by} acknowledged ${since} ago and it is not resolved.`)
  }
  if (phase.kind === 'snoozed') return resume(state, directory, now, `The snooze of ${phase.by} is over.`)
  // After an outage the wait is over many times; only the current step is made, nothing is replayed.
  if (phase.kind === 'escalating' && now >= phase.nextAt) return advance(state, after(state), directory, now)
  if (phase.kind === 'exhausted' && phase.because === 'nobody-reachable') {
    return advance(state, { level: 0, round: state.round }, directory, now)
  }
  return handOver(state, directory, now)
}

/** Only what is due is put off, and nothing else about it changes: whoever has it keeps it. */
function hold(state: Escalation, until: Instant, because: string, now: Instant): EscalationStep {
  const at = wakeAt(state)
  if (at === null || now < at || until <= now) return unchanged(state)
  const { phase } = state
  const later: Phase =
    phase.kind === 'acknowledged'
      ? { ...phase, timesOutAt: until }
      : phase.kind === 'snoozed'
        ? { ...phase, until }
        : phase.kind === 'escalating'
          ? { ...phase, nextAt: phase.nextAt <= now ? until : phase.nextAt }
          : phase
  const handOverAt = state.handOverAt !== null && state.handOverAt <= now ? until : state.handOverAt
  return explain('oncall.held', because, unchanged({ ...state, phase: later, handOverAt }))
}

function acknowledge(
  state: Escalation,
  by: string,
  timeoutMs: number | null | undefined,
  now: Instant,
): EscalationStep {
  const lasts = timeoutMs === undefined ? state.policy.ackTimeoutMs : timeoutMs
  if (lasts !== null && lasts <= 0) {
    return refuse(state, 'invalid', 'oncall.timeout-past', 'An acknowledgement lasts longer than nothing.')
  }
  const timesOutAt = lasts === null ? null : plus(now, lasts)
  const still = state.phase.kind === 'acknowledged'
  const asks = timesOutAt === null ? '' : ` It asks again at ${formatInstant(timesOutAt)} unless it is resolved.`
  const sentence = `${by} ${still ? 'is still on it' : 'acknowledged'}.${asks}`
  return settle(state, { kind: 'acknowledged', by, at: now, timesOutAt }, 'oncall.acknowledged', sentence)
}

type Reapplying = Extract<EscalationInput, { kind: 'reapply' }>

/** Whom the edited policy adds to the level under way is paged now; whoever was paged already is not paged again. */
function reapply(state: Escalation, { by, policy }: Reapplying, directory: Directory, now: Instant): EscalationStep {
  const level = Math.min(state.level, policy.levels.length - 1)
  const served = state.policy.levels[Math.max(state.level, 0)]?.waitMs ?? 0
  const waitMs = policy.levels[Math.max(level, 0)]?.waitMs ?? 0
  let { phase } = state
  // A wait shortened below what has passed is due now, not in the past.
  if (phase.kind === 'escalating') {
    const nextAt = plus(phase.nextAt, waitMs - served)
    phase = { kind: 'escalating', nextAt: nextAt > now ? nextAt : now }
  }
  const next: Escalation = { ...state, policy, level, round: Math.min(state.round, policy.repeat), phase }
  const step = tellNewWebhooks(state, goOnBy(next, directory, now), directory, now)
  return explain('oncall.reapplied', `${by} took over the edited policy ${policy.name}.`, step)
}

function goOnBy(state: Escalation, directory: Directory, now: Instant): EscalationStep {
  const { phase } = state
  if (phase.kind === 'acknowledged' || phase.kind === 'snoozed') return unchanged(state)
  // Nobody was found by the policy as it was: by the edited one there may be somebody.
  if (phase.kind === 'exhausted' && phase.because === 'nobody-reachable')
    return advance(state, { level: 0, round: state.round }, directory, now)
  if (phase.kind === 'exhausted' && phase.because === 'rounds-used') {
    const onward = advance(state, after(state), directory, now)
    if (onward.effects.length > 0) return onward
  }
  if (state.level === fallbackLevel) return leaveFallback(state, directory, now)
  return pageNewcomers(state, [...state.assigned, ...state.pagedThisRound], directory, now, {
    because: 'added by the edited policy',
    code: 'oncall.paged',
    heading: `Level ${state.level + 1}, round ${state.round + 1}`,
  })
}

/** Still the same owner and nobody else: they were told. */
function leaveFallback(state: Escalation, directory: Directory, now: Instant): EscalationStep {
  const step = advance(state, { level: 0, round: state.round }, directory, now)
  const { level, assigned, handOverAt } = step.state
  const pages = step.effects.some((effect) => effect.kind === 'page')
  const same = level === fallbackLevel && pages && assigned.every((each) => state.assigned.includes(each))
  return same ? unchanged({ ...state, handOverAt }) : step
}

/** Back to paging after an acknowledgement or a snooze: the current level from its start. */
function resume(state: Escalation, directory: Directory, now: Instant, because: string): EscalationStep {
  return explain('oncall.paging-again', because, again(state, directory, now))
}

function settle(state: Escalation, phase: Phase, code: string, sentence: string): EscalationStep {
  const stop = { kind: 'stop-pages', because: sentence } as const
  return { state: { ...state, phase, handOverAt: null }, effects: [stop], reasons: [{ code, sentence }], refusal: null }
}

function restarted(state: Escalation, opened: EscalationStep, because: string): EscalationStep {
  const page = opened.effects
    .filter((each) => each.kind !== 'wake')
    .map((each) => ('step' in each ? { ...each, step: state.steps + each.step } : each))
  return {
    // Page numbers go on: a key is never used for two pages.
    state: { ...opened.state, steps: state.steps + opened.state.steps },
    effects: [{ kind: 'stop-pages', because }, ...page],
    reasons: [{ code: 'oncall.reassigned', sentence: because }, ...opened.reasons],
    refusal: null,
  }
}

function wake(before: Instant | null, step: EscalationStep): EscalationStep {
  const at = wakeAt(step.state)
  return at === before ? step : { ...step, effects: [...step.effects, { kind: 'wake', at }] }
}
