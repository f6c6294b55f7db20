// What Twilio calls back with: a pressed digit, a reply to a text message, the fate of a message or call. Signed with
// the account's token over the address and the sorted fields.
import { createHmac, timingSafeEqual } from 'node:crypto'
import type {
  Callback,
  CallbackIntent,
  CallbackReply,
  CallbackRequest,
} from '../../modules/notifications/notifications.ports.ts'
import { readTwilioSettings } from './twilio-channel.ts'
import { emptyTwiml, replyTwiml, sayTwiml } from './twilio-speech.ts'

const xml = (body: string): CallbackReply => ({ status: 200, type: 'text/xml; charset=utf-8', body })
const fieldsOf = (request: CallbackRequest): URLSearchParams => new URLSearchParams(request.body.toString('utf8'))
const handleOf = (request: CallbackRequest): string | null =>
  /\/([A-Za-z0-9_-]{10,60})(?:\?|$)/.exec(request.url)?.[1] ?? null

/** After four digits of a caller nothing may be inferred: every callback is proved first. */
function proved(read: (request: CallbackRequest, fields: URLSearchParams) => CallbackIntent): Callback['read'] {
  return (request) => {
    const fields = fieldsOf(request)
    return isGenuine(request, fields) ? read(request, fields) : { kind: 'forged', because: 'The signature is wrong.' }
  }
}

/** `/hooks/twilio-call/{handle}`: the digit that was pressed. */
export const twilioCallCallback: Callback = {
  connection: 'twilio',
  read: proved((request, fields) => {
    const handle = handleOf(request)
    if (handle === null || fields.get('Digits') !== '4') return { kind: 'none' }
    return { kind: 'answer', handle, sender: fields.get('To') }
  }),
  reply: (_request, answer) =>
    xml(
      answer === null
        ? sayTwiml('Only 4 acknowledges. This page is not acknowledged. Goodbye.')
        : sayTwiml(answer.sentence, 'Goodbye.'),
    ),
}

/** `/hooks/twilio-sms`: a text message to our number. */
export const twilioSmsCallback: Callback = {
  connection: 'twilio',
  read: proved((_request, fields) => {
    const words = (fields.get('Body') ?? '').trim().toLowerCase()
    const identity = fields.get('From')
    const all = /^(ack(nowledge)?|4)?\s*all$/.test(words)
    if (identity === null || !(all || /^(4|ack|acknowledge|ok|yes)[.!]?$/.test(words))) return { kind: 'none' }
    return { kind: 'answer-newest', channel: 'sms', identity, all }
  }),
  reply: (request, answer) => {
    if (answer !== null) return xml(replyTwiml(answer.sentence))
    // STOP, START and HELP are answered by the provider itself.
    const words = (fieldsOf(request).get('Body') ?? '').trim().toLowerCase()
    const theirs = /^(stop|stopall|unsubscribe|cancel|end|quit|start|unstop|yes|help|info)$/.test(words)
    return xml(theirs ? emptyTwiml : replyTwiml('Reply 4 to acknowledge the newest page, or ALL for every open one.'))
  },
}

/** Nobody heard it: the next contact of the person is tried. */
const failures = new Set(['failed', 'undelivered', 'busy', 'no-answer', 'canceled'])

/** `/hooks/twilio-status/{handle}` */
export const twilioStatusCallback: Callback = {
  connection: 'twilio',
  read: proved((request, fields) => {
    const handle = handleOf(request)
    const fate = fields.get('MessageStatus') ?? fields.get('CallStatus')
    if (handle === null || fate === null || !/^[a-z-]{2,30}$/.test(fate)) return { kind: 'none' }
    const code = fields.get('ErrorCode')
    return {
      kind: 'fate',
      handle,
      fate: code === null ? fate : `${fate} (${code.slice(0, 10)})`,
      failed: failures.has(fate),
    }
  }),
  reply: () => ({ status: 204, type: 'text/plain', body: '' }),
}

/** The address as Twilio called it, then every field, sorted, name and value without anything between. */
export function signatureOf(authToken: string, url: string, fields: URLSearchParams): string {
  const sorted = [...new Set(fields.keys())].sort()
  const text = sorted
    .flatMap((name) => [...new Set(fields.getAll(name))].sort().map((value) => `${name}${value}`))
    .join('')
  return createHmac('sha1', authToken).update(`${url}${text}`).digest('base64')
}

function isGenuine(request: CallbackRequest, fields: URLSearchParams): boolean {
  const settings = readTwilioSettings(request.settings)
  const given = request.headers['x-twilio-signature']
  if (settings === null || typeof given !== 'string') return false
  const expected = Buffer.from(signatureOf(settings.authToken, request.url, fields))
  const bytes = Buffer.from(given)
  return bytes.length === expected.length && timingSafeEqual(bytes, expected)
}
