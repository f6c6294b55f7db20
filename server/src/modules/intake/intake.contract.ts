// Every name of the room `intake` that leaves.
import { Type } from 'typebox'
import type { JsonObject } from '../../kernel/json.ts'
import { alertSeverities } from '../../kernel/severity.ts'
import { operation } from '../../platform/http/operation.ts'
import { Page, PageQuery } from '../../platform/http/page.ts'
import { Id, Name, Nullable, Text, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { defineJob } from '../../platform/work/job.ts'
import { formats } from './core/index.ts'
import { MappingSpec, SeverityWords } from './kinds/alert-source.ts'

export const sourceStates = ['never', 'receiving', 'quiet', 'silent'] as const

const counts = {
  deliveries: Type.Integer(),
  signals: Type.Integer(),
  counted: Type.Integer({ description: 'Repeats that were only counted.' }),
  orphans: Type.Integer(),
  refused: Type.Integer({ description: 'Wrong token or signature, too old, or seen before.' }),
}

const summary = {
  name: Name,
  title: Type.String(),
  format: Words(formats),
  formatTitle: Type.String(),
  team: Nullable(Name),
  service: Nullable(Name),
  state: Words(sourceStates, 'quiet: it has spoken, not in the last hour. silent: its heartbeat is overdue.'),
  receivedAt: Nullable(Time),
  lastHour: Type.Object(counts),
  /** Sixty, oldest first. */
  minutes: Type.Array(Type.Integer(), { description: 'Signals of each of the last 60 minutes, oldest first.' }),
  orphans: Type.Integer({ description: 'Waiting to be mended or dismissed.' }),
  tokens: Type.Integer({ description: 'Live ones: two while one is being replaced.' }),
  heartbeat: Nullable(
    Type.Object({
      everyMs: Type.Integer(),
      graceMs: Type.Integer(),
      silentSince: Nullable(Time),
      beatAt: Nullable(Time),
    }),
  ),
}
const IntakeSource = Type.Object(summary, { title: 'IntakeSource' })

const Token = Type.Object(
  {
    id: Id,
    last4: Type.String(),
    createdBy: Type.String(),
    createdAt: Time,
    expiresAt: Nullable(Time),
    usedAt: Nullable(Time),
  },
  { title: 'IntakeToken' },
)
const Step = Type.Object({ title: Type.String(), text: Type.String() })

const IntakeSourceDetail = Type.Object(
  {
    ...summary,
    address: Type.String(),
    declaredAt: Time,
    perMinute: Type.Integer(),
    expiresMs: Nullable(Type.Integer()),
    mapping: Nullable(MappingSpec),
    severities: SeverityWords,
    displaced: Type.Integer({ description: 'Orphans that newer ones pushed out.' }),
    signature: Type.Object({
      can: Words(['none', 'secret', 'certificate'] as const),
      checked: Type.Boolean({ description: 'Deliveries without a right signature are turned away.' }),
      secrets: Type.Integer(),
    }),
    liveTokens: Type.Array(Token),
    samples: Type.Array(
      Type.Object({ id: Type.Integer(), receivedAt: Time, outcome: Type.String(), body: Type.String() }),
      { description: 'The newest payloads, ten at most; secrets left out.' },
    ),
    setUp: Type.Array(Step),
  },
  { title: 'IntakeSourceDetail' },
)

const byName = Type.Object({ name: Name })
const unknown = 'intake.unknown-source'

export const listSources = operation({
  id: 'intake.list',
  method: 'GET',
  path: '/api/v1/intake/sources',
  summary: 'Senders with their rates, by name (1,000 at most)',
  reply: Type.Object({ items: Type.Array(IntakeSource) }),
})
export const readSource = operation({
  id: 'intake.read',
  method: 'GET',
  path: '/api/v1/intake/sources/{name}',
  summary: 'One sender: tokens, newest payloads, how to set it up',
  params: byName,
  reply: IntakeSourceDetail,
  errors: [unknown],
})
export const issueToken = operation({
  id: 'intake.issue-token',
  method: 'POST',
  path: '/api/v1/intake/sources/{name}/tokens',
  summary: 'Make a token; the former one goes on for a while',
  description: 'The token is shown once and kept as a hash. At most two are good at the same time.',
  params: byName,
  body: Type.Object({
    overlapMs: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 30 * 86_400_000,
        default: 86_400_000,
        description: 'How long the former token is still good. One day unless said.',
      }),
    ),
  }),
  reply: Type.Object({ token: Type.String(), issued: Token, setUp: Type.Array(Step) }),
  status: 201,
  secretReply: true,
  errors: [unknown],
})
export const revokeToken = operation({
  id: 'intake.revoke-token',
  method: 'DELETE',
  path: '/api/v1/intake/sources/{name}/tokens/{id}',
  summary: 'End a token now',
  params: Type.Object({ name: Name, id: Id }),
  reply: Type.Null(),
  status: 204,
  errors: [unknown, 'intake.unknown-token'],
})
export const setSecret = operation({
  id: 'intake.set-secret',
  method: 'PUT',
  path: '/api/v1/intake/sources/{name}/secret',
  summary: 'Store what signs its deliveries; from now on they must be signed',
  params: byName,
  body: Type.Object({
    secret: Type.String({ minLength: 8, maxLength: 500 }),
    overlapMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 30 * 86_400_000, default: 86_400_000 })),
  }),
  reply: Type.Null(),
  status: 204,
  errors: [unknown, 'intake.not-signed', 'intake.secret-invalid'],
})
export const removeSecret = operation({
  id: 'intake.remove-secret',
  method: 'DELETE',
  path: '/api/v1/intake/sources/{name}/secret',
  summary: 'Stop checking signatures; the token alone counts again',
  params: byName,
  reply: Type.Null(),
  status: 204,
  errors: [unknown],
})

