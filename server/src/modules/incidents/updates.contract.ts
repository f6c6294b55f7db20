// What people outside the room are told, as the API speaks of it.
import { type Static, Type } from 'typebox'
import { operation } from '../../platform/http/operation.ts'
import { Id, Name, Nullable, Text, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { proposalOutcomes, updateAudiences } from './core/index.ts'
import type { IncidentData } from './incidents.contract.ts'

const byId = Type.Object({ id: Id })
const unknown = 'incidents.unknown'

export const IncidentUpdate = Type.Object(
  {
    id: Id,
    number: Type.Integer(),
    audience: Words(updateAudiences),
    customer: Nullable(Type.String({ description: 'The one it was for.' })),
    text: Type.String(),
    postedBy: Type.String(),
    approvedBy: Nullable(Type.String({ description: 'Where a second person looks before anybody is told.' })),
    postedAt: Time,
    nextAt: Nullable(Time),
  },
  { title: 'IncidentUpdate' },
)
export type IncidentUpdateReply = Static<typeof IncidentUpdate>

export const UpdateProposal = Type.Object(
  {
    number: Type.Integer({ description: 'Of the proposals of its incident.' }),
    audience: Words(updateAudiences),
    customer: Nullable(Type.String()),
    text: Type.String(),
    proposedBy: Type.String(),
    mine: Type.Boolean({ description: 'Proposed by whoever asks: they take it back, somebody else approves it.' }),
    proposedAt: Time,
    outcome: Words(proposalOutcomes),
    decidedBy: Nullable(Type.String({ description: 'Null while it waits.' })),
    decidedAt: Nullable(Time),
    because: Nullable(Type.String()),
    update: Nullable(Type.Integer({ description: 'The number of the update it became.' })),
  },
  { title: 'UpdateProposal' },
)
export type UpdateProposalReply = Static<typeof UpdateProposal>

export const draftUpdate = operation({
  id: 'incidents.draft-update',
  method: 'GET',
  path: '/api/v1/incidents/{id}/updates/draft',
  summary: 'An update made of facts only, and what changed since the last one',
  params: byId,
  query: Type.Object({ audience: Type.Optional(Words(updateAudiences)), customer: Type.Optional(Name) }),
  reply: Type.Object(
    {
      audience: Words(updateAudiences),
      customer: Nullable(Type.String()),
      text: Type.String(),
      since: Nullable(Time),
      changed: Type.Array(
        Type.Object({ fact: Type.String(), before: Nullable(Type.String()), after: Nullable(Type.String()) }),
      ),
      nextAt: Nullable(Time),
    },
    { title: 'UpdateDraft' },
  ),
  errors: [unknown, 'incidents.unclear-addressee'],
})
export const listUpdates = operation({
  id: 'incidents.updates',
  method: 'GET',
  path: '/api/v1/incidents/{id}/updates',
  summary: 'What people were told, newest first',
  params: byId,
  reply: Type.Object({
    items: Type.Array(IncidentUpdate),
    updateEveryMs: Nullable(Type.Integer()),
    approval: Type.Array(Words(updateAudiences), {
      description: 'As the policy says: what is told to these is proposed, and a second person approves it.',
    }),
    waiting: Type.Array(UpdateProposal, { description: 'Proposed and not decided, the oldest first.' }),
  }),
  errors: [unknown],
})
const NewUpdate = Type.Object({
  audience: Words(updateAudiences),
  customer: Type.Optional({
    ...Name,
    description: 'With the audience `customer`: on this one’s view of its status page, and told to who hears of that.',
  }),
  text: Text(4000),
  nextInMs: Type.Optional(
    Nullable(
      Type.Integer({
        minimum: 60_000,
        maximum: 604_800_000,
        description: 'As the severity says unless said; null promises none.',
      }),
    ),
  ),
})
export type NewUpdateBody = Static<typeof NewUpdate>

export const postUpdate = operation({
  id: 'incidents.post-update',
  method: 'POST',
  path: '/api/v1/incidents/{id}/updates',
  summary: 'Tell people; the clock for the next update starts anew',
  params: byId,
  body: NewUpdate,
  reply: IncidentUpdate,
  status: 201,
  errors: [
    unknown,
    'incidents.too-many',
    'incidents.unclear-addressee',
    'incidents.not-for-customers',
    'incidents.needs-approval',
  ],
})
export const proposeUpdate = operation({
  id: 'incidents.propose-update',
  method: 'POST',
  path: '/api/v1/incidents/{id}/updates/proposals',
  summary: 'Propose an update: nobody is told before a second person approves it',
  params: byId,
  body: NewUpdate,
  reply: UpdateProposal,
  status: 201,
  errors: [unknown, 'incidents.too-many', 'incidents.unclear-addressee', 'incidents.not-for-customers'],
})
export const decideUpdate = operation({
  id: 'incidents.decide-update',
  method: 'POST',
  path: '/api/v1/incidents/{id}/updates/proposals/{number}/decision',
  summary: 'Approve a proposed update, which posts it, or decline it; who proposed it does not approve it',
  params: Type.Object({ id: Id, number: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) }),
  body: Type.Object({
    approve: Type.Boolean(),
    reason: Type.Optional(Text(500, 'Needed to decline what somebody else proposed.')),
  }),
  reply: UpdateProposal,
  errors: [
    unknown,
    'incidents.unknown-proposal',
    'incidents.proposal-decided',
    'incidents.own-proposal',
    'incidents.reason-missing',
    'incidents.too-many',
    'incidents.unclear-addressee',
    'incidents.not-for-customers',
  ],
})
export const withdrawUpdate = operation({
  id: 'incidents.withdraw-update',
  method: 'POST',
  path: '/api/v1/incidents/{id}/updates/proposals/{number}/withdrawal',
  summary: 'Take back an update one proposed; nobody is told',
  params: Type.Object({ id: Id, number: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) }),
  body: Type.Object({ reason: Type.Optional(Text(500)) }),
  reply: UpdateProposal,
  errors: [unknown, 'incidents.unknown-proposal', 'incidents.proposal-decided', 'incidents.not-own-proposal'],
})
export const updatePosted = defineEvent<
  IncidentData & {
    readonly text: string
    readonly audience: string
    readonly update: number
    readonly customer?: string
    /** Where a second person approved it: then the actor is that person. */
    readonly proposedBy?: string
  }
