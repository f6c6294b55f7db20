// Every name of the room `slo` that leaves.
import { type Static, Type } from 'typebox'
import type { JsonObject } from '../../kernel/json.ts'
import { operation } from '../../platform/http/operation.ts'
import { Page, PageQuery } from '../../platform/http/page.ts'
import { Name, Nullable, Ratio, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { defineJob } from '../../platform/work/job.ts'

export const objectiveStates = ['ok', 'burning', 'exhausted', 'no-data', 'no-events'] as const
export type ObjectiveState = (typeof objectiveStates)[number]
/** What people see: a promise that ended is none that is kept, whatever its numbers say. */
export const shownStates = [...objectiveStates, 'expired'] as const
export type ShownState = (typeof shownStates)[number]
const stateFilters = [...shownStates, 'trouble', 'unknown'] as const
export type StateFilter = (typeof stateFilters)[number]
export const objectiveLevels = ['none', 'ticket', 'page'] as const
export type ObjectiveLevel = (typeof objectiveLevels)[number]

const Millis = Type.Integer({ minimum: 0 })

const Budget = Type.Object(
  {
    totalBad: Type.Number({ description: 'Bad events (or slices) that the window allows.' }),
    spentBad: Type.Number(),
    remainingRatio: Nullable(Type.Number({ description: 'Below 0 when overspent; null when nothing is known.' })),
    good: Type.Integer(),
    bad: Type.Integer(),
    measuredRatio: Type.Number({ description: 'Share of the window that was measured.' }),
  },
  { title: 'ObjectiveBudget' },
)

const Burn = Type.Object({ longWindowMs: Millis, shortWindowMs: Millis, rate: Type.Number() }, { title: 'BurnRate' })

const summary = {
  name: Name,
  displayName: Type.String(),
  service: Type.String(),
  team: Nullable(Type.String()),
  tier: Nullable(Type.Integer()),
  target: Ratio,
  targetText: Type.String({ description: 'Exactly as promised, in percent: `99.9`.' }),
  windowMs: Millis,
  kind: Words(['availability', 'latency']),
  state: Words(
    shownStates,
    '`expired`: its promise ended and nobody renewed it; what burns or is exhausted stays so. It is counted and pages on.',
  ),
  level: Words(objectiveLevels),
  budget: Budget,
  burn: Nullable(Burn),
  sentence: Type.String(),
  since: Nullable(Time),
  asOf: Nullable(Time),
  review: Words(['none', 'upcoming', 'due', 'overdue'], 'Whether somebody is asked to look at it again.'),
  expiresAt: Nullable(Time),
}

export const ObjectiveSummary = Type.Object(summary, { title: 'ObjectiveSummary' })
export type ObjectiveSummary = Static<typeof ObjectiveSummary>

export const TierView = Type.Object(
  {
    name: Type.String(),
    level: Words(['ticket', 'page']),
    longMs: Millis,
    shortMs: Millis,
    threshold: Type.Number(),
    share: Type.Number({ description: 'Of the budget, spent before it fires at constant traffic.' }),
    longBurn: Nullable(Type.Number()),
    shortBurn: Nullable(Type.Number()),
    state: Words(['firing', 'calm', 'idle', 'frozen']),
    firing: Type.Boolean(),
    bad: Type.Integer(),
    events: Type.Integer(),
    reason: Type.String(),
  },
  { title: 'BurnTier' },
)

export const Objective = Type.Object(
  {
    ...summary,
    description: Type.String(),
    document: Type.String({ description: 'The SLO that declares it.' }),
    version: Type.Integer(),
    effectiveAt: Time,
    sliceMs: Millis,
    method: Words(['occurrences', 'timeslices', 'ratio-timeslices']),
    tiers: Type.Array(TierView),
    windows: Type.Array(
      Type.Object(
        {
          lengthMs: Millis,
          good: Type.Integer(),
          bad: Type.Integer(),
          burnRate: Nullable(Type.Number()),
          measuredRatio: Type.Number(),
        },
        { title: 'ObjectiveWindow' },
      ),
    ),
    period: Nullable(
      Type.Object(
        { start: Time, end: Time, projectedRemainingRatio: Nullable(Type.Number()) },
        {
          title: 'BudgetPeriod',
          description: 'The calendar period that the budget is of; null when the window rolls.',
        },
      ),
    ),
    traffic: Nullable(
      Type.Object(
        {
          verdict: Words(['impossible', 'thin', 'enough']),
          eventsInWindow: Type.Integer(),
          allowedBad: Type.Number(),
          oneFailureSpends: Nullable(Type.Number({ description: 'Share of the budget; null when none is allowed.' })),
          oneFailureFires: Type.Array(Type.String(), { description: 'Tiers that one failure alone sets off.' }),
          sentence: Type.String(),
          ways: Type.Array(Type.String(), { description: 'What would help.' }),
        },
        {
          title: 'TrafficAdvice',
          description: 'What little traffic means here; null when single failures do not count for much.',
        },
      ),
    ),
    groupedBy: Type.Array(Type.String(), {
      description: 'Attributes that its events are told apart by; empty when they are not.',
    }),
    guard: Type.Integer({ description: 'Failures below which a page is a ticket; 0 when no guard is set.' }),
    exhaustion: Type.Object(
      { at: Nullable(Time), sentence: Type.String() },
      { title: 'Exhaustion', description: 'When the budget is gone at the present pace.' },
    ),
    definition: Type.Object({}, { additionalProperties: true, title: 'ObjectiveDefinition' }),
  },
  { title: 'Objective' },
)
export type ObjectiveReply = Static<typeof Objective>

export const listObjectives = operation({
  id: 'objectives.list',
  method: 'GET',
  path: '/api/v1/objectives',
  summary: 'Objectives with their budget and verdict',
  query: Type.Object({
    ...PageQuery,
    service: Type.Optional(Name),
    state: Type.Optional(
      Words(stateFilters, '`trouble`: burning or exhausted. `unknown`: nothing measured, or nothing happened.'),
    ),
    search: Type.Optional(Type.String({ maxLength: 100, description: 'Part of its name or of its service’s.' })),
    review: Type.Optional(Words(['due', 'overdue'], 'Only those to look at again; `due`: overdue ones too.')),
    sort: Type.Optional(
      Words(
        ['name', 'remaining', 'worst'],
        '`remaining`: the least budget first, unknown ones last. `worst`: by state, then by budget.',
      ),
    ),
  }),
  reply: Page(ObjectiveSummary),
})

export const countObjectives = operation({
  id: 'objectives.counts',
  method: 'GET',
  path: '/api/v1/objective-counts',
  summary: 'How many objectives are in which state',
  query: Type.Object({ search: Type.Optional(Type.String({ maxLength: 100 })) }),
  reply: Type.Object({
    total: Type.Integer(),
    ok: Type.Integer(),
    burning: Type.Integer(),
    exhausted: Type.Integer(),
    noData: Type.Integer(),
    noEvents: Type.Integer(),
    expired: Type.Integer(),
    reviewDue: Type.Integer({ description: 'To look at again, whatever their state.' }),
  }),
})

/** More than a page of anything else: a budget is a line of numbers. */
const mostBudgets = 10_000

export const ObjectiveBudgetNumbers = Type.Object(
  {
    objective: Name,
    service: Type.String(),
    state: Words(shownStates),
    level: Words(objectiveLevels),
    windowMs: Millis,
    good: Type.Integer({ description: 'Events of the whole window that went well, exact.' }),
    bad: Type.Integer(),
    totalBad: Type.Number({ description: 'Bad events (or slices) that the window allows.' }),
    spentBad: Type.Number(),
    remainingRatio: Nullable(Type.Number({ description: 'Below 0 when overspent; null when nothing is known.' })),
    measuredRatio: Type.Number({ description: 'Share of the window that was measured.' }),
    burnRate: Nullable(Type.Number({ description: 'Of the alert rule that speaks for it.' })),
    asOf: Nullable(Time),
  },
  { title: 'ObjectiveBudgetNumbers' },
)

export const listBudgets = operation({
  id: 'objectives.budgets',
  method: 'GET',
  path: '/api/v1/objective-budgets',
  summary: 'Budgets of many objectives at once, as numbers alone',
  description:
    'For scripts, wall screens and other stores: by name, a line of numbers each, as of the last evaluation (every 30 s at most).',
  query: Type.Object({
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: mostBudgets, default: 1_000 })),
    cursor: PageQuery.cursor,
    objective: Type.Optional(Name),
    service: Type.Optional(Name),
  }),
  reply: Page(ObjectiveBudgetNumbers),
})

