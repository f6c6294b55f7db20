// Every name of the room `audit` that leaves.
import { type Static, Type } from 'typebox'
import { operation } from '../../platform/http/operation.ts'
import { Page, PageQuery } from '../../platform/http/page.ts'
import { Nullable, Time, Words } from '../../platform/http/schemas.ts'
import { defineJob } from '../../platform/work/job.ts'

const Thing = Type.Object({ kind: Type.String(), id: Type.String() })
const Facts = Type.Record(Type.String(), Type.Unknown())

export const Entry = Type.Object(
  {
    id: Type.Integer(),
    at: Time,
    type: Type.String({ description: 'What happened: `alert.opened`.' }),
    actor: Type.Object({
      kind: Words(['person', 'key', 'automation', 'link']),
      id: Type.String(),
      name: Type.String(),
    }),
    subject: Thing,
    links: Type.Array(Thing, { description: 'What else it concerns.' }),
    reason: Nullable(Type.String()),
    data: Facts,
    before: Nullable(Facts),
    after: Nullable(Facts),
  },
  { title: 'JournalEntry' },
)

export const listJournal = operation({
  id: 'journal.list',
  method: 'GET',
  path: '/api/v1/journal',
  summary: 'What happened, newest first',
  description:
    'Every transition, decision and act of people and of the product. Entries about sessions, keys and accounts are shown to administrators and to those they are about.',
  query: Type.Object({
    ...PageQuery,
    subjectKind: Type.Optional(Type.String({ maxLength: 63 })),
    subjectId: Type.Optional(Type.String({ maxLength: 300 })),
    service: Type.Optional(Type.String({ maxLength: 63, description: 'Entries about the service or linked to it.' })),
    concerns: Type.Optional(
      Type.String({
        pattern: '^[a-z-]{1,63}:.{1,300}$',
        description: '`kind:id`: entries about it or linked to it, such as `incident:…`. Not together with `service`.',
      }),
    ),
    type: Type.Optional(
      Type.String({
        pattern: '^[a-z-]{1,60}\\.([a-z-]{1,60}|\\*)$',
        description: 'One type, or all of a word: `alert.*`.',
      }),
    ),
    from: Type.Optional(Time),
    to: Type.Optional(Time),
  }),
  reply: Page(Entry),
})

const Checkpoint = Type.Object(
  {
    id: Type.Integer(),
    size: Type.Integer({ description: 'Entries it covers.' }),
    root: Type.String({ description: 'Base64 of the tree’s root.' }),
    note: Type.String({ description: 'The signed note to keep outside (C2SP tlog-checkpoint).' }),
    key: Type.String({ description: 'The verifier key, `name+id+base64`.' }),
    at: Time,
  },
  { title: 'JournalCheckpoint' },
)
export type CheckpointReply = Static<typeof Checkpoint>

export const listCheckpoints = operation({
  id: 'journal.checkpoints',
  method: 'GET',
  path: '/api/v1/journal/checkpoints',
  summary: 'Signed checkpoints of the journal, newest first',
  query: Type.Object({ ...PageQuery }),
  reply: Page(Checkpoint),
})

const Verification = Type.Object(
  {
    ok: Type.Boolean(),
    entries: Type.Integer(),
    checkpoints: Type.Integer({ description: 'With a good signature.' }),
    sealed: Type.Integer({ description: 'Entries the newest checkpoint covers.' }),
    unsealed: Type.Integer({ description: 'Entries after it.' }),
    firstBad: Nullable(Type.Integer({ description: 'The first place, from 0, that is not what was recorded.' })),
    findings: Type.Array(
      Type.Object({
        kind: Type.String(),
        at: Nullable(Type.Integer()),
        until: Nullable(Type.Integer()),
        sentence: Type.String(),
      }),
    ),
    at: Time,
  },
  { title: 'JournalVerification' },
)
export type VerificationReply = Static<typeof Verification>

export const verifyJournalOperation = operation({
  id: 'journal.verify',
  method: 'GET',
  path: '/api/v1/journal/verification',
  summary: 'Read the whole journal again and compare it with its leaves and signed checkpoints',
  description:
    'Takes about a minute for a million entries; one runs at a time and later callers get its answer. At most 100 findings.',
  reply: Verification,
})

export const sealJob = defineJob({ kind: 'audit.seal', lane: 'normal' })
export const checkpointJob = defineJob({ kind: 'audit.sign-checkpoint', lane: 'normal' })

export const auditErrors = [
  { code: 'audit.bad-place', summary: 'Last-Event-ID or `after` is not an id of the live stream.' },
  { code: 'audit.too-many-streams', summary: 'This process serves as many live streams as it can.' },
] as const
