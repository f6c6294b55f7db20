// Problem records: what several incidents have in common, from the first suspicion to the proof that it is gone.
import { type Static, Type } from 'typebox'
import type { JsonObject } from '../../kernel/json.ts'
import { operation } from '../../platform/http/operation.ts'
import { Page, PageQuery } from '../../platform/http/page.ts'
import { Id, Name, Nullable, Text, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { defineJob } from '../../platform/work/job.ts'
import { problemStates } from './core/index.ts'
import { IncidentSeen } from './learning.contract.ts'

const byId = Type.Object({ id: Id })
const unknown = 'problems.unknown'

const summary = {
  id: Id,
  number: Type.Integer(),
  title: Type.String(),
  state: Words(problemStates),
  class: Nullable(Type.String()),
  services: Type.Array(Type.String()),
  owner: Nullable(Type.String()),
  dueAt: Nullable(Time),
  overdue: Type.Boolean({ description: 'It was to be eliminated by now, and nobody watches it yet.' }),
  openedAt: Time,
  incidents: Type.Integer(),
  lastSeenAt: Nullable(Type.String({ format: 'date-time', description: 'When its last incident began.' })),
  actions: Type.Object({
    open: Type.Integer(),
    proving: Type.Integer(),
    proven: Type.Integer(),
    dropped: Type.Integer(),
  }),
  windowMs: Type.Integer({ description: 'How long it must not repeat before it counts as eliminated.' }),
  watchedSince: Nullable(Time),
}
export const ProblemSummary = Type.Object(summary, { title: 'ProblemRecordSummary' })
export type ProblemSummaryReply = Static<typeof ProblemSummary>
export const Problem = Type.Object(
  {
    ...summary,
    cause: Nullable(Type.String({ description: 'What is behind it, as far as it is known.' })),
    workaround: Nullable(Type.String({ description: 'What helps until it is gone.' })),
    plan: Nullable(Type.String({ description: 'How it is to be eliminated, beside its actions.' })),
    linkedIncidents: Type.Array(IncidentSeen, { description: 'The newest 100.' }),
    linkedActions: Type.Array(
      Type.Object({
        id: Id,
        number: Type.Integer(),
        title: Type.String(),
        owner: Type.String(),
        state: Type.String(),
        dueAt: Time,
        overdue: Type.Boolean(),
        postmortem: Id,
      }),
    ),
    moves: Type.Array(
      Type.Object({
        at: Time,
        before: Nullable(Words(problemStates)),
        after: Words(problemStates),
        because: Type.String(),
        by: Type.String(),
      }),
    ),
    sentence: Type.String({ description: 'Where it stands, in words.' }),
    openedBy: Type.String(),
    next: Type.Array(Words(problemStates)),
    version: Type.Integer(),
  },
  { title: 'ProblemRecord' },
)
export type ProblemReply = Static<typeof Problem>

const text = {
  title: Text(200),
  cause: Nullable(Text(4000)),
  workaround: Nullable(Text(4000)),
  plan: Nullable(Text(4000)),
  class: Nullable(Type.String({ maxLength: 63 })),
  services: Type.Array(Name, { maxItems: 50, uniqueItems: true }),
  owner: Nullable(Name),
  dueAt: Nullable(Time),
  windowMs: Type.Integer({ minimum: 86_400_000, maximum: 366 * 86_400_000 }),
}
const refusals = ['problems.unknown-service', 'problems.bad-time', 'learning.unknown-class'] as const

export const listProblems = operation({
  id: 'problems.list',
  method: 'GET',
  path: '/api/v1/problems',
  summary: 'Problems, the newest first',
  query: Type.Object({
    ...PageQuery,
    state: Type.Optional(Words([...problemStates, 'current'] as const, 'Current: neither eliminated nor accepted.')),
    service: Type.Optional(Name),
    number: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
  }),
  reply: Page(ProblemSummary),
})
export const readProblem = operation({
  id: 'problems.read',
  method: 'GET',
  path: '/api/v1/problems/{id}',
  summary: 'One problem with its incidents and its plan',
  params: byId,
  reply: Problem,
  errors: [unknown],
})
export const openProblem = operation({
  id: 'problems.open',
  method: 'POST',
  path: '/api/v1/problems',
  summary: 'Open a problem, from incidents that repeat each other or by hand',
  body: Type.Object({
    title: text.title,
    incidents: Type.Optional(Type.Array(Id, { maxItems: 50 })),
    cause: Type.Optional(text.cause),
    workaround: Type.Optional(text.workaround),
    class: Type.Optional(text.class),
    services: Type.Optional(text.services),
    owner: Type.Optional(text.owner),
  }),
  reply: Problem,
  status: 201,
  errors: ['incidents.unknown', ...refusals],
})
export const changeProblem = operation({
  id: 'problems.change',
  method: 'PATCH',
  path: '/api/v1/problems/{id}',
  summary: 'Write its cause, workaround or plan; name owner, date or how long it is watched',
  params: byId,
  body: Type.Object({
    title: Type.Optional(text.title),
    cause: Type.Optional(text.cause),
    workaround: Type.Optional(text.workaround),
    plan: Type.Optional(text.plan),
    class: Type.Optional(text.class),
    services: Type.Optional(text.services),
    owner: Type.Optional(text.owner),
    dueAt: Type.Optional(text.dueAt),
    windowMs: Type.Optional(text.windowMs),
  }),
  reply: Problem,
  errors: [unknown, 'problems.incomplete', ...refusals],
})
export const moveProblem = operation({
  id: 'problems.transition',
  method: 'POST',
  path: '/api/v1/problems/{id}/transition',
  summary: 'Move it on; eliminated it becomes by itself, when it did not repeat for its time',
  params: byId,
  body: Type.Object({ to: Words(problemStates), note: Type.Optional(Text(500)) }),
  reply: Problem,
  errors: [unknown, 'problems.no-such-way', 'problems.incomplete', 'problems.not-done', 'problems.reason-missing'],
})
export const linkProblem = operation({
  id: 'problems.link',
  method: 'POST',
  path: '/api/v1/problems/{id}/links',
  summary: 'Add an incident, or a corrective action that is to eliminate it',
  params: byId,
  body: Type.Object({ incident: Type.Optional(Id), action: Type.Optional(Id) }),
  reply: Problem,
  errors: [
    unknown,
    'incidents.unknown',
    'actions.unknown',
    'problems.nothing-named',
    'problems.too-many',
    'problems.restricted-action',
    'learning.drill',
  ],
})
export const unlinkProblem = operation({
  id: 'problems.unlink',
  method: 'POST',
  path: '/api/v1/problems/{id}/unlink',
  summary: 'Take an incident or an action out of it again',
  params: byId,
  body: Type.Object({ incident: Type.Optional(Id), action: Type.Optional(Id), reason: Text(500) }),
  reply: Problem,
  errors: [unknown, 'problems.nothing-named'],
})

export type ProblemData = {
  readonly problemId: string
  readonly number: number
  readonly title: string
  readonly state: string
} & JsonObject
const event = (type: string, words: string) => defineEvent<ProblemData>({ type, summary: words })
export const problemOpened = event('problem.opened', 'A problem was opened')
export const problemChanged = event('problem.changed', 'Its cause, workaround, plan, owner or links changed')
export const problemMoved = event('problem.moved', 'A problem moved on, or is open again')
export const problemEliminated = event('problem.eliminated', 'It did not repeat for its time: it counts as gone')
export const problemsEvents = [problemOpened, problemChanged, problemMoved, problemEliminated] as const

export const watchProblem = defineJob<{ readonly problemId: string }>({
  kind: 'learning.watch-problem',
  lane: 'normal',
})

export const problemsErrors = [
  { code: unknown, summary: 'There is no such problem.' },
  { code: 'problems.no-such-way', summary: 'It cannot go there from where it is.' },
  { code: 'problems.incomplete', summary: 'A known error needs a workaround, a plan an action or words.' },
  { code: 'problems.not-done', summary: 'One of its actions is not done yet.' },
  { code: 'problems.reason-missing', summary: 'This move needs a reason.' },
  { code: 'problems.nothing-named', summary: 'Name the incident or the action.' },
  { code: 'problems.too-many', summary: 'A problem holds no more incidents or actions.' },
  { code: 'problems.unknown-service', summary: 'There is no such service.' },
  { code: 'problems.restricted-action', summary: 'The action is of a restricted incident that does not belong to it.' },
  { code: 'problems.bad-time', summary: 'It is no time of any calendar.' },
] as const
