// Every name of the room `incidents` that leaves.
import { type Static, Type } from 'typebox'
import type { JsonObject } from '../../kernel/json.ts'
import { severities } from '../../kernel/severity.ts'
import { operation } from '../../platform/http/operation.ts'
import { Page, PageQuery } from '../../platform/http/page.ts'
import { Id, Name, Nullable, Text, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { defineJob } from '../../platform/work/job.ts'
import { incidentKinds, incidentPhases, incidentRoles, incidentTimes } from './core/index.ts'
import { Plan, planFields } from './plan.contract.ts'
import { Vacancy } from './vacancy-reply.contract.ts'

const Measure = Type.Object({
  kind: Words(['known', 'not-yet', 'unknown'] as const),
  ms: Nullable(Type.Integer()),
  because: Nullable(Type.String()),
})
const RoleHolding = Type.Object({ role: Words(incidentRoles), person: Type.String(), since: Time })

const summary = {
  id: Id,
  number: Type.Integer(),
  title: Type.String(),
  severity: Words(severities),
  severityReason: Type.String(),
  status: Words(incidentPhases),
  services: Type.Array(Type.String()),
  teams: Type.Array(Type.String()),
  impactStartedAt: Nullable(Time),
  detectedAt: Nullable(Time),
  declaredAt: Time,
  acknowledgedAt: Nullable(Time),
  mitigatedAt: Nullable(Time),
  resolvedAt: Nullable(Time),
  declaredBy: Type.String(),
  automatic: Type.Boolean(),
  kind: Words(
    incidentKinds,
    'Security: read only by those named. A drill, a back-filled one and scheduled work wake nobody.',
  ),
  plan: Nullable(Plan),
  nextUpdateAt: Nullable(Time),
  parentId: Nullable(Id),
  mergedInto: Nullable(Id),
}
export const IncidentSummary = Type.Object(summary, { title: 'IncidentSummary' })
export type IncidentSummary = Static<typeof IncidentSummary>

export const Incident = Type.Object(
  {
    ...summary,
    roles: Type.Array(RoleHolding),
    offers: Type.Array(
      Type.Object({ role: Words(incidentRoles), person: Type.String(), offeredBy: Type.String(), offeredAt: Time }),
      { description: 'Hand-overs nobody has accepted yet.' },
    ),
    vacancies: Type.Array(Vacancy, {
      description: 'Roles nobody held for so long that somebody was paged, the newest first.',
    }),
    readers: Type.Array(Type.String(), { description: 'Of a restricted one: `person:ana`, `team:shop-web`.' }),
    reviewedAt: Nullable(Time),
    impactStatement: Nullable(Type.String()),
    callUrl: Nullable(Type.String({ description: 'Where those who work on it talk.' })),
    alerts: Type.Array(
      Type.Object({
        id: Id,
        number: Type.Integer(),
        title: Type.String(),
        status: Type.String(),
        severity: Type.String(),
        service: Nullable(Type.String()),
        openedAt: Time,
      }),
    ),
    next: Type.Array(Words(incidentPhases), { description: 'Where it can go from here.' }),
    impact: Type.Object({
      minutes: Nullable(Type.Number({ description: 'Minutes in which anything was hurt, each counted once.' })),
      ongoing: Type.Boolean(),
      people: Nullable(Type.Integer({ description: 'Null: nobody counted them.' })),
      regions: Type.Array(Type.String()),
      customers: Type.Array(Type.String()),
    }),
    measures: Type.Object({
      timeToDetect: Measure,
      timeToAcknowledge: Measure,
      timeToMitigate: Measure,
      timeToResolve: Measure,
      timeToFirstUpdate: Measure,
    }),
    version: Type.Integer(),
  },
  { title: 'Incident' },
)
export type IncidentReply = Static<typeof Incident>

export const TimelineEntry = Type.Object(
  {
    id: Type.Integer(),
    at: Type.String({ format: 'date-time', description: 'When it happened.' }),
    recordedAt: Nullable(
      Type.String({ format: 'date-time', description: 'When it was written down, if that was another time.' }),
    ),
    type: Type.String(),
    actor: Type.Object({ kind: Type.String(), id: Type.String(), name: Type.String() }),
    sentence: Type.String(),
    data: Type.Record(Type.String(), Type.Unknown()),
  },
  { title: 'TimelineEntry' },
)

const byId = Type.Object({ id: Id })
const unknown = 'incidents.unknown'

export const listIncidents = operation({
  id: 'incidents.list',
  method: 'GET',
  path: '/api/v1/incidents',
  summary: 'Incidents, newest first',
  query: Type.Object({
    ...PageQuery,
    status: Type.Optional(
      Words([...incidentPhases, 'open', 'over'] as const, 'open: not resolved yet; over: resolved, reviewed or not.'),
    ),
    service: Type.Optional(Name),
    severity: Type.Optional(Words(severities)),
    kind: Type.Optional(Words(incidentKinds)),
    number: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'The number people say.' })),
    search: Type.Optional(Type.String({ maxLength: 100 })),
    from: Type.Optional(Time),
    to: Type.Optional(Time),
  }),
  reply: Page(IncidentSummary),
})
export const readIncident = operation({
  id: 'incidents.read',
  method: 'GET',
  path: '/api/v1/incidents/{id}',
  summary: 'One incident',
  params: byId,
  reply: Incident,
  errors: [unknown],
})
const PeopleAffected = Type.Integer({
  minimum: 0,
  maximum: 100_000_000_000,
  description: 'How many, as far as is known.',
})
const Readers = Type.Array(Type.String({ pattern: '^(person|team|account):.{1,100}$' }), {
  maxItems: 100,
  description: 'Who may read a security incident, beside administrators and whoever holds a role.',
})
export const declareIncident = operation({
  id: 'incidents.declare',
  method: 'POST',
  path: '/api/v1/incidents',
  summary: 'Declare an incident; a sentence is enough',
  body: Type.Object({
    title: Text(200),
    severity: Type.Optional(
      Text(4, 'SEV1–SEV4; P0–P3 are taken as aliases. Proposed from the services when left out.'),
    ),
    services: Type.Optional(Type.Array(Name, { maxItems: 50 })),
    alerts: Type.Optional(Type.Array(Id, { maxItems: 100 })),
    startedAt: Type.Optional(Time),
    note: Type.Optional(Text(4000)),
    peopleAffected: Type.Optional(PeopleAffected),
    kind: Type.Optional(Words(incidentKinds)),
    readers: Type.Optional(Readers),
    detectedAt: Type.Optional(Time),
    acknowledgedAt: Type.Optional(Time),
    mitigatedAt: Type.Optional(Time),
    resolvedAt: Type.Optional(Time),
    ...planFields,
  }),
  reply: Incident,
  status: 201,
  errors: [
    'incidents.bad-severity',
    'incidents.unknown-service',
    'incidents.time-needed',
    'incidents.time-ahead',
    'incidents.times-disordered',
    'incidents.not-backfilled',
    'incidents.bad-plan',
    'incidents.led-already',
  ],
})
export const updateIncident = operation({
  id: 'incidents.update',
  method: 'PATCH',
  path: '/api/v1/incidents/{id}',
  summary: 'Change title, severity or where people talk; severity needs a reason',
  params: byId,
  body: Type.Object({
    title: Type.Optional(Text(200)),
    severity: Type.Optional(Text(4)),
    reason: Type.Optional(Text(500)),
    callUrl: Type.Optional(Nullable(Text(2000, 'An address that begins with https://; null takes it away.'))),
  }),
  reply: Incident,
  errors: [
    unknown,
    'incidents.reason-missing',
    'incidents.same-severity',
    'incidents.bad-severity',
    'incidents.bad-call',
  ],
})
export const transitionIncident = operation({
  id: 'incidents.transition',
  method: 'POST',
  path: '/api/v1/incidents/{id}/transition',
  summary: 'Move it on: active, mitigated, resolved, or active again; planned work is begun or called off',
  params: byId,
  body: Type.Object({ to: Words(incidentPhases), note: Type.Optional(Text(500)) }),
  reply: Incident,
  errors: [unknown, 'incidents.no-such-way', 'incidents.same-phase', 'incidents.reason-missing'],
})
export const assignRole = operation({
  id: 'incidents.assign-role',
  method: 'POST',
  path: '/api/v1/incidents/{id}/roles',
  summary: 'Take a role or hand it to somebody',
  params: byId,
  body: Type.Object({
    role: Words(incidentRoles),
    person: Type.Optional(Name),
    release: Type.Optional(Type.Boolean()),
  }),
  reply: Incident,
  errors: [unknown, 'incidents.role-held', 'incidents.role-not-held', 'incidents.commander-needed'],
})
export const offerRoleOperation = operation({
  id: 'incidents.offer-role',
  method: 'POST',
  path: '/api/v1/incidents/{id}/roles/offer',
  summary: 'Offer a role to somebody; the holder keeps it until they accept',
  params: byId,
  body: Type.Object({ role: Words(incidentRoles), person: Name }),
  reply: Incident,
  errors: [unknown, 'incidents.role-held', 'incidents.offer-to-self'],
})
export const answerOfferOperation = operation({
  id: 'incidents.answer-offer',
  method: 'POST',
  path: '/api/v1/incidents/{id}/roles/answer',
  summary: 'Accept or decline a role one was offered',
  params: byId,
  body: Type.Object({ role: Words(incidentRoles), accept: Type.Boolean() }),
  reply: Incident,
  errors: [unknown, 'incidents.no-offer'],
})
export const correctTime = operation({
  id: 'incidents.correct-time',
  method: 'POST',
  path: '/api/v1/incidents/{id}/times',
  summary: 'Correct one of its times, with a reason; the measures follow',
  params: byId,
  body: Type.Object({ time: Words(incidentTimes), at: Nullable(Time), reason: Text(500) }),
  reply: Incident,
  errors: [
    unknown,
    'incidents.reason-missing',
    'incidents.time-ahead',
    'incidents.times-disordered',
    'incidents.time-needed',
  ],
})
export const restrictIncident = operation({
  id: 'incidents.restrict',
  method: 'POST',
  path: '/api/v1/incidents/{id}/readers',
  summary: 'Make it a security incident, or say who may read it',
  params: byId,
  body: Type.Object({ kind: Words(['normal', 'security'] as const), readers: Readers, reason: Text(500) }),
  reply: Incident,
  errors: [unknown, 'incidents.kind-fixed', 'incidents.reader-left-out'],
})
const SeverityDefinition = Type.Object(
  {
    severity: Words(severities),
    meaning: Type.String(),
    updateEveryMs: Nullable(Type.Integer()),
    postmortem: Type.Boolean({ description: 'A postmortem is opened when such an incident is resolved.' }),
    peopleAffected: Nullable(Type.Integer({ description: 'From so many people on it is proposed at least.' })),
  },
  { title: 'SeverityDefinition' },
)
export const readSeverities = operation({
  id: 'incidents.severities',
  method: 'GET',
  path: '/api/v1/severities',
  summary: 'What each severity means here, and what follows from it',
  reply: Type.Object({
    severities: Type.Array(SeverityDefinition),
    postmortemDueDays: Type.Integer({ description: 'Working days.' }),
    declared: Type.Boolean({ description: 'False: the built-in definitions, nobody declared an IncidentPolicy yet.' }),
  }),
})
export const proposeSeverityOperation = operation({
  id: 'incidents.propose',
  method: 'POST',
  path: '/api/v1/severities/propose',
  summary: 'Which severity the measurements of these services speak for, and why',
  body: Type.Object({
    services: Type.Array(Name, { maxItems: 50 }),
    peopleAffected: Type.Optional(PeopleAffected),
  }),
  reply: Type.Object(
    { severity: Words(severities), reasons: Type.Array(Type.String()) },
    { title: 'SeverityProposal' },
  ),
})
export const addNote = operation({
  id: 'incidents.note',
  method: 'POST',
  path: '/api/v1/incidents/{id}/notes',
  summary: 'Write into the timeline',
  params: byId,
  body: Type.Object({ text: Text(4000), at: Type.Optional(Time) }),
  reply: TimelineEntry,
  status: 201,
  errors: [unknown, 'incidents.time-ahead'],
})
export const linkAlert = operation({
  id: 'incidents.link-alert',
  method: 'POST',
  path: '/api/v1/incidents/{id}/alerts',
  summary: 'Take an alert into the incident',
  params: byId,
  body: Type.Object({ alert: Id }),
  reply: Incident,
  errors: [unknown, 'alerts.unknown'],
})
export const readTimeline = operation({
  id: 'incidents.timeline',
  method: 'GET',
  path: '/api/v1/incidents/{id}/timeline',
  summary: 'What happened, as the journal tells it',
  params: byId,
  query: Type.Object({
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    after: Type.Optional(Type.Integer({ minimum: 0, description: 'Entries with a greater id.' })),
  }),
  reply: Type.Object({ items: Type.Array(TimelineEntry), more: Type.Boolean() }),
  errors: [unknown],
})

