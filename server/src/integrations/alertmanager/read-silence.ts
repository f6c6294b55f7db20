// Alertmanager's API v2, `POST /api/v2/silences`. Codes as its generated server answers them: 602 a field is missing,
// 612 a list is too short, 601 a text is not of its format.
import { type Instant, parseInstant } from '../../kernel/instant.ts'
import { isJsonObject } from '../../kernel/json.ts'
import type { Matcher } from '../../modules/alerts/core/index.ts'

export interface PostedSilence {
  readonly id: string | null
  readonly matchers: readonly Matcher[]
  readonly startsAt: Instant
  readonly endsAt: Instant
  readonly createdBy: string
  readonly comment: string
}

export type SilenceReading =
  | { readonly ok: true; readonly silence: PostedSilence }
  | { readonly ok: false; readonly status: 400 | 422; readonly code: number; readonly message: string }

const refuse = (status: 400 | 422, code: number, message: string) => ({ ok: false, status, code, message }) as const

export function readSilence(body: unknown): SilenceReading {
  if (!isJsonObject(body)) return refuse(400, 400, 'parsing silence body from "" failed: the body is not an object')
  for (const name of ['comment', 'createdBy', 'endsAt', 'matchers', 'startsAt'])
    if (body[name] === undefined || body[name] === null) return refuse(422, 602, `${name} in body is required`)
  const { comment, createdBy, matchers, id = null } = body
  if (typeof comment !== 'string' || typeof createdBy !== 'string' || (id !== null && typeof id !== 'string'))
    return refuse(400, 400, 'parsing silence body from "" failed: comment, createdBy and id are texts')
  if (!Array.isArray(matchers)) return refuse(400, 400, 'parsing silence body from "" failed: matchers is a list')
  if (matchers.length === 0) return refuse(422, 612, 'matchers in body should have at least 1 items')
  const [startsAt, endsAt] = [body.startsAt, body.endsAt].map((at) =>
    typeof at === 'string' ? parseInstant(at) : null,
  )
  if (startsAt === null || startsAt === undefined) return refuse(400, 400, 'startsAt in body must be of type date-time')
  if (endsAt === null || endsAt === undefined) return refuse(400, 400, 'endsAt in body must be of type date-time')
  const read: Matcher[] = []
  for (const [index, each] of matchers.entries()) {
    if (!isJsonObject(each)) return refuse(400, 400, `matchers.${index} in body is not an object`)
    const { name, value, isRegex, isEqual = true } = each
    for (const [key, given] of Object.entries({ name, value, isRegex }))
      if (given === undefined || given === null) return refuse(422, 602, `matchers.${index}.${key} in body is required`)
    if (typeof name !== 'string' || typeof value !== 'string' || typeof isRegex !== 'boolean')
      return refuse(400, 400, `matchers.${index} in body: name and value are texts, isRegex is true or false`)
    const operator = isRegex ? (isEqual === false ? '!~' : '=~') : isEqual === false ? '!=' : '='
    read.push({ name, operator, value })
  }
  return { ok: true, silence: { id: id === '' ? null : id, matchers: read, startsAt, endsAt, createdBy, comment } }
}
