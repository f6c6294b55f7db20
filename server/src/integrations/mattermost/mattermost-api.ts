// One call to Mattermost's API v4, and what its answer says: the status decides, the error's id tells which refusal it is.
import type { ChatOutcome } from '../../modules/chat/chat.ports.ts'
import { outcomeOfFailure } from '../../modules/chat/chat-http.ports.ts'
import { outcomeOf, wordsOf } from '../../modules/notifications/channel-http.ports.ts'
import type { Egress, Reply } from '../../platform/egress/index.ts'
import type { MattermostSettings } from './mattermost-channel.ts'

export type Answer = Readonly<Record<string, unknown>>

export interface MattermostCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Behind `/api/v4`. */
  readonly path: string
  readonly body?: unknown
}

// A thousand posts of up to 16,383 characters; more than this is no channel people lead an incident in.
const longestReply = 8 * 1_048_576
const timeouts = { headersMs: 6_000, totalMs: 8_000 } as const

export async function callMattermost(
  egress: Pick<Egress, 'request'>,
  settings: Pick<MattermostSettings, 'url' | 'botToken'>,
  { method, path, body }: MattermostCall,
): Promise<ChatOutcome<unknown>> {
  let reply: Reply
  try {
    reply = await egress.request({
      connector: 'mattermost',
      method,
      url: `${settings.url}/api/v4${path}`,
      headers: {
        authorization: `Bearer ${settings.botToken}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      timeouts,
      maxReplyBytes: longestReply,
    })
  } catch (error) {
    return outcomeOfFailure(outcomeOf(error))
  }
  return judge(reply, `${method} ${path.replace(/[?].*$/, '').replaceAll(/[a-z0-9]{26}/g, '…')}`)
}

export function judge(reply: Reply, what: string): ChatOutcome<unknown> {
  const { status } = reply
  const answer = read(reply)
  if (status >= 200 && status < 300)
    return answer === undefined
      ? { kind: 'lost', because: 'Mattermost gave an answer that says neither yes nor no.' }
      : { kind: 'done', value: answer }
  const { id: named, message } = objectOf(answer)
  const id = wordsOf(named)
  const words = wordsOf(message) || String(status)
  if (status === 429)
    return { kind: 'wait', because: 'Mattermost asks us to slow down.', afterMs: waitOf(reply) ?? 30_000 }
  // The same post is being saved at this moment, or the server failed on the way: it may stand there.
  if (status >= 500) return { kind: 'lost', because: `Mattermost answered ${status}: ${words}.` }
  if (status === 401)
    return {
      kind: 'wait',
      because: `Mattermost does not take the bot token: ${words}. Connect it again under Settings, Channels.`,
      afterMs: null,
      locked: true,
    }
  if (/save_channel\.(exists|previously)/.test(id))
    return { kind: 'refused', code: 'name-taken', because: 'The name is taken.' }
  if (isGone(id))
    return {
      kind: 'refused',
      code: 'room-gone',
      because: 'Somebody has archived or removed the channel in Mattermost.',
    }
  if (/post\.get\./.test(id))
    return { kind: 'refused', code: 'message-gone', because: 'Somebody has removed the post in Mattermost.' }
  return { kind: 'refused', code: 'other', because: `Mattermost refused ${what}: ${words} (${id || status}).` }
}

const isGone = (id: string): boolean =>
  /\.(deleted|can_not_post_to_deleted|can_not_update_post_in_deleted)\b/.test(id) || /channel\.get\.existing/.test(id)

/** `Retry-After`, else `X-RateLimit-Reset`: both in seconds from now. An hour is the most we take its word for. */
function waitOf({ headers }: Reply): number | null {
  for (const name of ['retry-after', 'x-ratelimit-reset']) {
    const value = headers[name]
    if (typeof value === 'string' && /^\d{1,5}$/.test(value)) return Math.min(3_600, Number(value)) * 1_000
  }
  return null
}

function read(reply: Reply): unknown {
  try {
    return JSON.parse(reply.body.toString('utf8'))
  } catch {
    return undefined
  }
}

export function objectOf(value: unknown): Answer {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Answer) : {}
}

export function listOf(value: unknown): readonly Answer[] {
  return Array.isArray(value) ? value.map(objectOf) : []
}

export function mapOutcome<From, To>(outcome: ChatOutcome<From>, of: (value: From) => To): ChatOutcome<To> {
  return outcome.kind === 'done' ? { kind: 'done', value: of(outcome.value) } : outcome
}