export type IncidentData = {
  readonly incidentId: string
  readonly number: number
  readonly title: string
  readonly severity: string
  readonly kind: string
} & JsonObject
export const incidentDeclared = defineEvent<IncidentData>({
  type: 'incident.declared',
  summary: 'An incident was declared',
})
export const incidentMoved = {
  planned: null,
  triage: null,
  active: defineEvent<IncidentData>({ type: 'incident.activated', summary: 'Somebody confirmed that it is one' }),
  mitigated: defineEvent<IncidentData>({ type: 'incident.mitigated', summary: 'Users are no longer hurt' }),
  resolved: defineEvent<IncidentData>({ type: 'incident.resolved', summary: 'The work is over' }),
  reviewed: defineEvent<IncidentData>({ type: 'incident.reviewed', summary: 'What it taught is written down' }),
} as const
export const incidentReopened = defineEvent<IncidentData>({ type: 'incident.reopened', summary: 'It is active again' })
export const incidentSeverityChanged = defineEvent<IncidentData & { readonly from: string; readonly to: string }>({
  type: 'incident.severity-changed',
  summary: 'Its severity changed',
})
export const incidentRenamed = defineEvent<IncidentData>({ type: 'incident.renamed', summary: 'It has another title' })
export const incidentRoleTaken = defineEvent<IncidentData & { readonly role: string; readonly person: string }>({
  type: 'incident.role-taken',
  summary: 'Somebody took a role',
})
export const incidentRoleHandedOver = defineEvent<
  IncidentData & { readonly role: string; readonly person: string; readonly from: string }
