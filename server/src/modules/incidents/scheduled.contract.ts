// Planned work that is led like an incident: every name that leaves.
import { Type } from 'typebox'
import { operation } from '../../platform/http/operation.ts'
import { Id, Text, Time } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { defineJob } from '../../platform/work/job.ts'
import { Incident, type IncidentData } from './incidents.contract.ts'

const unknown = 'incidents.unknown'

export const replanIncident = operation({
  id: 'incidents.replan',
  method: 'POST',
  path: '/api/v1/incidents/{id}/plan',
  summary: 'Put planned work off, or let it last longer; the maintenance it follows moves with it',
  params: Type.Object({ id: Id }),
  body: Type.Object({
    startsAt: Type.Optional({ ...Time, description: 'Left out, it stays; it cannot change once the work began.' }),
    endsAt: Type.Optional({ ...Time, description: 'Left out, it lasts as long as before.' }),
    reason: Text(500),
  }),
  reply: Incident,
  errors: [unknown, 'incidents.not-scheduled', 'incidents.bad-plan', 'maintenance.refused', 'maintenance.unknown'],
})
export const turnIntoIncident = operation({
  id: 'incidents.went-wrong',
  method: 'POST',
  path: '/api/v1/incidents/{id}/went-wrong',
  summary: 'Planned work went wrong: from now on it is an incident as any other',
  params: Type.Object({ id: Id }),
  body: Type.Object({
    reason: Text(500),
    severity: Type.Optional(Text(4, 'SEV1–SEV4 or P0–P3; proposed from the services when left out.')),
    startedAt: Type.Optional({ ...Time, description: 'When users began to be hurt, if that is known.' }),
  }),
  reply: Incident,
  errors: [
    unknown,
    'incidents.not-scheduled',
    'incidents.not-begun',
    'incidents.bad-severity',
    'incidents.time-ahead',
    'maintenance.refused',
  ],
})

type PlanData = IncidentData & { readonly startsAt: string; readonly endsAt: string; readonly maintenance?: string }
export const incidentScheduled = defineEvent<PlanData>({
  type: 'incident.scheduled',
  summary: 'Planned work was declared',
})
export const incidentReplanned = defineEvent<PlanData>({
  type: 'incident.replanned',
  summary: 'Planned work has other times',
})
export const incidentBegan = defineEvent<IncidentData>({ type: 'incident.began', summary: 'Planned work began' })
export const incidentCalledOff = defineEvent<IncidentData>({
  type: 'incident.called-off',
  summary: 'Planned work does not take place',
})
export const incidentOverran = defineEvent<IncidentData & { readonly since: string; readonly person: string | null }>({
  type: 'incident.overran',
  summary: 'The time of planned work is over, and the work is not',
})
export const incidentWentWrong = defineEvent<IncidentData>({
  type: 'incident.went-wrong',
  summary: 'Planned work became an incident',
})
export const scheduledEvents = [
  incidentScheduled,
  incidentReplanned,
  incidentBegan,
  incidentCalledOff,
  incidentOverran,
  incidentWentWrong,
] as const

export type TurnScheduledPayload = { readonly incidentId: string }
/** Begins planned work at its time, and reminds when its time is over. */
export const turnScheduled = defineJob<TurnScheduledPayload>({ kind: 'incidents.turn-scheduled', lane: 'normal' })

export const scheduledErrors = [
  { code: 'incidents.bad-plan', summary: 'Planned work begins and ends at times to come, in this order.' },
  { code: 'incidents.led-already', summary: 'This time of a maintenance is led in a room already.' },
  { code: 'incidents.not-scheduled', summary: 'It is no planned work, or no longer.' },
  { code: 'incidents.not-begun', summary: 'Only planned work that is under way goes wrong.' },
] as const
