// The providers' side of each protocol, as their references document it: what they demand of a request and how they
// answer. A field they would refuse is refused here too.
import type { Answer, Asked } from './provider-server.ts'

type Fields = Readonly<Record<string, unknown>>

function read(asked: Asked): Fields {
  try {
    const parsed: unknown = JSON.parse(asked.text)
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {}
  } catch {
    return {}
  }
}
const isJson = (asked: Asked) => /^application\/json/.test(asked.headers['content-type'] ?? '')
const list = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.map((each) => ({ ...each })) : [])

/** Web API and incoming webhooks (docs.slack.dev: chat.postMessage, chat.update, block reference). */
export function slack(asked: Asked): Answer {
  const body = read(asked)
  const wrong = wrongBlocks(body)
  if (asked.path.startsWith('/services/')) {
    if (asked.path.endsWith('/gone')) return { status: 404, body: 'no_service' }
    return wrong === null && isJson(asked) ? { status: 200, body: 'ok' } : { status: 400, body: 'invalid_payload' }
  }
  if (asked.headers.authorization !== 'Bearer xoxb-right')
    return { status: 200, body: { ok: false, error: 'invalid_auth' } }
  if (asked.path === '/api/auth.test') return { status: 200, body: { ok: true, team: 'Shop', user: 'mainstay' } }
  if (wrong !== null) return { status: 200, body: { ok: false, error: wrong } }
  const channel = body.channel
  if (typeof channel !== 'string' || !/^[A-Z][A-Z0-9]+$/.test(channel))
    return { status: 200, body: { ok: false, error: 'channel_not_found' } }
  if (asked.path === '/api/chat.postMessage')
    // A direct message is answered with the id of its conversation.
    return {
      status: 200,
      body: { ok: true, channel: channel.replace(/^U/, 'D'), ts: '1767225600.000100', message: {} },
    }
  if (asked.path === '/api/chat.update' && body.ts === '1767225600.000100')
    return { status: 200, body: { ok: true, channel, ts: body.ts } }
  return { status: 200, body: { ok: false, error: 'message_not_found' } }
}

function wrongBlocks(body: Fields): string | null {
  if (typeof body.text !== 'string') return 'no_text'
  for (const block of list(body.blocks)) {
    const { text } = block as { text?: { type?: string; text?: string } }
    if (block.type === 'header' && !(text?.type === 'plain_text' && (text.text ?? '').length <= 150))
      return 'invalid_blocks'
    if (block.type === 'section' && !(text?.type === 'mrkdwn' && (text.text ?? '').length <= 3_000))
      return 'invalid_blocks'
    if (block.type === 'actions') {
      const elements = list(block.elements)
      const good = elements.every((each) => each.type === 'button' && typeof each.action_id === 'string')
      if (elements.length === 0 || !good) return 'invalid_blocks'
    }
  }
  return null
}

/** Workflows: "When a Teams webhook request is received" answers 202 with no body. */
export function teams(asked: Asked): Answer {
  const body = read(asked)
  const [first] = list(body.attachments)
  const card = (first?.content ?? {}) as Fields
  const good =
    body.type === 'message' &&
    first?.contentType === 'application/vnd.microsoft.card.adaptive' &&
    card.type === 'AdaptiveCard' &&
    typeof card.version === 'string' &&
    list(card.actions).every((each) => each.type === 'Action.OpenUrl' && typeof each.url === 'string') &&
    asked.text.length <= 28_000
  return good ? { status: 202 } : { status: 400, body: { error: { code: 'InvalidBotAdaptiveCard' } } }
}

/** Incoming webhooks answer `ok`; the API 201 with the post. */
export function mattermost(asked: Asked): Answer {
  const body = read(asked)
  const attachments = list(body.attachments ?? (body.props as Fields | undefined)?.attachments)
  const buttons = attachments.flatMap((each) => list(each.actions))
  const good = attachments.length > 0 && buttons.every((each) => /^[a-zA-Z0-9]+$/.test(String(each.id)))
  if (asked.path.startsWith('/hooks/'))
    return good ? { status: 200, body: 'ok' } : { status: 400, body: { message: 'bad' } }
  if (asked.headers.authorization !== 'Bearer mm-right')
    return { status: 401, body: { id: 'api.context.session_expired.app_error', message: 'Invalid or expired session' } }
  if (asked.path === '/api/v4/users/me') return { status: 200, body: { id: 'bot', username: 'mainstay' } }
  if (asked.method === 'POST' && asked.path === '/api/v4/posts')
    return good && /^[a-z0-9]{26}$/.test(String(body.channel_id))
      ? { status: 201, body: { id: 'post26characters0000000000', channel_id: body.channel_id } }
      : { status: 400, body: { message: 'Invalid channel' } }
  if (asked.method === 'PUT' && asked.path === '/api/v4/posts/post26characters0000000000/patch')
    return { status: 200, body: { id: 'post26characters0000000000' } }
  return { status: 404, body: { message: 'not found' } }
}