>({ type: 'incident.role-handed-over', summary: 'A role passed on' })
export const incidentRoleReleased = defineEvent<IncidentData & { readonly role: string; readonly person: string }>({
  type: 'incident.role-released',
  summary: 'A role was given up',
})
export const incidentRoleOffered = defineEvent<
  IncidentData & { readonly role: string; readonly person: string; readonly from: string }
>({ type: 'incident.role-offered', summary: 'A role was offered to somebody' })
export const incidentRoleDeclined = defineEvent<IncidentData & { readonly role: string; readonly person: string }>({
  type: 'incident.role-declined',
  summary: 'Somebody declined a role',
})
export const incidentTimeCorrected = defineEvent<
  IncidentData & { readonly time: string; readonly from: string | null; readonly to: string | null }
>({ type: 'incident.time-corrected', summary: 'One of its times was corrected' })
export const incidentRestricted = defineEvent<IncidentData & { readonly readers: readonly string[] }>({
  type: 'incident.readers-changed',
  summary: 'Who may read it changed',
})
export const incidentNoted = defineEvent<IncidentData & { readonly text: string }>({
  type: 'incident.note-added',
  summary: 'Somebody wrote into the timeline',
})
export const incidentCallNamed = defineEvent<IncidentData & { readonly url: string | null; readonly text: string }>({
  type: 'incident.call-named',
  summary: 'Where those who work on it talk',
})
export const incidentAlertLinked = defineEvent<IncidentData & { readonly alertId: string; readonly summary: string }>({
  type: 'incident.alert-linked',
  summary: 'An alert belongs to it',
})

