// The incident room: work items, pinned graphs, what is related, updates, impact, merging, export.
import { type Static, Type } from 'typebox'
import { severities } from '../../kernel/severity.ts'
import { operation } from '../../platform/http/operation.ts'
import { Id, Name, Nullable, Text, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { defineJob } from '../../platform/work/job.ts'
import { itemKinds, itemStates } from './core/index.ts'
import * as impact from './impact.contract.ts'
import { Incident, type IncidentData } from './incidents.contract.ts'
import {
  IncidentUpdate,
  updateDeclined,
  updateErrors,
  updatePosted,
  updateProposed,
  updateWithdrawn,
} from './updates.contract.ts'
import * as vendors from './vendor-case.contract.ts'

const byId = Type.Object({ id: Id })
const unknown = 'incidents.unknown'

const Verification = Type.Object({
  objective: Type.String(),
  holdMs: Type.Integer(),
  giveUpAt: Time,
  goodSince: Nullable(Time),
  because: Type.String({ description: 'What was seen so far.' }),
})
export const WorkItem = Type.Object(
  {
    id: Id,
    kind: Words(itemKinds),
    text: Type.String(),
    state: Words(itemStates),
    owner: Nullable(Type.String()),
    dueAt: Nullable(Time),
    reason: Nullable(Type.String()),
    evidence: Type.Array(
      Type.Object({ side: Words(['for', 'against'] as const), text: Type.String(), by: Type.String(), at: Time }),
    ),
    verification: Nullable(Verification),
    vendorCase: Nullable(vendors.VendorCase),
    createdBy: Type.String(),
    createdAt: Time,
    closedAt: Nullable(Time),
    next: Type.Array(Words(itemStates)),
    version: Type.Integer(),
  },
  { title: 'IncidentItem' },
)
export const GraphPin = Type.Object(
  {
    id: Id,
    title: Type.String(),
    objective: Type.String(),
    from: Time,
    to: Time,
    stepMs: Type.Integer(),
    target: Nullable(Type.Number()),
    points: Type.Array(Type.Object({ at: Time, good: Type.Integer(), bad: Type.Integer(), measured: Type.Boolean() })),
    pinnedBy: Type.String(),
    pinnedAt: Time,
  },
  { title: 'GraphPin' },
)

export const listWork = operation({
  id: 'incidents.work',
  method: 'GET',
  path: '/api/v1/incidents/{id}/work',
  summary: 'Tasks, decisions, hypotheses, mitigations, cases at vendors and pinned graphs',
  params: byId,
  reply: Type.Object({ items: Type.Array(WorkItem), pins: Type.Array(GraphPin) }),
  errors: [unknown],
})
export const addItem = operation({
  id: 'incidents.add-item',
  method: 'POST',
  path: '/api/v1/incidents/{id}/work',
  summary: 'Add a task, decision, hypothesis, mitigation or case at a vendor',
  params: byId,
  body: Type.Object({
    kind: Words(itemKinds),
    text: Text(1000),
    owner: Type.Optional(Name),
    dueAt: Type.Optional(Time),
    reason: Type.Optional(Text(1000, 'Of a decision: why.')),
    vendorCase: Type.Optional(vendors.NewVendorCase),
    verify: Type.Optional(
      Type.Object({
        objective: Name,
        holdMs: Type.Optional(
          Type.Integer({
            minimum: 60_000,
            maximum: 86_400_000,
            description: 'How long it must hold. 10 min unless said.',
          }),
        ),
        withinMs: Type.Optional(
          Type.Integer({
            minimum: 60_000,
            maximum: 604_800_000,
            description: 'When it counts as without effect. 60 min unless said.',
          }),
        ),
      }),
    ),
  }),
  reply: WorkItem,
  status: 201,
  errors: [
    unknown,
    'incidents.reason-missing',
    'incidents.not-verifiable',
    'incidents.vendor-case',
    'incidents.unknown-objective',
    'incidents.too-many',
  ],
})
export const changeItem = operation({
  id: 'incidents.change-item',
  method: 'PATCH',
  path: '/api/v1/incidents/{id}/work/{item}',
  summary: 'Move it on, give it an owner, add evidence',
  params: Type.Object({ id: Id, item: Id }),
  body: Type.Object({
    state: Type.Optional(Words(itemStates)),
    reason: Type.Optional(Text(1000)),
    owner: Type.Optional(Nullable(Name)),
    dueAt: Type.Optional(Nullable(Time)),
    evidence: Type.Optional(Type.Object({ side: Words(['for', 'against'] as const), text: Text(1000) })),
    caseNumber: Type.Optional(vendors.caseNumber),
  }),
  reply: WorkItem,
  errors: [
    unknown,
    'incidents.unknown-item',
    'incidents.vendor-case',
    'incidents.no-such-way',
    'incidents.reason-missing',
    'incidents.too-many',
  ],
})
export const pinGraph = operation({
  id: 'incidents.pin-graph',
  method: 'POST',
  path: '/api/v1/incidents/{id}/pins',
  summary: 'Pin the counts of an objective as they are now: frozen data, no link',
  params: byId,
  body: Type.Object({ objective: Name, from: Time, to: Time, title: Type.Optional(Text(200)) }),
  reply: GraphPin,
  status: 201,
  errors: [unknown, 'incidents.unknown-objective', 'telemetry.bad-range', 'incidents.too-many'],
})
export const placeEntry = operation({
  id: 'incidents.place-entry',
  method: 'POST',
  path: '/api/v1/incidents/{id}/timeline/{entry}/place',
  summary: 'Say when an entry of the timeline really happened',
  params: Type.Object({ id: Id, entry: Type.Integer({ minimum: 1 }) }),
  body: Type.Object({ at: Time, reason: Text(500) }),
  reply: Type.Object({ entry: Type.Integer(), at: Time }),
  errors: [unknown, 'incidents.unknown-entry', 'incidents.time-ahead'],
})

const Because = Type.Array(Type.String())
export const readRelated = operation({
  id: 'incidents.related',
  method: 'GET',
  path: '/api/v1/incidents/{id}/related',
  summary: 'Where to look first, changes that may have caused it, similar incidents, who else is reached; with reasons',
  params: byId,
  reply: Type.Object(
    {
      causes: Type.Array(
        Type.Object({
          service: Type.String(),
          score: Type.Number({ description: 'Orders the list; no probability.' }),
          because: Because,
        }),
        { description: 'Services of its alerts and those they call, by what speaks for each; the likeliest first.' },
      ),
      looked: Nullable(
        Type.Object({
          series: Type.Integer({ description: 'Measured around its beginning and in the day before.' }),
          services: Type.Integer(),
          deviating: Type.Integer({ description: 'Services that left their usual; 0: no cause is measured.' }),
        }),
      ),
      changes: Type.Array(
        Type.Object({
          id: Id,
          service: Type.String(),
          kind: Type.String(),
          summary: Type.String(),
          version: Nullable(Type.String()),
          link: Nullable(Type.String()),
          at: Time,
          score: Type.Number({ description: 'Orders the list; no probability.' }),
          because: Because,
        }),
      ),
      similar: Type.Array(
        Type.Object({
          id: Id,
          number: Type.Integer(),
          title: Type.String(),
          severity: Words(severities),
          startedAt: Time,
          resolvedAt: Nullable(Time),
          because: Because,
        }),
      ),
      reach: Type.Array(
        Type.Object({
          service: Type.String(),
          displayName: Type.String(),
          tier: Type.Integer(),
          distance: Type.Integer({ description: '0 is hurt itself.' }),
          of: Type.String({ description: 'The hurt service it calls.' }),
        }),
        { description: 'Services that call what is hurt, nearest first.' },
      ),
      vendors: Type.Array(vendors.Vendor, { description: 'Third parties to ask, with their contacts; nearest first.' }),
      journeys: Type.Array(Type.String()),
      relations: Type.Array(
        Type.Object({
          id: Id,
          number: Type.Integer(),
          title: Type.String(),
          status: Type.String(),
          relation: Words(['parent', 'child', 'related', 'merged-into', 'merged-from'] as const),
        }),
      ),
    },
    { title: 'RelatedToIncident' },
  ),
  errors: [unknown],
})

const ImpactSpan = Type.Object({ service: Name, startedAt: Time, endedAt: Nullable(Time) })
export const readImpact = operation({
  id: 'incidents.impact',
  method: 'GET',
  path: '/api/v1/incidents/{id}/impact',
  summary: 'Who was hurt and for how long; minutes in common count once',
  params: byId,
  reply: Type.Object(
    {
      statement: Nullable(Type.String()),
      minutes: Nullable(Type.Number()),
      ongoing: Type.Boolean(),
      ...impact.WhoWasHurt,
      spans: Type.Array(ImpactSpan),
      derived: Type.Boolean({ description: 'Nobody stated spans: from the start of the impact to the mitigation.' }),
    },
    { title: 'IncidentImpact' },
  ),
  errors: [unknown],
})
export const stateImpact = operation({
  id: 'incidents.state-impact',
  method: 'PUT',
  path: '/api/v1/incidents/{id}/impact',
  summary: 'State who was hurt and when; replaces what was stated before',
  params: byId,
  body: Type.Object({
    statement: Nullable(Text(2000)),
    spans: Type.Array(ImpactSpan, { maxItems: 100 }),
    ...impact.StatedHurt,
  }),
  reply: Incident,
  errors: [unknown, 'incidents.times-disordered', 'incidents.time-ahead', 'incidents.unknown-service'],
})

export const mergeIncident = operation({
  id: 'incidents.merge',
  method: 'POST',
  path: '/api/v1/incidents/{id}/merge',
  summary: 'It is the same as another one: its alerts, its work and what is known of it move there, and it ends',
  params: byId,
  body: Type.Object({
    into: Id,
    reason: Text(500),
    learn: Type.Optional(
      Type.Boolean({ description: 'Remember for 90 days that such alerts are one problem. Yes unless said.' }),
    ),
    people: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 100_000_000_000,
        description:
          'How many are affected in all. The larger number of the two unless said: they may be the same people.',
      }),
    ),
  }),
  reply: Incident,
  errors: [unknown, 'incidents.not-mergeable'],
})
export const relateIncident = operation({
  id: 'incidents.relate',
  method: 'POST',
  path: '/api/v1/incidents/{id}/relations',
  summary: 'Link it to another, as its child or beside it; or undo that',
  params: byId,
  body: Type.Object({
    other: Id,
    relation: Words(['child-of', 'related', 'none'] as const),
    reason: Text(500),
  }),
  reply: Incident,
  errors: [unknown, 'incidents.not-mergeable'],
})
export const exportIncident = operation({
  id: 'incidents.export',
  method: 'GET',
  path: '/api/v1/incidents/{id}/export',
  summary: 'Everything about it: as data and as Markdown',
  params: byId,
  reply: Type.Object(
    {
      incident: Incident,
      timeline: Type.Array(
        Type.Object({ id: Type.Integer(), at: Time, sentence: Type.String(), actor: Type.String() }),
      ),
      items: Type.Array(WorkItem),
      pins: Type.Array(GraphPin),
      updates: Type.Array(IncidentUpdate),
      markdown: Type.String(),
    },
    { title: 'IncidentExport' },
  ),
  errors: [unknown],
})

