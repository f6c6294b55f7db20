// Names of `slo` that leave: objectives that are looked at again, and promises that end.
import { type Static, Type } from 'typebox'
import type { JsonObject } from '../../kernel/json.ts'
import { operation } from '../../platform/http/operation.ts'
import { Page, PageQuery } from '../../platform/http/page.ts'
import { Id, Name, Nullable, Ratio, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { defineJob } from '../../platform/work/job.ts'
import { subjectKinds } from './core/subject.ts'

const params = Type.Object({ name: Name })
const Count = Type.Integer({ minimum: 0 })
const Day = Type.String({ description: 'A day in UTC: `2026-03-31`.' })

const subject = {
  subject: Words(subjectKinds, 'What `objective` names.'),
  objective: Name,
}

export const reviewDecisions = ['keep', 'change-target', 'retire'] as const

export const ReviewFigures = Type.Object(
  {
    target: Ratio,
    targetText: Type.String({ description: 'In percent: `99.9`.' }),
    version: Type.Integer({ description: 'Of the definition that was looked at.' }),
    attained: Type.Object({
      from: Time,
      to: Time,
      ratio: Nullable(Type.Number({ description: 'Good share; null when nothing is known.' })),
      text: Type.String({ description: '`99.942 %`, cut and never rounded up; `not known`.' }),
      verdict: Words(['met', 'missed', 'unknown']),
      measuredRatio: Nullable(Type.Number()),
    }),
    remainingRatio: Nullable(Type.Number({ description: 'Of the budget, at the time.' })),
    alerts: Nullable(
      Type.Object(
        {
          from: Time,
          to: Time,
          pages: Count,
          tickets: Count,
          incidents: Type.Integer({ minimum: 0, description: 'Of the service, in the time.' }),
          precision: Nullable(Ratio),
          recall: Nullable(Ratio),
        },
        {
          description:
            'What its alert tiers said of the last 35 days at most, beside known incidents. `precision`: pages during an incident, of all pages. `recall`: incidents during which it paged, of all incidents.',
        },
      ),
    ),
    pagesOfService: Type.Integer({ minimum: 0, description: 'How often people were paged about its service since.' }),
  },
  { title: 'ReviewFigures', description: 'What whoever reviewed an objective had before them.' },
)
export type ReviewFigures = Static<typeof ReviewFigures>

export const ObjectiveReview = Type.Object(
  {
    id: Id,
    ...subject,
    at: Time,
    by: Type.String(),
    decision: Words(reviewDecisions),
    reason: Type.String(),
    newTargetText: Nullable(Type.String({ description: 'In percent, when the target is to change.' })),
    dueOn: Nullable(Day),
    figures: ReviewFigures,
  },
  { title: 'ObjectiveReview' },
)
export type ObjectiveReview = Static<typeof ObjectiveReview>

const Owner = Type.Object(
  { kind: Words(['team', 'person']), name: Type.String() },
  { title: 'ReviewOwner', description: 'Who is asked to look at it.' },
)

const terms = {
  ...subject,
  displayName: Type.String(),
  service: Nullable(Type.String({ description: 'Null of a journey: it passes through several.' })),
  team: Nullable(Type.String()),
  targetText: Type.String(),
  owner: Nullable(Owner),
  everyText: Nullable(Type.String({ description: 'In words: `3 months`; null when nobody is asked.' })),
  dueOn: Nullable(Day),
  review: Words(['none', 'upcoming', 'due', 'overdue'], '`due`: asked for, up to two weeks before the day.'),
  lastReviewedAt: Nullable(Time),
  lastReviewedBy: Nullable(Type.String()),
  expiresAt: Nullable(Time),
  expiry: Words(['none', 'holds', 'expires-soon', 'expired']),
  pending: Nullable(
    Type.Object(
      { decision: Words(['change-target', 'retire']), newTargetText: Nullable(Type.String()), at: Time },
      { description: 'What the last review decided and its definition does not say yet.' },
    ),
  ),
  sentence: Type.String(),
}
export const ObjectiveTerms = Type.Object(terms, { title: 'ObjectiveTerms' })
export type ObjectiveTerms = Static<typeof ObjectiveTerms>

export const reviewFilters = ['open', 'due', 'overdue', 'expiring', 'expired', 'all'] as const
export type ReviewFilter = (typeof reviewFilters)[number]

export const listReviews = operation({
  id: 'objective-reviews.list',
  method: 'GET',
  path: '/api/v1/objective-reviews',
  summary: 'Objectives and journeys to look at: reviews that are due, promises that end',
  description: 'Soonest first.',
  query: Type.Object({
    ...PageQuery,
    state: Type.Optional(
      Words(
        reviewFilters,
        '`open` unless said: due, overdue, expired or ending within 30 days. `due`: asked for, overdue ones too. `expiring`: within 30 days. `all`: whatever has a cycle or an end.',
      ),
    ),
    owner: Type.Optional(Name),
    service: Type.Optional(Name),
  }),
  reply: Page(ObjectiveTerms),
})

const Reviews = Type.Object({
  terms: Nullable(ObjectiveTerms),
  reviews: Type.Array(ObjectiveReview, { description: 'Newest first; the last 50.' }),
})

export const readReview = operation({
  id: 'objectives.review',
  method: 'GET',
  path: '/api/v1/objectives/{name}/review',
  summary: 'When an objective is looked at again, until when it holds, and what reviews came to',
  params,
  reply: Reviews,
  errors: ['slo.unknown-objective'],
})

export const readJourneyReview = operation({
  id: 'journey-objectives.review',
  method: 'GET',
  path: '/api/v1/journey-objectives/{name}/review',
  summary: 'When a journey is looked at again, until when its promise holds, and what reviews came to',
  params,
  reply: Reviews,
  errors: ['slo.unknown-journey'],
})

export const readReviewFigures = operation({
  id: 'objectives.review-figures',
  method: 'GET',
  path: '/api/v1/objectives/{name}/review-figures',
  summary: 'What a review looks at: attainment since the last one, pages, precision',
  params,
  reply: ReviewFigures,
  errors: ['slo.unknown-objective'],
})

export const readJourneyFigures = operation({
  id: 'journey-objectives.review-figures',
  method: 'GET',
  path: '/api/v1/journey-objectives/{name}/review-figures',
  summary: 'What a review of a journey looks at: what it came to over its window, pages about its services',
  params,
  reply: ReviewFigures,
  errors: ['slo.unknown-journey'],
})

const ReviewOrder = Type.Object({
  decision: Words(reviewDecisions),
  reason: Type.String({ minLength: 3, maxLength: 2_000 }),
  newTarget: Type.Optional(
    Type.String({
      pattern: '^\\d{1,3}(\\.\\d{1,6})?$',
      maxLength: 10,
      description: 'In percent, with the decision `change-target`: `99.5`.',
    }),
  ),
})

export const recordReview = operation({
  id: 'objectives.record-review',
  method: 'POST',
  path: '/api/v1/objectives/{name}/reviews',
  summary: 'Record that an objective was looked at, and what was decided',
  description:
    'The figures are kept with it as they are then. A decision changes no definition: apply one, and the review counts as carried out.',
  params,
  body: ReviewOrder,
  reply: ObjectiveReview,
  status: 201,
  errors: ['slo.unknown-objective', 'slo.bad-review'],
})

export const recordJourneyReview = operation({
  id: 'journey-objectives.record-review',
  method: 'POST',
  path: '/api/v1/journey-objectives/{name}/reviews',
  summary: 'Record that a journey was looked at, and what was decided',
  description: 'As of an objective.',
  params,
  body: ReviewOrder,
  reply: ObjectiveReview,
  status: 201,
  errors: ['slo.unknown-journey', 'slo.bad-review'],
})

export type ReviewedData = {
  readonly objective: string
  readonly review: string
  readonly decision: string
  readonly newTarget: string | null
  readonly version: number
} & JsonObject
/** By what was looked at. */
export const reviewed = {
  objective: defineEvent<ReviewedData>({
    type: 'objective.reviewed',
    summary: 'Somebody looked at an objective and decided to keep, change or retire it',
  }),
  journey: defineEvent<ReviewedData>({
    type: 'journey.reviewed',
    summary: 'Somebody looked at a journey and decided to keep, change or retire it',
  }),
}

export type TermsData = {
  readonly objective: string
  readonly occasion: string
  readonly owner: string | null
  readonly sentence: string
} & JsonObject
export const reviewAsked = {
  objective: defineEvent<TermsData>({
    type: 'objective.review-asked',
    summary: 'A review of an objective became due or overdue, or its promise ends soon',
  }),
  journey: defineEvent<TermsData>({
    type: 'journey.review-asked',
    summary: 'A review of a journey became due or overdue, or its promise ends soon',
  }),
}
export const expired = {
  objective: defineEvent<TermsData>({
    type: 'objective.expired',
    summary: 'The promise of an objective ended; it is counted on, and shown as expired',
  }),
  journey: defineEvent<TermsData>({
    type: 'journey.expired',
    summary: 'The promise of a journey ended; it is evaluated on, and shown as expired',
  }),
}

export const watchReviews = defineJob({ kind: 'slo.watch-reviews', lane: 'bulk', leaseMs: 60_000 })

export const reviewEvents = [reviewed, reviewAsked, expired].flatMap((of) => [of.objective, of.journey])

export const reviewErrors = [
  {
    code: 'slo.bad-review',
    summary: 'A decision to change the target names another target, below 100 %; others name none.',
  },
] as const
