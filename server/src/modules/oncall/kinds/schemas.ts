// The shapes of declared schedules and escalation policies.
import { type Static, Type } from 'typebox'
import { Name, Time, Words } from '../../../platform/http/schemas.ts'
import { turnUnits, weekdays } from '../core/index.ts'

const Zone = Type.String({ minLength: 1, maxLength: 64, description: 'IANA zone such as Europe/Berlin.' })
const ForHowLong = Type.String({ pattern: '^([0-9]{1,9}(ms|s|m|h|d|w))+$', description: '30s, 5m, 1h30m, 1d.' })

const datePattern = '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'

const MemberSpec = Type.Object(
  {
    person: Type.Optional(Name),
    nobody: Type.Optional(Type.Literal(true, { description: 'A place left empty on purpose.' })),
    since: Type.Optional(Time),
    until: Type.Optional(Time),
  },
  { description: 'A person, or nobody.' },
)

const LocalTime = (description: string) => Type.String({ maxLength: 19, description })

const HoursSpec = Type.Array(
  Type.Object({
    days: Type.Optional(
      Type.Array(Words(weekdays), { minItems: 1, maxItems: 7, description: 'Every day unless said.' }),
    ),
    from: Type.String({ maxLength: 9, description: '08:00, or with its day fri 20:00.' }),
    to: Type.String({ maxLength: 9, description: '16:30; earlier than from means the next day. Or mon 08:00.' }),
  }),
  { minItems: 1, maxItems: 50, description: 'Hours of the week; those of a day belong to the day they begin on.' },
)

const RecurringShiftSpec = Type.Object({
  start: LocalTime('Local time of the first one: 2026-01-05T09:00.'),
  end: LocalTime('Its local end.'),
  repeat: Type.Optional(
    Type.String({ maxLength: 200, description: 'RRULE: FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR. Once unless said.' }),
  ),
  except: Type.Optional(Type.Array(LocalTime('A start that is left out.'), { maxItems: 500 })),
  also: Type.Optional(Type.Array(LocalTime('A further start.'), { maxItems: 500 })),
})

const RotationSpec = Type.Object(
  {
    name: Name,
    zone: Type.Optional(Zone),
    start: Type.Optional(LocalTime('Local time of a hand-over, without an offset: 2026-01-05T09:00.')),
    turn: Type.Optional(Type.Object({ unit: Words(turnUnits), every: Type.Integer({ minimum: 1, default: 1 }) })),
    shifts: Type.Optional(
      Type.Array(RecurringShiftSpec, { minItems: 1, maxItems: 50, description: 'Instead of start and turn.' }),
    ),
    assign: Type.Optional(Words(['in-turn', 'everyone'], 'One member after the other (unless said), or all at once.')),
    perMember: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1000,
        description: 'Turns or shifts one member takes in a row. 1 unless said.',
      }),
    ),
    hours: Type.Optional(HoursSpec),
    advance: Type.Optional(
      Words(
        ['calendar', 'served'],
        'What passes the turn on: every turn (unless said), or only turns with on-call hours in them.',
      ),
    ),
    layer: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 20, description: 'A higher layer hides lower ones while it has somebody.' }),
    ),
    members: Type.Array(MemberSpec, { minItems: 1, maxItems: 200, description: 'In the order they take turns.' }),
    since: Type.Optional(Time),
    until: Type.Optional(Time),
  },
  { description: 'Turns without a break (start and turn), or recurring shifts.' },
)

const CustomShiftSpec = Type.Object(
  { name: Name, person: Name, start: Time, end: Time, reason: Type.Optional(Type.String({ maxLength: 500 })) },
  { description: 'One assignment outside every rotation.' },
)

const HolidaySpec = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 120 }),
  date: Type.String({ pattern: datePattern, description: 'Local day: 2026-12-25.' }),
  until: Type.Optional(Type.String({ pattern: datePattern, description: 'Last day, when there are several.' })),
})

export const ScheduleSpec = Type.Object({
  zone: Zone,
  team: Type.Optional(Name),
  rotations: Type.Array(RotationSpec, {
    minItems: 1,
    maxItems: 20,
    description: 'Side by side: everyone who has a turn is on call.',
  }),
  customShifts: Type.Optional(Type.Array(CustomShiftSpec, { maxItems: 1000 })),
  coverage: Type.Optional({ ...HoursSpec, description: 'When somebody must be on call. Always unless said.' }),
  holidays: Type.Optional(Type.Array(HolidaySpec, { maxItems: 500 })),
})
export type ScheduleSpec = Static<typeof ScheduleSpec>

const TargetSpec = Type.Object(
  {
    person: Type.Optional(Name),
    schedule: Type.Optional(Name),
    team: Type.Optional({ ...Name, description: 'Everybody in it, on call or not.' }),
    webhook: Type.Optional({ ...Name, description: 'A machine. It counts as nobody who was told.' }),
  },
  { description: 'A person, a schedule, a team or a webhook: exactly one.' },
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

const Clock = Type.String({ pattern: '^[0-9]{2}:[0-9]{2}$', description: '22:00' })

export const OnCallTermsSpec = Type.Object({
  team: Type.Optional({ ...Name, description: 'Whose terms they are; of all teams without their own unless said.' }),
  workingHours: Type.Optional({
    ...HoursSpec,
    description: 'Where the person lives. Monday to Friday 08:00 to 18:00 unless said.',
  }),
  night: Type.Optional(Type.Object({ from: Clock, to: Clock }, { description: '22:00 to 06:00 unless said.' })),
  call: Type.Optional(
    Type.Object(
      {
        together: Type.Optional({
          ...ForHowLong,
          description: 'Pages closer than this are one call. 30m unless said.',
        }),
        atLeast: Type.Optional({ ...ForHowLong, description: 'What a call counts at least. 30m unless said.' }),
        atMost: Type.Optional({ ...ForHowLong, description: 'What one page counts at most. 4h unless said.' }),
      },
      { description: 'What a call is, for health and for pay.' },
    ),
  ),
  limits: Type.Optional(
    Type.Object(
      {
        calls: Type.Optional(
          Type.Integer({ minimum: 0, maximum: 100, description: 'Calls per stretch. 2 unless said.' }),
        ),
        per: Type.Optional({ ...ForHowLong, description: 'How long a stretch of duty is. 12h unless said.' }),
        brokenNights: Type.Optional(
          Type.Integer({ minimum: 0, maximum: 7, description: 'Nights with a page, in a week. 2 unless said.' }),
        ),
        timeOnCall: Type.Optional(
          Type.Number({ exclusiveMinimum: 0, maximum: 1, description: 'Share of all hours. 0.25 unless said.' }),
        ),
        answerWithin: Type.Optional({ ...ForHowLong, description: 'For nine answers of ten. 5m unless said.' }),
      },
      { description: 'Of one person. What is beyond them is marked and gets a suggestion.' },
    ),
  ),
})
