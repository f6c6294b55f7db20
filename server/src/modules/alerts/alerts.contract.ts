// Every name of the room `alerts` that leaves.
import { type Static, Type } from 'typebox'
import type { JsonObject } from '../../kernel/json.ts'
import { alertSeverities, urgencies } from '../../kernel/severity.ts'
import { operation } from '../../platform/http/operation.ts'
import { Page, PageQuery } from '../../platform/http/page.ts'
import { Id, Name, Nullable, Text, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { defineJob } from '../../platform/work/job.ts'
import type { AlertData, AlertEndedData, AlertTakenData } from './alert-data.ts'
import { operators, rateLimits } from './core/index.ts'
import { Useful } from './quality.contract.ts'
import { badRouting, momentFields, noRouting } from './routing.contract.ts'

export const alertStatuses = ['firing', 'acknowledged', 'snoozed', 'resolved'] as const
export type AlertStatus = (typeof alertStatuses)[number]
export const alertEndings = ['resolved', 'expired', 'silent', 'closed'] as const

const AlertLink = Type.Object({ title: Type.String(), url: Type.String() })

const summary = {
  id: Id,
  number: Type.Integer(),
  status: Words(alertStatuses),
  severity: Words(alertSeverities),
  urgency: Words(urgencies),
  service: Nullable(Type.String()),
  team: Nullable(Type.String()),
  tier: Nullable(Type.Integer()),
  title: Type.String(),
  source: Type.String(),
  startedAt: Time,
  openedAt: Time,
  lastSeenAt: Time,
  acknowledgedBy: Nullable(Type.String()),
  acknowledgedAt: Nullable(Time),
  snoozedUntil: Nullable(Time),
  resolvedAt: Nullable(Time),
  ended: Nullable(Words(alertEndings, 'Explicit end, expiry, a silent sender and a person are different ends.')),
  count: Type.Integer({ description: 'Signals taken into this episode.' }),
  useful: Nullable(
    Type.Boolean({ description: 'Whether it was worth it, as people say; null while nobody has said.' }),
  ),
  silencedBy: Nullable(Type.String()),
  pagedWith: Nullable(
    Type.Object(
      { id: Id, number: Type.Integer() },
      { description: 'The alert whose page tells of this one; acknowledging one acknowledges all of them.' },
    ),
  ),
  alsoPaged: Type.Integer({ description: 'Open alerts that the page of this one is about as well.' }),
  flapping: Type.Boolean({ description: 'It kept beginning and ending when it began.' }),
  incident: Nullable(Type.Object({ id: Id })),
  labels: Type.Record(Type.String(), Type.String()),
}
export const AlertSummary = Type.Object(summary, { title: 'AlertSummary' })
export type AlertSummary = Static<typeof AlertSummary>

export const Alert = Type.Object(
  {
    ...summary,
    severityGiven: Nullable(Type.String({ description: 'The sender’s own word.' })),
    fingerprint: Type.String(),
    pagedTogether: Type.Array(Type.Object({ id: Id, number: Type.Integer(), title: Type.String() }), {
      description: 'Open alerts that one page tells of together with this one (50 at most).',
    }),
    leaseUntil: Nullable(Time),
    pausedUntil: Nullable(
      Type.String({
        format: 'date-time',
        description: 'People are not told before: it usually heals by itself, or its group waits.',
      }),
    ),
    annotations: Type.Record(Type.String(), Type.String()),
    links: Type.Array(AlertLink),
    trace: Type.Array(Type.Object({ at: Time, rule: Type.String(), verdict: Type.String(), because: Type.String() }), {
      description: 'Why it was paged, or was not.',
    }),
    pages: Type.Array(
      Type.Object({
        person: Nullable(Type.String()),
        webhook: Nullable(Type.String({ description: 'A machine that was told; then there is no person.' })),
        channel: Type.String(),
        state: Type.String(),
        at: Time,
        because: Nullable(Type.String()),
      }),
    ),
    version: Type.Integer(),
  },
  { title: 'Alert' },
)
export type AlertReply = Static<typeof Alert>

const byId = Type.Object({ id: Id })
const closed = 'alerts.already-ended'
const unknown = 'alerts.unknown'

export const listAlerts = operation({
  id: 'alerts.list',
  method: 'GET',
  path: '/api/v1/alerts',
  summary: 'Alerts, newest first',
  query: Type.Object({
    ...PageQuery,
    status: Type.Optional(Words([...alertStatuses, 'open'], '`open` is every status but resolved.')),
    service: Type.Optional(Name),
    team: Type.Optional(Name),
    rule: Type.Optional(Type.String({ minLength: 1, maxLength: 1024, description: 'The `alertname` of its sender.' })),
    severity: Type.Optional(Words(alertSeverities)),
    incident: Type.Optional(Id),
    number: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'The number people say.' })),
    search: Type.Optional(Type.String({ maxLength: 100 })),
    from: Type.Optional(Time),
    to: Type.Optional(Time),
  }),
  reply: Page(AlertSummary),
})
export const readAlert = operation({
  id: 'alerts.read',
  method: 'GET',
  path: '/api/v1/alerts/{id}',
  summary: 'One alert with its decision trace and pages',
  params: byId,
  reply: Alert,
  errors: [unknown],
})
export const acknowledgeAlert = operation({
  id: 'alerts.acknowledge',
  method: 'POST',
  path: '/api/v1/alerts/{id}/acknowledge',
  summary: 'Take it: paging stops',
  params: byId,
  query: Type.Object({ useful: Type.Optional(Useful) }),
  reply: AlertSummary,
  errors: [unknown, closed],
})
export const unacknowledgeAlert = operation({
  id: 'alerts.unacknowledge',
  method: 'POST',
  path: '/api/v1/alerts/{id}/unacknowledge',
  summary: 'Give it back: paging goes on',
  params: byId,
  reply: AlertSummary,
  errors: [unknown, closed],
})
export const snoozeAlert = operation({
  id: 'alerts.snooze',
  method: 'POST',
  path: '/api/v1/alerts/{id}/snooze',
  summary: 'Leave it until later: paging stops and starts again by itself',
  params: byId,
  body: Type.Object({
    forMs: Type.Integer({ minimum: 60_000, maximum: 7 * 86_400_000, description: 'One minute to seven days.' }),
  }),
  reply: AlertSummary,
  errors: [unknown, closed],
})
export const resolveAlert = operation({
  id: 'alerts.resolve',
  method: 'POST',
  path: '/api/v1/alerts/{id}/resolve',
  summary: 'Close it by hand',
  params: byId,
  body: Type.Object({ note: Type.Optional(Text(500)), useful: Type.Optional(Useful) }),
  reply: AlertSummary,
  errors: [unknown, closed],
})
export const actOnAlerts = operation({
  id: 'alerts.bulk',
  method: 'POST',
  path: '/api/v1/alerts/bulk',
  summary: 'The same action on up to 500 alerts; each answers for itself',
  body: Type.Object({
    ids: Type.Array(Id, { minItems: 1, maxItems: 500 }),
    action: Words(['acknowledge', 'unacknowledge', 'resolve'] as const),
    useful: Type.Optional(Useful),
  }),
  reply: Type.Object({
    done: Type.Array(Id),
    refused: Type.Array(Type.Object({ id: Id, code: Type.String(), detail: Type.String() })),
  }),
})

