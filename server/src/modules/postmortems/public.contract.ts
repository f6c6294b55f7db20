// Names of the public version: prepared from what was published, let out by a second person, withdrawn.
import { type Static, Type } from 'typebox'
import { operation } from '../../platform/http/operation.ts'
import { Id, Name, Nullable, Text, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { publicParts, sectionKeys } from './core/index.ts'
import type { PostmortemData } from './postmortems.contract.ts'

const byId = Type.Object({ id: Id })
const unknown = 'postmortems.unknown'

const Choices = Type.Object(
  {
    title: Nullable(Text(200, 'In place of the title.')),
    sections: Type.Array(Words(sectionKeys), { maxItems: 6, description: 'Left out as a whole.' }),
    parts: Type.Array(Words(publicParts), { maxItems: publicParts.length, description: 'Left out as a whole.' }),
    passages: Type.Array(Text(2_000), {
      maxItems: 100,
      description: 'Taken out wherever they stand, whatever their case and white space.',
    }),
    roles: Type.Array(Type.Object({ person: Name, role: Text(80) }), {
      maxItems: 100,
      description: 'What stands in place of whom; "a colleague" unless said, or the role they had in the incident.',
    }),
    noNames: Type.Array(Text(80), {
      maxItems: 100,
      description: 'Words that are somebody’s name and mean something else here: "will".',
    }),
  },
  { title: 'PublicChoices' },
)
const Copy = Type.Object(
  {
    title: Type.String(),
    organisation: Nullable(Type.String()),
    figures: Type.Array(Type.Object({ name: Type.String(), value: Type.String() })),
    sections: Type.Array(
      Type.Object({
        title: Type.String(),
        body: Type.String({ description: 'Markdown.' }),
        lines: Type.Array(Type.String()),
      }),
    ),
    partial: Type.Boolean({ description: 'Something was left out.' }),
  },
  { title: 'PublicCopy' },
)
export const PublicVersion = Type.Object(
  {
    choices: Choices,
    prepared: Nullable(
      Type.Object({
        by: Type.String(),
        at: Time,
        hash: Type.String(),
        copy: Copy,
        current: Type.Boolean({ description: 'It was made of what is published now.' }),
        needsSecond: Type.Boolean({ description: 'Somebody else than who prepared it lets it out.' }),
      }),
    ),
    served: Nullable(
      Type.Object({
        by: Type.String(),
        at: Time,
        hash: Type.String({ description: 'SHA-256 of the canonical JSON of what anybody may read.' }),
        url: Type.String(),
        current: Type.Boolean({ description: 'It was made of what is published now.' }),
      }),
    ),
    withdrawn: Nullable(Type.Object({ by: Type.String(), at: Time, because: Type.String() })),
  },
  { title: 'PublicVersion' },
)
export type PublicReply = Static<typeof PublicVersion>

export const readPublic = operation({
  id: 'postmortems.read-public-version',
  method: 'GET',
  path: '/api/v1/postmortems/{id}/public',
  summary: 'Its public version: what is prepared, and what anybody may read',
  params: byId,
  reply: PublicVersion,
  errors: [unknown],
})
export const preparePublic = operation({
  id: 'postmortems.prepare-public',
  method: 'PUT',
  path: '/api/v1/postmortems/{id}/public',
  summary: 'Prepare the public version of what is published: what is left out, and who is called what',
  params: byId,
  body: Choices,
  reply: PublicVersion,
  errors: [unknown, 'postmortems.not-published', 'postmortems.public-unsafe'],
})
export const approvePublic = operation({
  id: 'postmortems.approve-public',
  method: 'POST',
  path: '/api/v1/postmortems/{id}/public/approve',
  summary: 'Let the prepared version out, as it was seen: frozen, at an address of its own',
  params: byId,
  body: Type.Object({ hash: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'Of the preview you read.' }) }),
  reply: PublicVersion,
  errors: [unknown, 'postmortems.not-prepared', 'postmortems.public-changed', 'postmortems.second-missing'],
})
export const withdrawPublic = operation({
  id: 'postmortems.withdraw-public',
  method: 'POST',
  path: '/api/v1/postmortems/{id}/public/withdraw',
  summary: 'Take the public version back; its address is never used again',
  params: byId,
  body: Type.Object({ reason: Text(500) }),
  reply: PublicVersion,
  errors: [unknown, 'postmortems.not-public'],
})

/** GET /reviews/{token}: what anybody may read, who has the address. */
export const servePublic = 'postmortems.serve-public'
/** GET /reviews/preview/{id}: the same bytes before they are let out. */
export const previewPublic = 'postmortems.preview-public'

type PublicData = PostmortemData & { readonly hash: string }
export const publicPrepared = defineEvent<PublicData>({
  type: 'postmortem.public-prepared',
  summary: 'A public version of it was prepared',
})
export const publicApproved = defineEvent<PublicData>({
  type: 'postmortem.public-approved',
  summary: 'A public version of it was let out',
})
export const publicWithdrawn = defineEvent<PublicData>({
  type: 'postmortem.public-withdrawn',
  summary: 'Its public version was taken back',
})
export const publicEvents = [publicPrepared, publicApproved, publicWithdrawn] as const

export const publicErrors = [
  { code: 'postmortems.not-published', summary: 'Only what is published has a public version.' },
  { code: 'postmortems.public-unsafe', summary: 'Something that is to be withheld would stay in it.' },
  { code: 'postmortems.not-prepared', summary: 'No public version is prepared.' },
  { code: 'postmortems.public-changed', summary: 'It is no longer the version you looked at.' },
  { code: 'postmortems.second-missing', summary: 'Somebody else than who prepared it lets it out.' },
  { code: 'postmortems.not-public', summary: 'Nothing of it is public.' },
] as const
