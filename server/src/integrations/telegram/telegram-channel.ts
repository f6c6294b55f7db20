// Pages by a Telegram bot: plain text with inline buttons, changed in place. Telegram keeps no key of ours: a copy sent
// in doubt is a second message.
import type { JsonObject } from '../../kernel/json.ts'
import { exchangeWith, jsonOf, retryAfterOf, wordsOf } from '../../modules/notifications/channel-http.ports.ts'
import { judgeProvider, type Message } from '../../modules/notifications/core/index.ts'
import type { Channel, ChannelOutcome } from '../../modules/notifications/notifications.ports.ts'
import type { Egress, Reply } from '../../platform/egress/index.ts'

export interface TelegramSettings {
  readonly botToken: string
  /** Comes back with every update; made by us when the bot is connected. */
  readonly secretToken: string
  /** `https://api.telegram.org`, or a Bot API server of one's own. */
  readonly apiUrl: string
}

export interface TelegramOptions {
  readonly egress: Pick<Egress, 'request'>
  readonly settings: () => Promise<JsonObject | null>
}

/** Of one message, after entities (Bot API, sendMessage). */
const textLimit = 4_096
const notConnected = 'Telegram is not connected: an administrator adds its bot under Settings, Channels.'

export function readTelegramSettings(settings: JsonObject | null): TelegramSettings | null {
  if (settings === null) return null
  const { botToken, secretToken, apiUrl } = settings
  if (typeof botToken !== 'string' || typeof secretToken !== 'string') return null
  return { botToken, secretToken, apiUrl: typeof apiUrl === 'string' ? apiUrl : 'https://api.telegram.org' }
}

export function createTelegramChannel({ egress, settings }: TelegramOptions): Channel {
  return {
    send: async ({ address, message, ackUrl, openUrl, handle, about, at, signal, beforeWrite }) => {
      const { recipient } = JSON.parse(address) as { recipient: string }
      const isPage = about.purpose === 'page' || about.purpose === 'bundle'
      // 64 bytes of callback data at most: the handle fits, a signed link would not.
      const acknowledge = isPage ? [[{ text: 'Acknowledge', callback_data: `ack:${handle}` }]] : []
      const body = {
        chat_id: recipient,
        text: textOf(message, ackUrl, null),
        link_preview_options: { is_disabled: true },
        reply_markup: { inline_keyboard: [...acknowledge, ...openButton(openUrl)] },
      }
      return callTelegram(egress, readTelegramSettings(await settings()), 'sendMessage', body, {
        at,
        signal,
        beforeWrite,
      })
    },
    update: async ({ ref, message, openUrl, sentence, at, signal }) => {
      const body = {
        ...ref,
        text: textOf(message, null, sentence),
        link_preview_options: { is_disabled: true },
        reply_markup: { inline_keyboard: openButton(openUrl) },
      }
      const outcome = await callTelegram(egress, readTelegramSettings(await settings()), 'editMessageText', body, {
        at,
        signal,
      })
      // An edit that went through without our hearing of it.
      const same = outcome.kind === 'rejected' && outcome.because.includes('message is not modified')
      return same ? { kind: 'accepted', receipt: 'It says so already.' } : outcome
    },
  }
}

// Telegram refuses the whole message for a button to an address without a public name.
function openButton(openUrl: string): JsonObject[][] {
  const { hostname } = new URL(openUrl)
  return hostname.includes('.') && !/^[\d.]+$/.test(hostname) ? [[{ text: 'Open', url: openUrl }]] : []
}

function textOf(message: Message, ackUrl: string | null, sentence: string | null): string {
  const lines = message.body
    .split('\n')
    .filter((line) => line !== '' && (ackUrl === null ? !line.startsWith('Acknowledge') : true))
  const text = [message.subject, ...(sentence === null ? [] : [sentence]), '', ...lines].join('\n')
  return text.length > textLimit ? `${text.slice(0, textLimit - 1)}…` : text
}

export interface Turn {
  readonly at: number
  readonly signal: AbortSignal
  readonly beforeWrite?: () => Promise<void>
}

export async function callTelegram(
  egress: Pick<Egress, 'request'>,
  settings: TelegramSettings | null,
  method: string,
  body: JsonObject,
  { at, ...turn }: Turn,
): Promise<ChannelOutcome & { readonly result?: unknown }> {
  if (settings === null) return { kind: 'rejected', because: notConnected }
  const sent = await exchangeWith(egress, {
    connector: 'telegram',
    method: 'POST',
    url: `${settings.apiUrl}/bot${settings.botToken}/${method}`,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
    ...turn,
  })
  return 'failed' in sent ? sent.failed : judge(sent.reply, at)
}

function judge(reply: Reply, now: number): ChannelOutcome & { readonly result?: unknown } {
  const answer = jsonOf(reply)
  const words = wordsOf(answer.description)
  const asked = (answer.parameters as { retry_after?: unknown } | undefined)?.retry_after
  const retryAfterMs = typeof asked === 'number' ? asked * 1_000 : retryAfterOf(reply, now)
  const refusal = judgeProvider('Telegram', { status: reply.status, retryAfterMs, words })
  if (refusal !== null) {
    // The person blocked the bot or left the chat: nothing of ours brings them back.
    const gone = /bot was blocked|user is deactivated|chat not found|bot was kicked/.test(words)
    return refusal.kind === 'rejected'
      ? { kind: 'rejected', because: refusal.because, ...(gone ? { gone } : {}) }
      : refusal
  }
  if (answer.ok !== true) return { kind: 'lost', because: 'Telegram gave an answer that says neither yes nor no.' }
  const result = answer.result as { message_id?: unknown; chat?: { id?: unknown } } | undefined
  const chat = result?.chat?.id
  if (typeof result?.message_id !== 'number' || typeof chat !== 'number')
    return { kind: 'accepted', receipt: 'Telegram: ok', result }
  const ref = { chat_id: chat, message_id: result.message_id }
  return { kind: 'accepted', receipt: `Telegram ${result.message_id}`, ref }
}
