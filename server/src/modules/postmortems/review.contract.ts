// Names of the review: who is asked, what they decide, comments, and what waits for it.
import { type Static, Type } from 'typebox'
import { operation } from '../../platform/http/operation.ts'
import { Page, PageQuery } from '../../platform/http/page.ts'
import { Id, Name, Nullable, Ratio, Text, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { reviewDecisions, sectionKeys } from './core/index.ts'
import { type PostmortemData, PostmortemSummary } from './postmortems.contract.ts'

const byId = Type.Object({ id: Id })
const unknown = 'postmortems.unknown'

const standing = {
  quorum: Type.Integer({ description: 'Approvals without which it is not published.' }),
  approvals: Type.Integer(),
  missing: Type.Array(Type.String(), { description: 'Who is waited for.' }),
  ready: Type.Boolean(),
  sentence: Type.String(),
}
const Comment = Type.Object(
  {
    comment: Id,
    section: Nullable(Words(sectionKeys)),
    body: Type.String(),
    by: Type.String(),
    at: Time,
    resolved: Nullable(Type.Object({ by: Type.String(), at: Time })),
  },
  { title: 'PostmortemComment' },
)
export const PostmortemReview = Type.Object(
  {
    ...standing,
    textHash: Type.String({ description: 'Of the content now; a decision holds for what it was made on.' }),
    reviewers: Type.Array(
      Type.Object({
        person: Type.String(),
        askedBy: Nullable(Type.String({ description: 'Null: by the policy.' })),
        askedAt: Time,
        state: Words(['asked', 'approved', 'changes', 'outdated'], 'Outdated: what was decided on has changed since.'),
        reason: Nullable(Type.String()),
        decidedAt: Nullable(Time),
      }),
    ),
    comments: Type.Array(Comment),
  },
  { title: 'PostmortemReview' },
)
export type ReviewReply = Static<typeof PostmortemReview>

export const readReview = operation({
  id: 'postmortems.review',
  method: 'GET',
  path: '/api/v1/postmortems/{id}/review',
  summary: 'Who reviews it, what they decided, what they ask, and what is missing until it may be published',
  params: byId,
  reply: PostmortemReview,
  errors: [unknown],
})
export const askReviewer = operation({
  id: 'postmortems.ask-reviewer',
  method: 'POST',
  path: '/api/v1/postmortems/{id}/review/reviewers',
  summary: 'Ask somebody to review it; they are told',
  params: byId,
  body: Type.Object({ person: Name }),
  reply: PostmortemReview,
  errors: [unknown, 'postmortems.published', 'postmortems.unknown-person', 'postmortems.too-many-reviewers'],
})
export const decideReview = operation({
  id: 'postmortems.decide-review',
  method: 'POST',
  path: '/api/v1/postmortems/{id}/review/decision',
  summary: 'Approve it as you read it, or ask for changes and say which',
  params: byId,
  body: Type.Object({
    decision: Words(reviewDecisions),
    reason: Type.Optional(Text(2_000)),
    textHash: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'Of what you read.' }),
  }),
  reply: PostmortemReview,
  errors: [unknown, 'postmortems.not-in-review', 'postmortems.edited', 'postmortems.reason-missing'],
})
export const addComment = operation({
  id: 'postmortems.comment',
  method: 'POST',
  path: '/api/v1/postmortems/{id}/review/comments',
  summary: 'Say something on it that its authors are to answer',
  params: byId,
  body: Type.Object({ section: Nullable(Words(sectionKeys)), body: Text(2_000) }),
  reply: PostmortemReview,
  errors: [unknown, 'postmortems.published', 'postmortems.too-many-comments'],
})
export const resolveComment = operation({
  id: 'postmortems.resolve-comment',
  method: 'POST',
  path: '/api/v1/postmortems/{id}/review/comments/{comment}',
  summary: 'A comment is answered, or open again',
  params: Type.Object({ id: Id, comment: Id }),
  body: Type.Object({ resolved: Type.Boolean() }),
  reply: PostmortemReview,
  errors: [unknown, 'postmortems.unknown-comment', 'postmortems.published'],
})
export const readAgenda = operation({
  id: 'postmortems.agenda',
  method: 'GET',
  path: '/api/v1/postmortem-agenda',
  summary: 'What waits for review, the oldest first: the agenda of the meeting',
  query: Type.Object(PageQuery),
  reply: Page(
    Type.Object({ postmortem: PostmortemSummary, waitsSince: Time, ...standing }, { title: 'PostmortemAgendaItem' }),
  ),
})

const compliance = {
  due: Type.Integer({ description: 'Whose day has come, or who is published.' }),
  onTime: Type.Integer(),
  late: Type.Integer(),
  open: Type.Integer({ description: 'Of the late ones, those that are not published yet.' }),
  ratio: Nullable(Ratio),
  excused: Type.Integer({ description: 'Needed none, as somebody said with a reason; not in the other figures.' }),
}
export const readCompliance = operation({
  id: 'postmortems.compliance',
  method: 'GET',
  path: '/api/v1/postmortem-compliance',
  summary: 'How many are published by their day, of those whose day lies in between; the last 90 days unless said',
  query: Type.Object({ from: Type.Optional(Time), to: Type.Optional(Time) }),
  reply: Type.Object(
    {
      from: Time,
      to: Time,
      ...compliance,
      severities: Type.Array(Type.Object({ severity: Type.String(), ...compliance })),
      teams: Type.Array(Type.Object({ team: Nullable(Type.String()), ...compliance })),
    },
    { title: 'PostmortemCompliance' },
  ),
  errors: ['postmortems.bad-time'],
})

type PersonData = PostmortemData & { readonly person: string }
export const reviewAsked = defineEvent<PersonData>({
  type: 'postmortem.review-asked',
  summary: 'Somebody was asked to review it',
})
export const reviewDecided = {
  approved: defineEvent<PersonData>({ type: 'postmortem.approved', summary: 'Somebody approved it' }),
  changes: defineEvent<PersonData>({ type: 'postmortem.changes-asked', summary: 'Somebody asked for changes' }),
} as const
export const commentAdded = defineEvent<PersonData>({
  type: 'postmortem.commented',
  summary: 'Somebody commented on it',
})
export const commentResolved = defineEvent<PersonData>({
  type: 'postmortem.comment-resolved',
  summary: 'A comment was answered, or is open again',
})
export const reviewEvents = [reviewAsked, ...Object.values(reviewDecided), commentAdded, commentResolved] as const

export const reviewErrors = [
  { code: 'postmortems.review-missing', summary: 'Who must review it has not approved what stands there now.' },
  { code: 'postmortems.unknown-person', summary: 'There is no such person.' },
  { code: 'postmortems.too-many-reviewers', summary: 'A postmortem has no more reviewers.' },
  { code: 'postmortems.not-in-review', summary: 'It is not in review.' },
  { code: 'postmortems.too-many-comments', summary: 'A postmortem holds no more comments.' },
  { code: 'postmortems.unknown-comment', summary: 'There is no such comment.' },
] as const