const params = Type.Object({ name: Name })

export const readObjective = operation({
  id: 'objectives.read',
  method: 'GET',
  path: '/api/v1/objectives/{name}',
  summary: 'One objective: budget, tiers, windows, definition',
  params,
  reply: Objective,
  errors: ['slo.unknown-objective'],
})

export const ObjectivePeriod = Type.Object(
  {
    start: Time,
    end: Time,
    state: Words(['running', 'ended']),
    target: Ratio,
    version: Type.Integer({ description: 'Of the definition it was judged with.' }),
    good: Type.Integer(),
    bad: Type.Integer(),
    attainment: Nullable(
      Type.Number({ description: 'Good share in the units of the method; null when nothing is known.' }),
    ),
    totalBad: Type.Number({ description: 'Bad events (or slices) that the period allows.' }),
    spentBad: Type.Number(),
    remainingRatio: Nullable(Type.Number({ description: 'Below 0 when overspent.' })),
    projectedRemainingRatio: Nullable(
      Type.Number({ description: 'If the rest of the period is as busy; an estimate for events, exact for slices.' }),
    ),
    met: Nullable(Type.Boolean()),
    measuredRatio: Type.Number(),
  },
  { title: 'ObjectivePeriod' },
)
export type ObjectivePeriod = Static<typeof ObjectivePeriod>

