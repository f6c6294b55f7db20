// The shapes of declared schedules and escalation policies.
import { type Static, Type } from 'typebox'
import { Name, Time, Words } from '../../../platform/http/schemas.ts'
import { turnUnits } from '../core/index.ts'

const Zone = Type.String({ minLength: 1, maxLength: 64, description: 'IANA zone such as Europe/Berlin.' })
const ForHowLong = Type.String({ pattern: '^([0-9]{1,9}(ms|s|m|h|d|w))+$', description: '30s, 5m, 1h30m, 1d.' })

const MemberSpec = Type.Object({
  person: Name,
  since: Type.Optional(Time),
  until: Type.Optional(Time),
})

const RotationSpec = Type.Object({
  name: Name,
  zone: Type.Optional(Zone),
  start: Type.String({ maxLength: 19, description: 'Local time of a hand-over, without an offset: 2026-01-05T09:00.' }),
  turn: Type.Object({ unit: Words(turnUnits), every: Type.Integer({ minimum: 1, default: 1 }) }),
  members: Type.Array(MemberSpec, { minItems: 1, maxItems: 200, description: 'In the order they take turns.' }),
  since: Type.Optional(Time),
  until: Type.Optional(Time),
})

export const ScheduleSpec = Type.Object({
  zone: Zone,
  team: Type.Optional(Name),
  rotations: Type.Array(RotationSpec, {
    minItems: 1,
    maxItems: 20,
    description: 'Side by side: everyone who has a turn is on call.',
  }),
})
export type ScheduleSpec = Static<typeof ScheduleSpec>

const TargetSpec = Type.Object(
  { person: Type.Optional(Name), schedule: Type.Optional(Name) },
  { description: 'A person or a schedule, not both.' },
)

export const EscalationPolicySpec = Type.Object({
  team: Type.Optional(Name),
  levels: Type.Array(
    Type.Object({
      notify: Type.Array(TargetSpec, { minItems: 1, maxItems: 20 }),
      waitFor: Type.Optional({ ...ForHowLong, default: '5m' }),
      strategy: Type.Optional(Words(['everyone', 'round-robin'])),
    }),
    { minItems: 1, maxItems: 20 },
  ),
  repeat: Type.Optional(Type.Integer({ minimum: 0, maximum: 9, description: 'Rounds after the first one.' })),
  acknowledgementTimeout: Type.Optional(
    Type.Union([ForHowLong, Words(['never'])], {
      description: 'An acknowledged alert that is not resolved pages again after this. 30m unless said.',
    }),
  ),
  pageOnHandOver: Type.Optional(
    Type.Boolean({ description: 'Who comes on call while nobody has acknowledged is paged too. True unless said.' }),
  ),
  fallbackOwner: { ...Name, description: 'Paged when no level has anyone who can be reached.' },
})
export type EscalationPolicySpec = Static<typeof EscalationPolicySpec>
