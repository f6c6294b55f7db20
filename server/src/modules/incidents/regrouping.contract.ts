// Which alerts are one problem: splitting, taking a split or a merge back, and what was learnt of it.
import { type Static, Type } from 'typebox'
import { operation } from '../../platform/http/operation.ts'
import { Id, Nullable, Text, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { pairVerdicts } from './core/index.ts'
import type { IncidentData } from './incidents.contract.ts'

const byId = Type.Object({ id: Id })
const unknown = 'incidents.unknown'

const PairEnd = Type.Object({ service: Nullable(Type.String()), rule: Type.String() })
export const LearntPair = Type.Object(
  {
    id: Id,
    verdict: Words(pairVerdicts),
    one: PairEnd,
    other: PairEnd,
    sentence: Type.String(),
    because: Type.String(),
    saidBy: Type.String(),
    saidAt: Time,
    until: Time,
    used: Type.Integer({ description: 'How many alerts were placed by it.' }),
    usedAt: Nullable(Time),
  },
  { title: 'LearntPair' },
)
const Party = Type.Object({ id: Id, number: Type.Integer(), title: Type.String() })
export const Regrouping = Type.Object(
  {
    id: Id,
    kind: Words(['split', 'merge'] as const),
    from: Party,
    to: Party,
    alerts: Type.Array(Id),
    reason: Type.String(),
    saidBy: Type.String(),
    saidAt: Time,
    undoneBy: Nullable(Type.String()),
    undoneAt: Nullable(Time),
    pairs: Type.Array(LearntPair, { description: 'What was learnt of it and still counts.' }),
  },
  { title: 'Regrouping' },
)
export type RegroupingReply = Static<typeof Regrouping>
export type LearntPairReply = Static<typeof LearntPair>

export const splitIncident = operation({
  id: 'incidents.split',
  method: 'POST',
  path: '/api/v1/incidents/{id}/split',
  summary: 'Some of its alerts are another problem: they get an incident of their own',
  params: byId,
  body: Type.Object({
    alerts: Type.Array(Id, { minItems: 1, maxItems: 200 }),
    title: Type.Optional(Text(200)),
    reason: Text(500),
    learn: Type.Optional(
      Type.Boolean({ description: 'Remember for 90 days that such alerts are two problems. Yes unless said.' }),
    ),
  }),
  reply: Regrouping,
  status: 201,
  errors: [unknown, 'incidents.not-splittable'],
})
export const listRegroupings = operation({
  id: 'incidents.regroupings',
  method: 'GET',
  path: '/api/v1/incidents/{id}/regroupings',
  summary: 'What people split off, merged and took back; the newest 50',
  params: byId,
  reply: Type.Object({ items: Type.Array(Regrouping) }),
  errors: [unknown],
})
export const undoRegrouping = operation({
  id: 'incidents.undo-regrouping',
  method: 'POST',
  path: '/api/v1/incidents/{id}/regroupings/{regrouping}/undo',
  summary: 'Take a split or a merge back: the alerts return, and what was learnt of it is forgotten',
  params: Type.Object({ id: Id, regrouping: Id }),
  body: Type.Object({ reason: Text(500) }),
  reply: Regrouping,
  errors: [unknown, 'incidents.unknown-regrouping', 'incidents.not-undoable', 'incidents.no-such-way'],
})
export const listPairs = operation({
  id: 'correlation.pairs',
  method: 'GET',
  path: '/api/v1/correlation/pairs',
  summary: 'What was learnt about alerts that are one problem or two; 500 at most',
  query: Type.Object({ service: Type.Optional(Type.String({ maxLength: 253 })) }),
  reply: Type.Object({ items: Type.Array(LearntPair) }),
})
export const forgetPair = operation({
  id: 'correlation.forget-pair',
  method: 'POST',
  path: '/api/v1/correlation/pairs/{id}/forget',
  summary: 'It no longer counts where alerts are placed',
  params: byId,
  body: Type.Object({ reason: Text(500) }),
  reply: LearntPair,
  errors: ['incidents.unknown-pair'],
})

export const incidentSplit = defineEvent<
  IncidentData & { readonly into: string; readonly intoId: string; readonly alerts: number }
>({ type: 'incident.split', summary: 'Some of its alerts are another problem' })
export const regroupingUndone = defineEvent<
  IncidentData & { readonly what: string; readonly other: string; readonly otherId: string }
>({ type: 'incident.regrouping-undone', summary: 'A split or a merge was taken back' })
type PairData = { readonly pairId: string; readonly verdict: string; readonly sentence: string }
export const pairLearnt = defineEvent<PairData>({
  type: 'correlation.pair-learnt',
  summary: 'Two kinds of alerts are one problem, or two, from now on',
})
export const pairForgotten = defineEvent<PairData>({
  type: 'correlation.pair-forgotten',
  summary: 'What was learnt about two kinds of alerts no longer counts',
})

export const regroupingErrors = [
  { code: 'incidents.not-splittable', summary: 'These alerts cannot be split off.' },
  { code: 'incidents.unknown-regrouping', summary: 'There is no such split or merge of this incident.' },
  { code: 'incidents.not-undoable', summary: 'It can no longer be taken back.' },
  { code: 'incidents.unknown-pair', summary: 'Nothing of that kind is remembered.' },
] as const
export const regroupingEvents = [incidentSplit, regroupingUndone, pairLearnt, pairForgotten] as const
