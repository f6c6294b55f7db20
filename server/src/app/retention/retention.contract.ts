// Every name of keeping and removing that leaves: how long what is kept, what the last round did, and legal holds.
import { Type } from 'typebox'
import { operation } from '../../platform/http/operation.ts'
import { Id, Nullable, Text, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { defineJob } from '../../platform/work/job.ts'

const Kept = Type.Object(
  {
    name: Type.String({ description: 'The rule, as in the journal and the metrics.' }),
    summary: Type.String(),
    days: Nullable(Type.Integer({ description: 'Null is for ever.' })),
    setting: Nullable(Type.String({ description: 'The setting that decides; null when it is fixed.' })),
    removed: Type.Integer({ description: 'Rows the last round removed.' }),
    heldBack: Type.Integer({ description: 'Old rows the last round kept, because something refers to them.' }),
  },
  { title: 'KeptRows' },
)

export const Hold = Type.Object(
  {
    id: Id,
    kind: Words(['everything', 'service', 'incident', 'person']),
    name: Type.String({ description: 'The service, the person, the number of the incident; empty for everything.' }),
    reason: Type.String(),
    placedBy: Type.String(),
    placedAt: Time,
  },
  { title: 'LegalHold' },
)

export const readRetention = operation({
  id: 'retention.read',
  method: 'GET',
  path: '/api/v1/retention',
  summary: 'How long what is kept, and what the last round removed',
  reply: Type.Object(
    {
      rows: Type.Array(Kept),
      startedAt: Nullable(Time),
      finishedAt: Nullable(Type.String({ format: 'date-time', description: 'Null while a round is under way.' })),
      running: Type.Boolean({ description: 'A round is under way; it works in quiet moments.' }),
      held: Type.Boolean({ description: 'A legal hold on everything is in force: nothing is removed.' }),
    },
    { title: 'Retention' },
  ),
})

export const listHoldsOperation = operation({
  id: 'holds.list',
  method: 'GET',
  path: '/api/v1/holds',
  summary: 'The legal holds in force, the newest first (1,000 at most)',
  reply: Type.Object({ items: Type.Array(Hold) }),
})

export const placeHold = operation({
  id: 'holds.place',
  method: 'POST',
  path: '/api/v1/holds',
  summary: 'Nothing about this is removed any more, whatever its age',
  description: 'Holds once it is answered: a removal under way ends first, and the next one sees it.',
  body: Type.Object({
    kind: Words(['everything', 'service', 'incident', 'person']),
    name: Type.Optional(Text(200, 'Of the service or the person; the number of the incident. Not for everything.')),
    reason: Text(1_000, 'Why. It stays in the journal, which everybody may read who reads the console.'),
  }),
  reply: Hold,
  status: 201,
  errors: ['retention.unknown', 'retention.held'],
})

export const liftHold = operation({
  id: 'holds.lift',
  method: 'POST',
  path: '/api/v1/holds/{id}/lift',
  summary: 'Lift a legal hold: what is old by then goes with the next round',
  params: Type.Object({ id: Id }),
  body: Type.Object({ reason: Text(1_000, 'Why; it stays in the journal.') }),
  reply: Hold,
  errors: ['retention.no-hold'],
})

export const retentionFinished = defineEvent<{
  readonly removed: Readonly<Record<string, number>>
  readonly heldBack: Readonly<Record<string, number>>
}>({
  type: 'retention.finished',
  summary: 'A round removed what was older than it is kept, so many rows of each kind.',
})

interface HoldFact {
  readonly [name: string]: string
  readonly kind: string
  readonly name: string
}
export const holdPlaced = defineEvent<HoldFact>({
  type: 'hold.placed',
  summary: 'A legal hold was placed: nothing about this is removed.',
})
export const holdLifted = defineEvent<HoldFact>({ type: 'hold.lifted', summary: 'A legal hold was lifted.' })

export const removeOldJob = defineJob({ kind: 'retention.remove', lane: 'bulk', leaseMs: 60_000 })

export const retentionErrors = [
  { code: 'retention.unknown', summary: 'A hold names something that never was.' },
  { code: 'retention.held', summary: 'The same is held already.' },
  { code: 'retention.no-hold', summary: 'There is no such hold in force.' },
] as const
