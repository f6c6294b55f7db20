// When planned work takes place, as the API speaks of it.
import { Type } from 'typebox'
import { Id, Nullable, Text, Time } from '../../platform/http/schemas.ts'

export const Plan = Type.Object(
  {
    startsAt: Time,
    endsAt: Time,
    maintenance: Nullable({ ...Id, description: 'The time of a maintenance it follows.' }),
  },
  { title: 'IncidentPlan' },
)

/** Of planned work that is declared. */
export const planFields = {
  startsAt: Type.Optional({ ...Time, description: 'Of kind `scheduled`: when the work begins.' }),
  endsAt: Type.Optional({ ...Time, description: 'Of kind `scheduled`: when it is over.' }),
  maintenance: Type.Optional(
    Text(
      200,
      'Of kind `scheduled`: a MaintenanceWindow, whose next time is meant, or the id of one of its times. The work takes its times and services from it and follows it.',
    ),
  ),
}
