// Names of `slo` that leave: the groups of an objective, and alerts on its budget.
import { type Static, Type } from 'typebox'
import type { JsonObject } from '../../kernel/json.ts'
import { operation } from '../../platform/http/operation.ts'
import { Page, PageQuery } from '../../platform/http/page.ts'
import { Name, Nullable, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { groupSorts } from './groups.store.ts'
import { causeKinds, objectiveLevels, objectiveStates } from './slo.contract.ts'

const Count = Type.Integer({ minimum: 0 })
const Counted = Type.Object({ good: Type.Integer(), bad: Type.Integer() }, { title: 'CountedEvents' })

export const ObjectiveGroup = Type.Object(
  {
    name: Type.String({ description: '`tenant=acme region=eu`; `all others` for the group of those without one.' }),
    values: Nullable(
      Type.Array(Type.String(), { description: 'In the order of `by`; empty where the attribute was missing.' }),
    ),
    state: Words(objectiveStates),
    level: Words(objectiveLevels),
    since: Time,
    good: Type.Integer(),
    bad: Type.Integer(),
    badShare: Type.Number({ description: 'Of all failures of the objective in the window.' }),
    totalBad: Type.Number({ description: 'Bad events (or slices) that its own budget allows.' }),
    spentBad: Type.Number(),
    remainingRatio: Nullable(Type.Number({ description: 'Of its own budget; below 0 when overspent.' })),
    burnRate: Nullable(Type.Number()),
    told: Nullable(Words(['ticket', 'page'], 'What people were told of it and did not hear the end of.')),
    sentence: Type.String({ description: 'Why it burns; empty when it does not.' }),
  },
  { title: 'ObjectiveGroup' },
)
export type ObjectiveGroup = Static<typeof ObjectiveGroup>

export const listGroups = operation({
  id: 'objectives.groups',
  method: 'GET',
  path: '/api/v1/objectives/{name}/groups',
  summary: 'The groups of an objective, with the budget of each',
  description:
    'Who spends most comes first, so a short page is the worst N. `sums` adds up: all groups, and what was counted before there were groups, are the whole objective.',
  params: Type.Object({ name: Name }),
  query: Type.Object({
    ...PageQuery,
    search: Type.Optional(Type.String({ maxLength: 200, description: 'Part of the name.' })),
    sort: Type.Optional(
      Words(groupSorts, '`spent`: most failures first. `remaining`: least of its own budget first. `name`: by name.'),
    ),
  }),
  reply: Type.Object({
    ...Page(ObjectiveGroup).properties,
    by: Type.Array(Type.String(), { description: 'What the objective is grouped by; empty when it is not.' }),
    limit: Count,
    groups: Count,
    burning: Count,
    others: Type.Integer({
      minimum: 0,
      description: 'About how many values found no group of their own; they are counted together as `all others`.',
    }),
    groupedSince: Nullable(Time),
    alerts: Nullable(
      Type.Object(
        { leastEvents: Count },
        { title: 'GroupAlerts', description: 'Null: people are told of the whole objective alone.' },
      ),
    ),
    sums: Type.Object(
      { groups: Counted, before: Counted, whole: Counted },
      { title: 'GroupSums', description: '`before`: what was counted in the window before there were groups.' },
    ),
    sentence: Type.String(),
  }),
  errors: ['slo.unknown-objective'],
})

const Spent = {
  bad: Count,
  share: Type.Number({ description: 'Of all failures of the window.' }),
  byCause: Type.Array(Count, { description: 'In the order of `causes`; they add up to `bad`.' }),
}

export const readGroupLedger = operation({
  id: 'objectives.group-ledger',
  method: 'GET',
  path: '/api/v1/objectives/{name}/group-ledger',
  summary: 'Who of the groups was hit by what, and when the budget of each will be gone: the worst N',
  description:
    'Of the window as it was judged last. Every failure stands in one cause and one group: rows and columns add up to the ledger of the whole. Only for objectives that count events.',
  params: Type.Object({ name: Name }),
  query: Type.Object({
    most: Type.Optional(Type.Integer({ minimum: 1, maximum: 20, description: 'Groups by themselves; 5 unless said.' })),
  }),
  reply: Type.Object({
    from: Time,
    to: Time,
    by: Type.Array(Type.String()),
    causes: Type.Array(
      Type.Object({
        cause: Type.Object({ kind: Words(causeKinds), id: Nullable(Type.String()), label: Type.String() }),
        bad: Count,
        share: Type.Number(),
      }),
    ),
    groups: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          values: Nullable(Type.Array(Type.String())),
          ...Spent,
          remainingRatio: Nullable(Type.Number({ description: 'Of its own budget.' })),
          forecast: Type.Object({
            at: Nullable(Time),
            recoversAt: Nullable(Time),
            sentence: Type.String(),
          }),
        },
        { title: 'GroupLedgerRow' },
      ),
    ),
    others: Nullable(
      Type.Object(
        { groups: Count, ...Spent },
        { description: 'All other groups, and what was counted before there were groups.' },
      ),
    ),
    total: Count,
    sentence: Type.String(),
  }),
  errors: ['slo.unknown-objective'],
})

export type GroupBurningData = {
  readonly objective: string
  readonly displayName: string
  readonly service: string
  readonly group: string
  readonly stream: number
  readonly level: 'page' | 'ticket'
  readonly tier: string
  readonly remaining: number | null
  readonly sentence: string
  readonly startedAt: string
  readonly notify: readonly string[]
} & JsonObject

export const groupBurning = defineEvent<GroupBurningData>({
  type: 'objective.group-burning',
  summary: 'One group of an objective spends its budget too fast, while the whole does not',
})

export type GroupRecoveredData = {
  readonly objective: string
  readonly service: string
  readonly group: string
  readonly stream: number
  readonly remaining: number | null
  readonly sentence: string
  readonly endedAt: string
} & JsonObject

export const groupRecovered = defineEvent<GroupRecoveredData>({
  type: 'objective.group-recovered',
  summary: 'A group that people were told of no longer spends its budget too fast',
})

export type BudgetAlertData = {
  readonly objective: string
  readonly displayName: string
  readonly service: string
  readonly alert: string
  readonly kind: 'remaining' | 'drop' | 'exhaustion'
  readonly remaining: number | null
  readonly sentence: string
  readonly at: string
} & JsonObject

export const budgetAlertBegan = defineEvent<BudgetAlertData>({
  type: 'objective.budget-alert-began',
  summary: 'So little of a budget is left, so much was spent lately, or it will be gone so soon',
})

export const budgetAlertEnded = defineEvent<BudgetAlertData>({
  type: 'objective.budget-alert-ended',
  summary: 'What a budget alert told of is over',
})
