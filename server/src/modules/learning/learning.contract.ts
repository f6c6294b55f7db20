// Repeats and classes of failure: every name of the room `learning` that leaves; problems, figures and search beside it.
import { type Static, Type } from 'typebox'
import type { JsonObject } from '../../kernel/json.ts'
import { operation } from '../../platform/http/operation.ts'
import { Page, PageQuery } from '../../platform/http/page.ts'
import { Id, Nullable, Ratio, Text, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { likenessParts } from './core/index.ts'

const byId = Type.Object({ id: Id })
export const unknownIncident = 'incidents.unknown'

export const IncidentSeen = Type.Object(
  {
    id: Id,
    number: Type.Integer(),
    title: Type.String(),
    severity: Type.String(),
    status: Type.String(),
    services: Type.Array(Type.String()),
    beganAt: Time,
    resolvedAt: Nullable(Time),
  },
  { title: 'LearntIncident' },
)
export type IncidentSeenReply = Static<typeof IncidentSeen>

const EvidenceLine = Type.Object({
  part: Words(likenessParts),
  value: Ratio,
  sentence: Type.String(),
})
const Said = Type.Object({
  verdict: Words(['confirmed', 'rejected'] as const),
  reason: Nullable(Type.String()),
  by: Type.String(),
  at: Time,
})
export const RepeatProposal = Type.Object(
  {
    earlier: IncidentSeen,
    score: Ratio,
    evidence: Type.Array(EvidenceLine, { description: 'Of a judged one: what was seen when it was judged.' }),
    said: Nullable(Said),
  },
  { title: 'RepeatProposal' },
)
export const KnownError = Type.Object(
  {
    problem: Type.Object({ id: Id, number: Type.Integer(), title: Type.String(), state: Type.String() }),
    workaround: Type.String(),
    score: Ratio,
    because: Type.Array(Type.String()),
  },
  { title: 'KnownError' },
)
export const Repeats = Type.Object(
  {
    proposals: Type.Array(RepeatProposal),
    knownErrors: Type.Array(KnownError, { description: 'Problems it resembles, with what helped.' }),
    problems: Type.Array(Type.Object({ id: Id, number: Type.Integer(), title: Type.String(), state: Type.String() }), {
      description: 'It belongs to these already.',
    }),
    measure: Type.String({ description: 'How likeness is measured, and from where on it is proposed.' }),
    threshold: Ratio,
    looked: Type.Integer({ description: 'Earlier incidents it was compared with.' }),
  },
  { title: 'IncidentRepeats' },
)
export type RepeatsReply = Static<typeof Repeats>

export const readRepeats = operation({
  id: 'learning.repeats-of',
  method: 'GET',
  path: '/api/v1/incidents/{id}/repeats',
  summary: 'Earlier incidents it may repeat, and known errors it resembles',
  params: byId,
  reply: Repeats,
  errors: [unknownIncident],
})

export const judgeRepeat = operation({
  id: 'learning.judge-repeat',
  method: 'POST',
  path: '/api/v1/incidents/{id}/repeats',
  summary: 'Say that it repeats an earlier one, that it does not, or take such a word back',
  params: byId,
  body: Type.Object({
    earlier: Id,
    verdict: Words(['confirmed', 'rejected', 'undecided'] as const),
    reason: Type.Optional(Text(500, 'Needed to reject, and to take a word back.')),
  }),
  reply: Repeats,
  errors: [
    unknownIncident,
    'learning.reason-missing',
    'learning.not-earlier',
    'learning.nothing-said',
    'learning.drill',
  ],
})

export const RepeatPair = Type.Object(
  {
    incident: IncidentSeen,
    earlier: IncidentSeen,
    score: Ratio,
    evidence: Type.Array(EvidenceLine),
    said: Nullable(Said),
  },
  { title: 'RepeatPair' },
)
export type RepeatPairReply = Static<typeof RepeatPair>

export const listRepeats = operation({
  id: 'learning.repeats',
  method: 'GET',
  path: '/api/v1/learning/repeats',
  summary: 'Repeats that wait for a word, of the last 90 days; or those confirmed or rejected, newest first',
  query: Type.Object({
    ...PageQuery,
    verdict: Type.Optional(Words(['undecided', 'confirmed', 'rejected'] as const)),
  }),
  reply: Page(RepeatPair),
})

export const FailureClassSchema = Type.Object(
  {
    name: Type.String(),
    title: Type.String(),
    meaning: Type.String(),
    change: Type.Boolean({ description: 'Counts as a failure of a change.' }),
  },
  { title: 'FailureClass' },
)
export const listClasses = operation({
  id: 'learning.classes',
  method: 'GET',
  path: '/api/v1/learning/classes',
  summary: 'The classes of failure that hold, and how long a problem is watched',
  reply: Type.Object({
    declared: Type.Boolean({ description: 'By a LearningPolicy; otherwise these are the ones Mainstay brings.' }),
    classes: Type.Array(FailureClassSchema),
    eliminationWindowMs: Type.Integer(),
  }),
})

export const Classification = Type.Object(
  {
    whole: Nullable(Type.String({ description: 'Class of the incident as a whole.' })),
    factors: Type.Array(
      Type.Object({ id: Type.String(), text: Type.String(), kind: Type.String(), class: Nullable(Type.String()) }),
      { description: 'Contributing factors of its postmortem.' },
    ),
    postmortem: Nullable(Type.Object({ id: Id, number: Type.Integer(), status: Type.String() })),
  },
  { title: 'IncidentClassification' },
)
export type ClassificationReply = Static<typeof Classification>

export const readClasses = operation({
  id: 'learning.classes-of',
  method: 'GET',
  path: '/api/v1/incidents/{id}/classes',
  summary: 'How an incident and the factors of its postmortem are classified',
  params: byId,
  reply: Classification,
  errors: [unknownIncident],
})
export const classify = operation({
  id: 'learning.classify',
  method: 'PUT',
  path: '/api/v1/incidents/{id}/classes',
  summary: 'Classify an incident as a whole, or one factor of its postmortem',
  params: byId,
  body: Type.Object({
    factor: Type.Optional(Nullable(Type.String({ pattern: '^[a-z0-9-]{1,40}$', description: 'Left out: the whole.' }))),
    class: Nullable(Type.String({ maxLength: 63, description: 'Null takes the class away.' })),
  }),
  reply: Classification,
  errors: [unknownIncident, 'learning.unknown-class', 'learning.unknown-factor'],
})

export type LearntData = { readonly incidentId: string; readonly number: number; readonly title: string } & JsonObject
export type RepeatData = LearntData & { readonly earlier: number; readonly score: number }
const repeatEvent = (type: string, summary: string) => defineEvent<RepeatData>({ type, summary })
export const repeatSaid = {
  confirmed: repeatEvent('repeat.confirmed', 'A person confirmed that an incident repeats an earlier one'),
  rejected: repeatEvent('repeat.rejected', 'A person said that an incident does not repeat an earlier one'),
  undecided: repeatEvent('repeat.withdrawn', 'A word on a repeat was taken back'),
} as const
export const incidentClassified = defineEvent<
  LearntData & { readonly class: string | null; readonly factor: string | null }
>({ type: 'incident.classified', summary: 'An incident, or a factor of its postmortem, was given a class of failure' })

export const learningEvents = [...Object.values(repeatSaid), incidentClassified] as const

export const learningErrors = [
  { code: 'learning.reason-missing', summary: 'This word needs a reason.' },
  { code: 'learning.not-earlier', summary: 'The other incident did not begin before this one.' },
  { code: 'learning.nothing-said', summary: 'Nobody has said anything that could be taken back.' },
  { code: 'learning.drill', summary: 'A drill, or an incident merged into another, repeats nothing.' },
  { code: 'learning.unknown-class', summary: 'There is no such class of failure.' },
  { code: 'learning.unknown-factor', summary: 'Its postmortem has no such factor.' },
] as const
