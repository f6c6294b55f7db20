// Operations on the routing file: what decides now, where an alert would go, and what another file would have decided.
import { type Static, Type } from 'typebox'
import { alertSeverities } from '../../kernel/severity.ts'
import { operation } from '../../platform/http/operation.ts'
import { Id, Nullable, Time, Words } from '../../platform/http/schemas.ts'
import { timingModes } from './core/index.ts'

const Timing = Words(
  timingModes,
  'Whether pages keep to group_wait, group_interval and repeat_interval. `no-interval`: no first page waits a group_interval. `at-once`: nobody waits.',
)
const RoutingNote = Type.Object({ line: Type.Integer(), detail: Type.String() })
export const RoutingFile = Type.Object(
  {
    text: Type.String({ description: 'As it was given, without the secrets of its receivers.' }),
    version: Type.Integer(),
    changedBy: Type.String(),
    changedAt: Time,
    timing: Timing,
    criticalAtOnce: Type.Boolean(),
    receivers: Type.Array(Type.String()),
    notes: Type.Array(RoutingNote, { description: 'What the file says that is not done from here.' }),
  },
  { title: 'RoutingFile' },
)
export const noRouting = 'alerts.no-routing'
export const badRouting = 'alerts.routing-invalid'
const RoutingText = Type.String({ minLength: 1, maxLength: 1_048_576, description: 'An alertmanager.yml.' })
export const readRouting = operation({
  id: 'routing.read',
  method: 'GET',
  path: '/api/v1/routing',
  summary: 'The routing file that was taken over from an Alertmanager',
  reply: RoutingFile,
  errors: [noRouting],
})
export const replaceRouting = operation({
  id: 'routing.replace',
  method: 'PUT',
  path: '/api/v1/routing',
  summary: 'Take over the routes, inhibitions and hours of an alertmanager.yml; what cannot be kept is refused by line',
  body: Type.Object({
    text: RoutingText,
    timing: Type.Optional(Timing),
    criticalAtOnce: Type.Optional(
      Type.Boolean({ description: 'What is critical waits for no timer. False unless said.' }),
    ),
  }),
  bodyLimit: 2_097_152,
  reply: RoutingFile,
  errors: [badRouting],
})
export const removeRouting = operation({
  id: 'routing.remove',
  method: 'DELETE',
  path: '/api/v1/routing',
  summary: 'Go back to the escalation policies of the services alone',
  reply: Type.Null(),
  status: 204,
})
/** An instant as people say it: exactly, or what the clocks on the wall show somewhere. */
export const momentFields = {
  at: Type.Optional(Type.String({ format: 'date-time', description: 'RFC 3339; now unless said.' })),
  wall: Type.Optional(
    Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}$', description: 'In place of `at`: 2026-03-01 03:00' }),
  ),
  timeZone: Type.Optional(Type.String({ maxLength: 60, description: 'Of `wall`: Europe/Vienna; UTC unless said.' })),
}

const Telling = Type.Array(Type.String(), {
  description:
    'Of the receivers those that tell somebody. None while the alert is held, nor where no receiver of the file sends anywhere: there the escalation policy of the service tells.',
})
export const testRouting = operation({
  id: 'routing.test',
  method: 'POST',
  path: '/api/v1/routing/test',
  summary: 'Where an alert with these labels would go, and why; changes nothing',
  body: Type.Object({
    labels: Type.Record(Type.String({ maxLength: 256 }), Type.String({ maxLength: 2048 })),
    text: Type.Optional(RoutingText),
    ...momentFields,
  }),
  bodyLimit: 2_097_152,
  reply: Type.Object({
    at: Time,
    receivers: Type.Array(Type.String()),
    telling: Telling,
    told: Type.Boolean({ description: 'Whether its routes let somebody be told at that time.' }),
    trace: Type.Array(Type.Object({ rule: Type.String(), verdict: Type.String(), because: Type.String() })),
  }),
  errors: [badRouting, noRouting, 'alerts.bad-moment'],
})

