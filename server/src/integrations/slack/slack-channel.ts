// Pages in Slack: by an incoming webhook (one way, the button is a link), or by a bot (two ways, changed in place).
// Slack keeps no key of ours: a copy sent in doubt is a second message, told apart by its metadata.
import type { JsonObject } from '../../kernel/json.ts'
import { exchangeWith, jsonOf, retryAfterOf, wordsOf } from '../../modules/notifications/channel-http.ports.ts'
import { judgeProvider } from '../../modules/notifications/core/index.ts'
import type { Channel, ChannelOutcome } from '../../modules/notifications/notifications.ports.ts'
import type { Egress, Reply } from '../../platform/egress/index.ts'
import { slackBody } from './slack-message.ts'

export interface SlackSettings {
  readonly botToken: string
  readonly signingSecret: string
  /** `https://slack.com`, or GovSlack's own. */
  readonly apiUrl: string
  /** `xapp-…`: Slack's events come over a connection we hold (Socket Mode). */
  readonly appToken: string | null
}

export interface SlackOptions {
  readonly egress: Pick<Egress, 'request'>
  readonly settings: () => Promise<JsonObject | null>
}

const notConnected = 'Slack is not connected: an administrator adds its bot under Settings, Channels.'
const json = { 'content-type': 'application/json; charset=utf-8' }

/** Worth another try (Slack's list of errors of chat.postMessage). */
const passing = new Set([
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
])
/** The place itself is gone. */
const gone = new Set(['channel_not_found', 'is_archived', 'user_not_found', 'user_disabled'])

export function createSlackChannel(options: SlackOptions): Channel {
  const { egress } = options
  return {
    send: async (outgoing) => {
      const { url, recipient } = JSON.parse(outgoing.address) as { url?: string; recipient?: string }
      const { message, openUrl, ackUrl, handle, at, signal, beforeWrite, about } = outgoing
      const card = { message, openUrl, ackUrl, sentence: null }
      if (url !== undefined) {
        const body = JSON.stringify(slackBody({ ...card, handle: null }))
        const sent = await exchangeWith(egress, {
          connector: 'slack',
          method: 'POST',
          url,
          headers: json,
          body,
          beforeWrite,
          signal,
        })
        return 'failed' in sent ? sent.failed : judgeWebhook(sent.reply, at)
      }
      const settings = readSlackSettings(await options.settings())
      if (settings === null) return { kind: 'rejected', because: notConnected }
      const isPage = about.purpose === 'page' || about.purpose === 'bundle'
      const body = {
        channel: recipient ?? '',
        ...slackBody({ ...card, handle: isPage ? handle : null }),
        metadata: { event_type: 'mainstay_message', event_payload: { key: outgoing.key } },
      }
      return call(egress, settings, 'chat.postMessage', body, { at, signal, beforeWrite })
    },
    update: async ({ ref, message, openUrl, sentence, at, signal }) => {
      const settings = readSlackSettings(await options.settings())
      if (settings === null) return { kind: 'rejected', because: notConnected }
      const body = { ...ref, ...slackBody({ message, openUrl, ackUrl: null, handle: null, sentence }) }
      return call(egress, settings, 'chat.update', body, { at, signal })
    },
  }
}

export function readSlackSettings(settings: JsonObject | null): SlackSettings | null {
  if (settings === null) return null
  const { botToken, signingSecret, apiUrl, appToken } = settings
  if (typeof botToken !== 'string' || typeof signingSecret !== 'string') return null
  return {
    botToken,
    signingSecret,
    apiUrl: typeof apiUrl === 'string' ? apiUrl : 'https://slack.com',
    appToken: typeof appToken === 'string' ? appToken : null,
  }
}

interface Turn {
  readonly at: number
  readonly signal: AbortSignal
  readonly beforeWrite?: () => Promise<void>
}

async function call(
  egress: Pick<Egress, 'request'>,
  settings: SlackSettings,
  method: string,
  body: JsonObject,
  turn: Turn,
): Promise<ChannelOutcome> {
  const { at, ...rest } = turn
  const sent = await exchangeWith(egress, {
    connector: 'slack',
    method: 'POST',
    url: `${settings.apiUrl}/api/${method}`,
    headers: { ...json, authorization: `Bearer ${settings.botToken}` },
    body: JSON.stringify(body),
    ...rest,
  })
  return 'failed' in sent ? sent.failed : judgeApi(sent.reply, at)
}

/** Slack's API answers 200 for most refusals: `ok` decides. */
function judgeApi(reply: Reply, now: number): ChannelOutcome {
  const answer = jsonOf(reply)
  const error = wordsOf(answer.error)
  const retryAfterMs = retryAfterOf(reply, now)
  const refusal = judgeProvider('Slack', { status: reply.status, retryAfterMs, words: error })
  if (refusal !== null) return refusal
  if (answer.ok === true) {
    const { channel, ts } = answer
    const receipt = `Slack ${wordsOf(ts)}`
    return typeof channel === 'string' && typeof ts === 'string'
      ? { kind: 'accepted', receipt, ref: { channel, ts } }
      : { kind: 'accepted', receipt }
  }
  // A 200 that cannot be read is no refusal: the message may stand there.
  if (error === '') return { kind: 'lost', because: 'Slack gave an answer that says neither yes nor no.' }
  const because = `Slack refused: ${error}.`
  if (passing.has(error)) return { kind: 'refused', because, ...(retryAfterMs === null ? {} : { retryAfterMs }) }
  return gone.has(error) ? { kind: 'rejected', because, gone: true } : { kind: 'rejected', because }
}

function judgeWebhook(reply: Reply, now: number): ChannelOutcome {
  const words = wordsOf(reply.body.toString('utf8'))
  const refusal = judgeProvider('Slack', { status: reply.status, retryAfterMs: retryAfterOf(reply, now), words })
  return refusal ?? { kind: 'accepted', receipt: `Slack: ${words || reply.status}` }
}