export const listPeriods = operation({
  id: 'objectives.periods',
  method: 'GET',
  path: '/api/v1/objectives/{name}/periods',
  summary: 'Budget report of a calendar window: the running period, and those that ended',
  description: 'Newest first. What ended stands as it was known when it ended. Empty for windows that roll.',
  params,
  query: Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 400 })) }),
  reply: Type.Object({ items: Type.Array(ObjectivePeriod) }),
  errors: ['slo.unknown-objective'],
})

export const mostPoints = 2_000

export const readSeries = operation({
  id: 'objectives.series',
  method: 'GET',
  path: '/api/v1/objectives/{name}/series',
  summary: 'Budget and burn rate over time',
  description: `At most ${mostPoints} points; a longer range has wider steps.`,
  params,
  query: Type.Object({ from: Time, to: Time }),
  reply: Type.Object({
    stepMs: Millis,
    points: Type.Array(
      Type.Object(
        {
          at: Time,
          remainingRatio: Nullable(Type.Number()),
          burnRate: Nullable(Type.Number()),
          good: Type.Integer(),
          bad: Type.Integer(),
          measured: Type.Boolean(),
        },
        { title: 'ObjectivePoint' },
      ),
    ),
  }),
  errors: ['slo.unknown-objective', 'telemetry.bad-range'],
})

export const causeKinds = ['incident', 'change', 'dependency', 'background', 'unknown'] as const

export const readLedger = operation({
  id: 'objectives.ledger',
  method: 'GET',
  path: '/api/v1/objectives/{name}/ledger',
  summary: 'What spent the budget of the window: incidents, changes, the everyday, and what is not known',
  description: 'Every bad event stands in exactly one row; the rows add up to the total.',
  params,
  query: Type.Object({ from: Type.Optional(Time), to: Type.Optional(Time) }),
  reply: Type.Object({
    rows: Type.Array(
      Type.Object(
        {
          from: Time,
          to: Time,
          bad: Type.Integer(),
          share: Type.Number({ description: 'Of all that was spent; the shares add up to 1.' }),
          budgetShare: Nullable(Type.Number({ description: 'Of the whole budget of the window.' })),
          cause: Type.Object({ kind: Words(causeKinds), id: Nullable(Type.String()), label: Type.String() }),
        },
        { title: 'LedgerRow' },
      ),
    ),
    total: Type.Integer(),
    excluded: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          source: Words(['declared', 'correction', 'maintenance']),
          mode: Words(['drop', 'good']),
          reason: Type.String(),
          author: Type.String(),
          bad: Type.Integer({ description: 'What it would have spent; not part of the total.' }),
        },
        { title: 'LedgerExclusion' },
      ),
      { description: 'Exclusions and corrections of the range; each with all that lies under it, overlaps in each.' },
    ),
  }),
  errors: ['slo.unknown-objective', 'telemetry.bad-range'],
})

