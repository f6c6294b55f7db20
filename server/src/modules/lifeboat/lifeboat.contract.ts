// Every name of the lifeboat that leaves: how it stands, and the gap that is put on record.
import { Type } from 'typebox'
import type { JsonObject } from '../../kernel/json.ts'
import { operation } from '../../platform/http/operation.ts'
import { Nullable, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'

const counts = {
  signals: Type.Integer({ description: 'Signals taken in.' }),
  alerts: Type.Integer({ description: 'Alerts they opened aboard.' }),
  pages: Type.Integer({ description: 'Messages a channel accepted.' }),
  acknowledged: Type.Integer(),
}

export const Gap = Type.Object(
  {
    id: Type.String(),
    process: Type.String({ description: 'The process that saw it.' }),
    from: Time,
    to: Time,
    planTakenAt: Nullable(Time),
    ...counts,
  },
  { title: 'LifeboatGap' },
)

export const readLifeboat = operation({
  id: 'lifeboat.read',
  method: 'GET',
  path: '/api/v1/lifeboat',
  summary: 'Whether the database is there, how old the plan is that pages would go out from, and the gaps so far',
  description:
    'Answered by the process that is asked, about itself; also while the database is away, then without the gaps.',
  reply: Type.Object(
    {
      standing: Words(['ashore', 'doubt', 'afloat', 'landing'] as const),
      sentence: Type.String(),
      since: Nullable(Time),
      plan: Nullable(Type.Object({ takenAt: Time, ageMs: Type.Integer() })),
      journal: Type.Object({ bytes: Type.Integer(), mostBytes: Type.Integer(), ...counts }),
      gaps: Type.Array(Gap, { description: 'The newest 20.' }),
    },
    { title: 'Lifeboat' },
  ),
  errors: ['lifeboat.none'],
})

export type GapData = {
  readonly boat: string
  readonly from: string
  readonly to: string
  readonly planTakenAt: string
  readonly signals: number
  readonly alerts: number
  readonly pages: number
  readonly acknowledged: number
  /** Entries that could not be written down; their journal stays on the disk of the process. */
  readonly refused: number
} & JsonObject
export const gapRecorded = defineEvent<GapData>({
  type: 'lifeboat.landed',
  summary: 'The database was away; what happened meanwhile is written down',
})

export const lifeboatErrors = [
  { code: 'lifeboat.none', summary: 'The process that was asked keeps no lifeboat.' },
  { code: 'lifeboat.full', summary: 'The database is away and the lifeboat has no room left; nothing was taken.' },
  {
    code: 'lifeboat.disk-failed',
    summary: 'The database is away and the disk of the lifeboat fails; nothing was taken.',
  },
] as const
