// Trends, the monthly review pack, and search over everything ever learnt.
import { type Static, Type } from 'typebox'
import { operation } from '../../platform/http/operation.ts'
import { Id, Name, Nullable, Ratio, Time, Words } from '../../platform/http/schemas.ts'
import { defineJob } from '../../platform/work/job.ts'
import { IncidentSeen, RepeatPair } from './learning.contract.ts'

const Median = Type.Object({
  medianMs: Nullable(Type.Number()),
  known: Type.Integer(),
  unknown: Type.Integer({ description: 'Left out of the median.' }),
  notYet: Type.Integer({ description: 'It has not happened yet.' }),
})
const totals = {
  incidents: Type.Integer(),
  repeats: Type.Integer({ description: 'Confirmed by a person.' }),
  repeatRate: Nullable(Ratio),
  classified: Type.Integer(),
  ofChanges: Type.Integer({ description: 'Of the classified ones: with a class of a change.' }),
  notOfChanges: Type.Integer(),
  timeToDetect: Median,
  timeToAcknowledge: Median,
  timeToMitigate: Median,
  timeToResolve: Median,
  timeToFirstUpdate: Median,
}
const Totals = Type.Object(totals, { title: 'LearningTotals' })
const Tally = Type.Object(
  { name: Type.String(), incidents: Type.Integer(), repeats: Type.Integer(), timeToMitigate: Median },
  { title: 'LearningTally' },
)
const MonthTally = Type.Object({ month: Type.String(), ...totals }, { title: 'LearningMonth' })

export const Trends = Type.Object(
  {
    from: Time,
    to: Time,
    totals: Totals,
    bySeverity: Type.Array(Tally),
    byClass: Type.Array(Tally, { description: 'An incident of two classes counts in both.' }),
    byService: Type.Array(Tally, { description: 'The 50 with the most.' }),
    byTeam: Type.Array(Tally, { description: 'The 50 with the most.' }),
    months: Type.Array(MonthTally),
    smallPrint: Type.Array(Type.String(), { description: 'What the figures leave out.' }),
  },
  { title: 'LearningTrends' },
)
export type TrendsReply = Static<typeof Trends>

export const readTrends = operation({
  id: 'learning.trends',
  method: 'GET',
  path: '/api/v1/learning/trends',
  summary: 'Incidents by class, service, team, change and month; the last twelve months unless said',
  query: Type.Object({
    from: Type.Optional(Time),
    to: Type.Optional(Time),
    service: Type.Optional(Name),
    team: Type.Optional(Name),
    class: Type.Optional(Type.String({ maxLength: 63 })),
  }),
  reply: Trends,
  errors: ['learning.bad-range'],
})

const PackAction = Type.Object({
  id: Id,
  number: Type.Integer(),
  title: Type.String(),
  owner: Type.String(),
  dueAt: Time,
  state: Type.String(),
  postmortem: Id,
})
const ProblemNamed = Type.Object({ id: Id, number: Type.Integer(), title: Type.String(), state: Type.String() })
export const Pack = Type.Object(
  {
    month: Type.String(),
    from: Time,
    to: Time,
    asOf: Time,
    totals: Totals,
    before: Totals,
    impactMinutes: Type.Number({ description: 'Minutes in which users were hurt, summed over the incidents.' }),
    bySeverity: Type.Array(Tally),
    byClass: Type.Array(Tally),
    incidents: Type.Array(
      Type.Object({
        incident: IncidentSeen,
        classes: Type.Array(Type.String()),
        impactMinutes: Nullable(Type.Number()),
        timeToMitigateMs: Nullable(Type.Integer()),
        repeats: Type.Boolean(),
      }),
      { description: 'That began in the month; the newest 200.' },
    ),
    repeats: Type.Array(RepeatPair, { description: 'Confirmed, of incidents of the month.' }),
    actions: Type.Object({
      agreed: Type.Integer(),
      finished: Type.Array(PackAction, { description: 'Done; their signal is watched.' }),
      proven: Type.Array(PackAction),
      overdue: Type.Array(PackAction, { description: 'Due before the end of the month, and still to do.' }),
    }),
    problems: Type.Array(
      Type.Object({
        problem: ProblemNamed,
        moves: Type.Array(Type.Object({ at: Time, after: Type.String(), because: Type.String() })),
      }),
      { description: 'That moved in the month.' },
    ),
    knownErrors: Type.Array(Type.Object({ problem: ProblemNamed, workaround: Type.String() }), {
      description: 'That became known errors in the month.',
    }),
    lessons: Type.Array(
      Type.Object({
        postmortem: Type.Object({ id: Id, number: Type.Integer(), title: Type.String() }),
        lessons: Type.String({ description: 'Markdown, as it was written.' }),
      }),
      { description: 'Of postmortems published in the month.' },
    ),
    smallPrint: Type.Array(Type.String()),
    markdown: Type.String({ description: 'All of it as one document.' }),
  },
  { title: 'LearningPack' },
)
export type PackReply = Static<typeof Pack>

export const readPack = operation({
  id: 'learning.pack',
  method: 'GET',
  path: '/api/v1/learning/packs/{month}',
  summary: 'The review of a month: what happened, what came again, what was done and what was learnt',
  params: Type.Object({
    month: Type.String({ pattern: '^\\d{4}-\\d{2}$', description: '2026-10: a month of 1970 to 2999, UTC.' }),
  }),
  reply: Pack,
  errors: ['learning.bad-month'],
})

export const learntKinds = ['incident', 'postmortem', 'action', 'problem'] as const
export const LearntHit = Type.Object(
  {
    kind: Words(learntKinds),
    id: Type.String({ format: 'uuid', description: 'Of an action: its postmortem.' }),
    number: Type.Integer(),
    title: Type.String(),
    part: Type.String({ description: 'Of a postmortem: which section, or `factors`; empty otherwise.' }),
    at: Time,
    pieces: Type.Array(Type.Object({ text: Type.String(), hit: Type.Boolean() }), {
      description: 'Words around what was found.',
    }),
  },
  { title: 'LearntHit' },
)
export type LearntHitReply = Static<typeof LearntHit>

const LearntHits = Type.Object({
  items: Type.Array(LearntHit),
  more: Type.Boolean({ description: 'There are more: narrow the search.' }),
  capped: Type.Boolean({
    description: 'So many texts have these words that older ones were not looked at: narrow the search to find them.',
  }),
  behind: Type.Boolean({ description: 'After an upgrade older texts are still being read and not yet found.' }),
})
export type LearntHitsReply = Static<typeof LearntHits>

export const searchLearnt = operation({
  id: 'learning.search',
  method: 'GET',
  path: '/api/v1/learning/search',
  summary: 'Incidents, postmortems, factors, actions and problems with these words, the newest first',
  query: Type.Object({
    q: Type.String({
      maxLength: 300,
      description: 'Every word must occur, its beginning is enough; "words together"; -without.',
    }),
    kind: Type.Optional(Words(learntKinds)),
    service: Type.Optional(Name),
    class: Type.Optional(Type.String({ maxLength: 63 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: 30 })),
  }),
  reply: LearntHits,
})

/** Reads the texts from before there was a search. */
export const readTexts = defineJob<Record<string, never>>({ kind: 'learning.read-texts', lane: 'bulk' })

export const figuresErrors = [
  { code: 'learning.bad-range', summary: 'The range ends before it begins, or is longer than ten years.' },
  { code: 'learning.bad-month', summary: 'It is no month of 1970 to 2999.' },
] as const
