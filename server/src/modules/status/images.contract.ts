// The pictures of a page, as the API speaks of them.
import { Type } from 'typebox'
import type { JsonObject } from '../../kernel/json.ts'
import { operation } from '../../platform/http/operation.ts'
import { Name, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { imageKinds } from './core/index.ts'

const OfImage = Type.Object({ page: Name, kind: Words(imageKinds) })

export const StatusImage = Type.Object(
  { kind: Words(imageKinds), type: Type.String(), url: Type.String() },
  { title: 'StatusImage' },
)

export const uploadImage = operation({
  id: 'statuspages.upload-image',
  method: 'PUT',
  path: '/api/v1/status-pages/{page}/images/{kind}',
  summary: 'Give a page its logo or its icon: a PNG or WebP',
  description:
    'Judged by its bytes: a logo has at most 200,000 and 2,000 × 2,000 pixels, an icon 50,000 and 512 × 512. SVG is not taken, because it may hold scripts.',
  params: OfImage,
  body: Type.Object({ data: Type.String({ minLength: 4, maxLength: 400_000, description: 'Base64.' }) }),
  reply: StatusImage,
  errors: ['status.unknown-page', 'status.image-refused'],
})

export const removeImage = operation({
  id: 'statuspages.remove-image',
  method: 'DELETE',
  path: '/api/v1/status-pages/{page}/images/{kind}',
  summary: 'Take the logo or the icon of a page away',
  params: OfImage,
  reply: Type.Null(),
  status: 204,
  errors: ['status.unknown-page', 'status.no-image'],
})

export const imageChanged = defineEvent<
  { readonly page: string; readonly kind: string; readonly digest: string | null } & JsonObject
>({ type: 'status.image-changed', summary: 'The logo or icon of a status page was given or taken away' })

export const imageErrors = [
  { code: 'status.image-refused', summary: 'This is no PNG or WebP, or it is too large.' },
  { code: 'status.no-image', summary: 'The page has no such picture.' },
] as const
