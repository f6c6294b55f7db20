// Every name of the room `postmortems` that leaves.
import { type Static, Type } from 'typebox'
import type { JsonObject } from '../../kernel/json.ts'
import { operation } from '../../platform/http/operation.ts'
import { Page, PageQuery } from '../../platform/http/page.ts'
import { Id, Name, Nullable, Text, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { defineJob } from '../../platform/work/job.ts'
import { GraphPin } from '../incidents/index.ts'
import {
  actionKinds,
  actionSizes,
  actionStates,
  factorKinds,
  longestSection,
  postmortemStatuses,
  readinessChecks,
  sectionKeys,
} from './core/index.ts'

const byId = Type.Object({ id: Id })
const unknown = 'postmortems.unknown'

const windowLimits = { minimum: 3_600_000, maximum: 31_536_000_000 } as const
const WindowMs = Type.Integer({
  ...windowLimits,
  description: 'How long it must hold before the action counts as proven.',
})
const Signal = Type.Union([
  Type.Object({ kind: Words(['objective'] as const), objective: Name, windowMs: WindowMs }),
  Type.Object({ kind: Words(['alert'] as const), service: Name, title: Text(300), windowMs: WindowMs }),
  Type.Object({
    kind: Words(['check'] as const),
    service: Name,
    check: Words(readinessChecks, 'What coverage shows of the service must be present the whole time.'),
    windowMs: WindowMs,
  }),
  Type.Object({
    kind: Words(['drill'] as const),
    service: Name,
    windowMs: Type.Integer({
      ...windowLimits,
      description: 'By when a drill must have ended; the newest one that began after the work was done decides.',
    }),
    mitigatedWithinMs: Nullable(
      Type.Integer({
        minimum: 60_000,
        maximum: 604_800_000,
        description: 'From its declaration; null: however long it takes.',
      }),
    ),
  }),
])
const Size = Words(actionSizes, 'How much work it is: S a day (8 h), M three days (24 h), L two weeks (80 h).')
export const CorrectiveAction = Type.Object(
  {
    id: Id,
    number: Type.Integer(),
    postmortem: Type.Object({ id: Id, number: Type.Integer(), title: Type.String() }),
    title: Type.String(),
    kind: Words(actionKinds),
    size: Nullable(Size),
    priority: Type.Object({
      points: Type.Number({ description: 'Of risk that it takes away.' }),
      perDay: Type.Number({ description: 'Points for each day of work; sorted by with `sort=priority`.' }),
      sentence: Type.String({ description: 'The formula with its figures.' }),
    }),
    createdAt: Time,
    owner: Type.String(),
    dueAt: Time,
    state: Words(actionStates),
    overdue: Type.Boolean(),
    signal: Nullable(Signal),
    provingSince: Nullable(Time),
    provenAt: Nullable(Time),
    seen: Nullable(Type.String({ description: 'What its signal said last.' })),
    reopened: Type.Integer({ description: 'How often the signal said that it did not hold.' }),
    next: Type.Array(Words(actionStates)),
    version: Type.Integer(),
  },
  { title: 'CorrectiveAction' },
)
export type ActionReply = Static<typeof CorrectiveAction>

const summary = {
  id: Id,
  number: Type.Integer(),
  title: Type.String(),
  incident: Type.Object({ id: Id, number: Type.Integer() }),
  severity: Type.String(),
  services: Type.Array(Type.String()),
  team: Nullable(Type.String()),
  owner: Nullable(Type.String()),
  status: Words(postmortemStatuses),
  because: Type.String({ description: 'Why it was opened.' }),
  openedAt: Time,
  dueAt: Time,
  overdue: Type.Boolean(),
  exception: Nullable(
    Type.Object(
      { by: Type.String(), at: Time, because: Type.String() },
      { description: 'Somebody said that none is needed, and why.' },
    ),
  ),
  publishedAt: Nullable(Time),
  actions: Type.Object({
    open: Type.Integer(),
    proving: Type.Integer(),
    proven: Type.Integer(),
    dropped: Type.Integer(),
  }),
}
export const PostmortemSummary = Type.Object(summary, { title: 'PostmortemSummary' })
export type PostmortemSummaryReply = Static<typeof PostmortemSummary>

const Factor = Type.Object({
  id: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }),
  text: Text(500),
  kind: Words(factorKinds),
  leadsTo: Type.Array(Type.String({ maxLength: 40 }), {
    maxItems: 20,
    description: 'Ids of factors it contributed to.',
  }),
})
const Facts = Type.Object({
  frozenAt: Time,
  timeline: Type.Array(
    Type.Object({
      id: Type.Optional(Type.Integer({ description: 'Of the journal entry; sections cite it as [^id].' })),
      at: Time,
      sentence: Type.String(),
      actor: Type.String(),
    }),
  ),
  timelineCut: Type.Boolean({ description: 'The timeline was longer; the journal has the rest.' }),
  impact: Type.Object({
    statement: Nullable(Type.String()),
    minutes: Nullable(Type.Number()),
    people: Type.Optional(Nullable(Type.Integer({ description: 'Left out in facts frozen before it was counted.' }))),
    regions: Type.Optional(Type.Array(Type.String())),
    customers: Type.Optional(Type.Array(Type.String())),
  }),
  times: Type.Array(Type.Object({ name: Type.String(), at: Nullable(Time) })),
  measures: Type.Array(
    Type.Object({ name: Type.String(), ms: Nullable(Type.Integer()), because: Nullable(Type.String()) }),
  ),
  budget: Type.Array(
    Type.Object({
      objective: Type.String(),
      displayName: Type.String(),
      service: Type.String(),
      sentence: Type.String(),
    }),
  ),
  graphs: Type.Optional(Type.Array(GraphPin, { description: 'As they were pinned during the incident.' })),
  responders: Type.Array(Type.String()),
  items: Type.Array(
    Type.Object({ kind: Type.String(), text: Type.String(), state: Type.String(), reason: Nullable(Type.String()) }),
  ),
})
export type FactsReply = Static<typeof Facts>
export const Postmortem = Type.Object(
  {
    ...summary,
    organisation: Nullable(Type.String({ description: 'At the head of what is printed; from the PostmortemPolicy.' })),
    dueBecause: Nullable(Type.String({ description: 'Which days and whose calendar, or who chose it.' })),
    openedBy: Type.String(),
    approvedBy: Nullable(Type.String()),
    hash: Nullable(Type.String({ description: 'SHA-256 of the canonical JSON of what was published.' })),
    facts: Facts,
    factors: Type.Array(Factor),
    sections: Type.Array(
      Type.Object({
        section: Words(sectionKeys),
        title: Type.String(),
        body: Type.String({ description: 'Markdown; shown as text, never as HTML.' }),
        version: Type.Integer(),
        updatedBy: Type.String(),
        updatedAt: Time,
      }),
    ),
    correctiveActions: Type.Array(CorrectiveAction),
    next: Type.Array(Words(postmortemStatuses)),
    version: Type.Integer(),
  },
  { title: 'Postmortem' },
)
export type PostmortemReply = Static<typeof Postmortem>

