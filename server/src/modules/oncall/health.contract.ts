// Names of the room `oncall` around what being on call does to people.
import { type Static, Type } from 'typebox'
import { operation } from '../../platform/http/operation.ts'
import { Name, Nullable, Ratio, Time, Words } from '../../platform/http/schemas.ts'
import { adviceCodes } from './core/index.ts'

export const HealthFigures = Type.Object(
  {
    onCallMs: Type.Integer(),
    pages: Type.Integer(),
    calls: Type.Integer({ description: 'Pages that follow each other closely are one call.' }),
    afterHours: Type.Integer({ description: 'Pages outside working hours where the person lives, or on a holiday.' }),
    nights: Type.Integer({ description: 'Nights with any duty in them.' }),
    brokenNights: Type.Integer({ description: 'Nights with a page in them: interrupted sleep.' }),
    awakeMs: Type.Integer({ description: 'From a page in a night until free again, within nights.' }),
    busyMs: Type.Integer({ description: 'From a page until free again, at any hour.' }),
    stretches: Type.Integer({ description: 'Stretches of duty of the length the limit speaks of.' }),
    overfull: Type.Integer({ description: 'Those with more calls than the limit allows.' }),
    callsPerStretch: Nullable(Type.Number()),
    pagesPerHour: Nullable(Type.Number({ description: 'Pages for each hour on call; null below an hour.' })),
    answered: Type.Integer({ description: 'Pages whoever was paged answered.' }),
    answeredByOthers: Type.Integer(),
    unanswered: Type.Integer({ description: 'Nobody answered before the alert ended.' }),
    unknown: Type.Integer({ description: 'Pages made before answers were kept beside them.' }),
    medianAnswerMs: Nullable(Type.Integer()),
    slowAnswerMs: Nullable(Type.Integer({ description: 'Nine answers of ten were faster or as fast.' })),
  },
  { title: 'OnCallFigures' },
)
export type HealthFigures = Static<typeof HealthFigures>

export const LimitReached = Type.Object(
  {
    limit: Words(['calls', 'broken-nights', 'time-on-call', 'answers']),
    value: Type.Number(),
    allowed: Type.Number(),
    isOver: Type.Boolean(),
    sentence: Type.String(),
  },
  { title: 'OnCallLimit' },
)
export type LimitReached = Static<typeof LimitReached>

const HealthSpan = Type.Object(
  {
    from: Time,
    to: Time,
    people: Type.Integer({ description: 'On duty or paged in it.' }),
    figures: HealthFigures,
  },
  { title: 'OnCallHealthSpan' },
)

export const PersonHealth = Type.Object(
  {
    person: Name,
    displayName: Type.String(),
    zone: Type.String(),
    total: HealthFigures,
    weeks: Type.Array(HealthSpan),
    limits: Type.Array(LimitReached),
  },
  { title: 'PersonOnCallHealth' },
)
export type PersonHealth = Static<typeof PersonHealth>

const trend = Words(['more', 'fewer', 'same', 'unknown'], 'Same: no more of a difference than chance makes.')
const Trend = Type.Object(
  {
    weeks: Type.Integer({ description: 'As many weeks on each side.' }),
    calls: Type.Object({ before: Type.Integer(), after: Type.Integer(), trend }),
    brokenNights: Type.Object({ before: Type.Integer(), after: Type.Integer(), trend }),
  },
  { title: 'OnCallTrend' },
)

export const HealthTerms = Type.Object(
  {
    night: Type.String({ description: '22:00 to 06:00' }),
    workingHours: Type.String(),
    calls: Type.Integer(),
    perMs: Type.Integer(),
    brokenNights: Type.Integer(),
    timeOnCall: Ratio,
    answerMs: Type.Integer(),
    togetherMs: Type.Integer(),
    leastMs: Type.Integer(),
    mostMs: Type.Integer(),
  },
  { title: 'OnCallTermsInForce' },
)

const WeeksAsked = Type.Object({
  weeks: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 26,
      description: 'Up to this one; 12 unless said. Whoever reads sums gets 4, 12 or 26: the next that is as many.',
    }),
  ),
})
const window = { from: Time, to: Time, asOf: Time }
const privacy =
  'Figures of a person are for that person and for the lead of the team. Everybody else reads sums over at least three ' +
  'people, and weeks together until as many were on duty in them.'

export const readHealth = operation({
  id: 'oncall.health',
  method: 'GET',
  path: '/api/v1/oncall/health',
  summary: 'What being on call does to each team that has a schedule, and to you',
  description: privacy,
  query: WeeksAsked,
  reply: Type.Object(
    {
      ...window,
      teams: Type.Array(
        Type.Object({
          team: Name,
          displayName: Type.String(),
          people: Nullable(Type.Integer({ description: 'On duty or paged; null when too few to tell.' })),
          total: Nullable(HealthFigures),
          missingMs: Type.Integer({ description: 'With nobody on call although somebody had to be.' }),
        }),
      ),
      me: Nullable(PersonHealth),
    },
    { title: 'OnCallHealth' },
  ),
})

export const readTeamHealth = operation({
  id: 'oncall.team-health',
  method: 'GET',
  path: '/api/v1/oncall/health/{team}',
  summary: 'On-call health of a team: weeks, limits, coverage, what paged, suggestions',
  description: privacy,
  params: Type.Object({ team: Name }),
  query: WeeksAsked,
  reply: Type.Object(
    {
      ...window,
      team: Name,
      displayName: Type.String(),
      lead: Nullable(Name),
      terms: HealthTerms,
      reads: Words(['people', 'sums', 'nothing'], 'What of it you may read; nothing when too few people were on duty.'),
      total: Nullable(HealthFigures),
      spans: Type.Array(HealthSpan, { description: 'Weeks, or as many together as it takes.' }),
      trend: Nullable(Trend),
      people: Type.Array(PersonHealth),
      coverage: Type.Array(
        Type.Object({
          schedule: Name,
          displayName: Type.String(),
          requiredMs: Type.Integer({ description: 'Hours in which somebody had to be on call, as far as on record.' }),
          missingMs: Type.Integer(),
        }),
      ),
      pagesByService: Type.Array(Type.Object({ service: Type.String(), pages: Type.Integer() }), {
        description: 'Ten at most.',
      }),
      advice: Type.Array(
        Type.Object({
          code: Words(adviceCodes),
          sentence: Type.String(),
          because: Type.String(),
          people: Type.Array(Name),
        }),
      ),
    },
    { title: 'TeamOnCallHealth' },
  ),
  errors: ['oncall.unknown-team'],
})

export const healthErrors = [{ code: 'oncall.unknown-team', summary: 'There is no such team.' }] as const
