// A journey as it stands: from the exact slices of the objectives it passes through, up to where all of them were judged.
import { formatInstant, type Instant, instant } from '../../../kernel/instant.ts'
import { rational, subtract, toNumber } from '../../../kernel/rational.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { periodAt } from '../core/calendar.ts'
import { judgeCeiling, type Needed, usedBy } from '../core/ceiling.ts'
import type { JourneyDefinition, JourneyPart } from '../core/journey.ts'
import {
  type Attained,
  attainedOf,
  type Evaluated,
  evaluateAnyOf,
  type JourneyVerdict,
  judgeJourney,
  shareOf,
} from '../core/judge-journey.ts'
import { stepStates, type Tally } from '../core/member-tally.ts'
import { formatPercent, formatShare, formatSpan, formatTarget } from '../core/sentence.ts'
import { stepOf } from '../core/step-of.ts'
import { coverage } from '../core/window.ts'
import type { ExclusionRow } from '../exclusions.store.ts'
import type { JourneyMemberView, JourneyReply } from '../journeys.contract.ts'
import { findObjectives, type ObjectiveRow } from '../objectives.store.ts'
import type { ObjectiveState } from '../slo.contract.ts'
import { readStates, type StateRow } from '../states.store.ts'
import { numberOrNull, objectivesWithin } from './check-journey.ts'
import { type TallyCache, tallyObjectives } from './tally-objectives.ts'

export interface JourneyWorld {
  readonly journeys: ReadonlyMap<string, JourneyDefinition>
  readonly exclusions: readonly ExclusionRow[]
  readonly tallies: TallyCache
}

export interface EvaluatedJourney {
  readonly asOf: Instant
  readonly reply: JourneyReply
}

export async function evaluateJourney(
  queries: Queries,
  definition: JourneyDefinition,
  world: JourneyWorld,
): Promise<EvaluatedJourney> {
  const names = objectivesWithin(definition, world.journeys)
  const rows = new Map((await findObjectives(queries, names)).map((row) => [row.name, row]))
  const states = new Map((await readStates(queries, names)).map((state) => [state.name, state]))
  const stepMs = stepOf([...rows.values()].map((row) => row.definition.sliceMs)) ?? 60_000
  // Where the slowest of them stands: what is newer would be seen of some and not of others.
  const told = [...states.values()].filter((state) => rows.has(state.name)).map((state) => state.asOf)
  const now = told.length === 0 ? await queries.now() : told.reduce((a, b) => (b < a ? b : a))
  const until = instant(Math.floor(now / stepMs) * stepMs)
  const window = { ...windowOf(definition, until, stepMs), stepMs }
  const tallies = await tallyObjectives(queries, [...rows.values()], world.exclusions, window, world.tallies)
  const run: JourneyRun = { definition, world, rows, states, tallies, steps: (window.until - window.from) / stepMs }
  const evaluated = definition.members.map(({ part }) => evaluatePart(part, definition, run))
  const verdict = judgeJourney(definition, evaluated)
  return { asOf: until, reply: present(run, verdict, { until, stepMs }) }
}

function windowOf({ windowMs, calendar }: JourneyDefinition, until: Instant, stepMs: number) {
  const from = calendar === undefined ? until - windowMs : periodAt(calendar, instant(until - 1)).start
  return { from: instant(Math.floor(from / stepMs) * stepMs), until }
}

export interface JourneyRun {
  readonly definition: JourneyDefinition
  readonly world: JourneyWorld
  readonly rows: ReadonlyMap<string, ObjectiveRow>
  readonly states: ReadonlyMap<string, StateRow>
  readonly tallies: ReadonlyMap<string, Tally>
  readonly steps: number
}

function evaluateObjective(name: string, { missing }: JourneyDefinition, run: JourneyRun): Evaluated {
  const [tally, row] = [run.tallies.get(name), run.rows.get(name)]
  // It was removed: nothing is known of it.
  if (tally === undefined || row === undefined) {
    const steps = new Uint8Array(run.steps).fill(stepStates.unknown)
    const attained: Attained = missing === 'bad' ? { state: 'known', value: rational(0) } : { state: 'unknown' }
    return { attained, product: attained, promised: null, steps }
  }
  const attained = attainedOf(tally.sum, missing)
  return { attained, product: attained, promised: row.definition.target, steps: tally.steps }
}

