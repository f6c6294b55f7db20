// The operations on pages under way: who was paged, where an escalation stands, what a person makes of it.
import { type Static, Type } from 'typebox'
import { urgencies } from '../../kernel/severity.ts'
import { operation } from '../../platform/http/operation.ts'
import { Page, PageQuery } from '../../platform/http/page.ts'
import { Id, Name, Nullable, Time, Words } from '../../platform/http/schemas.ts'

export const PageReply = Type.Object(
  {
    id: Id,
    escalationId: Id,
    alertId: Id,
    service: Nullable(Type.String()),
    step: Type.Integer(),
    level: Nullable(Type.Integer()),
    round: Type.Integer(),
    person: Name,
    at: Time,
    because: Type.String(),
  },
  { title: 'PersonPage' },
)
export type PageReply = Static<typeof PageReply>

export const listPages = operation({
  id: 'pages.list',
  method: 'GET',
  path: '/api/v1/pages',
  summary: 'Who was paged for what and why, newest first',
  query: Type.Object({ ...PageQuery, alert: Type.Optional(Id), person: Type.Optional(Name) }),
  reply: Page(PageReply),
})

export const EscalationReply = Type.Object(
  {
    id: Id,
    alertId: Id,
    service: Nullable(Type.String()),
    policy: Type.String(),
    chosen: Type.String({ description: 'Why this policy.' }),
    urgency: Words(urgencies),
    phase: Words(['escalating', 'exhausted', 'acknowledged', 'snoozed', 'resolved']),
    level: Nullable(Type.Integer()),
    round: Type.Integer(),
    assigned: Type.Array(Name),
    nextAt: Nullable(Time),
    openedAt: Time,
  },
  { title: 'Escalation' },
)
export type EscalationReply = Static<typeof EscalationReply>

export const EscalationNow = Type.Object(
  {
    escalation: EscalationReply,
    edited: Nullable(
      Type.Object(
        {
          pages: Type.Array(Type.Object({ person: Name, because: Type.String() })),
          nextAt: Nullable(Time),
          sentences: Type.Array(Type.String()),
        },
        {
          description:
            'The policy was edited since: what taking it over now would do. Null when it stands as it began.',
        },
      ),
    ),
  },
  { title: 'EscalationNow' },
)
export type EscalationNow = Static<typeof EscalationNow>

export const readEscalation = operation({
  id: 'escalations.read',
  method: 'GET',
  path: '/api/v1/escalations/{alert}',
  summary: 'Where the page of an alert stands, and what its policy would do if it was edited since and taken over now',
  params: Type.Object({ alert: Id }),
  reply: EscalationNow,
  errors: ['oncall.no-escalation'],
})

export const listEscalations = operation({
  id: 'escalations.list',
  method: 'GET',
  path: '/api/v1/escalations',
  summary: 'Open escalations, newest first',
  query: Type.Object(PageQuery),
  reply: Page(EscalationReply),
})

const OfAlert = Type.Object({ alert: Id })
const refusals = ['oncall.no-escalation', 'oncall.escalation-resolved', 'oncall.nobody-reachable']
export const escalateNow = operation({
  id: 'escalations.escalate',
  method: 'POST',
  path: '/api/v1/escalations/{alert}/escalate',
  summary: 'Page the next level of the alert now',
  params: OfAlert,
  reply: EscalationReply,
  errors: refusals,
})
export const reapply = operation({
  id: 'escalations.reapply',
  method: 'POST',
  path: '/api/v1/escalations/{alert}/reapply',
  summary:
    'Go on by the policy as it is saved now: whom it adds is paged, whoever was paged is not paged again. Without it a page goes on by the policy it began with',
  params: Type.Object({ alert: Id }),
  reply: EscalationReply,
  errors: ['oncall.no-escalation', 'oncall.unknown-policy', 'oncall.escalation-resolved'],
})
export const reassign = operation({
  id: 'escalations.reassign',
  method: 'POST',
  path: '/api/v1/escalations/{alert}/reassign',
  summary: 'Pass the alert to people, also off shift, or to another policy',
  params: OfAlert,
  body: Type.Object({
    people: Type.Optional(Type.Array(Name, { minItems: 1, maxItems: 20 })),
    policy: Type.Optional(Name),
  }),
  reply: EscalationReply,
  errors: [...refusals, 'oncall.unknown-policy', 'oncall.reassign-unclear'],
})