const ReadSignal = Type.Object(
  {
    status: Words(['firing', 'resolved'] as const),
    key: Type.String(),
    summary: Type.String(),
    severity: Words(alertSeverities),
    severityGiven: Nullable(Type.String()),
    service: Nullable(Type.String()),
    labels: Type.Record(Type.String(), Type.String()),
    startsAt: Time,
    endsAt: Nullable(Time),
    links: Type.Array(Type.Object({ title: Type.String(), url: Type.String() })),
    notes: Type.Array(Type.String()),
  },
  { title: 'IntakeSignal' },
)
export const previewDelivery = operation({
  id: 'intake.preview',
  method: 'POST',
  path: '/api/v1/intake/preview',
  summary: 'What a payload would become; nothing is taken in',
  body: Type.Object({
    source: Type.Optional(Name),
    format: Type.Optional(Words(formats)),
    mapping: Type.Optional(MappingSpec),
    severities: Type.Optional(SeverityWords),
    body: Type.String({ maxLength: 262_144, description: 'As it was sent.' }),
  }),
  reply: Type.Object({
    signals: Type.Array(ReadSignal),
    acknowledged: Type.Array(Type.String()),
    unread: Type.Array(Type.String()),
    notes: Type.Array(Type.String(), { description: 'Fields that a mapping asked for and the payload does not have.' }),
    nothing: Nullable(Type.String()),
  }),
  errors: [unknown],
})

