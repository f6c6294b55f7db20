// What needs a human now, as the API tells of it.
import { type Static, Type } from 'typebox'
import { operation } from '../../platform/http/operation.ts'
import { Id, Nullable, Time, Words } from '../../platform/http/schemas.ts'

const NeedItem = Type.Object(
  {
    kind: Words([
      'alert',
      'incident',
      'objective',
      'schedule',
      'work',
      'postmortem',
      'action',
      'intake',
      'workflow',
    ] as const),
    id: Type.String(),
    title: Type.String(),
    sentence: Type.String(),
    severity: Words(['critical', 'warning', 'info'] as const),
    service: Nullable(Type.String()),
    since: Nullable(Time),
    href: Type.String(),
    action: Nullable(
      Type.Object({
        label: Type.String(),
        operation: Type.String(),
        id: Type.String(),
        ids: Type.Optional(
          Type.Array(Type.String(), { maxItems: 500, description: 'All it is done to, where several.' }),
        ),
      }),
    ),
  },
  { title: 'NeedsHuman' },
)
export type NeedItem = Static<typeof NeedItem>
export const readOverview = operation({
  id: 'overview.read',
  method: 'GET',
  path: '/api/v1/overview',
  summary: 'What needs a human now, ranked, and one sentence about the rest',
  reply: Type.Object(
    {
      needsHuman: Type.Array(NeedItem),
      calm: Type.String(),
      recentChanges: Type.Array(
        Type.Object({
          id: Id,
          service: Type.String(),
          summary: Type.String(),
          version: Nullable(Type.String()),
          kind: Type.String(),
          at: Time,
        }),
      ),
      counts: Type.Object({
        services: Type.Integer(),
        objectives: Type.Integer(),
        healthyObjectives: Type.Integer(),
        openAlerts: Type.Integer(),
        openIncidents: Type.Integer(),
        people: Type.Integer(),
      }),
      firstRun: Type.Boolean({ description: 'Nothing is declared yet.' }),
    },
    { title: 'Overview' },
  ),
})
