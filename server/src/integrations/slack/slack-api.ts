// One call to Slack's Web API, and what its answer says: `ok` decides, not the status.
import type { JsonObject } from '../../kernel/json.ts'
import type { ChatOutcome } from '../../modules/chat/chat.ports.ts'
import { outcomeOfFailure } from '../../modules/chat/chat-http.ports.ts'
import { jsonOf, outcomeOf, wordsOf } from '../../modules/notifications/channel-http.ports.ts'
import type { Egress } from '../../platform/egress/index.ts'
import type { SlackSettings } from './slack-channel.ts'

export type SlackAnswer = Readonly<Record<string, unknown>>

// A list of a thousand channels has about half a megabyte.
const longestReply = 4 * 1_048_576
const timeouts = { headersMs: 6_000, totalMs: 8_000 } as const

/** Reading methods take forms only; writing ones take JSON (Web API, "Slack Web API basics"). */
const reading = new Set([
  'auth.test',
  'users.info',
  'users.lookupByEmail',
  'conversations.list',
  'conversations.history',
  'apps.connections.open',
])
const busy = new Set(['ratelimited', 'rate_limited', 'service_unavailable', 'request_timeout', 'team_added_to_org'])
/** "It's possible some aspect of the operation succeeded before the error was raised." */
const doubtful = new Set(['internal_error', 'fatal_error'])
/** Nothing can be asked with this token, whatever it is. */
const locked = new Set(['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired'])

export async function callSlack(
  egress: Pick<Egress, 'request'>,
  settings: Pick<SlackSettings, 'apiUrl'>,
  token: string,
  method: string,
  given: JsonObject,
): Promise<ChatOutcome<SlackAnswer>> {
  const asForm = reading.has(method)
  let reply: Awaited<ReturnType<Egress['request']>>
  try {
    reply = await egress.request({
      connector: 'slack',
      method: 'POST',
      url: `${settings.apiUrl}/api/${method}`,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': asForm ? 'application/x-www-form-urlencoded' : 'application/json; charset=utf-8',
      },
      body: asForm ? new URLSearchParams(flat(given)).toString() : JSON.stringify(given),
      timeouts,
      maxReplyBytes: longestReply,
    })
  } catch (error) {
    return outcomeOfFailure(outcomeOf(error))
  }
  const afterMs = waitOf(reply.headers['retry-after'])
  if (reply.status === 429) return { kind: 'wait', because: 'Slack asks us to slow down.', afterMs: afterMs ?? 30_000 }
  const answer = jsonOf(reply)
  if (answer.ok === true) return { kind: 'done', value: answer }
  const error = wordsOf(answer.error)
  if (error === '' && reply.status >= 500) return { kind: 'lost', because: `Slack answered ${reply.status}.` }
  if (error === '') return { kind: 'lost', because: 'Slack gave an answer that says neither yes nor no.' }
  return judge(method, error, wordsOf(answer.needed), afterMs)
}

function judge(method: string, error: string, needed: string, afterMs: number | null): ChatOutcome<SlackAnswer> {
  if (busy.has(error)) return { kind: 'wait', because: `Slack is busy: ${error}.`, afterMs }
  if (doubtful.has(error)) return { kind: 'lost', because: `Slack failed: ${error}.` }
  if (locked.has(error))
    return {
      kind: 'wait',
      because: `Slack does not take the bot token: ${error}. Connect it again under Settings, Channels.`,
      afterMs,
    }
  if (error === 'name_taken') return { kind: 'refused', code: 'name-taken', because: 'The name is taken.' }
  if (error === 'channel_not_found' || error === 'is_archived')
    return { kind: 'refused', code: 'room-gone', because: 'Somebody has archived or removed the room in Slack.' }
  if (error === 'message_not_found')
    return { kind: 'refused', code: 'message-gone', because: 'Somebody has removed the message in Slack.' }
  const scope = needed === '' ? '' : ` The app needs the scope ${needed}.`
  return { kind: 'refused', code: 'other', because: `Slack refused ${method}: ${error}.${scope}` }
}

function flat(given: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  )
}

/** Slack writes whole seconds (rate limits, "Responding to rate limiting conditions"); an hour is the most we take its word for. */
function waitOf(header: string | string[] | undefined): number | null {
  return typeof header === 'string' && /^\d{1,6}$/.test(header) ? Math.min(3_600, Number(header)) * 1_000 : null
}
