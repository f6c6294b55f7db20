// Names of `slo` that leave: stretches of the past that are taken out of a budget.
import { type Static, Type } from 'typebox'
import type { JsonObject } from '../../kernel/json.ts'
import { operation } from '../../platform/http/operation.ts'
import { Name, Nullable, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'

const params = Type.Object({ name: Name })

export const Correction = Type.Object(
  {
    id: Type.String(),
    from: Time,
    to: Time,
    mode: Words(['drop', 'good']),
    reason: Type.String(),
    author: Type.String(),
    at: Time,
    withdrawn: Nullable(Type.Object({ at: Time, by: Type.String(), reason: Type.String() })),
  },
  { title: 'BudgetCorrection' },
)
export type CorrectionReply = Static<typeof Correction>

const Reason = Type.String({ minLength: 3, maxLength: 500 })

export const correctObjective = operation({
  id: 'objectives.correct',
  method: 'POST',
  path: '/api/v1/objectives/{name}/corrections',
  summary: 'Take a past stretch out of the budget, with a reason',
  description:
    'Slices that it covers by half or more. The numbers follow with the next evaluation; the journal keeps who and why.',
  params,
  body: Type.Object({
    from: Time,
    to: Time,
    mode: Words(['drop', 'good'], '`drop`: the time is not expected. `good`: it counts as if all had gone well.'),
    reason: Reason,
  }),
  reply: Correction,
  status: 201,
  errors: ['slo.unknown-objective', 'slo.bad-correction', 'slo.too-many-corrections'],
})

export const listCorrections = operation({
  id: 'objectives.corrections',
  method: 'GET',
  path: '/api/v1/objectives/{name}/corrections',
  summary: 'What was corrected, by whom and why; withdrawn ones too',
  params,
  reply: Type.Object({ items: Type.Array(Correction) }),
  errors: ['slo.unknown-objective'],
})

export const withdrawCorrection = operation({
  id: 'objectives.withdraw-correction',
  method: 'POST',
  path: '/api/v1/objectives/{name}/corrections/{id}/withdraw',
  summary: 'Let a corrected stretch count again',
  params: Type.Object({ name: Name, id: Type.String({ maxLength: 60 }) }),
  body: Type.Object({ reason: Reason }),
  reply: Correction,
  errors: ['slo.unknown-objective', 'slo.unknown-correction'],
})

export const objectiveCorrected = defineEvent<
  {
    readonly objective: string
    readonly correction: string
    readonly from: string
    readonly to: string
    readonly mode: 'drop' | 'good'
  } & JsonObject
>({ type: 'objective.corrected', summary: 'A past stretch was taken out of a budget' })

export const correctionWithdrawn = defineEvent<
  { readonly objective: string; readonly correction: string } & JsonObject
>({
  type: 'objective.correction-withdrawn',
  summary: 'A stretch that was taken out of a budget counts again',
})