export const RouteNode = Type.Object(
  {
    line: Type.Integer({ description: 'In the file.' }),
    depth: Type.Integer({ description: '0 for the first route.' }),
    receiver: Type.String(),
    matchers: Type.Array(Type.String()),
    groupBy: Type.Array(Type.String(), { description: '`...` groups by all labels.' }),
    groupWaitMs: Type.Integer(),
    groupIntervalMs: Type.Integer(),
    repeatIntervalMs: Type.Integer(),
    muteIn: Type.Array(Type.String()),
    activeIn: Type.Array(Type.String()),
    continues: Type.Boolean(),
    closed: Nullable(Type.String({ description: 'Why it tells nobody now.' })),
    sends: Type.Boolean({ description: 'Whether its receiver tells anybody.' }),
    open: Type.Integer({ description: 'Open alerts that end here.' }),
    held: Type.Integer({ description: 'Of those, how many nobody is told of.' }),
    groups: Type.Integer({ description: 'Groups of open alerts.' }),
  },
  { title: 'RouteNode' },
)
export type RouteNode = Static<typeof RouteNode>
export const readRoutes = operation({
  id: 'routing.tree',
  method: 'GET',
  path: '/api/v1/routing/tree',
  summary: 'The routes of the file that decides now, with the open alerts that each one gets',
  reply: Type.Object({
    version: Nullable(Type.Integer({ description: 'Null while no file was taken over; then there are no routes.' })),
    timing: Timing,
    criticalAtOnce: Type.Boolean(),
    looked: Type.Integer({ description: 'Open alerts that were counted, 20,000 at most.' }),
    routes: Type.Array(RouteNode, { description: 'Depth first, in the order of the file.' }),
  }),
})

const Fate = Type.Object({
  receivers: Type.Array(Type.String()),
  telling: Telling,
  held: Nullable(Words(['inhibited', 'muted', 'nobody'] as const)),
})
export const replayRouting = operation({
  id: 'routing.replay',
  method: 'POST',
  path: '/api/v1/routing/replay',
  summary: 'What another routing file would have decided of the alerts of the last days; changes nothing',
  body: Type.Object({
    text: Type.Optional(RoutingText),
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: 90, description: '30 unless said.' })),
  }),
  bodyLimit: 2_097_152,
  reply: Type.Object(
    {
      from: Time,
      looked: Type.Integer({
        description:
          'Alerts that were asked about: the newest, 5,000 at most, and fewer where that takes longer than ten seconds.',
      }),
      more: Type.Boolean({ description: 'Whether there were more.' }),
      toldBefore: Type.Integer({ description: 'By the file that decides now, or without one.' }),
      toldAfter: Type.Integer(),
      newlyHeld: Type.Integer({ description: 'Somebody was told, and nobody would be.' }),
      newlyTold: Type.Integer(),
      moved: Type.Integer({ description: 'Told, by other receivers.' }),
      unreached: Type.Integer({
        description:
          'Alerts that the rules would tell of while the escalation policy of their service reaches nobody as it stands now. They count as told nowhere here.',
      }),
      notes: Type.Array(Type.String(), { description: 'Receivers and policies that tell nobody, in words.' }),
      receivers: Type.Array(
        Type.Object({
          name: Type.String(),
          before: Type.Integer({ description: 'Alerts it tells of.' }),
          after: Type.Integer(),
          routedBefore: Type.Integer({
            description: 'Alerts whose routes lead to it, whether it tells anybody or not.',
          }),
          routedAfter: Type.Integer(),
        }),
      ),
      examples: Type.Array(
        Type.Object({
          id: Id,
          number: Type.Integer(),
          title: Type.String(),
          severity: Words(alertSeverities),
          openedAt: Time,
          before: Fate,
          after: Fate,
        }),
        { description: 'What changes, the newest 50; what would be held first.' },
      ),
    },
    { title: 'RoutingReplay' },
  ),
  errors: [badRouting],
})
