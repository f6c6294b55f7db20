// Every name of the room `oncall` that leaves.
import { type Static, Type } from 'typebox'
import type { JsonObject } from '../../kernel/json.ts'
import { urgencies } from '../../kernel/severity.ts'
import { operation } from '../../platform/http/operation.ts'
import { Id, Name, Nullable, Text, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { defineJob } from '../../platform/work/job.ts'
import { lintCodes } from './core/index.ts'
import { EscalationPolicySpec, ScheduleSpec } from './kinds/schemas.ts'

const ByName = Type.Object({ name: Name })
const OnCallPerson = Type.Object({
  person: Name,
  displayName: Type.String(),
  until: Nullable(Type.String({ format: 'date-time', description: 'Null beyond 90 days.' })),
  source: Type.String({ description: 'Where it comes from, for a person to read.' }),
})
export const ScheduleNow = Type.Object(
  {
    name: Name,
    displayName: Type.String(),
    people: Type.Array(OnCallPerson),
    next: Nullable(Type.Object({ at: Time, people: Type.Array(Name) })),
  },
  { title: 'ScheduleNow' },
)

export const readNow = operation({
  id: 'oncall.now',
  method: 'GET',
  path: '/api/v1/oncall/now',
  summary: 'Who is on call now, or at an instant, and next, for every schedule (500 at most)',
  query: Type.Object({ at: Type.Optional(Time) }),
  reply: Type.Object({ asOf: Time, schedules: Type.Array(ScheduleNow) }),
})

const Span = Type.Object({ start: Time, end: Time })
const Shift = Type.Object(
  {
    person: Name,
    start: Time,
    end: Time,
    source: Type.String({ description: 'Where it comes from, for a person to read.' }),
    kind: Words(['rotation', 'custom-shift', 'override']),
    rotation: Nullable(Type.String()),
    covers: Nullable(Type.String({ description: 'Who would have been on call.' })),
  },
  { title: 'Shift' },
)
const finalFields = {
  name: Name,
  from: Time,
  to: Time,
  shifts: Type.Array(Shift),
  gaps: Type.Array(Span, { description: 'Nobody is on call.' }),
  missing: Type.Array(Span, { description: 'Those of the gaps that lie in hours that must be covered.' }),
}
const finding = {
  code: Words(lintCodes),
  level: Words(['serious', 'weigh', 'know']),
  start: Time,
  end: Time,
  people: Type.Array(Name),
  sentence: Type.String(),
}
export const readFinal = operation({
  id: 'schedules.final',
  method: 'GET',
  path: '/api/v1/schedules/{name}/final',
  summary: 'The final schedule after overrides, with every gap; the past as it was kept; 400 days at most',
  params: ByName,
  query: Type.Object({ from: Type.Optional(Time), to: Type.Optional(Time) }),
  reply: Type.Object(
    { ...finalFields, unrecorded: Type.Array(Span, { description: 'Before anything was kept.' }) },
    { title: 'FinalSchedule' },
  ),
  errors: ['oncall.unknown-schedule', 'oncall.window-refused'],
})

export const lintSchedule = operation({
  id: 'schedules.lint',
  method: 'GET',
  path: '/api/v1/schedules/{name}/lint',
  summary: 'What is wrong with a schedule in the coming twelve weeks (300 findings at most)',
  params: ByName,
  reply: Type.Object(
    { name: Name, findings: Type.Array(Type.Object(finding, { title: 'ScheduleFinding' })) },
    { title: 'ScheduleLint' },
  ),
  errors: ['oncall.unknown-schedule'],
})

export const OverrideReply = Type.Object(
  {
    id: Id,
    schedule: Name,
    kind: Words(['replace', 'add', 'remove']),
    person: Name,
    covers: Nullable(Name),
    rotation: Nullable(Name),
    shift: Nullable(Name),
    start: Time,
    end: Time,
    reason: Type.String(),
    createdBy: Type.String(),
    createdAt: Time,
    fromCalendar: Type.Boolean(),
  },
  { title: 'Override' },
)
export type OverrideReply = Static<typeof OverrideReply>

export const OverrideOrder = Type.Object(
  {
    kind: Words(
      ['replace', 'add', 'remove'],
      'replace: serves instead of `covers`, or of whoever has the turn. add: joins. remove: steps out.',
    ),
    person: Name,
    covers: Type.Optional(Name),
    rotation: Type.Optional({ ...Name, description: 'Only in this rotation.' }),
    shift: Type.Optional({ ...Name, description: 'Only in this custom shift.' }),
    start: Time,
    end: Time,
    reason: Text(500, 'Shown to everyone affected.'),
  },
  { title: 'OverrideOrder' },
)
export type OverrideOrder = Static<typeof OverrideOrder>

export const previewSchedule = operation({
  id: 'schedules.preview',
  method: 'POST',
  path: '/api/v1/schedules/{name}/preview',
  summary:
    'What a changed definition or an override would do: shifts, gaps, findings and who is affected; saves nothing',
  params: ByName,
  body: Type.Object({
    spec: Type.Optional(ScheduleSpec),
    override: Type.Optional(OverrideOrder),
    from: Type.Optional(Time),
    to: Type.Optional(Time),
  }),
  reply: Type.Object(
    {
      ...finalFields,
      findings: Type.Array(Type.Object({ ...finding, fresh: Type.Boolean({ description: 'The change brings it.' }) })),
      changes: Type.Array(Type.Object({ start: Time, end: Time, before: Type.Array(Name), after: Type.Array(Name) }), {
        description: 'Where other people are on call than now; 200 at most.',
      }),
    },
    { title: 'SchedulePreview' },
  ),
  errors: ['oncall.unknown-schedule', 'oncall.schedule-refused', 'oncall.window-refused'],
})

export const readLoad = operation({
  id: 'schedules.load',
  method: 'GET',
  path: '/api/v1/schedules/{name}/load',
  summary: 'How the load falls on people: hours, nights, weekends, holidays and their weighted share',
  description:
    "Nights are 22:00 to 06:00 where the person lives; weekends and holidays are the schedule's. An hour at night or on a " +
    'weekend weighs 1.5, on a holiday 2, each hour by its heaviest.',
  params: ByName,
  query: Type.Object({ from: Type.Optional(Time), to: Type.Optional(Time) }),
  reply: Type.Object(
    {
      name: Name,
      from: Time,
      to: Time,
      unevenness: Type.Integer({ description: 'Per cent above an even share that the most loaded person carries.' }),
      people: Type.Array(
        Type.Object({
          person: Name,
          shifts: Type.Integer(),
          totalMs: Type.Integer(),
          nightMs: Type.Integer(),
          weekendMs: Type.Integer(),
          holidayMs: Type.Integer(),
          weightedMs: Type.Number(),
          share: Type.Number({ description: '0 to 1.' }),
        }),
      ),
    },
    { title: 'ScheduleLoad' },
  ),
  errors: ['oncall.unknown-schedule', 'oncall.window-refused'],
})

export const listOverrides = operation({
  id: 'overrides.list',
  method: 'GET',
  path: '/api/v1/schedules/{name}/overrides',
  summary: 'Overrides of a schedule that have not ended, in the order they were made (1000 at most)',
  params: ByName,
  reply: Type.Object({ items: Type.Array(OverrideReply) }),
  errors: ['oncall.unknown-schedule'],
})

export const createOverride = operation({
  id: 'overrides.create',
  method: 'POST',
  path: '/api/v1/schedules/{name}/overrides',
  summary: 'Cover somebody, join or step out for a while; the past is never changed',
  params: ByName,
  body: OverrideOrder,
  reply: OverrideReply,
  status: 201,
  errors: ['oncall.unknown-schedule', 'oncall.override-refused'],
})

export const deleteOverride = operation({
  id: 'overrides.delete',
  method: 'DELETE',
  path: '/api/v1/overrides/{id}',
  summary: 'Take an override back; one that has begun ends now',
  params: Type.Object({ id: Id }),
  reply: Type.Null(),
  status: 204,
  errors: ['oncall.unknown-override'],
})

export const simulatePolicy = operation({
  id: 'policies.simulate',
  method: 'POST',
  path: '/api/v1/escalation-policies/{name}/simulate',
  summary: 'Who is paged, when and on what, if an alert comes at an instant and nobody answers',
  params: ByName,
  body: Type.Object({
    at: Type.Optional(Time),
    urgency: Type.Optional(Words(urgencies)),
    spec: Type.Optional({ ...EscalationPolicySpec, description: 'The policy as edited; as it is saved unless given.' }),
  }),
  reply: Type.Object(
    {
      at: Time,
      steps: Type.Array(
        Type.Object({
          at: Time,
          level: Nullable(Type.Integer({ description: 'From 1; null for the fallback owner.' })),
          round: Type.Integer(),
          person: Name,
          contact: Type.String(),
          channel: Type.String(),
          because: Type.String(),
        }),
      ),
      webhooks: Type.Array(
        Type.Object({
          at: Time,
          level: Nullable(Type.Integer({ description: 'From 1; null beside the fallback owner.' })),
          round: Type.Integer(),
          webhook: Name,
          because: Type.String(),
        }),
        { description: 'Machines that would be told. None of them is somebody who is paged.' },
      ),
      trace: Type.Array(Type.Object({ at: Time, code: Type.String(), sentence: Type.String() })),
      findings: Type.Array(Type.Object({ person: Name, code: Type.String(), sentence: Type.String() })),
      readiness: Type.Array(
        Type.Object({
          person: Name,
          state: Words(['ready', 'doubtful', 'unreachable']),
          sentences: Type.Array(Type.String()),
          channels: Type.Array(Type.Object({ kind: Type.String(), label: Type.String(), verified: Type.Boolean() })),
          lastReachedAt: Nullable(Time),
        }),
        { description: 'Everybody the policy would page.' },
      ),
      complete: Type.Boolean({ description: 'False when it was cut off after 48 hours or 300 steps.' }),
    },
    { title: 'PolicySimulation' },
  ),
  errors: ['oncall.unknown-policy', 'oncall.policy-refused'],
})

export const readMe = operation({
  id: 'oncall.me',
  method: 'GET',
  path: '/api/v1/oncall/me',
  summary: 'Am I on call, until when, and can I be reached',
  reply: Type.Object(
    {
      person: Nullable(Name),
      onCall: Type.Boolean(),
      schedules: Type.Array(Name),
      until: Nullable(Time),
      nextShift: Nullable(Span),
      contacts: Type.Array(
        Type.Object({ id: Type.String(), kind: Type.String(), label: Type.String(), verified: Type.Boolean() }),
      ),
      rules: Type.Object({ high: Type.Integer(), low: Type.Integer() }, { description: 'How many steps there are.' }),
      reachable: Type.Boolean(),
    },
    { title: 'OnCallMe' },
  ),
})

export type EscalatePayload = { readonly escalation: string } & JsonObject
export const escalate = defineJob<EscalatePayload>({
  kind: 'oncall.escalate',
  lane: 'page',
  // An escalation is tried for as long as it is open; the auditor looks after what is set aside.
  retryMs: Array.from({ length: 200 }, () => 2_000),
})
/**
 * After every channel of everybody failed: nobody has heard of the alert yet. In a lane of its own beside the first pages:
 * with mail down in a storm there is one of these for each alert, and none may stand before an alert nobody was told of.
 */
export const pageUnheard = defineJob<EscalatePayload>({ kind: 'oncall.page-unheard', lane: 'notify' })
export const auditEscalations = defineJob<JsonObject>({ kind: 'oncall.audit-escalations', lane: 'page' })
export const keepHistory = defineJob<JsonObject>({ kind: 'oncall.keep-history', lane: 'notify' })
export const tellHandOvers = defineJob<JsonObject>({ kind: 'oncall.tell-hand-overs', lane: 'notify' })

export type PageRequestedData = {
  readonly alert: string
  readonly escalation: string
  readonly policy: string
  readonly step: number
  readonly level: number | null
  readonly round: number
  readonly people: readonly { readonly person: string; readonly page: string; readonly because: string }[]
} & JsonObject
export const pageRequested = defineEvent<PageRequestedData>({
  type: 'page.requested',
  summary: 'People are paged for an alert',
})
export type WebhooksRequestedData = {
  readonly alert: string
  readonly escalation: string
  readonly policy: string
  readonly step: number
  readonly level: number | null
  readonly round: number
  readonly webhooks: readonly { readonly webhook: string; readonly page: string; readonly because: string }[]
} & JsonObject
export const webhooksRequested = defineEvent<WebhooksRequestedData>({
  type: 'page.webhooks-requested',
  summary: 'Webhooks are told of an alert',
})
export type EscalationData = {
  readonly alert: string
  readonly escalation: string
  readonly policy: string
  readonly urgency: string
} & JsonObject
const escalationEvent = (type: string, summary: string) => defineEvent<EscalationData>({ type, summary })
export const pageUnrouted = escalationEvent('page.unrouted', 'Nobody at all could be paged for an alert')
export const escalationOpened = escalationEvent('escalation.opened', 'An alert looks for somebody who answers')
export const peopleReached = escalationEvent(
  'page.people-reached',
  'The first people are paged for an alert that nobody had been told of',
)
export const escalationAcknowledged = escalationEvent('escalation.acknowledged', 'Somebody answered; paging stopped')
export const escalationResumed = escalationEvent('escalation.resumed', 'Paging goes on after an answer or a snooze')
export const escalationSnoozed = escalationEvent('escalation.snoozed', 'Paging waits until later')
export const escalationResolved = escalationEvent('escalation.resolved', 'The alert ended; paging is over')
export const escalationExhausted = escalationEvent('escalation.exhausted', 'Every round was used and nobody answered')
export const escalationChanged = escalationEvent(
  'escalation.changed',
  'An escalation was passed on, raised or re-applied',
)
export const escalationOverdue = escalationEvent(
  'escalation.overdue',
  'A step was more than a minute late and was given its job back',
)
export const oncallEvents = [
  pageRequested,
  webhooksRequested,
  peopleReached,
  pageUnrouted,
  escalationOpened,
  escalationAcknowledged,
  escalationResumed,
  escalationSnoozed,
  escalationResolved,
  escalationExhausted,
  escalationChanged,
  escalationOverdue,
]

export type OverrideData = {
  readonly schedule: string
  readonly person: string
  readonly start: string
  readonly end: string
} & JsonObject
export const overrideCreated = defineEvent<OverrideData>({
  type: 'override.created',
  summary: 'A schedule is overridden',
})
export const overrideDeleted = defineEvent<OverrideData>({
  type: 'override.deleted',
  summary: 'An override was taken back',
})

export const oncallErrors = [
  { code: 'oncall.unknown-schedule', summary: 'There is no such schedule.' },
  { code: 'oncall.unknown-policy', summary: 'There is no such escalation policy.' },
  { code: 'oncall.policy-refused', summary: 'The policy cannot be kept as it is; each fault says why.' },
  { code: 'oncall.unknown-override', summary: 'There is no such override.' },
  { code: 'oncall.override-refused', summary: 'The override cannot be kept as it is; each fault says why.' },
  { code: 'oncall.schedule-refused', summary: 'The schedule cannot be kept as it is; each fault says why.' },
  { code: 'oncall.window-refused', summary: 'The window ends before it begins or is longer than 400 days.' },
  { code: 'oncall.no-escalation', summary: 'Nothing is being escalated for this alert.' },
  { code: 'oncall.escalation-resolved', summary: 'The alert is already resolved.' },
  { code: 'oncall.nobody-reachable', summary: 'None of the named people can be reached.' },
  { code: 'oncall.reassign-unclear', summary: 'Name people or a policy, one of the two.' },
  { code: 'oncall.not-acknowledged', summary: 'Nobody has acknowledged the alert.' },
  { code: 'oncall.snooze-past', summary: 'A snooze ends in the future.' },
  { code: 'oncall.timeout-past', summary: 'An acknowledgement lasts longer than nothing.' },
] as const
