// draft → review → published, and back with a reason. What is published is hashed, so nobody can edit it unseen.
import type { JsonValue } from '../../../kernel/json.ts'
import { isJsonObject } from '../../../kernel/json.ts'

export const postmortemStatuses = ['draft', 'review', 'published'] as const
export type PostmortemStatus = (typeof postmortemStatuses)[number]

const ways: Readonly<Record<PostmortemStatus, readonly PostmortemStatus[]>> = {
  draft: ['review'],
  review: ['published', 'draft'],
  // Corrected after publication: reviewed and hashed again.
  published: ['review'],
}

export function nextStatuses(status: PostmortemStatus): readonly PostmortemStatus[] {
  return ways[status]
}

export interface PublicationOrder {
  readonly status: PostmortemStatus
  readonly to: PostmortemStatus
  readonly note: string | null
  readonly summary: string
  readonly factors: number
  readonly actions: number
}

export type PublicationDecision =
  | { readonly ok: true; readonly reason: string }
  | { readonly ok: false; readonly kind: 'invalid' | 'conflict'; readonly code: string; readonly sentence: string }

export function decidePublication(order: PublicationOrder): PublicationDecision {
  const { status, to } = order
  if (!ways[status].includes(to))
    return refuse(
      'conflict',
      'postmortems.no-such-way',
      `A postmortem in ${status} goes to ${ways[status].join(' or ')}, not to ${to}.`,
    )
  const note = order.note?.trim() ?? ''
  if (to === 'draft' || status === 'published')
    return note === ''
      ? refuse('invalid', 'postmortems.reason-missing', 'Say what is to be changed.')
      : { ok: true, reason: note }
  if (order.summary.trim() === '')
    return refuse('invalid', 'postmortems.incomplete', 'The summary is empty: write it for somebody who was not there.')
  if (order.factors === 0)
    return refuse('invalid', 'postmortems.incomplete', 'No contributing factor is named: what had to come together?')
  if (to === 'published' && order.actions === 0 && note === '')
    return refuse(
      'invalid',
      'postmortems.reason-missing',
      'No corrective action follows: say why nothing is to be done.',
    )
  return { ok: true, reason: note === '' ? `From ${status} to ${to}.` : note }
}

function refuse(kind: 'invalid' | 'conflict', code: string, sentence: string): PublicationDecision {
  return { ok: false, kind, code, sentence }
}

/** JSON with sorted keys: the same content is the same text, whatever order it was kept in. */
export function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map((each) => canonicalJson(each)).join(',')}]`
  if (!isJsonObject(value)) return JSON.stringify(value)
  const entries = Object.keys(value)
    .sort()
    .flatMap((key) => {
      const item = value[key]
      return item === undefined ? [] : [`${JSON.stringify(key)}:${canonicalJson(item)}`]
    })
  return `{${entries.join(',')}}`
}
