// The ways an escalation makes a page: the next level, the fallback owner, a hand-over, an explicit choice of people.
import { minute } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Directory } from './directory.ts'
import { findLevel, levelChangesAt, type Paged, peopleOf, type Reason, type Search } from './escalation-level.ts'
import {
  type Escalation,
  type EscalationStep,
  explain,
  fallbackLevel,
  type Phase,
  refuse,
  unchanged,
} from './escalation-state.ts'

/** A step to the first level with anybody, from a place in the policy; `endless` lets a manual escalation wrap. */
export function advance(
  state: Escalation,
  from: { level: number; round: number },
  directory: Directory,
  now: Instant,
  endless = false,
): EscalationStep {
  const search = searchOf(state, directory, now)
  const { found, skipped } = findLevel(search, from, endless)
  if (found.kind === 'end') {
    const sentence = `The rounds of policy ${state.policy.name} are used up. It stays assigned to ${list(state.assigned)}.`
    const phase: Phase = { kind: 'exhausted', because: 'rounds-used' }
    const next = { ...state, phase, handOverAt: handOverOf(state, search) }
    return { state: next, effects: [], reasons: [...skipped, { code: 'oncall.rounds-used', sentence }], refusal: null }
  }
  if (found.kind === 'nobody') return fallBack(state, found.round, search, skipped)
  const before = found.round === state.round && found.level > state.level ? state.pagedThisRound : []
  const fresh = found.people.filter((each) => !before.includes(each.person))
  // Nobody new at this level: a level is never silent, so its people hear it again.
  const people = fresh.length > 0 ? fresh : found.people
  const waitMs = state.policy.levels[found.level]?.waitMs ?? minute
  const next: Escalation = {
    ...state,
    phase: waiting(state, plus(now, waitMs)),
    round: found.round,
    level: found.level,
    steps: state.steps + 1,
    assigned: found.people.map((each) => each.person),
    pagedThisRound: [...new Set([...before, ...found.people.map((each) => each.person)])],
  }
  const paged = {
    code: 'oncall.paged',
    sentence: `Level ${found.level + 1}, round ${found.round + 1}: ${sayPaged(people)}.`,
  }
  const calm = { code: 'oncall.low-urgency', sentence: 'Low urgency is assigned and does not escalate.' }
  return {
    state: { ...next, handOverAt: handOverOf(next, search) },
    effects: [{ kind: 'page', step: next.steps, level: found.level, round: found.round, people }],
    reasons: [...skipped, paged, ...(state.urgency === 'low' ? [calm] : [])],
    refusal: null,
  }
}

function fallBack(state: Escalation, round: number, search: Search, skipped: readonly Reason[]): EscalationStep {
  const { policy, directory, now } = search
  const owner = policy.fallbackOwner
  const handOverAt = levelChangesAt(search, policy.levels)
  if (owner === null || !directory.canReach(owner)) {
    const who = owner === null ? 'the policy names no fallback owner' : `the fallback owner ${owner} cannot be reached`
    const because = `No level of policy ${policy.name} has anyone who can be reached, and ${who}.`
    const phase: Phase = { kind: 'exhausted', because: 'nobody-reachable' }
    return {
      state: { ...state, phase, round, level: fallbackLevel, handOverAt },
      effects: [{ kind: 'unrouted', because }],
      reasons: [...skipped, { code: 'oncall.unrouted', sentence: because }],
      refusal: null,
    }
  }
  const people = [{ person: owner, because: 'fallback owner: no level has anyone who can be reached' }]
  const nextAt = plus(now, policy.levels[0]?.waitMs ?? minute)
  const steps = state.steps + 1
  const next: Escalation = {
    ...state,
    phase: waiting(state, nextAt),
    round,
    level: fallbackLevel,
    steps,
    assigned: [owner],
    pagedThisRound: [],
    handOverAt: policy.pageOnHandOver ? handOverAt : null,
  }
  const reason = { code: 'oncall.fallback', sentence: `Nobody can be reached: ${sayPaged(people)}.` }
  return {
    state: next,
    effects: [{ kind: 'page', step: steps, level: fallbackLevel, round, people }],
    reasons: [...skipped, reason],
    refusal: null,
  }
}