export function evaluatePart(part: JourneyPart, definition: JourneyDefinition, run: JourneyRun): Evaluated {
  if (part.kind === 'objective') return evaluateObjective(part.name, definition, run)
  if (part.kind === 'any-of') {
    const parts = part.objectives.map((name) => evaluateObjective(name, definition, run))
    return evaluateAnyOf(part.need, parts, definition.missing)
  }
  const inner = run.world.journeys.get(part.name)
  if (inner === undefined) {
    const steps = new Uint8Array(run.steps).fill(stepStates.unknown)
    return { attained: { state: 'unknown' }, product: { state: 'unknown' }, promised: null, steps }
  }
  const verdict = judgeJourney(
    inner,
    inner.members.map((each) => evaluatePart(each.part, inner, run)),
  )
  return { attained: verdict.attained, product: verdict.product, promised: inner.target, steps: verdict.steps }
}

const textOf = (attained: Attained): string =>
  attained.state === 'known'
    ? formatShare(attained.value)
    : attained.state === 'idle'
      ? 'nothing happened'
      : 'not known'
const numberOf = (attained: Attained): number | null => numberOrNull(shareOf(attained))

function present(
  run: JourneyRun,
  verdict: JourneyVerdict,
  { until, stepMs }: { until: Instant; stepMs: number },
): JourneyReply {
  const { definition } = run
  const { target, windowMs } = definition
  const members = definition.members.flatMap(({ part, weight, use }, index) =>
    memberViews(part, run, verdict.members[index], { weight: toNumber(weight), use: toNumber(use) }),
  )
  const state = stateOf(verdict, run)
  return {
    name: definition.name,
    displayName: definition.displayName,
    description: definition.description,
    source: definition.source,
    journey: definition.journey,
    team: definition.team,
    target: numberOrNull(target),
    targetText: target === null ? null : formatTarget(target).replace(' %', ''),
    windowMs,
    mode: definition.mode,
    missing: definition.missing,
    state,
    since: null,
    asOf: formatInstant(until),
    sentence: sentenceOf(run, verdict, members),
    // What is declared of reviews is laid over it when it is read.
    ...{ review: 'none', expiresAt: null },
    attainment: numberOf(verdict.attained),
    remainingRatio: numberOrNull(verdict.remaining),
    weighted: numberOf(verdict.weighted),
    product: numberOf(verdict.product),
    worst: numberOf(verdict.worst),
    joint: numberOf(verdict.joint),
    stepMs,
    steps: { ...verdict.counts },
    texts: {
      attainment: textOf(verdict.attained),
      weighted: textOf(verdict.weighted),
      product: textOf(verdict.product),
      worst: textOf(verdict.worst),
      joint: textOf(verdict.joint),
    },
    ceiling: ceilingOf(run, verdict),
    members,
  }
}

/** Of itself: known members burn before their journey is exhausted. */
function stateOf({ attained, remaining }: JourneyVerdict, run: JourneyRun): ObjectiveState {
  if (attained.state === 'unknown') return 'no-data'
  if (attained.state === 'idle') return 'no-events'
  if (remaining !== null && remaining.num < 0n) return 'exhausted'
  if (run.definition.missing !== 'leave-out' && blindOf(run).length > 0) return 'no-data'
  const burns = [...run.states.values()].some((state) => run.rows.has(state.name) && state.level !== 'none')
  return burns ? 'burning' : 'ok'
}

/** Measured over the window, but not at present: an outage could hide behind it. */
const blindOf = (run: JourneyRun): readonly string[] =>
  [...run.states.values()].flatMap((state) => {
    const row = run.rows.get(state.name)
    return row !== undefined && state.state === 'no-data' ? [row.displayName] : []
  })

function ceilingOf({ definition }: JourneyRun, verdict: JourneyVerdict): JourneyReply['ceiling'] {
  const { promised, measured } = verdict.ceiling
  const numbers = { promised: numberOrNull(promised), measured: numberOrNull(measured) }
  if (definition.target === null) return { state: 'unknown', sentence: null, ...numbers }
  const needed = definition.members.map(({ part, use }, index): Needed => {
    const { promised: own = null, attained } = verdict.members[index] ?? {}
    const value = attained === undefined ? null : shareOf(attained)
    const name = part.kind === 'any-of' ? part.objectives.join(' or ') : part.name
    return {
      name,
      promised: own === null ? null : usedBy(use, own),
      measured: value === null ? null : usedBy(use, value),
    }
  })
  const words = { who: 'its members', windowMs: definition.windowMs }
  const { state, sentence } = judgeCeiling(definition.target, needed, verdict.ceiling, words)
  return { state, sentence, ...numbers }
}

