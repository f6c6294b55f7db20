// The ways an escalation makes a page: the next level, the fallback owner, a hand-over, an explicit choice of people.
import { minute } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Directory } from './directory.ts'
import {
  findLevel,
  levelChangesAt,
  type Paged,
  type PagedWebhook,
  peopleOf,
  type Reason,
  type Search,
  webhooksOf,
} from './escalation-level.ts'
import {
  type Escalation,
  type EscalationEffect,
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
  // Nobody was told of it so far: what ends the rounds of others must not end its own.
  if (found.kind === 'end' && state.assigned.length === 0)
    return fallBack(state, { ...found, round: state.round }, search, skipped)
  if (found.kind === 'end') {
    const sentence = `The rounds of policy ${state.policy.name} are used up. It stays assigned to ${list(state.assigned)}.`
    const phase: Phase = { kind: 'exhausted', because: 'rounds-used' }
    const steps = state.steps + (found.webhooks.length > 0 ? 1 : 0)
    const next = { ...state, phase, steps, handOverAt: handOverOf(state, search) }
    const effects = toWebhooks(next, { ...state, webhooks: found.webhooks })
    const reasons = [...skipped, ...sayWebhooks(found.webhooks), { code: 'oncall.rounds-used', sentence }]
    return { state: next, effects, reasons, refusal: null }
  }
  if (found.kind === 'nobody') return fallBack(state, found, search, skipped)
  if (found.people.length === 0) return tellMachines(state, found, search, skipped)
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
    effects: [
      { kind: 'page', step: next.steps, level: found.level, round: found.round, people },
      ...toWebhooks(next, found),
    ],
    reasons: [...skipped, paged, ...sayWebhooks(found.webhooks), ...(state.urgency === 'low' ? [calm] : [])],
    refusal: null,
  }
}

type FoundLevel = Extract<Found, { kind: 'level' }>

/** A level of webhooks alone: it is waited for like any other, and whoever had the alert before has it still. */
function tellMachines(
  state: Escalation,
  found: FoundLevel,
  search: Search,
  skipped: readonly Reason[],
): EscalationStep {
  const { level, round, webhooks } = found
  const nextAt = plus(search.now, state.policy.levels[level]?.waitMs ?? minute)
  const next: Escalation = {
    ...state,
    // Low urgency ends at the first person who has it, not at a machine.
    phase: state.assigned.length > 0 ? waiting(state, nextAt) : { kind: 'escalating', nextAt },
    round,
    level,
    steps: state.steps + 1,
    pagedThisRound: round === state.round && level > state.level ? state.pagedThisRound : [],
  }
  const sentence = `Level ${level + 1}, round ${round + 1}: it pages nobody but ${listWebhooks(webhooks)}.`
  return {
    state: { ...next, handOverAt: handOverOf(next, search) },
    effects: toWebhooks(next, found),
    reasons: [...skipped, { code: 'oncall.webhooks-told', sentence }],
    refusal: null,
  }
}

type Found = ReturnType<typeof findLevel>['found']
type Told = Pick<FoundLevel, 'level' | 'round' | 'webhooks'>

function toWebhooks({ steps: step }: Escalation, { level, round, webhooks }: Told): readonly EscalationEffect[] {
  return webhooks.length === 0 ? [] : [{ kind: 'page-webhooks', step, level, round, webhooks }]
}

const listWebhooks = (webhooks: readonly PagedWebhook[]): string =>
  `${webhooks.length === 1 ? 'webhook' : 'webhooks'} ${webhooks.map((each) => each.webhook).join(', ')}`

function sayWebhooks(webhooks: readonly PagedWebhook[]): readonly Reason[] {
  if (webhooks.length === 0) return []
  return [{ code: 'oncall.webhooks-told', sentence: `Told as well: ${listWebhooks(webhooks)}.` }]
}

function fallBack(
  state: Escalation,
  found: Pick<Told, 'round' | 'webhooks'>,
  search: Search,
  skipped: readonly Reason[],
): EscalationStep {
  const { round, webhooks } = found
  const { policy, directory, now } = search
  const owner = policy.fallbackOwner
  const handOverAt = levelChangesAt(search, policy.levels)
  if (owner === null || !directory.canReach(owner)) {
    const who = owner === null ? 'the policy names no fallback owner' : `the fallback owner ${owner} cannot be reached`
    const because = `No level of policy ${policy.name} has anyone who can be reached, and ${who}.`
    const phase: Phase = { kind: 'exhausted', because: 'nobody-reachable' }
    // It is looked for somebody again and again: machines are told when that begins, not each time.
    const known = state.phase.kind === 'exhausted' && state.phase.because === 'nobody-reachable'
    const told = known ? [] : webhooks
    const steps = state.steps + (told.length > 0 ? 1 : 0)
    const next: Escalation = { ...state, phase, round, level: fallbackLevel, steps, handOverAt }
    return {
      state: next,
      effects: [{ kind: 'unrouted', because }, ...toWebhooks(next, { level: fallbackLevel, round, webhooks: told })],
      reasons: [...skipped, { code: 'oncall.unrouted', sentence: because }, ...sayWebhooks(told)],
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
    effects: [
      { kind: 'page', step: steps, level: fallbackLevel, round, people },
      ...toWebhooks(next, { level: fallbackLevel, round, webhooks }),
    ],
    reasons: [...skipped, reason, ...sayWebhooks(webhooks)],
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

/** Machines that an edited policy adds to the level under way are told like people whom it adds. */
export function tellNewWebhooks(
  before: Escalation,
  step: EscalationStep,
  directory: Directory,
  now: Instant,
): EscalationStep {
  const { state, effects } = step
  const goesOn = state.phase.kind === 'escalating' && state.level >= 0 && state.level === before.level
  if (!goesOn || effects.some((each) => each.kind === 'page-webhooks')) return step
  const known = new Set(webhooksOf(searchOf(before, directory, now), before.level).map((each) => each.webhook))
  const webhooks = webhooksOf(searchOf(state, directory, now), state.level)
    .filter((each) => !known.has(each.webhook))
    .map((each) => ({ ...each, because: `${each.because}, added by the edited policy` }))
  if (webhooks.length === 0) return step
  const next = { ...state, steps: state.steps + 1 }
  return {
    ...step,
    state: next,
    effects: [...effects, ...toWebhooks(next, { ...state, webhooks })],
    reasons: [...step.reasons, ...sayWebhooks(webhooks)],
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
