// Objectives as people read them.
import { AppError } from '../../../kernel/app-error.ts'
import { minute } from '../../../kernel/duration.ts'
import { formatInstant, type Instant, instant } from '../../../kernel/instant.ts'
import { toNumber } from '../../../kernel/rational.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { findServices, type ServiceSummary } from '../../catalog/index.ts'
import { readSteps } from '../../telemetry/index.ts'
import { reviewState, shownState } from '../core/review-terms.ts'
import { sentenceWithEnd } from '../core/review-words.ts'
import { formatTarget } from '../core/sentence.ts'
import type { TrafficAdvice } from '../core/traffic.ts'
import { compileDefinition, type Definition, fromStored, toStored } from '../definition.ts'
import { findObjective, type ObjectiveRow } from '../objectives.store.ts'
import { readTermTimes, type TermTimes } from '../reviews.store.ts'
import type { ObjectiveReply, ObjectiveSummary } from '../slo.contract.ts'
import { mostPoints } from '../slo.contract.ts'
import type { StateView } from '../state-view.ts'
import {
  type ListedState,
  type ListFilter,
  listStates,
  readPoints,
  readStates,
  type StateRow,
  type StateSummary,
} from '../states.store.ts'

const unmeasured: StateView = {
  service: '',
  budget: { totalBad: 0, spentBad: 0, remainingRatio: null, good: 0, bad: 0, measuredRatio: 0 },
  burn: null,
  sentence: 'Not known: nothing was measured yet.',
  tiers: [],
  windows: [],
  exhaustion: { at: null, sentence: 'Not known: nothing was measured yet.' },
}

interface ShownTerms {
  /** Undefined when nothing is declared. */
  readonly of: TermTimes | undefined
  readonly now: Instant
}

export function summarize(
  objective: {
    readonly name: string
    readonly service: string
    readonly displayName: string
    readonly definition: Definition
  },
  state: StateSummary | null,
  service: ServiceSummary | null,
  terms: ShownTerms,
): ObjectiveSummary {
  const { definition } = objective
  const view = state?.view ?? unmeasured
  const { soonAt = null, overdueAt = null, expiresAt = null } = terms.of ?? {}
  return {
    name: objective.name,
    displayName: objective.displayName,
    service: objective.service,
    team: service?.team ?? null,
    tier: service?.tier ?? null,
    target: toNumber(definition.target),
    targetText: formatTarget(definition.target).replace(' %', ''),
    windowMs: definition.windowMs,
    kind: definition.kind,
    state: shownState(state?.state ?? 'no-data', expiresAt, terms.now),
    level: state?.level ?? 'none',
    budget: view.budget,
    burn: view.burn,
    sentence: sentenceWithEnd(view.sentence, expiresAt, terms.now),
    since: state === null ? null : formatInstant(state.since),
    asOf: state === null ? null : formatInstant(state.asOf),
    review: soonAt === null || overdueAt === null ? 'none' : reviewState({ soonAt, overdueAt }, terms.now),
    expiresAt: expiresAt === null ? null : formatInstant(expiresAt),
  }
}

export async function describeObjectives(
  queries: Queries,
  filter: ListFilter,
  after: { order: number; name: string } | null,
  limit: number,
): Promise<readonly (ListedState & { summary: ObjectiveSummary })[]> {
  const rows = await listStates(queries, filter, after, limit)
  if (rows.length === 0) return []
  const services = new Map(
    (await findServices(queries, [...new Set(rows.map((row) => row.service))])).map((each) => [each.name, each]),
  )
  const names = rows.map((row) => row.name)
  const [terms, now] = await Promise.all([readTermTimes(queries, names), queries.now()])
  return rows.map((row) => ({
    ...row,
    summary: summarize(
      { ...row, definition: fromStored(row.definition) },
      row.state,
      services.get(row.service) ?? null,
      { of: terms.get(row.name), now },
    ),
  }))
}

export async function needObjective(queries: Queries, name: string): Promise<ObjectiveRow> {
  const row = await findObjective(queries, name)
  if (row === null) throw new AppError('not-found', 'slo.unknown-objective', `There is no objective ${name}.`)
  return row
}

/** For later rooms: what an objective is and where it stands; null when there is none. */
export async function findObjectiveSummary(queries: Queries, name: string): Promise<ObjectiveSummary | null> {
  const row = await findObjective(queries, name)
  if (row === null) return null
  const { state, service, terms } = await readAround(queries, row)
  return summarize(row, state, service, terms)
}

/** Asked for at once: one after the other they would be most of the time that reading one objective takes. */
async function readAround(
  queries: Queries,
  { name, service }: ObjectiveRow,
): Promise<{ readonly state: StateRow | null; readonly service: ServiceSummary | null; readonly terms: ShownTerms }> {
  const [states, services, times, now] = await Promise.all([
    readStates(queries, [name]),
    findServices(queries, [service]),
    readTermTimes(queries, [name]),
    queries.now(),
  ])
  return { state: states[0] ?? null, service: services[0] ?? null, terms: { of: times.get(name), now } }
}

export async function describeObjective(queries: Queries, name: string): Promise<ObjectiveReply> {
  const row = await needObjective(queries, name)
  const { state, service, terms } = await readAround(queries, row)
  const view = state?.view ?? unmeasured
  const { definition } = row
  return {
    ...summarize(row, state, service, terms),
    description: definition.description,
    document: row.document,
    version: row.version,
    effectiveAt: formatInstant(row.effectiveAt),
    sliceMs: definition.sliceMs,
    method: definition.budgeting.method,
    tiers: view.tiers.map((tier) => ({ ...tier })),
    windows: view.windows.map((window) => ({ ...window })),
    period: view.period ?? null,
    exhaustion: view.exhaustion,
    traffic: trafficView(view.traffic ?? null),
    groupedBy: [...(definition.groups?.by ?? [])],
    guard: compileDefinition(definition).leastBadForPage,
    definition: toStored(definition),
  }
}

function trafficView(advice: TrafficAdvice | null): ObjectiveReply['traffic'] {
  if (advice === null) return null
  return { ...advice, oneFailureFires: [...advice.oneFailureFires], ways: [...advice.ways] }
}

/** Budget and burn as they were judged at the time; counts as they stand now. */
export async function readObjectiveSeries(
  queries: Queries,
  order: { name: string; from: Instant; to: Instant },
): Promise<{
  stepMs: number
  points: {
    at: string
    remainingRatio: number | null
    burnRate: number | null
    good: number
    bad: number
    measured: boolean
  }[]
}> {
  const { definition } = await needObjective(queries, order.name)
  const pointMs = definition.windowMs <= 24 * 60 * minute ? minute : 5 * minute
  const least = Math.max(pointMs, definition.sliceMs)
  const span = Math.max(0, order.to - order.from)
  const stepMs = least * Math.max(1, Math.ceil(span / least / (mostPoints / 4)))
  const { slices } = await readSteps(queries, { ...order, stepMs })
  const from = Math.floor(order.from / stepMs) * stepMs
  const judged = new Map(
    (await readPoints(queries, order.name, { from, to: order.to, stepMs })).map((point) => [point.at, point]),
  )
  const points = slices.map(({ start, good, bad, state }) => {
    const point = judged.get(start)
    return {
      at: formatInstant(instant(start)),
      remainingRatio: point?.remaining ?? null,
      burnRate: point?.burn ?? null,
      good,
      bad,
      measured: state !== 'gap',
    }
  })
  return { stepMs, points }
}