/** The people on call changed while nobody had acknowledged: the one who came is paged, the wait goes on. */
export function handOver(state: Escalation, directory: Directory, now: Instant): EscalationStep {
  if (state.level === fallbackLevel) return advance(state, { level: 0, round: state.round }, directory, now)
  const step = state.policy.pageOnHandOver
    ? pageNewcomers(state, state.assigned, directory, now, {
        because: 'came while nobody had acknowledged',
        code: 'oncall.hand-over',
        heading: 'Hand-over during the page',
      })
    : unchanged({ ...state, handOverAt: null })
  if (step.effects.length > 0) return step
  return explain('oncall.hand-over', 'A hand-over during the page brought nobody new.', step)
}

interface Newcomers {
  readonly because: string
  readonly code: string
  readonly heading: string
}

/** Pages who belongs to the level under way and is not among `told`; the wait goes on. */
export function pageNewcomers(
  state: Escalation,
  told: readonly string[],
  directory: Directory,
  now: Instant,
  how: Newcomers,
): EscalationStep {
  const search = searchOf(state, directory, now)
  const came = peopleOf(search, state.level, state.round).people.filter((each) => !told.includes(each.person))
  const next: Escalation = { ...state, handOverAt: handOverOf(state, search) }
  if (came.length === 0) return unchanged(next)
  const people = came.map((each) => ({ ...each, because: `${each.because}, ${how.because}` }))
  const names = people.map((each) => each.person)
  const steps = state.steps + 1
  const assigned = [...state.assigned, ...names]
  return {
    state: { ...next, steps, assigned, pagedThisRound: [...new Set([...state.pagedThisRound, ...names])] },
    effects: [{ kind: 'page', step: steps, level: state.level, round: state.round, people }],
    reasons: [{ code: how.code, sentence: `${how.heading}: ${sayPaged(people)}.` }],
    refusal: null,
  }
}

export function pagePeople(
  state: Escalation,
  by: string,
  names: readonly string[],
  directory: Directory,
  now: Instant,
): EscalationStep {
  const reachable = [...new Set(names)].filter((person) => directory.canReach(person))
  if (reachable.length === 0) {
    const who = names.length === 0 ? 'nobody was named' : `${names.join(', ')} cannot be reached`
    return refuse(state, 'conflict', 'oncall.nobody-reachable', `The page stays where it is: ${who}.`)
  }
  const people = reachable.map((person) => ({ person, because: `asked for by ${by}` }))
  const steps = state.steps + 1
  const waitMs = state.policy.levels[Math.max(state.level, 0)]?.waitMs ?? minute
  const phase = waiting(state, plus(now, waitMs))
  const next: Escalation = { ...state, phase, steps, assigned: reachable, handOverAt: null }
  return {
    state: next,
    effects: [
      { kind: 'stop-pages', because: `${by} passed it on.` },
      { kind: 'page', step: steps, level: state.level, round: state.round, people },
    ],
    reasons: [{ code: 'oncall.reassigned', sentence: `${by} passed it to ${list(reachable)}.` }],
    refusal: null,
  }
}

export function again(state: Escalation, directory: Directory, now: Instant): EscalationStep {
  const from = { level: Math.max(state.level, 0), round: state.round }
  // The current level may have nobody left: then any other level, even behind the last round.
  return advance({ ...state, pagedThisRound: [] }, from, directory, now, true)
}

export function after(state: Escalation): { level: number; round: number } {
  // Behind the fallback owner comes level 1 of the next round.
  const level = state.level === fallbackLevel ? state.policy.levels.length : state.level + 1
  return { level, round: state.round }
}

/** Low urgency is assigned and never escalates. */
function waiting(state: Escalation, nextAt: Instant): Phase {
  return state.urgency === 'low' ? { kind: 'exhausted', because: 'low-urgency' } : { kind: 'escalating', nextAt }
}

function handOverOf(state: Escalation, search: Search): Instant | null {
  if (!state.policy.pageOnHandOver) return null
  const level = state.policy.levels[state.level]
  // With the fallback owner anyone who comes on call at any level matters.
  return levelChangesAt(search, level === undefined ? state.policy.levels : [level])
}

function searchOf(state: Escalation, directory: Directory, now: Instant): Search {
  return { policy: state.policy, turn: state.turn, directory, now }
}

function sayPaged(people: readonly Paged[]): string {
  return people.map((each) => `${each.person} (${each.because})`).join(', ')
}

function list(people: readonly string[]): string {
  return people.length === 0 ? 'nobody' : people.join(', ')
}
