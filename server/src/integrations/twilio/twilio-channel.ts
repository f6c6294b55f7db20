// Pages as text messages and calls through Twilio or a service with the same API. Neither takes a key of ours: a copy
// sent in doubt is a second message or call.
import type { JsonObject } from '../../kernel/json.ts'
import { exchangeWith, jsonOf, retryAfterOf, wordsOf } from '../../modules/notifications/channel-http.ports.ts'
import { judgeProvider } from '../../modules/notifications/core/index.ts'
import type { Channel, ChannelOutcome, Connector, Outgoing } from '../../modules/notifications/notifications.ports.ts'
import type { Egress, Reply } from '../../platform/egress/index.ts'
import { spokenPage } from './twilio-speech.ts'

export interface TwilioSettings {
  readonly apiUrl: string
  readonly accountSid: string
  readonly authToken: string
  /** A number, or a messaging service (MG…) for text messages. */
  readonly from: string
  readonly messagingService: string | null
}

export interface TwilioOptions {
  readonly egress: Pick<Egress, 'request'>
  readonly settings: () => Promise<JsonObject | null>
  readonly publicUrl: string
}

/** Twilio cuts no text: it refuses more than 1,600 characters. */
const smsLimit = 1_600
const ringSeconds = 40
const notConnected = 'The telephone account is not connected: an administrator adds it under Settings, Channels.'

/** Numbers that can never be reached, or that asked not to be (Twilio's error reference). */
const goneCodes = new Set([21211, 21214, 21217, 21610, 21614, 13224])

export function readTwilioSettings(settings: JsonObject | null): TwilioSettings | null {
  if (settings === null) return null
  const { apiUrl, accountSid, authToken, from, messagingService } = settings
  if (typeof accountSid !== 'string' || typeof authToken !== 'string' || typeof from !== 'string') return null
  return {
    apiUrl: typeof apiUrl === 'string' ? apiUrl.replace(/\/$/, '') : 'https://api.twilio.com',
    accountSid,
    authToken,
    from,
    messagingService: typeof messagingService === 'string' ? messagingService : null,
  }
}

const accountUrl = (settings: TwilioSettings): string =>
  `${settings.apiUrl}/2010-04-01/Accounts/${encodeURIComponent(settings.accountSid)}`

export function authorizationOf(settings: TwilioSettings): string {
  return `Basic ${Buffer.from(`${settings.accountSid}:${settings.authToken}`).toString('base64')}`
}

export function createSmsChannel(options: TwilioOptions): Channel {
  return {
    send: async (outgoing) => {
      const settings = readTwilioSettings(await options.settings())
      if (settings === null) return { kind: 'rejected', because: notConnected }
      const form = {
        To: phoneOf(outgoing),
        ...(settings.messagingService === null
          ? { From: settings.from }
          : { MessagingServiceSid: settings.messagingService }),
        Body: smsText(outgoing),
        StatusCallback: `${options.publicUrl}/hooks/twilio-status/${outgoing.handle}`,
      }
      return post(options.egress, settings, '/Messages.json', form, outgoing)
    },
  }
}

export function createVoiceChannel(options: TwilioOptions): Channel {
  return {
    send: async (outgoing) => {
      const settings = readTwilioSettings(await options.settings())
      if (settings === null) return { kind: 'rejected', because: notConnected }
      const isPage = outgoing.about.purpose === 'page' || outgoing.about.purpose === 'bundle'
      const action = isPage ? `${options.publicUrl}/hooks/twilio-call/${outgoing.handle}` : null
      const form = {
        To: phoneOf(outgoing),
        From: settings.from,
        // Spoken from the request itself: the call speaks even when we cannot be reached meanwhile.
        Twiml: spokenPage(outgoing.message, action),
        Timeout: String(ringSeconds),
        StatusCallback: `${options.publicUrl}/hooks/twilio-status/${outgoing.handle}`,
        StatusCallbackEvent: 'completed',
      }
      return post(options.egress, settings, '/Calls.json', form, outgoing)
    },
    // Ends what still rings; a call that is being listened to goes on.
    update: async ({ ref, at, signal }) => {
      const settings = readTwilioSettings(await options.settings())
      if (settings === null) return { kind: 'rejected', because: notConnected }
      const place = `/Calls/${encodeURIComponent(String(ref.call))}.json`
      return post(options.egress, settings, place, { Status: 'canceled' }, { at, signal })
    },
  }
}