export const listPostmortems = operation({
  id: 'postmortems.list',
  method: 'GET',
  path: '/api/v1/postmortems',
  summary: 'The library: newest first',
  query: Type.Object({
    ...PageQuery,
    status: Type.Optional(Words(postmortemStatuses)),
    service: Type.Optional(Name),
    incident: Type.Optional(Id),
    search: Type.Optional(Type.String({ maxLength: 100, description: 'In titles, sections and factors.' })),
  }),
  reply: Page(PostmortemSummary),
})
export const readPostmortem = operation({
  id: 'postmortems.read',
  method: 'GET',
  path: '/api/v1/postmortems/{id}',
  summary: 'One postmortem with its facts, sections, factors and actions',
  params: byId,
  reply: Postmortem,
  errors: [unknown],
})
export const openPostmortemOperation = operation({
  id: 'postmortems.open',
  method: 'POST',
  path: '/api/v1/postmortems',
  summary: 'Open the postmortem of an incident, drafted from its facts; answers the one that exists',
  body: Type.Object({ incident: Id, because: Type.Optional(Text(200, 'Why it is worth one: "A near miss."')) }),
  reply: Postmortem,
  status: 201,
  errors: ['incidents.unknown', 'postmortems.still-running'],
})
export const updatePostmortem = operation({
  id: 'postmortems.update',
  method: 'PATCH',
  path: '/api/v1/postmortems/{id}',
  summary: 'Change title, owner or due date',
  params: byId,
  body: Type.Object({
    title: Type.Optional(Text(200)),
    owner: Type.Optional(Nullable(Name)),
    dueAt: Type.Optional(Time),
  }),
  reply: Postmortem,
  errors: [unknown, 'postmortems.published'],
})
export const refreshFacts = operation({
  id: 'postmortems.refresh-facts',
  method: 'POST',
  path: '/api/v1/postmortems/{id}/facts',
  summary: 'Freeze the facts anew, as the journal tells them now',
  params: byId,
  reply: Postmortem,
  errors: [unknown, 'postmortems.published'],
})
export const writeSection = operation({
  id: 'postmortems.write-section',
  method: 'PUT',
  path: '/api/v1/postmortems/{id}/sections/{section}',
  summary: 'Write a section; refused when somebody wrote it since you read it',
  params: Type.Object({ id: Id, section: Words(sectionKeys) }),
  body: Type.Object({
    body: Type.String({ maxLength: longestSection }),
    version: Type.Integer({ minimum: 0, description: 'The version you read.' }),
  }),
  reply: Postmortem,
  errors: [unknown, 'postmortems.edited', 'postmortems.published'],
})
export const writeFactors = operation({
  id: 'postmortems.write-factors',
  method: 'PUT',
  path: '/api/v1/postmortems/{id}/factors',
  summary: 'Contributing factors and what each led to; refused when somebody changed the postmortem since you read it',
  params: byId,
  body: Type.Object({ factors: Type.Array(Factor, { maxItems: 100 }), version: Type.Integer({ minimum: 1 }) }),
  reply: Postmortem,
  errors: [unknown, 'postmortems.edited', 'postmortems.published', 'postmortems.bad-factors'],
})
export const movePostmortem = operation({
  id: 'postmortems.transition',
  method: 'POST',
  path: '/api/v1/postmortems/{id}/transition',
  summary: 'Send it to review, publish it, or take it back',
  params: byId,
  body: Type.Object({ to: Words(postmortemStatuses), note: Type.Optional(Text(500)) }),
  reply: Postmortem,
  errors: [
    ...[unknown, 'postmortems.no-such-way', 'postmortems.incomplete', 'postmortems.reason-missing'],
    'postmortems.review-missing',
  ],
})
export const exportPostmortem = operation({
  id: 'postmortems.export',
  method: 'GET',
  path: '/api/v1/postmortems/{id}/export',
  summary: 'As data and as Markdown',
  params: byId,
  reply: Type.Object({ postmortem: Postmortem, markdown: Type.String() }, { title: 'PostmortemExport' }),
  errors: [unknown],
})
export const listActions = operation({
  id: 'actions.list',
  method: 'GET',
  path: '/api/v1/actions',
  summary: 'Corrective actions, the earliest due first',
  query: Type.Object({
    ...PageQuery,
    state: Type.Optional(Words([...actionStates, 'unfinished', 'overdue'] as const)),
    owner: Type.Optional(Name),
    number: Type.Optional(Type.Integer({ minimum: 1, maximum: 999_999_999 })),
    sort: Type.Optional(
      Words(
        ['due', 'priority'] as const,
        'By priority: of the 2,000 that are due first, the most risk for each day of work.',
      ),
    ),
  }),
  reply: Page(CorrectiveAction),
})
export const readAgeing = operation({
  id: 'actions.ageing',
  method: 'GET',
  path: '/api/v1/action-ageing',
  summary: 'How long what is not done has been agreed',
  reply: Type.Object(
    {
      buckets: Type.Array(Type.Object({ bucket: Type.String(), actions: Type.Integer(), overdue: Type.Integer() })),
    },
    { title: 'ActionAgeing' },
  ),
})
export const addAction = operation({
  id: 'actions.add',
  method: 'POST',
  path: '/api/v1/postmortems/{id}/actions',
  summary: 'Add a corrective action: who does what until when',
  params: byId,
  body: Type.Object({
    title: Text(300),
    kind: Words(actionKinds),
    owner: Name,
    dueAt: Time,
    size: Type.Optional(Size),
    signal: Type.Optional(Signal),
  }),
  reply: CorrectiveAction,
  status: 201,
  errors: [unknown, 'postmortems.unknown-signal', 'postmortems.too-many'],
})
export const changeAction = operation({
  id: 'actions.change',
  method: 'PATCH',
  path: '/api/v1/actions/{id}',
  summary: 'Change owner, date, size or signal; drop or reopen it with a reason',
  params: byId,
  body: Type.Object({
    owner: Type.Optional(Name),
    dueAt: Type.Optional(Time),
    size: Type.Optional(Nullable(Size)),
    signal: Type.Optional(Signal),
    state: Type.Optional(Words(['open', 'dropped'] as const)),
    reason: Type.Optional(Text(500)),
  }),
  reply: CorrectiveAction,
  errors: [
    'actions.unknown',
    'actions.no-such-way',
    'postmortems.reason-missing',
    'postmortems.unknown-signal',
    'actions.being-proven',
  ],
})
export const finishAction = operation({
  id: 'actions.finish',
  method: 'POST',
  path: '/api/v1/actions/{id}/finish',
  summary: 'The work is done; from now on its signal must prove it',
  params: byId,
  body: Type.Object({ signal: Type.Optional(Signal), note: Type.Optional(Text(500)) }),
  reply: CorrectiveAction,
  errors: ['actions.unknown', 'actions.no-such-way', 'actions.signal-missing', 'postmortems.unknown-signal'],
})