/** Execute and edit webhook message; components of a plain webhook are links only. */
export function discord(asked: Asked): Answer {
  const body = read(asked)
  const rows = list(body.components)
  const buttons = rows.flatMap((row) => list(row.components))
  const good =
    typeof body.content === 'string' &&
    body.content.length <= 2_000 &&
    rows.every((row) => row.type === 1) &&
    buttons.every((each) => each.type === 2 && each.style === 5 && typeof each.url === 'string')
  if (!good) return { status: 400, body: { code: 50_006, message: 'Cannot send an empty message' } }
  if (!asked.path.startsWith('/api/webhooks/1/right'))
    return { status: 404, body: { code: 10_015, message: 'Unknown Webhook' } }
  if (asked.method === 'PATCH')
    return asked.path.endsWith('/messages/900')
      ? { status: 200, body: { id: '900' } }
      : { status: 404, body: { code: 10_008, message: 'Unknown Message' } }
  return asked.query.get('wait') === 'true' ? { status: 200, body: { id: '900' } } : { status: 204 }
}

/** Bot API. */
export function telegram(asked: Asked): Answer {
  const body = read(asked)
  const fail = (status: number, description: string): Answer => ({
    status,
    body: { ok: false, error_code: status, description },
  })
  const method = /^\/bot1:right\/(\w+)$/.exec(asked.path)?.[1]
  if (method === undefined) return fail(401, 'Unauthorized')
  if (method === 'getMe')
    return { status: 200, body: { ok: true, result: { id: 1, is_bot: true, username: 'mainstay_bot' } } }
  if (method === 'setWebhook')
    return /^[A-Za-z0-9_-]{1,256}$/.test(String(body.secret_token))
      ? { status: 200, body: { ok: true, result: true } }
      : fail(400, 'Bad Request: secret token contains unallowed characters')
  const keyboard = (body.reply_markup as { inline_keyboard?: unknown } | undefined)?.inline_keyboard
  const buttons = (Array.isArray(keyboard) ? keyboard : []).flatMap(list)
  if (buttons.some((each) => Buffer.byteLength(String(each.callback_data ?? '')) > 64))
    return fail(400, 'Bad Request: BUTTON_DATA_INVALID')
  if (typeof body.text !== 'string' || body.text === '' || body.text.length > 4_096)
    return fail(400, 'Bad Request: message text is empty')
  if (String(body.chat_id) === '666') return fail(403, 'Forbidden: bot was blocked by the user')
  if (String(body.chat_id) !== '4242') return fail(400, 'Bad Request: chat not found')
  if (method === 'editMessageText' && body.message_id !== 17) return fail(400, 'Bad Request: message to edit not found')
  return {
    status: 200,
    body: { ok: true, result: { message_id: 17, date: 1_767_225_600, chat: { id: 4_242, type: 'private' } } },
  }
}

/** Publish as JSON to the server's root. */
export function ntfy(asked: Asked): Answer {
  const body = read(asked)
  if (asked.headers.authorization !== undefined && asked.headers.authorization !== 'Bearer tk_right')
    return { status: 401, body: { code: 40_101, http: 401, error: 'unauthorized' } }
  const good =
    asked.path === '/' &&
    /^[-_A-Za-z0-9]{1,64}$/.test(String(body.topic)) &&
    [1, 2, 3, 4, 5].includes(Number(body.priority)) &&
    /^[-_A-Za-z0-9]{1,64}$/.test(String(body.sequence_id)) &&
    list(body.actions).length <= 3
  return good
    ? { status: 200, body: { id: 'hwQ2YpKdmg', event: 'message', topic: body.topic } }
    : { status: 400, body: { code: 40_024, http: 400, error: 'invalid request' } }
}

/** Messages and Calls of the 2010-04-01 API. */
export function twilio(asked: Asked): Answer {
  const form = new URLSearchParams(asked.text)
  if (asked.headers.authorization !== `Basic ${Buffer.from('ACright00000:token-right').toString('base64')}`)
    return { status: 401, body: { code: 20_003, message: 'Authenticate', status: 401 } }
  const place = /^\/2010-04-01\/Accounts\/ACright00000(.*)$/.exec(asked.path)?.[1]
  if (place === '.json') return { status: 200, body: { sid: 'ACright00000', status: 'active' } }
  if (place === '/Calls/CA1.json') return { status: 200, body: { sid: 'CA1', status: 'canceled' } }
  if (!/^\+\d{7,15}$/.test(form.get('To') ?? ''))
    return { status: 400, body: { code: 21_211, message: "The 'To' number is not a valid phone number.", status: 400 } }
  if (form.get('To') === '+15005550009')
    return { status: 400, body: { code: 21_610, message: 'Attempt to send to unsubscribed recipient', status: 400 } }
  if (place === '/Messages.json')
    return (form.get('Body') ?? '').length <= 1_600 && (form.has('From') || form.has('MessagingServiceSid'))
      ? { status: 201, body: { sid: 'SM1', status: 'queued' } }
      : { status: 400, body: { code: 21_602, message: 'Message body is required', status: 400 } }
  if (place === '/Calls.json')
    return /^<\?xml[^>]*\?><Response>.*<\/Response>$/s.test(form.get('Twiml') ?? '') && form.has('From')
      ? { status: 201, body: { sid: 'CA1', status: 'queued' } }
      : { status: 400, body: { code: 21_205, message: 'Url is not a valid URL', status: 400 } }
  return { status: 404, body: { code: 20_404, message: 'The requested resource was not found', status: 404 } }
}
