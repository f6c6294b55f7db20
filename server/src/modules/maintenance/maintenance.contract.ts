// Every name of the room `maintenance` that leaves.
import { type Static, Type } from 'typebox'
import type { JsonObject } from '../../kernel/json.ts'
import { operation } from '../../platform/http/operation.ts'
import { Page, PageQuery } from '../../platform/http/page.ts'
import { Id, Name, Nullable, Text, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { defineJob } from '../../platform/work/job.ts'
import { dependantWords, occurrenceStates, treatments } from './core/index.ts'

export const Occurrence = Type.Object(
  {
    id: Id,
    window: Type.String({ description: 'The declared MaintenanceWindow it comes from.' }),
    title: Type.String(),
    reason: Type.String(),
    team: Nullable(Type.String()),
    state: Words(occurrenceStates),
    startsAt: Time,
    endsAt: Time,
    plannedAt: Type.String({ format: 'date-time', description: 'When the declaration has it begin.' }),
    services: Type.Array(Type.String(), { description: 'All that are covered, dependants among them.' }),
    budget: Words(treatments, 'What its time is to objectives: left out, as if good, or counted as ever.'),
    announced: Nullable(Type.Object({ title: Type.String(), text: Type.String() })),
    declaredBy: Type.String(),
    changed: Nullable(Type.Object({ by: Type.String(), because: Type.String(), cancelledAt: Nullable(Time) })),
    parts: Type.Integer({ description: '1, and one more for each time its cover was changed while it lasted.' }),
  },
  { title: 'MaintenanceOccurrence' },
)
export type OccurrenceReply = Static<typeof Occurrence>

export const listMaintenance = operation({
  id: 'maintenance.list',
  method: 'GET',
  path: '/api/v1/maintenance',
  summary: 'Maintenance in a stretch of time, in order; from now on for 30 days unless said',
  query: Type.Object({
    ...PageQuery,
    from: Type.Optional(Time),
    to: Type.Optional(Time),
    service: Type.Optional(Name),
    window: Type.Optional(Name),
  }),
  reply: Page(Occurrence),
  errors: ['maintenance.bad-range'],
})

export const readMaintenance = operation({
  id: 'maintenance.read',
  method: 'GET',
  path: '/api/v1/maintenance/{id}',
  summary: 'One time a maintenance takes place',
  params: Type.Object({ id: Id }),
  reply: Occurrence,
  errors: ['maintenance.unknown'],
})

export const Draft = Type.Object(
  {
    services: Type.Array(Name, { minItems: 1, maxItems: 100 }),
    dependants: Type.Optional(Words(dependantWords)),
    start: Type.String({ maxLength: 19, description: 'Wall time: 2026-01-04 02:00' }),
    timeZone: Type.String({ maxLength: 60 }),
    lasts: Type.String({ maxLength: 20 }),
    repeat: Type.Optional(Type.String({ maxLength: 500 })),
  },
  { title: 'MaintenanceDraft' },
)

export const previewMaintenance = operation({
  id: 'maintenance.preview',
  method: 'POST',
  path: '/api/v1/maintenance/preview',
  summary: 'When it would take place next, whom it would cover, and what else is planned for them; nothing is kept',
  body: Draft,
  reply: Type.Object({
    occurrences: Type.Array(Type.Object({ startsAt: Time, endsAt: Time, lastsMs: Type.Integer() }), {
      description: 'The next ten within a year.',
    }),
    services: Type.Array(Type.Object({ name: Type.String(), named: Type.Boolean(), team: Nullable(Type.String()) })),
    overlaps: Type.Array(Occurrence, { description: 'Other maintenance of the same services at those times.' }),
    warnings: Type.Array(Type.String()),
  }),
  errors: ['maintenance.refused'],
})

const Because = Type.Object({ reason: Text(500) })
const OfOne = Type.Object({ id: Id })
const refusals = ['maintenance.unknown', 'maintenance.refused'] as const

export const endMaintenance = operation({
  id: 'maintenance.end',
  method: 'POST',
  path: '/api/v1/maintenance/{id}/end',
  summary: 'End it before its time; what still fires is told at once',
  params: OfOne,
  body: Because,
  reply: Occurrence,
  errors: refusals,
})

export const extendMaintenance = operation({
  id: 'maintenance.extend',
  method: 'POST',
  path: '/api/v1/maintenance/{id}/extend',
  summary: 'Let it last longer',
  params: OfOne,
  body: Type.Object({ until: Time, reason: Text(500) }),
  reply: Occurrence,
  errors: refusals,
})

export const cancelMaintenance = operation({
  id: 'maintenance.cancel',
  method: 'POST',
  path: '/api/v1/maintenance/{id}/cancel',
  summary: 'Cancel one that has not begun; the others of its window stay',
  params: OfOne,
  body: Because,
  reply: Occurrence,
  errors: refusals,
})

export type MaintenanceData = {
  readonly window: string
  readonly title: string
  readonly state: string
  readonly services: readonly string[]
  readonly startsAt: string
  readonly endsAt: string
} & JsonObject
const event = (type: string, summary: string) => defineEvent<MaintenanceData>({ type, summary })
export const maintenanceAnnounced = event('maintenance.announced', 'Customers are to be told of a maintenance to come')
export const maintenanceBegan = event('maintenance.began', 'A maintenance began: its services page nobody')
export const maintenanceChanged = event(
  'maintenance.changed',
  'A maintenance was ended, extended, cancelled or planned anew',
)
export const maintenanceEnded = event('maintenance.ended', 'A maintenance is over')
export const maintenanceEvents = [maintenanceAnnounced, maintenanceBegan, maintenanceChanged, maintenanceEnded] as const

export const turnMaintenanceJob = defineJob<JsonObject>({ kind: 'maintenance.turn', lane: 'notify' })

export const maintenanceErrors = [
  { code: 'maintenance.unknown', summary: 'There is no such occurrence of a maintenance.' },
  { code: 'maintenance.refused', summary: 'It cannot be ended, extended, cancelled or planned like this.' },
  { code: 'maintenance.bad-range', summary: 'The range ends before it begins, or is longer than 400 days.' },
] as const