export const SignalOrder = Type.Object(
  {
    dedupKey: Text(512, 'The sender’s name for the problem; the same key is the same alert while it is open.'),
    status: Type.Optional(Words(['firing', 'resolved'] as const)),
    summary: Text(1024),
    severity: Type.Optional(Text(64, 'critical, error, warning, info, P1–P5 or another trade word.')),
    service: Type.Optional(Name),
    labels: Type.Optional(Type.Record(Type.String({ maxLength: 128 }), Type.String({ maxLength: 1024 }))),
    annotations: Type.Optional(Type.Record(Type.String({ maxLength: 128 }), Type.String({ maxLength: 8192 }))),
    startsAt: Type.Optional(Time),
    endsAt: Type.Optional(Time),
    links: Type.Optional(Type.Array(AlertLink, { maxItems: 20 })),
  },
  { title: 'SignalOrder' },
)
export type SignalOrder = Static<typeof SignalOrder>

export const sendSignals = operation({
  id: 'alerts.send',
  method: 'POST',
  path: '/api/v1/signals',
  summary: 'Report problems and their ends; answered after they are stored',
  body: Type.Object({
    source: Type.Optional(Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{0,62}$' })),
    signals: Type.Array(SignalOrder, { minItems: 1, maxItems: 1000 }),
  }),
  reply: Type.Object({
    opened: Type.Integer(),
    refreshed: Type.Integer(),
    resolved: Type.Integer(),
    ignored: Type.Integer(),
    lifeboat: Type.Optional(
      Type.String({
        description:
          'The database is away and the signals are kept on the server’s disk, as this entry of the lifeboat’s journal. Nothing is counted until they are in the database.',
      }),
    ),
  }),
  status: 202,
})

const ForeseenPaging = Type.Object(
  {
    policy: Type.String(),
    because: Type.String({ description: 'Why by this policy.' }),
    pages: Type.Array(
      Type.Object({
        at: Time,
        person: Type.String(),
        channel: Type.String(),
        level: Nullable(Type.Integer({ description: 'Null for the fallback owner.' })),
        because: Type.String(),
      }),
      { description: 'When nobody answers: the first 50 messages that would leave.' },
    ),
  },
  { title: 'ForeseenPaging' },
)

export const explainSignal = operation({
  id: 'alerts.explain',
  method: 'POST',
  path: '/api/v1/signals/explain',
  summary: 'Who would be told of a signal, now or at another time, or why nobody; changes nothing',
  body: Type.Object({
    labels: Type.Record(Type.String({ maxLength: 256 }), Type.String({ maxLength: 2048 })),
    severity: Type.Optional(Text(64)),
    service: Type.Optional(Name),
    ...momentFields,
  }),
  reply: Type.Object({
    at: Time,
    alert: Nullable(AlertSummary),
    told: Type.Boolean(),
    sentence: Type.String(),
    receivers: Type.Array(Type.String(), { description: 'Of the routing file; none without one.' }),
    trace: Type.Array(Type.Object({ rule: Type.String(), verdict: Type.String(), because: Type.String() })),
    paged: Nullable(ForeseenPaging),
  }),
  errors: ['alerts.bad-moment'],
})

const Matcher = Type.Object({
  name: Text(256),
  operator: Words(operators, 'As Alertmanager writes them; patterns are anchored.'),
  value: Type.String({ maxLength: 2048 }),
})
const MatcherSets = Type.Array(Type.Array(Matcher, { minItems: 1, maxItems: 20 }), {
  minItems: 1,
  maxItems: 10,
  description: 'Any set may match; within a set every matcher must.',
})
const EndsWith = Type.Object(
  {
    incident: Type.Optional(Id),
    ticket: Type.Optional(
      Text(200, 'A ticket that is looked after: its id here, or its name where only one tracker has it.'),
    ),
    change: Type.Optional(Name),
    rate: Type.Optional(
      Type.Object({
        alerts: Type.Integer({ minimum: rateLimits.alerts[0], maximum: rateLimits.alerts[1] }),
        withinMs: Type.Integer({ minimum: rateLimits.withinMs[0], maximum: rateLimits.withinMs[1] }),
      }),
    ),
  },
  {
    title: 'SilenceEnds',
    description:
      'Ends it before its time: an incident that is resolved, a ticket that is closed at its tracker, the next change of a service, more alerts than this beginning under it.',
  },
)
export const Silence = Type.Object(
  {
    id: Id,
    sets: MatcherSets,
    startsAt: Time,
    endsAt: Time,
    endsWith: Type.Array(Type.String(), { description: 'What ends it before its time, in words.' }),
    lostEnds: Type.Array(Type.String(), { description: 'What was to end it and cannot any more, in words.' }),
    createdBy: Type.String(),
    reason: Type.String(),
    state: Words(['pending', 'active', 'expired'] as const),
  },
  { title: 'Silence' },
)
export const listSilences = operation({
  id: 'silences.list',
  method: 'GET',
  path: '/api/v1/silences',
  summary: 'Silences that are active or pending (500 at most)',
  reply: Type.Object({ items: Type.Array(Silence) }),
})
export const createSilence = operation({
  id: 'silences.create',
  method: 'POST',
  path: '/api/v1/silences',
  summary: 'Hold back pages of matching alerts for a while; ends always get through',
  body: Type.Object({
    sets: MatcherSets,
    startsAt: Type.Optional(Time),
    endsAt: Time,
    reason: Text(500),
    endsWith: Type.Optional(EndsWith),
  }),
  reply: Silence,
  status: 201,
  errors: ['alerts.silence-invalid', 'alerts.unknown-end'],
})
export const previewSilence = operation({
  id: 'silences.preview',
  method: 'POST',
  path: '/api/v1/silences/preview',
  summary: 'What a silence would hide now, and would have hidden in the last 30 days; makes none',
  body: Type.Object({ sets: MatcherSets, startsAt: Type.Optional(Time), endsAt: Type.Optional(Time) }),
  reply: Type.Object(
    {
      open: Type.Integer({ description: 'Alerts that are open and would be hidden.' }),
      history: Type.Integer({ description: 'Alerts of the last 30 days that are over and would have been hidden.' }),
      services: Type.Array(Type.String()),
      critical: Type.Integer(),
      warnings: Type.Array(Type.String(), { description: 'What to think about before making it.' }),
      examples: Type.Array(AlertSummary, { description: 'Twenty at most, open ones first.' }),
    },
    { title: 'SilencePreview' },
  ),
  errors: ['alerts.silence-invalid'],
})
export const expireSilence = operation({
  id: 'silences.expire',
  method: 'DELETE',
  path: '/api/v1/silences/{id}',
  summary: 'End a silence now',
  params: byId,
  reply: Type.Null(),
  status: 204,
  errors: ['alerts.unknown-silence'],
})

export const readCounts = operation({
  id: 'alerts.counts',
  method: 'GET',
  path: '/api/v1/alerts/counts',
  summary: 'Open alerts by status and severity',
  reply: Type.Object({
    firing: Type.Integer(),
    acknowledged: Type.Integer(),
    snoozed: Type.Integer(),
    critical: Type.Integer(),
    warning: Type.Integer(),
    info: Type.Integer(),
  }),
})

export const alertOpened = defineEvent<AlertData>({
  type: 'alert.opened',
  summary: 'A problem was reported for the first time',
})
export const alertAcknowledged = defineEvent<AlertTakenData>({
  type: 'alert.acknowledged',
  summary: 'Somebody took the alert',
})
export const alertUnacknowledged = defineEvent<AlertTakenData>({
  type: 'alert.unacknowledged',
  summary: 'The alert was given back',
})
export const alertSnoozed = defineEvent<AlertTakenData & { readonly until: string }>({
  type: 'alert.snoozed',
  summary: 'The alert was left until later',
})
export const alertWoken = defineEvent<AlertData>({
  type: 'alert.woken',
  summary: 'A snooze ended and the problem is still there',
})
export const alertHeard = defineEvent<AlertData>({
  type: 'alert.unsilenced',
  summary: 'A silence ended and the problem is still there',
})
export const alertRaised = defineEvent<AlertData & { readonly from: string }>({
  type: 'alert.worsened',
  summary: 'The sender raised the severity',
})
/** One event for each way to end, because they tell different things; a subscriber usually wants all four. */
export const alertEnded = {
  resolved: defineEvent<AlertEndedData>({ type: 'alert.resolved', summary: 'The sender reported that it is over' }),
  expired: defineEvent<AlertEndedData>({ type: 'alert.expired', summary: 'The sender stopped repeating it' }),
  silent: defineEvent<AlertEndedData>({
    type: 'alert.silent',
    summary: 'Nothing was heard from the sender for too long',
  }),
  closed: defineEvent<AlertEndedData>({ type: 'alert.closed', summary: 'A person closed it' }),
} as const
export const alertEndedEvents: readonly (typeof alertEnded.resolved)[] = Object.values(alertEnded)
export const silenceCreated = defineEvent<JsonObject>({
  type: 'silence.created',
  summary: 'Pages are held back for matching alerts',
})
export const silenceChanged = defineEvent<JsonObject>({
  type: 'silence.changed',
  summary: 'The end or the reason of a silence was edited',
})
export const silenceEnded = defineEvent<JsonObject>({ type: 'silence.ended', summary: 'A silence was ended' })

export const routingChanged = defineEvent<JsonObject>({
  type: 'routing.changed',
  summary: 'The routing file was replaced or removed',
})

/** Ends what nobody repeats any more, and wakes what was snoozed. */
export const sweepAlerts = defineJob({ kind: 'alerts.sweep', lane: 'notify' })

/** After alerts were taken in: whoever is to hear of their beginning or their end does. */
export const tellAlerts = defineJob({ kind: 'alerts.tell', lane: 'page' })

/** When the timers of a routing file say that a group is to be told. */
export const flushGroups = defineJob({ kind: 'alerts.flush-groups', lane: 'page' })

/** What still fires when its repeat interval is over. */
export const repeatPage = defineJob<{ readonly alert: string }>({ kind: 'alerts.repeat-page', lane: 'page' })

/** After an alert joined, left or ended a page that several share. */
export const regroupPages = defineJob<{ readonly group: string }>({ kind: 'alerts.regroup', lane: 'page' })

export const alertsErrors = [
  { code: noRouting, summary: 'No routing file was taken over.' },
  { code: badRouting, summary: 'The routing file holds what cannot be kept; the faults name the lines.' },
  { code: unknown, summary: 'There is no such alert.' },
  { code: closed, summary: 'The alert has already ended.' },
  { code: 'alerts.silence-invalid', summary: 'The silence matches nothing sensible or ends before it starts.' },
  { code: 'alerts.unknown-end', summary: 'What is to end the silence is not known, or is over already.' },
  { code: 'alerts.quality-span', summary: 'The span ends before it begins, or is longer than 400 days.' },
  { code: 'alerts.bad-moment', summary: 'The time asked about is none, or too far from now.' },
  { code: 'alerts.unknown-zone', summary: 'There is no such time zone.' },
  { code: 'alerts.unknown-silence', summary: 'There is no such silence.' },
] as const