export type CloseQuietPayload = { readonly incidentId: string }
/** Ends an automatic incident whose alerts have all been over for a while. */
export const closeQuiet = defineJob<CloseQuietPayload>({ kind: 'incidents.close-quiet', lane: 'normal' })

export const incidentsErrors = [
  { code: unknown, summary: 'There is no such incident.' },
  { code: 'incidents.bad-severity', summary: 'The severity is none of SEV1–SEV4 or P0–P3.' },
  { code: 'incidents.unknown-service', summary: 'A service is not in the catalog.' },
  { code: 'incidents.reason-missing', summary: 'This change needs a reason.' },
  { code: 'incidents.same-severity', summary: 'It already has that severity.' },
  { code: 'incidents.bad-call', summary: 'Where people talk is an address that begins with https://.' },
  { code: 'incidents.same-phase', summary: 'It is already there.' },
  { code: 'incidents.no-such-way', summary: 'It cannot go there from where it is.' },
  { code: 'incidents.role-held', summary: 'The person already has the role.' },
  { code: 'incidents.role-not-held', summary: 'The person does not have the role.' },
  { code: 'incidents.no-offer', summary: 'The role is not offered to this person.' },
  { code: 'incidents.offer-to-self', summary: 'A role is taken, not offered to oneself.' },
  { code: 'incidents.time-needed', summary: 'This time cannot be unknown.' },
  { code: 'incidents.time-ahead', summary: 'The time lies in the future.' },
  { code: 'incidents.times-disordered', summary: 'The times do not follow each other.' },
  { code: 'incidents.not-backfilled', summary: 'Times of the past are given only for a back-filled incident.' },
  { code: 'incidents.kind-fixed', summary: 'A drill, a back-filled incident and planned work cannot be restricted.' },
  { code: 'incidents.reader-left-out', summary: 'Whoever restricts an incident must be among its readers.' },
  { code: 'incidents.commander-needed', summary: 'An open incident needs a commander: hand the role over.' },
] as const