export type WorkItemReply = Static<typeof WorkItem>
export type GraphPinReply = Static<typeof GraphPin>
export type RelatedReply = Static<(typeof readRelated)['reply']>

type ItemData = IncidentData & { readonly itemId: string; readonly text: string }
export const itemAdded = {
  task: defineEvent<ItemData>({ type: 'incident.task-added', summary: 'Somebody is asked to do something' }),
  decision: defineEvent<ItemData>({ type: 'incident.decision-recorded', summary: 'Something was decided' }),
  hypothesis: defineEvent<ItemData>({ type: 'incident.hypothesis-added', summary: 'A cause is suspected' }),
  mitigation: defineEvent<ItemData>({ type: 'incident.mitigation-started', summary: 'Something is done against it' }),
  'vendor-case': vendors.vendorContacted,
} as const
export const itemMoved = {
  task: defineEvent<ItemData & { readonly to: string }>({
    type: 'incident.task-moved',
    summary: 'A task was done or dropped',
  }),
  decision: defineEvent<ItemData & { readonly to: string }>({
    type: 'incident.decision-withdrawn',
    summary: 'A decision was taken back',
  }),
  hypothesis: defineEvent<ItemData & { readonly to: string }>({
    type: 'incident.hypothesis-judged',
    summary: 'A suspicion was confirmed or refuted',
  }),
  mitigation: defineEvent<ItemData & { readonly to: string }>({
    type: 'incident.mitigation-judged',
    summary: 'A mitigation works, or does not',
  }),
  'vendor-case': vendors.vendorCaseMoved,
} as const
export const itemOwned = defineEvent<ItemData & { readonly person: string }>({
  type: 'incident.item-owned',
  summary: 'Somebody has it now',
})
export const evidenceAdded = defineEvent<ItemData & { readonly side: string; readonly evidence: string }>({
  type: 'incident.evidence-added',
  summary: 'Something speaks for or against a suspicion',
})
export const graphPinned = defineEvent<IncidentData & { readonly pinId: string; readonly text: string }>({
  type: 'incident.graph-pinned',
  summary: 'A graph was pinned as data',
})
export const entryPlaced = defineEvent<IncidentData & { readonly entryId: number; readonly at: string }>({
  type: 'incident.entry-placed',
  summary: 'Somebody said when an entry really happened',
})
export const updateOverdue = defineEvent<IncidentData & { readonly since: string; readonly person: string | null }>({
  type: 'incident.update-overdue',
  summary: 'The promised update did not come',
})
export const impactStated = defineEvent<IncidentData & { readonly text: string; readonly minutes: number | null }>({
  type: 'incident.impact-stated',
  summary: 'Who was hurt, and when, was written down',
})
export const incidentMerged = defineEvent<
  IncidentData & { readonly into: string; readonly intoId: string; readonly decided?: string }