function phoneOf(outgoing: Outgoing): string {
  return (JSON.parse(outgoing.address) as { phone: string }).phone
}

export function smsText({ message, ackUrl, about }: Pick<Outgoing, 'message' | 'ackUrl' | 'about'>): string {
  const isPage = about.purpose === 'page' || about.purpose === 'bundle'
  const answer = isPage ? ' Reply 4 to acknowledge.' : ''
  const link = ackUrl === null ? '' : ` ${ackUrl}`
  return `${message.short.slice(0, smsLimit - answer.length - link.length)}${answer}${link}`
}

interface Turn {
  readonly at: number
  readonly signal: AbortSignal
  readonly beforeWrite?: () => Promise<void>
}

async function post(
  egress: Pick<Egress, 'request'>,
  settings: TwilioSettings,
  place: string,
  form: Readonly<Record<string, string>>,
  turn: Turn,
): Promise<ChannelOutcome> {
  const sent = await exchangeWith(egress, {
    connector: 'twilio',
    method: 'POST',
    url: `${accountUrl(settings)}${place}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: authorizationOf(settings) },
    body: new URLSearchParams(form).toString(),
    signal: turn.signal,
    ...(turn.beforeWrite === undefined ? {} : { beforeWrite: turn.beforeWrite }),
  })
  return 'failed' in sent ? sent.failed : judge(sent.reply, turn.at)
}

function judge(reply: Reply, now: number): ChannelOutcome {
  const answer = jsonOf(reply)
  const code = typeof answer.code === 'number' ? answer.code : null
  const words = `${wordsOf(answer.message)}${code === null ? '' : ` (${code})`}`.trim()
  const refusal = judgeProvider('Twilio', { status: reply.status, retryAfterMs: retryAfterOf(reply, now), words })
  if (refusal !== null) {
    if (refusal.kind === 'refused') return refusal
    // 404 is a wrong account, not a wrong number.
    const gone = code !== null && goneCodes.has(code)
    return { kind: 'rejected', because: refusal.because, ...(gone ? { gone } : {}) }
  }
  const sid = wordsOf(answer.sid)
  const receipt = `Twilio ${sid || reply.status}${typeof answer.status === 'string' ? `, ${answer.status}` : ''}`
  return sid.startsWith('CA') ? { kind: 'accepted', receipt, ref: { call: sid } } : { kind: 'accepted', receipt }
}

export function createTwilioConnector(egress: Pick<Egress, 'request'>): Connector {
  return {
    prove: async (given) => {
      const settings = readTwilioSettings(given)
      if (settings === null)
        return { ok: false, because: 'The account needs its SID, its auth token and a number.', retry: false }
      const sent = await exchangeWith(egress, {
        connector: 'twilio',
        method: 'GET',
        url: `${accountUrl(settings)}.json`,
        headers: { authorization: authorizationOf(settings) },
        body: null,
        signal: AbortSignal.timeout(8_000),
      })
      if ('failed' in sent) {
        const because = 'because' in sent.failed ? sent.failed.because : ''
        return { ok: false, because, retry: sent.failed.kind !== 'rejected' }
      }
      const answer = jsonOf(sent.reply)
      if (sent.reply.status !== 200) {
        const words = wordsOf(answer.message) || String(sent.reply.status)
        return { ok: false, because: `Twilio does not take the account: ${words}.`, retry: sent.reply.status >= 500 }
      }
      const { apiUrl, accountSid, from, messagingService } = settings
      return { ok: true, settings: { ...settings }, shown: { apiUrl, accountSid, from, messagingService } }
    },
  }
}
