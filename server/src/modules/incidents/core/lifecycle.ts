// The life of an incident: triage → active → mitigated → resolved → reviewed, with the ways back, and changes of severity;
// planned work goes planned → active → resolved.
import type { Instant } from '../../../kernel/instant.ts'
import type { Severity } from '../../../kernel/severity.ts'
import type { Refusal } from '../../oncall/core/index.ts'
import type { IncidentKind } from './incident-reader.ts'

export const incidentPhases = ['planned', 'triage', 'active', 'mitigated', 'resolved', 'reviewed'] as const
export type IncidentPhase = (typeof incidentPhases)[number]

/** Separate, each editable with a reason; null is not known or not yet, never zero. */
export interface IncidentTimes {
  readonly impactStartedAt: Instant | null
  readonly detectedAt: Instant | null
  readonly declaredAt: Instant
  readonly acknowledgedAt: Instant | null
  readonly mitigatedAt: Instant | null
  readonly resolvedAt: Instant | null
}

export interface IncidentState {
  readonly phase: IncidentPhase
  readonly severity: Severity
  readonly times: IncidentTimes
  /** Unless said it is one of those that hurt somebody. */
  readonly kind?: IncidentKind
}

export type IncidentDecision =
  | { readonly ok: true; readonly state: IncidentState; readonly reason: string }
  | { readonly ok: false; readonly refusal: Refusal }

const allowed: Readonly<Record<IncidentPhase, readonly IncidentPhase[]>> = {
  planned: [],
  triage: ['active', 'resolved'],
  active: ['mitigated', 'resolved'],
  mitigated: ['active', 'resolved'],
  // Reopened: the same incident, the same timeline.
  resolved: ['active', 'reviewed'],
  reviewed: ['active'],
}

/** Planned work hurts nobody: it is begun or called off, and then it is over. */
const allowedPlanned: Readonly<Record<IncidentPhase, readonly IncidentPhase[]>> = {
  ...allowed,
  planned: ['active', 'resolved'],
  active: ['resolved'],
}

/** Somebody has to act on it now. */
export function isOpen(phase: IncidentPhase): boolean {
  return phase === 'triage' || phase === 'active' || phase === 'mitigated'
}

/** Where it can go from here, for the buttons of the console. */
export function nextPhases(phase: IncidentPhase, kind?: IncidentKind): readonly IncidentPhase[] {
  return (kind === 'scheduled' ? allowedPlanned : allowed)[phase]
}

/** Ways back and ending one from triage need a reason: the review will ask for it. */
export function decidePhase(
  state: IncidentState,
  to: IncidentPhase,
  reason: string | null,
  now: Instant,
): IncidentDecision {
  const { phase, times } = state
  if (phase === to) return refuse('conflict', 'incidents.same-phase', `The incident is already ${to}.`)
  const ways = nextPhases(phase, state.kind)
  if (!ways.includes(to)) {
    const what = state.kind === 'scheduled' ? `Planned work that is ${phase}` : `An incident in ${phase}`
    return refuse('conflict', 'incidents.no-such-way', `${what} goes to ${ways.join(' or ')}, not to ${to}.`)
  }
  const said = reason?.trim() ?? ''
  const needed = reasonNeeded(phase, to)
  if (said === '' && needed !== null) return refuse('invalid', 'incidents.reason-missing', needed)
  const sentence = said === '' ? `From ${phase} to ${to}.` : said
  // A review looks back; it moves no time.
  if (to === 'reviewed') return { ok: true, state: { ...state, phase: to }, reason: sentence }
  // Nobody was hurt and nobody was called: there is nothing to measure but the end.
  if (state.kind === 'scheduled') {
    const end = { ...times, resolvedAt: to === 'resolved' ? now : null }
    return { ok: true, state: { ...state, phase: to, times: end }, reason: sentence }
  }
  const next: IncidentTimes = {
    ...times,
    // Whoever confirms it has answered it.
    acknowledgedAt: phase === 'triage' && to === 'active' ? (times.acknowledgedAt ?? now) : times.acknowledgedAt,
    // Resolved without a word of mitigation: it was mitigated at the latest then. What was no incident never was,
    // unless its alerts ended by themselves and that time stands.
    mitigatedAt: to === 'active' ? null : phase === 'triage' ? times.mitigatedAt : (times.mitigatedAt ?? now),
    resolvedAt: to === 'resolved' ? now : null,
  }
  return { ok: true, state: { ...state, phase: to, times: next }, reason: sentence }
}

function reasonNeeded(from: IncidentPhase, to: IncidentPhase): string | null {
  if (from === 'planned') return to === 'resolved' ? 'Say why it is called off.' : null
  if (from === 'triage') return to === 'resolved' ? 'Say why it was no incident.' : null
  return to === 'active' ? 'Say why it is active again.' : null
}

export function decideSeverity(state: IncidentState, to: Severity, reason: string): IncidentDecision {
  if (state.severity === to) return refuse('conflict', 'incidents.same-severity', `The incident is already ${to}.`)
  if (reason.trim() === '') {
    return refuse('invalid', 'incidents.reason-missing', `Say why it is ${to} now and no longer ${state.severity}.`)
  }
  return { ok: true, state: { ...state, severity: to }, reason: reason.trim() }
}

/** The times that have an order; when it was declared is a fact of its own. */
export const incidentTimes = ['impactStartedAt', 'detectedAt', 'acknowledgedAt', 'mitigatedAt', 'resolvedAt'] as const
export type IncidentTime = (typeof incidentTimes)[number]
const timeWords: Readonly<Record<IncidentTime, string>> = {
  impactStartedAt: 'the start of the impact',
  detectedAt: 'the detection',
  acknowledgedAt: 'the acknowledgement',
  mitigatedAt: 'the mitigation',
  resolvedAt: 'the resolution',
}

/** Corrects one time afterwards. Metrics are computed anew from the result; an order that cannot be is refused. */
export function decideTime(
  state: IncidentState,
  which: IncidentTime,
  at: Instant | null,
  reason: string,
  now: Instant,
): IncidentDecision {
  if (reason.trim() === '') {
    return refuse('invalid', 'incidents.reason-missing', `Say why ${timeWords[which]} is corrected.`)
  }
  if (at !== null && at > now) {
    return refuse('invalid', 'incidents.time-ahead', `${capital(timeWords[which])} cannot lie in the future.`)
  }
  if (at === null && which === 'resolvedAt' && !isOpen(state.phase)) {
    return refuse(
      'invalid',
      'incidents.time-needed',
      'A resolved incident has a time of resolution; reopen it instead.',
    )
  }
  const times = { ...state.times, [which]: at }
  const wrong = firstDisorder(times)
  if (wrong !== null) return refuse('invalid', 'incidents.times-disordered', wrong)
  return { ok: true, state: { ...state, times }, reason: reason.trim() }
}

function firstDisorder(times: IncidentTimes): string | null {
  let before: { at: Instant; word: string } | null = null
  for (const name of incidentTimes) {
    const at = times[name]
    if (at === null) continue
    if (before !== null && at < before.at) return `${capital(timeWords[name])} would lie before ${before.word}.`
    before = { at, word: timeWords[name] }
  }
  return null
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
}

function refuse(kind: Refusal['kind'], code: string, sentence: string): IncidentDecision {
  return { ok: false, refusal: { kind, code, sentence } }
}