export type PostmortemData = {
  readonly postmortemId: string
  readonly number: number
  readonly title: string
  readonly incidentId: string
} & JsonObject
const event = (type: string, text: string) => defineEvent<PostmortemData>({ type, summary: text })
export const postmortemOpened = event('postmortem.opened', 'A postmortem was opened')
export const postmortemEdited = defineEvent<PostmortemData & { readonly part: string }>({
  type: 'postmortem.edited',
  summary: 'A part of it was written',
})
export const postmortemMoved = {
  draft: event('postmortem.returned', 'It went back to its authors'),
  review: event('postmortem.sent-to-review', 'It is to be reviewed'),
  published: defineEvent<PostmortemData & { readonly hash?: string }>({
    type: 'postmortem.published',
    summary: 'It was published',
  }),
} as const
export const postmortemOverdue = event('postmortem.overdue', 'It was to be published by now')
export type ActionData = PostmortemData & {
  readonly actionId: string
  readonly action: string
  readonly person: string
}
const actionEvent = (type: string, text: string) => defineEvent<ActionData>({ type, summary: text })
export const actionAdded = actionEvent('action.added', 'A corrective action was agreed')
export const actionChanged = actionEvent('action.changed', 'Owner, date or signal of an action changed')
export const actionFinished = actionEvent('action.finished', 'The work is done; its signal must prove it')
export const actionProven = actionEvent('action.proven', 'Its signal held')
export const actionReopened = actionEvent('action.reopened', 'Its signal did not hold, or somebody reopened it')
export const actionDropped = actionEvent('action.dropped', 'It will not be done')
export const actionOverdue = actionEvent('action.overdue', 'It was to be done by now')

