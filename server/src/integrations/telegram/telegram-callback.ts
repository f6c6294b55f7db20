// What Telegram sends to the bot's webhook: pressed buttons, and `/start`, which is told the id of its chat. Proved by
// the secret token that was given to setWebhook.
import { createHash, timingSafeEqual } from 'node:crypto'
import type {
  Callback,
  CallbackAnswer,
  CallbackReply,
  CallbackRequest,
} from '../../modules/notifications/notifications.ports.ts'
import { readTelegramSettings } from './telegram-channel.ts'

interface Update {
  readonly callback_query?: {
    readonly id?: unknown
    readonly data?: unknown
    readonly from?: { readonly id?: unknown }
  }
  readonly message?: { readonly text?: unknown; readonly chat?: { readonly id?: unknown } }
}

export const telegramCallback: Callback = {
  connection: 'telegram',
  read: (request) => {
    if (!isGenuine(request)) return { kind: 'forged', because: 'The secret token is wrong.' }
    const query = updateOf(request.body)?.callback_query
    const handle = typeof query?.data === 'string' ? /^ack:([A-Za-z0-9_-]{10,60})$/.exec(query.data)?.[1] : undefined
    if (handle === undefined) return { kind: 'none' }
    const from = query?.from?.id
    return { kind: 'answer', handle, sender: typeof from === 'number' ? String(from) : null }
  },
  // An answer may carry a call of the Bot API: no request of our own is needed.
  reply: ({ body }, answer) => json(callOf(updateOf(body), answer)),
}

function callOf(update: Update | null, answer: CallbackAnswer | null): Record<string, unknown> {
  const id = update?.callback_query?.id
  if (typeof id === 'string') {
    // At most 200 characters, or the whole answer is refused.
    const text = answer === null ? 'This button does nothing any more.' : answer.sentence.slice(0, 200)
    return { method: 'answerCallbackQuery', callback_query_id: id, text, show_alert: answer?.done !== true }
  }
  const { text, chat } = update?.message ?? {}
  if (typeof text !== 'string' || !/^\/(start|id)\b/.test(text) || typeof chat?.id !== 'number') return {}
  const told = `The id of this chat is ${chat.id}. Enter it in Mainstay: On call, How I am paged, Add Telegram.`
  return { method: 'sendMessage', chat_id: chat.id, text: told }
}

function json(value: Record<string, unknown>): CallbackReply {
  return { status: 200, type: 'application/json; charset=utf-8', body: JSON.stringify(value) }
}

function updateOf(body: Buffer): Update | null {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'))
    return typeof parsed === 'object' && parsed !== null ? (parsed as Update) : null
  } catch {
    return null
  }
}

function isGenuine({ headers, settings }: CallbackRequest): boolean {
  const read = readTelegramSettings(settings)
  const given = headers['x-telegram-bot-api-secret-token']
  if (read === null || typeof given !== 'string') return false
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(read.secretToken))
}