function sentenceOf(run: JourneyRun, verdict: JourneyVerdict, members: readonly JourneyMemberView[]): string {
  const { definition } = run
  const over = definition.calendar === undefined ? `the last ${formatSpan(definition.windowMs)}` : 'this period'
  if (verdict.attained.state === 'idle') return `Nothing happened in ${over}.`
  if (verdict.attained.state === 'unknown') {
    const blind = members.filter((each) => each.depth === 0 && each.attainment === null).map((each) => each.displayName)
    const who =
      blind.length === 0
        ? 'its members were not measured at the same time'
        : `too little of ${blind.join(', ')} was measured`
    return `Not known: ${who} in ${over}.`
  }
  const left = verdict.remaining
  const budget =
    left === null
      ? ''
      : left.num < 0n
        ? ` Its budget is overspent by ${formatPercent(subtract(rational(0), left))}.`
        : ` ${formatShare(left)} of its budget is left.`
  const promised = definition.target === null ? '' : `, of ${formatTarget(definition.target)} promised`
  const [worst] = members.filter((each) => each.depth === 0 && each.worst)
  const weakest = worst === undefined ? '' : ` The weakest is ${worst.displayName} with ${worst.attainmentText}.`
  const blind = blindOf(run)
  const unseen = blind.length === 0 ? '' : ` Not measured now: ${blind.join(', ')}.`
  return `${formatShare(verdict.attained.value)} over ${over}${promised}.${budget}${weakest}${unseen}`
}

function memberViews(
  part: JourneyPart,
  run: JourneyRun,
  verdict: JourneyVerdict['members'][number] | undefined,
  more: { readonly weight: number; readonly use: number },
  depth = 0,
): readonly JourneyMemberView[] {
  const attained: Attained = verdict?.attained ?? { state: 'unknown' }
  const row = part.kind === 'objective' ? run.rows.get(part.name) : undefined
  const inner = part.kind === 'journey' ? run.world.journeys.get(part.name) : undefined
  const name = part.kind === 'any-of' ? part.objectives.join(', ') : part.name
  const tally = part.kind === 'objective' ? run.tallies.get(part.name) : undefined
  const share = tally === undefined ? null : coverage(tally.sum)
  const remaining = verdict?.remaining ?? null
  const view: JourneyMemberView = {
    kind: part.kind,
    name,
    displayName: row?.displayName ?? inner?.displayName ?? (part.kind === 'any-of' ? `${part.need} of ${name}` : name),
    service: row?.service ?? null,
    depth,
    ...more,
    need: part.kind === 'any-of' ? part.need : null,
    target: numberOrNull(verdict?.promised ?? null),
    attainment: numberOf(attained),
    attainmentText: textOf(attained),
    state: memberState(attained, remaining, part.kind === 'objective' ? run.states.get(part.name) : undefined),
    remainingRatio: numberOrNull(remaining),
    measuredRatio: numberOrNull(share),
    worst: verdict?.worst ?? false,
    badSteps: verdict?.blame.bad ?? 0,
    aloneSteps: verdict?.blame.alone ?? 0,
  }
  return [view, ...innerViews(part, run, depth + 1)]
}

function memberState(
  attained: Attained,
  remaining: JourneyVerdict['remaining'],
  state: StateRow | undefined,
): ObjectiveState {
  if (attained.state === 'unknown') return 'no-data'
  if (attained.state === 'idle') return 'no-events'
  if (remaining !== null && remaining.num < 0n) return 'exhausted'
  if (state?.state === 'no-data') return 'no-data'
  return state !== undefined && state.level !== 'none' ? 'burning' : 'ok'
}

/** What stands within a member: redundant objectives, or the members of a journey. */
function innerViews(part: JourneyPart, run: JourneyRun, depth: number): readonly JourneyMemberView[] {
  if (part.kind === 'objective') return []
  const inner: Pick<JourneyDefinition, 'members' | 'target' | 'mode' | 'missing'> | undefined =
    part.kind === 'journey'
      ? run.world.journeys.get(part.name)
      : {
          target: null,
          mode: 'weighted',
          missing: run.definition.missing,
          members: part.objectives.map((name) => ({
            part: { kind: 'objective', name },
            weight: rational(1),
            use: rational(1),
          })),
        }
  if (inner === undefined) return []
  const definition = { ...run.definition, ...inner }
  const verdict = judgeJourney(
    inner,
    inner.members.map((each) => evaluatePart(each.part, definition, run)),
  )
  return inner.members.flatMap(({ part: each, weight, use }, index) => {
    const member = verdict.members[index]
    return memberViews(
      each,
      run,
      member === undefined ? member : { ...member, worst: false },
      { weight: toNumber(weight), use: toNumber(use) },
      depth,
    )
  })
}