export const remindPostmortem = defineJob<{ readonly postmortemId: string }>({
  kind: 'postmortems.remind',
  lane: 'normal',
})
export const remindAction = defineJob<{ readonly actionId: string }>({
  kind: 'postmortems.remind-action',
  lane: 'normal',
})
export const proveAction = defineJob<{ readonly actionId: string }>({
  kind: 'postmortems.prove-action',
  lane: 'normal',
})

export const postmortemsEvents = [
  postmortemOpened,
  postmortemEdited,
  ...Object.values(postmortemMoved),
  postmortemOverdue,
  actionAdded,
  actionChanged,
  actionFinished,
  actionProven,
  actionReopened,
  actionDropped,
  actionOverdue,
] as const

export const postmortemsErrors = [
  { code: unknown, summary: 'There is no such postmortem.' },
  { code: 'postmortems.still-running', summary: 'The incident is not over yet.' },
  { code: 'postmortems.edited', summary: 'Somebody wrote it since you read it.' },
  { code: 'postmortems.published', summary: 'It is published; take it back to review first.' },
  { code: 'postmortems.bad-factors', summary: 'The factors do not fit together.' },
  { code: 'postmortems.no-such-way', summary: 'It cannot go there from where it is.' },
  { code: 'postmortems.incomplete', summary: 'Something a postmortem needs is missing.' },
  { code: 'postmortems.reason-missing', summary: 'This change needs a reason.' },
  { code: 'postmortems.unknown-signal', summary: 'The objective or service of the signal does not exist.' },
  { code: 'postmortems.too-many', summary: 'A postmortem holds no more actions.' },
  { code: 'postmortems.bad-time', summary: 'It is no time of any calendar.' },
  { code: 'actions.unknown', summary: 'There is no such action.' },
  { code: 'actions.no-such-way', summary: 'It cannot go there from where it is.' },
  { code: 'actions.signal-missing', summary: 'Say what will show that it worked.' },
  { code: 'actions.being-proven', summary: 'Its signal cannot change while it is being proven.' },
] as const
