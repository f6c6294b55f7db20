// Names of writing together: a shared document, its updates (Yjs, base64), who is here, earlier versions.
import { type Static, Type } from 'typebox'
import { operation } from '../../platform/http/operation.ts'
import { Empty, Id, Nullable, Time, Words } from '../../platform/http/schemas.ts'
import { sectionKeys } from './core/index.ts'
import { Postmortem } from './postmortems.contract.ts'

const byId = Type.Object({ id: Id })
const unknown = 'postmortems.unknown'
const noDocument = 'postmortems.not-shared'
const Client = Type.Integer({ minimum: 1, maximum: 4_294_967_295, description: 'The number of a hand that writes.' })
const Bytes = (maxLength: number, description: string) =>
  Type.String({ maxLength, pattern: '^[A-Za-z0-9+/]*={0,2}$', description })
const Section = Words(sectionKeys)

const shared = {
  epoch: Type.Integer({
    description: 'Another one is another document, made anew from its texts: nothing of the one before is in it.',
  }),
  seq: Type.Integer({ description: 'The last update that the state holds.' }),
  state: Type.String({ description: 'A Yjs update with the whole document, base64.' }),
}
export const SharedDocument = Type.Object(shared, { title: 'SharedDocument' })
export const JoinedDocument = Type.Object({ client: Client, ...shared }, { title: 'JoinedDocument' })

const Version = {
  number: Type.Integer(),
  at: Time,
  because: Type.String(),
  authors: Type.Array(Type.String()),
}
export const PostmortemVersion = Type.Object(
  { ...Version, sections: Type.Array(Type.Object({ section: Section, title: Type.String(), body: Type.String() })) },
  { title: 'PostmortemVersion' },
)
export type VersionReply = Static<typeof PostmortemVersion>

export const joinDocument = operation({
  id: 'postmortems.join',
  method: 'POST',
  path: '/api/v1/postmortems/{id}/document',
  summary: 'Begin to write: a number for this hand, and the shared document as it is',
  params: byId,
  reply: JoinedDocument,
  status: 201,
  errors: [unknown, 'postmortems.published'],
})
export const readDocument = operation({
  id: 'postmortems.document',
  method: 'GET',
  path: '/api/v1/postmortems/{id}/document',
  summary: 'The shared document as it is, to go on after a gap',
  params: byId,
  reply: SharedDocument,
  errors: [unknown, noDocument],
})
export const writeUpdate = operation({
  id: 'postmortems.write',
  method: 'POST',
  path: '/api/v1/postmortems/{id}/document/updates',
  summary: 'Add what this hand wrote; the same again changes nothing',
  params: byId,
  body: Type.Object({ client: Client, update: Bytes(700_000, 'A Yjs update, base64; 512 KiB at most.') }),
  reply: Type.Object({ seq: shared.seq }),
  errors: [
    ...[unknown, 'postmortems.published', 'postmortems.bad-update', 'postmortems.update-ahead'],
    ...['postmortems.not-your-hand', 'postmortems.too-long'],
  ],
})
export const beHere = operation({
  id: 'postmortems.be-here',
  method: 'PUT',
  path: '/api/v1/postmortems/{id}/document/writers/{client}',
  summary: 'Say where this hand is, so that others see it; silent for 30 s, it is gone',
  params: Type.Object({ id: Id, client: Client }),
  body: Type.Object({
    here: Type.Boolean(),
    section: Type.Optional(Nullable(Section)),
    line: Type.Optional(Nullable(Type.Integer({ minimum: 1, maximum: 100_000 }))),
  }),
  reply: Empty,
  errors: [unknown, 'postmortems.not-your-hand'],
})
export const readAuthors = operation({
  id: 'postmortems.authors',
  method: 'GET',
  path: '/api/v1/postmortems/{id}/authors',
  summary: 'Who wrote which words of each section',
  params: byId,
  reply: Type.Object(
    {
      sections: Type.Array(
        Type.Object({
          section: Section,
          title: Type.String(),
          runs: Type.Array(Type.Object({ by: Type.String(), text: Type.String() })),
        }),
      ),
    },
    { title: 'PostmortemAuthors' },
  ),
  errors: [unknown],
})
export const listPostmortemVersions = operation({
  id: 'postmortems.versions',
  method: 'GET',
  path: '/api/v1/postmortems/{id}/versions',
  summary: 'Earlier versions, newest first: one for each sitting and each step; 200 are kept',
  params: byId,
  reply: Type.Object({ items: Type.Array(Type.Object(Version)) }, { title: 'PostmortemVersions' }),
  errors: [unknown],
})
const byVersion = Type.Object({ id: Id, number: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }) })
export const readVersion = operation({
  id: 'postmortems.version',
  method: 'GET',
  path: '/api/v1/postmortems/{id}/versions/{number}',
  summary: 'The sections as they were',
  params: byVersion,
  reply: PostmortemVersion,
  errors: [unknown, 'postmortems.unknown-version'],
})
export const restoreVersion = operation({
  id: 'postmortems.restore',
  method: 'POST',
  path: '/api/v1/postmortems/{id}/versions/{number}/restore',
  summary: 'Write the sections as they were; what they are now stays as a version',
  params: byVersion,
  reply: Postmortem,
  errors: [unknown, 'postmortems.unknown-version', 'postmortems.published'],
})

/** Server-sent events: `update` {seq, update}, `here` {writers}, `status` {status}, and `reset` when
 *  something was missed that is gone: read the document, and join anew when its epoch is another one. */
export const liveDocument = 'postmortems.live'

export const togetherErrors = [
  { code: noDocument, summary: 'Nobody has begun to write together yet.' },
  { code: 'postmortems.bad-update', summary: 'The update is not what an editor writes.' },
  { code: 'postmortems.update-ahead', summary: 'The update builds on one that is not here; join anew.' },
  { code: 'postmortems.not-your-hand', summary: 'This hand belongs to somebody else.' },
  { code: 'postmortems.too-many-hands', summary: 'Too many people follow this postmortem now.' },
  { code: 'postmortems.too-long', summary: 'A section or the document has become too large.' },
  { code: 'postmortems.unknown-version', summary: 'There is no such version.' },
  { code: 'postmortems.bad-place', summary: 'The place to go on from is no number of an update.' },
] as const