>({
  type: 'incident.merged',
  summary: 'It is the same as another one',
})
export const incidentRelated = defineEvent<IncidentData & { readonly other: string; readonly relation: string }>({
  type: 'incident.related',
  summary: 'It was linked to another one, or no longer is',
})

export type VerifyPayload = { readonly incidentId: string; readonly itemId: string }
/** Looks whether a mitigation works, each minute until it is known. */
export const verifyMitigation = defineJob<VerifyPayload>({ kind: 'incidents.verify-mitigation', lane: 'normal' })
export type RemindPayload = { readonly incidentId: string }
/** Says that the promised update is due; comes again until it was posted. */
export const remindUpdate = defineJob<RemindPayload>({ kind: 'incidents.remind-update', lane: 'notify' })

export const workErrors = [
  ...updateErrors,
  { code: 'incidents.bad-time', summary: 'It is no time of any calendar.' },
  { code: 'incidents.unknown-item', summary: 'There is no such item in this incident.' },
  { code: 'incidents.unknown-entry', summary: 'There is no such entry in this timeline.' },
  { code: 'incidents.unknown-objective', summary: 'There is no such objective.' },
  { code: 'incidents.vendor-case', summary: 'A vendor belongs to a case at a vendor, and such a case needs one.' },
  { code: 'incidents.not-verifiable', summary: 'Only a mitigation is verified.' },
  { code: 'incidents.not-mergeable', summary: 'These two cannot be joined that way.' },
  { code: 'incidents.too-many', summary: 'An incident holds no more of these.' },
] as const

export const workEvents = [
  ...Object.values(itemAdded),
  ...Object.values(itemMoved),
  itemOwned,
  vendors.caseNumbered,
  evidenceAdded,
  graphPinned,
  entryPlaced,
  updatePosted,
  updateProposed,
  updateDeclined,
  updateWithdrawn,
  updateOverdue,
  impactStated,
  incidentMerged,
  incidentRelated,
] as const