>({ type: 'incident.update-posted', summary: 'People were told' })

type ProposalData = IncidentData & { readonly proposal: number; readonly audience: string; readonly customer?: string }
export const updateProposed = defineEvent<ProposalData & { readonly text: string }>({
  type: 'incident.update-proposed',
  summary: 'An update waits for a second person',
})
export const updateDeclined = defineEvent<ProposalData>({
  type: 'incident.update-declined',
  summary: 'A proposed update was declined',
})
export const updateWithdrawn = defineEvent<ProposalData>({
  type: 'incident.update-withdrawn',
  summary: 'A proposed update was taken back by whoever proposed it',
})

export const updateErrors = [
  {
    code: 'incidents.unclear-addressee',
    summary: 'An update to one customer names one there is, and no other names any.',
  },
  {
    code: 'incidents.needs-approval',
    summary: 'What is told to this audience is proposed, and a second person approves it.',
  },
  { code: 'incidents.unknown-proposal', summary: 'No such update was proposed in this incident.' },
  { code: 'incidents.proposal-decided', summary: 'Somebody has decided about the proposed update.' },
  { code: 'incidents.own-proposal', summary: 'Who proposed an update does not approve it.' },
  { code: 'incidents.not-own-proposal', summary: 'Only who proposed an update takes it back.' },
  { code: 'incidents.not-for-customers', summary: 'What is restricted, or a drill, is told to no customer.' },
] as const
