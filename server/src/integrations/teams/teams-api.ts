// One call to the Bot Connector or to Graph, and what its answer says.
import type { ChatOutcome } from '../../modules/chat/chat.ports.ts'
import { outcomeOfFailure } from '../../modules/chat/chat-http.ports.ts'
import { outcomeOf, wordsOf } from '../../modules/notifications/channel-http.ports.ts'
import type { Egress, Reply } from '../../platform/egress/index.ts'
import { objectOf, parse } from './teams-json.ts'
import { hostsOf, type TeamsSettings } from './teams-settings.ts'
import type { TeamsResource, TeamsTokens } from './teams-token.ts'
import { waitOf } from './teams-wait.ts'

export interface TeamsCall {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** Behind `/v3` of the connector, behind `/v1.0` of Graph. */
  readonly path: string
  readonly body?: unknown
  /** The connector unless said. */
  readonly on?: TeamsResource
  /** Where the activity came from that is answered; the cloud's own address unless said. */
  readonly service?: string | null
}

export type CallTeams = (settings: TeamsSettings, call: TeamsCall) => Promise<ChatOutcome<unknown>>

// Fifty messages of Graph with their cards.
const longestReply = 4 * 1_048_576
const timeouts = { headersMs: 6_000, totalMs: 8_000 } as const

export function createTeamsCall(egress: Pick<Egress, 'request'>, tokens: TeamsTokens): CallTeams {
  const once = async (settings: TeamsSettings, call: TeamsCall): Promise<ChatOutcome<unknown> | 'not-taken'> => {
    const token = await tokens.of(settings, call.on ?? 'connector')
    if (token.kind !== 'done') return token
    const answered = await request(egress, settings, call, token.value)
    if (answered === 'not-taken') tokens.drop(token.value)
    return answered
  }
  return async (settings, call) => {
    const first = await once(settings, call)
    // One that was good may have been taken back.
    const second = first === 'not-taken' ? await once(settings, call) : first
    if (second !== 'not-taken') return second
    const because = 'Teams does not take the app’s token. Look at the bot’s registration, then connect it again.'
    return { kind: 'wait', because, afterMs: null, locked: true }
  }
}

async function request(
  egress: Pick<Egress, 'request'>,
  settings: TeamsSettings,
  { method, path, body, on, service }: TeamsCall,
  token: string,
): Promise<ChatOutcome<unknown> | 'not-taken'> {
  const hosts = hostsOf(settings)
  const url = on === 'graph' ? `${hosts.graph}/v1.0${path}` : `${service ?? hosts.service}/v3${path}`
  let reply: Reply
  try {
    reply = await egress.request({
      connector: 'teams',
      method,
      url,
      headers: {
        authorization: `Bearer ${token}`,
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
  return reply.status === 401 ? 'not-taken' : judge(reply, `${method} ${on === 'graph' ? 'Graph' : 'conversations'}`)
}

/** By "Status code responses" of the Teams documentation. */
export function judge(reply: Reply, what: string): ChatOutcome<unknown> {
  const { status } = reply
  const text = reply.body.toString('utf8')
  if (status >= 200 && status < 300) return { kind: 'done', value: text.trim() === '' ? {} : parse(text) }
  const { error, message } = parse(text)
  const { code, message: inner } = objectOf(error)
  const id = wordsOf(code)
  const said = wordsOf(inner) || wordsOf(message) || wordsOf(error) || String(status)
  // 412: several messages met in one conversation; nothing was done.
  if (status === 429 || status === 412 || status === 503)
    return {
      kind: 'wait',
      because: status === 429 ? 'Teams asks us to slow down.' : `Teams is busy: ${said}.`,
      afterMs: waitOf(reply) ?? (status === 429 ? 30_000 : null),
    }
  if (status >= 500 || status === 408) return { kind: 'lost', because: `Teams answered ${status}: ${said}.` }
  if (/ConversationNotFound/i.test(id))
    return { kind: 'refused', code: 'room-gone', because: 'Somebody has removed the thread or its channel in Teams.' }
  if (status === 404 && /Activity|Message|^NotFound|ItemNotFound/i.test(id))
    return { kind: 'refused', code: 'message-gone', because: 'Somebody has removed the message in Teams.' }
  if (/BotNotInConversationRoster/i.test(id))
    return {
      kind: 'refused',
      code: 'other',
      because: 'The app is not in that team or chat: add it there (Apps, Mainstay, Add to a team).',
    }
  if (/BotDisabledByAdmin/i.test(id))
    return { kind: 'refused', code: 'other', because: 'An administrator of Teams has blocked the app.' }
  return { kind: 'refused', code: 'other', because: `Teams refused ${what}: ${said} (${id || status}).` }
}

export function mapOutcome<From, To>(outcome: ChatOutcome<From>, of: (value: From) => To): ChatOutcome<To> {
  return outcome.kind === 'done' ? { kind: 'done', value: of(outcome.value) } : outcome
}