const Orphan = Type.Object(
  {
    id: Id,
    source: Type.String(),
    because: Type.String(),
    body: Type.String(),
    cut: Type.Boolean({ description: 'It was longer than is kept: it can be read, not tried again.' }),
    times: Type.Integer(),
    receivedAt: Time,
    lastAt: Time,
  },
  { title: 'IntakeOrphan' },
)
export const listOrphans = operation({
  id: 'intake.orphans',
  method: 'GET',
  path: '/api/v1/intake/orphans',
  summary: 'What was sent and could not be understood, newest first',
  query: Type.Object({ ...PageQuery, source: Type.Optional(Name) }),
  reply: Page(Orphan),
})
export const listUnclaimed = operation({
  id: 'intake.unclaimed',
  method: 'GET',
  path: '/api/v1/intake/unclaimed',
  summary:
    'What came without a source, by an API key or an unknown routing key, and was not understood (the newest 100)',
  reply: Type.Object({
    items: Type.Array(
      Type.Object(
        { id: Type.Integer(), source: Type.String(), because: Type.String(), body: Type.String(), receivedAt: Time },
        { title: 'IntakeUnclaimed' },
      ),
    ),
  }),
})
export const replayOrphan = operation({
  id: 'intake.replay',
  method: 'POST',
  path: '/api/v1/intake/orphans/{id}/replay',
  summary: 'Try it again as the source is declared now',
  params: Type.Object({ id: Id }),
  reply: Type.Object({
    understood: Type.Boolean(),
    signals: Type.Integer(),
    because: Nullable(Type.String()),
  }),
  errors: ['intake.unknown-orphan', 'intake.orphan-cut', unknown],
})
export const dismissOrphan = operation({
  id: 'intake.dismiss',
  method: 'POST',
  path: '/api/v1/intake/orphans/{id}/dismiss',
  summary: 'Nobody needs it; it is kept thirty days more',
  params: Type.Object({ id: Id }),
  body: Type.Object({ reason: Type.Optional(Text(500)) }),
  reply: Type.Null(),
  status: 204,
  errors: ['intake.unknown-orphan'],
})

export const watchSources = defineJob({ kind: 'intake.watch-sources', lane: 'page' })
export const tidyIntake = defineJob({ kind: 'intake.tidy', lane: 'bulk' })
export const confirmSubscription = defineJob<{ source: string; topic: string; sealed: string }>({
  kind: 'intake.confirm-subscription',
  lane: 'normal',
})

export type TokenData = { readonly source: string; readonly last4: string } & JsonObject
export const tokenIssued = defineEvent<TokenData>({
  type: 'intake.token-issued',
  summary: 'A source got a new token',
})
export const tokenRevoked = defineEvent<TokenData>({
  type: 'intake.token-revoked',
  summary: 'A token of a source ended',
})
export const secretChanged = defineEvent<{ readonly source: string; readonly checked: boolean } & JsonObject>({
  type: 'intake.secret-changed',
  summary: 'What signs the deliveries of a source was replaced or removed',
})
export type OrphanData = { readonly source: string; readonly orphan: string; readonly because: string } & JsonObject
export const orphanKept = defineEvent<OrphanData>({
  type: 'intake.orphan-kept',
  summary: 'A delivery could not be understood and is kept',
})
export const orphanSettled = defineEvent<OrphanData & { readonly settled: string }>({
  type: 'intake.orphan-settled',
  summary: 'A kept delivery was understood after all, or dismissed',
})
export const subscriptionConfirmed = defineEvent<{ readonly source: string; readonly topic: string } & JsonObject>({
  type: 'intake.subscription-confirmed',
  summary: 'An SNS topic was subscribed to a source',
})

export const intakeErrors = [
  { code: 'intake.unknown-source', summary: 'There is no such source of alarms.' },
  { code: 'intake.unknown-token', summary: 'The source has no such token, or it has ended.' },
  { code: 'intake.unknown-orphan', summary: 'There is no such orphan, or it is settled.' },
  { code: 'intake.orphan-cut', summary: 'The payload was longer than is kept, so it cannot be tried again.' },
  { code: 'intake.not-signed', summary: 'Deliveries in this format are not signed with a secret.' },
  { code: 'intake.secret-invalid', summary: 'The secret cannot sign deliveries as the source declares.' },
  { code: 'intake.unproven', summary: 'A delivery carries no token of this source.' },
  { code: 'intake.signature-wrong', summary: 'A delivery is not signed by whom it says, or too long ago.' },
  { code: 'intake.nothing-sent', summary: 'The address of a source was opened, and nothing was sent to it.' },
  { code: 'intake.busy', summary: 'More deliveries at once than are taken in; sent again soon they are.' },
] as const
