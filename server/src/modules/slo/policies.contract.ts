// Names of `slo` that leave: error-budget policies, what they hold up, exceptions and tasks.
import { type Static, Type } from 'typebox'
import type { JsonObject } from '../../kernel/json.ts'
import { operation } from '../../platform/http/operation.ts'
import { Page, PageQuery } from '../../platform/http/page.ts'
import { Id, Name, Nullable, Text, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { defineJob } from '../../platform/work/job.ts'
import { changeVerdicts } from './core/change-decision.ts'
import { subjectKinds } from './core/subject.ts'

const subject = {
  subject: Words(subjectKinds, 'What `objective` names.'),
  objective: Name,
}
const OfJourney = { journey: Type.Optional({ ...Name, description: 'Of this journey objective.' }) }
const actionKinds = ['notify', 'open-task', 'require-approval', 'freeze-changes'] as const

export const PolicyEpisode = Type.Object(
  {
    id: Id,
    policy: Name,
    ...subject,
    service: Type.String({ description: 'Empty for a journey: it passes through several.' }),
    step: Name,
    cause: Type.String({ description: 'The incident or the class of cause; empty for a level of the budget.' }),
    causeLabel: Type.String(),
    reading: Type.Number({ description: 'Share of the budget that was read when it was entered.' }),
    sentence: Type.String(),
    enteredAt: Time,
    clearSince: Nullable(Time),
    leftAt: Nullable(Time),
    leftBecause: Nullable(Type.String()),
    acts: Type.Array(
      Type.Object({ kind: Words(actionKinds), at: Time, sentence: Type.String() }, { title: 'PolicyAct' }),
    ),
  },
  { title: 'PolicyEpisode' },
)
export type PolicyEpisode = Static<typeof PolicyEpisode>

const step = {
  name: Name,
  sentence: Type.String({ description: 'When it is entered, and when it is left.' }),
  actions: Type.Array(Type.Object({ kind: Words(actionKinds), sentence: Type.String() }, { title: 'PolicyAction' })),
}
export const PolicyStepView = Type.Object(step, { title: 'PolicyStep' })

const policy = {
  name: Name,
  displayName: Type.String(),
  description: Type.String(),
  team: Nullable(Type.String()),
  scope: Type.String({ description: 'What it applies to, in words.' }),
  objectives: Type.Integer({ description: 'How many objectives it applies to now.' }),
  journeys: Type.Array(Name, { description: 'The journeys it applies to.' }),
  entered: Type.Integer({ description: 'How many steps are entered now, over all of them.' }),
  steps: Type.Array(PolicyStepView),
}
export const BudgetPolicyView = Type.Object(policy, { title: 'BudgetPolicy' })
export type BudgetPolicyView = Static<typeof BudgetPolicyView>

export const listPolicies = operation({
  id: 'budget-policies.list',
  method: 'GET',
  path: '/api/v1/budget-policies',
  summary: 'Error-budget policies, with how many of their steps are entered',
  reply: Type.Object({ items: Type.Array(BudgetPolicyView) }),
})

export const readPolicy = operation({
  id: 'budget-policies.read',
  method: 'GET',
  path: '/api/v1/budget-policies/{name}',
  summary: 'One policy: its steps, the objectives it applies to, what is entered and what was (the last 100)',
  params: Type.Object({ name: Name }),
  reply: Type.Object(
    {
      ...policy,
      approvers: Type.String({ description: 'Who may let changes pass, in words.' }),
      longestExceptionMs: Type.Integer(),
      appliesTo: Type.Array(Name),
      episodes: Type.Array(PolicyEpisode),
    },
    { title: 'BudgetPolicyDetail' },
  ),
  errors: ['slo.unknown-policy'],
})

const PoliciesOf = Type.Object({
  items: Type.Array(
    Type.Object(
      {
        name: Name,
        displayName: Type.String(),
        steps: Type.Array(
          Type.Object(
            { ...step, entered: Type.Array(PolicyEpisode), last: Nullable(PolicyEpisode) },
            { title: 'ObjectivePolicyStep' },
          ),
        ),
      },
      { title: 'ObjectivePolicy' },
    ),
  ),
})

export const readObjectivePolicies = operation({
  id: 'objectives.policies',
  method: 'GET',
  path: '/api/v1/objectives/{name}/policies',
  summary: 'The policies of an objective: which step is entered, since when, and what was done',
  params: Type.Object({ name: Name }),
  reply: PoliciesOf,
  errors: ['slo.unknown-objective'],
})

export const readJourneyPolicies = operation({
  id: 'journey-objectives.policies',
  method: 'GET',
  path: '/api/v1/journey-objectives/{name}/policies',
  summary: 'The policies of a journey: which step is entered, since when, and what was done',
  params: Type.Object({ name: Name }),
  reply: PoliciesOf,
  errors: ['slo.unknown-journey'],
})

const Sanction = Type.Object(
  { id: Id, approvedBy: Type.String(), reason: Type.String(), until: Time },
  { title: 'ChangeSanction' },
)
export const ChangeHold = Type.Object(
  {
    id: Id,
    kind: Words(['freeze', 'approval']),
    service: Type.String(),
    policy: Name,
    ...subject,
    step: Name,
    sentence: Type.String(),
    endsWhen: Type.String(),
    allows: Type.Array(Type.String()),
    approvers: Type.String(),
    since: Time,
    until: Nullable(Time),
    endedAt: Nullable(Time),
    endedBecause: Nullable(Type.String()),
    excepted: Nullable(Sanction),
  },
  { title: 'ChangeHold' },
)
export type ChangeHold = Static<typeof ChangeHold>

export const listHolds = operation({
  id: 'change-holds.list',
  method: 'GET',
  path: '/api/v1/change-holds',
  summary: 'Freezes and approvals that policies ordered: in force now, or all there were',
  query: Type.Object({
    ...PageQuery,
    service: Type.Optional(Name),
    objective: Type.Optional(Name),
    ...OfJourney,
    state: Type.Optional(Words(['in-force', 'all'], '`in-force` unless said.')),
  }),
  reply: Page(ChangeHold),
})

export const decideChange = operation({
  id: 'change-decisions.read',
  method: 'GET',
  path: '/api/v1/change-decisions',
  summary: 'May this service be changed, and why not',
  description:
    'Answers from what policies decided; it enforces nothing. An instant in the future is answered as if nothing else happened until then.',
  query: Type.Object({
    service: Name,
    at: Type.Optional(Time),
    kind: Type.Optional(Type.String({ maxLength: 63, description: 'What kind of change: `rollback`, `security`.' })),
  }),
  reply: Type.Object(
    {
      service: Name,
      at: Time,
      verdict: Words(changeVerdicts),
      sentence: Type.String(),
      holds: Type.Array(
        Type.Object(
          { ...ChangeHold.properties, passes: Nullable(Words(['allowed-kind', 'exception'])) },
          { title: 'JudgedHold' },
        ),
      ),
      unmeasured: Type.Array(Name, {
        description: 'Objectives of the service with a policy of which nothing is known: they hold nothing up.',
      }),
    },
    { title: 'ChangeDecision' },
  ),
  errors: ['slo.unknown-service'],
})

export const ChangeException = Type.Object(
  {
    id: Id,
    service: Type.String(),
    policy: Nullable(Type.String()),
    reason: Type.String(),
    state: Words(['asked', 'planned', 'in-force', 'expired', 'withdrawn']),
    askedBy: Type.String(),
    askedAt: Time,
    approver: Nullable(Type.String()),
    approvedBy: Nullable(Type.String()),
    approvedAt: Nullable(Time),
    from: Time,
    until: Time,
    withdrawn: Nullable(Type.Object({ at: Time, by: Type.String(), reason: Type.String() })),
  },
  { title: 'ChangeException' },
)
export type ChangeExceptionReply = Static<typeof ChangeException>

export const listExceptions = operation({
  id: 'change-exceptions.list',
  method: 'GET',
  path: '/api/v1/change-exceptions',
  summary: 'Exceptions from freezes and approvals, newest first',
  query: Type.Object({
    ...PageQuery,
    service: Type.Optional(Name),
    state: Type.Optional(Words(['open', 'all'], '`open` unless said: neither expired nor withdrawn.')),
  }),
  reply: Page(ChangeException),
})

const Reason = Text(500, 'Why; it stays on record.')
const exceptionErrors = ['slo.unknown-exception', 'slo.exception-over'] as const

export const askException = operation({
  id: 'change-exceptions.ask',
  method: 'POST',
  path: '/api/v1/change-exceptions',
  summary: 'Let changes of a service pass for a while, in spite of a freeze or an approval',
  description:
    'In force at once when the caller may approve it; otherwise it is asked for, and the named approver is told.',
  body: Type.Object({
    service: Name,
    policy: Type.Optional(Type.String({ maxLength: 63, description: 'Of this policy only.' })),
    reason: Reason,
    from: Type.Optional(Time),
    until: Time,
    approver: Type.Optional(
      Type.String({ maxLength: 63, description: 'The Person whose word it needs, when it is not yours.' }),
    ),
  }),
  reply: ChangeException,
  status: 201,
  errors: [
    'slo.unknown-service',
    'slo.unknown-policy',
    'slo.bad-exception',
    'slo.no-approver',
    'slo.insufficient-approver',
    'slo.too-many-exceptions',
  ],
})

export const approveException = operation({
  id: 'change-exceptions.approve',
  method: 'POST',
  path: '/api/v1/change-exceptions/{id}/approve',
  summary: 'Approve an exception that was asked for',
  params: Type.Object({ id: Id }),
  reply: ChangeException,
  errors: [...exceptionErrors, 'slo.insufficient-approver'],
})

export const withdrawException = operation({
  id: 'change-exceptions.withdraw',
  method: 'POST',
  path: '/api/v1/change-exceptions/{id}/withdraw',
  summary: 'End an exception, or a request for one, before its time',
  params: Type.Object({ id: Id }),
  body: Type.Object({ reason: Reason }),
  reply: ChangeException,
  errors: [...exceptionErrors],
})

export const BudgetTask = Type.Object(
  {
    id: Id,
    policy: Name,
    ...subject,
    service: Type.String({ description: 'Empty for a journey.' }),
    title: Type.String(),
    because: Type.String(),
    owner: Nullable(Type.Object({ kind: Words(['person', 'team']), name: Type.String() })),
    openedAt: Time,
    dueAt: Time,
    overdue: Type.Boolean(),
    state: Words(['open', 'done', 'dropped']),
    closed: Nullable(Type.Object({ at: Time, by: Type.String(), note: Type.String() })),
  },
  { title: 'BudgetTask' },
)
export type BudgetTask = Static<typeof BudgetTask>

export const listTasks = operation({
  id: 'budget-tasks.list',
  method: 'GET',
  path: '/api/v1/budget-tasks',
  summary: 'Tasks that policies opened, soonest due first',
  query: Type.Object({
    ...PageQuery,
    state: Type.Optional(Words(['open', 'done', 'dropped', 'all'], '`open` unless said.')),
    owner: Type.Optional(Name),
    objective: Type.Optional(Name),
    ...OfJourney,
  }),
  reply: Page(BudgetTask),
})

export const closeTask = operation({
  id: 'budget-tasks.close',
  method: 'POST',
  path: '/api/v1/budget-tasks/{id}/close',
  summary: 'Say that a task is done, or dropped, and why',
  params: Type.Object({ id: Id }),
  body: Type.Object({ outcome: Words(['done', 'dropped']), note: Reason }),
  reply: BudgetTask,
  errors: ['slo.unknown-task', 'slo.task-closed'],
})

type Place = {
  readonly policy: string
  /** What `objective` names. */
  readonly subject: 'objective' | 'journey'
  readonly objective: string
  readonly service: string
  readonly step: string
}

export type StepEnteredData = Place & {
  readonly episode: string
  readonly cause: string
  readonly reading: number
  readonly sentence: string
} & JsonObject
export const stepEntered = defineEvent<StepEnteredData>({
  type: 'budget-policy.step-entered',
  summary: 'An objective or a journey entered a step of its error-budget policy',
})

export type StepLeftData = Place & { readonly episode: string; readonly sentence: string } & JsonObject
export const stepLeft = defineEvent<StepLeftData>({
  type: 'budget-policy.step-left',
  summary: 'An objective or a journey left a step of its error-budget policy; what the step held up is free again',
})

export type PolicyActedData = Place & {
  readonly episode: string
  readonly action: string
  readonly sentence: string
} & JsonObject
export const policyActed = defineEvent<PolicyActedData>({
  type: 'budget-policy.acted',
  summary: 'A policy told somebody, opened a task, or froze changes',
})

export type HoldExpiredData = Place & { readonly hold: string; readonly kind: string } & JsonObject
export const holdExpired = defineEvent<HoldExpiredData>({
  type: 'budget-policy.hold-expired',
  summary: 'A freeze or an approval lasted as long as it may',
})

export type ExceptionData = {
  readonly exception: string
  readonly service: string
  readonly policy: string | null
  readonly until: string
} & JsonObject
export const exceptionAsked = defineEvent<ExceptionData>({
  type: 'budget-policy.exception-asked',
  summary: 'Somebody asked that changes of a service may pass in spite of a policy',
})
export const exceptionApproved = defineEvent<ExceptionData>({
  type: 'budget-policy.exception-approved',
  summary: 'Changes of a service may pass in spite of a policy, for a while',
})
export const exceptionWithdrawn = defineEvent<ExceptionData>({
  type: 'budget-policy.exception-withdrawn',
  summary: 'An exception from a policy ended before its time',
})

export type TaskClosedData = { readonly task: string; readonly outcome: string; readonly service: string } & JsonObject
export const taskClosed = defineEvent<TaskClosedData>({
  type: 'budget-policy.task-closed',
  summary: 'A task that a policy opened was done or dropped',
})

/** A walk over many objectives: nobody who waits stands behind it. Changes of state come by themselves, sooner. */
export const applyPolicies = defineJob({ kind: 'slo.apply-policies', lane: 'bulk', leaseMs: 60_000 })

export const policyEvents = [
  stepEntered,
  stepLeft,
  policyActed,
  holdExpired,
  exceptionAsked,
  exceptionApproved,
  exceptionWithdrawn,
  taskClosed,
] as const

export const policyErrors = [
  { code: 'slo.unknown-policy', summary: 'There is no such error-budget policy.' },
  { code: 'slo.unknown-service', summary: 'There is no such service.' },
  { code: 'slo.unknown-exception', summary: 'There is no such exception.' },
  { code: 'slo.exception-over', summary: 'The exception is approved, expired or withdrawn already.' },
  {
    code: 'slo.bad-exception',
    summary: 'An exception ends in the future, after it begins, and no later than the policy allows.',
  },
  { code: 'slo.no-approver', summary: 'The exception needs somebody else’s word, and nobody was named.' },
  {
    code: 'slo.insufficient-approver',
    summary: 'Whoever was named, or asks, may not let changes of this service pass.',
  },
  { code: 'slo.too-many-exceptions', summary: 'The service has as many open exceptions as it may have.' },
  { code: 'slo.unknown-task', summary: 'There is no such task.' },
  { code: 'slo.task-closed', summary: 'The task is closed already.' },
] as const
