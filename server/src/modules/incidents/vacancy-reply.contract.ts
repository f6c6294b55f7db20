// A role that nobody held for so long that somebody was paged, as the API speaks of it.
import { Type } from 'typebox'
import { Nullable, Time, Words } from '../../platform/http/schemas.ts'
import { incidentRoles } from './core/index.ts'

export const Vacancy = Type.Object(
  {
    role: Words(incidentRoles),
    since: Time,
    pagedAt: Time,
    rota: Nullable(Type.String({ description: 'Who is paged; null where there was nobody to page.' })),
    because: Type.String(),
    endedAt: Nullable(Type.String({ format: 'date-time', description: 'When somebody took the role.' })),
  },
  { title: 'IncidentVacancy' },
)