export type StateChangedData = {
  readonly objective: string
  readonly service: string
  readonly from: { readonly state: string; readonly level: string } | null
  readonly to: { readonly state: string; readonly level: string }
  readonly remaining: number | null
  readonly sentence: string
  readonly version: number
} & JsonObject

export const objectiveStateChanged = defineEvent<StateChangedData>({
  type: 'objective.state-changed',
  summary: 'An objective became ok, burning, exhausted, unmeasured or idle',
})

export type BurningData = {
  readonly objective: string
  readonly displayName: string
  readonly service: string
  readonly level: 'page' | 'ticket'
  readonly tier: string
  readonly longBurn: number | null
  readonly shortBurn: number | null
  readonly remaining: number | null
  readonly sentence: string
  readonly startedAt: string
  /** Who is told, as the alert policies say; empty: whoever the service's escalation policy names. */
  readonly notify: readonly string[]
} & JsonObject

export const objectiveBurning = defineEvent<BurningData>({
  type: 'objective.burning',
  summary: 'An objective spends its budget too fast; published again when it becomes more or less severe',
})

export type RecoveredData = {
  readonly objective: string
  readonly service: string
  readonly remaining: number | null
  readonly sentence: string
  readonly endedAt: string
} & JsonObject

export const objectiveRecovered = defineEvent<RecoveredData>({
  type: 'objective.recovered',
  summary: 'An objective no longer spends its budget too fast',
})

export type UnmeasuredData = {
  readonly objective: string
  readonly displayName: string
  readonly service: string
  readonly sentence: string
  readonly since: string
} & JsonObject

export const objectiveUnmeasured = defineEvent<UnmeasuredData>({
  type: 'objective.unmeasured',
  summary: 'Nothing is known of an objective for so long that an outage could hide behind it',
})

export const objectiveMeasured = defineEvent<UnmeasuredData>({
  type: 'objective.measured',
  summary: 'An objective that was unmeasured is measured again',
})

/** Its lane is that of pages: whoever burns is told before anything else is done. */
export const evaluateObjectives = defineJob({ kind: 'slo.evaluate', lane: 'page', leaseMs: 5_000 })
export const rollUpDays = defineJob({ kind: 'slo.roll-up', lane: 'bulk', leaseMs: 600_000 })

export const tidyObjectives = defineJob({ kind: 'slo.tidy', lane: 'bulk' })

export const sloErrors = [
  { code: 'slo.unknown-objective', summary: 'There is no such objective.' },
  { code: 'slo.bad-proposal', summary: 'The proposed definition could not be judged.' },
  { code: 'slo.no-prometheus-rules', summary: 'The objective cannot be judged by rules of a Prometheus server.' },
  { code: 'slo.bad-correction', summary: 'A correction needs a stretch of the past, from a minute to a year.' },
  { code: 'slo.too-many-corrections', summary: 'An objective takes no more corrections.' },
  { code: 'slo.unknown-correction', summary: 'There is no such correction, or it was withdrawn.' },
  { code: 'slo.unknown-journey', summary: 'There is no such journey objective.' },
  { code: 'slo.nothing-to-import', summary: 'The text holds no objectives in a format that can be read.' },
  { code: 'slo.export-too-large', summary: 'More documents than are exported at once.' },
  { code: 'slo.under-agreement', summary: 'An agreement is measured by the objective, which therefore stays.' },
  { code: 'slo.cannot-be-counted', summary: 'After the change an objective could not be counted any more.' },
] as const
