// What Slack sends: events, slash commands, presses and forms; over HTTP, signed, and over Socket Mode, in envelopes.
import { type Instant, instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Inbound, InboundDoor, InboundRead, InboundRequest } from '../../modules/chat/chat.ports.ts'
import { chatActions } from '../../modules/chat/core/index.ts'
import { readSlackSettings } from './slack-channel.ts'
import { actionPrefix, formNames } from './slack-room-message.ts'
import { whyForged } from './slack-signature.ts'

type Payload = Readonly<Record<string, unknown>>

/** The proof is looked at before a byte is read. */
export function readSlackRequest(door: InboundDoor, request: InboundRequest, settings: JsonObject | null): InboundRead {
  const read = readSlackSettings(settings)
  const forged = read === null ? 'Slack is not connected.' : whyForged(request, read.signingSecret)
  if (forged !== null) return { kind: 'forged', because: forged }
  const text = request.body.toString('utf8')
  if (door === 'commands') return { kind: 'read', inbound: readCommand(Object.fromEntries(new URLSearchParams(text))) }
  if (door === 'interactions')
    return { kind: 'read', inbound: readInteraction(parse(new URLSearchParams(text).get('payload') ?? '')) }
  const payload = parse(text)
  if (payload.type === 'url_verification') return { kind: 'challenge', answer: words(payload.challenge).slice(0, 500) }
  return { kind: 'read', inbound: readEvent(payload) }
}

export interface Envelope {
  readonly id: string | null
  readonly type: string
  readonly reason: string
  readonly inbound: Inbound | null
}

export function readEnvelope(text: string): Envelope {
  const envelope = parse(text)
  const payload = objectOf(envelope.payload)
  const type = words(envelope.type)
  const readers: Readonly<Record<string, (payload: Payload) => Inbound | null>> = {
    events_api: readEvent,
    slash_commands: readCommand,
    interactive: readInteraction,
  }
  const id = words(envelope.envelope_id)
  return {
    id: id === '' ? null : id,
    type,
    reason: words(envelope.reason),
    inbound: Object.hasOwn(readers, type) ? (readers[type]?.(payload) ?? null) : null,
  }
}

function readCommand(form: Payload): Inbound | null {
  const [user, place, trigger] = [words(form.user_id), words(form.channel_id), words(form.trigger_id)]
  if (user === '' || trigger === '') return null
  return {
    kind: 'command',
    key: `command ${trigger}`,
    user,
    place: place === '' ? null : place,
    text: plainText(words(form.text)),
    trigger,
    answerTo: answerTo(form.response_url, place, user),
  }
}

function readInteraction(payload: Payload): Inbound | null {
  const user = words(objectOf(payload.user).id)
  if (user === '') return null
  if (payload.type === 'view_submission') return readForm(payload, user)
  const [action] = arrayOf(payload.actions)
  if (payload.type !== 'block_actions' || action === undefined) return null
  const place = words(objectOf(payload.channel).id)
  const trigger = words(payload.trigger_id)
  const [id, value] = [words(action.action_id), words(action.value)]
  const common = {
    key: `press ${trigger} ${words(action.action_ts)} ${id}`,
    user,
    place: place === '' ? null : place,
    answerTo: answerTo(payload.response_url, place, user),
  }
  // The button of a page: the same app shows both.
  if (id === 'acknowledge') return { ...common, kind: 'page', handle: value }
  const pressed = chatActions.find((each) => id === `${actionPrefix}${each}`)
  if (pressed === undefined || !isId(value)) return null
  return { ...common, kind: 'press', action: pressed, incidentId: value, trigger }
}

function readForm(payload: Payload, user: string): Inbound | null {
  const view = objectOf(payload.view)
  const about = words(view.private_metadata)
  const values = objectOf(objectOf(view.state).values)
  const fieldOf = (name: string) => objectOf(objectOf(values[name])[name])
  const common = { key: `form ${words(view.id)} ${words(view.hash)}`, user, place: null }
  if (view.callback_id === formNames.update && isId(about))
    return { ...common, kind: 'form', incidentId: about, text: words(fieldOf('text').value), answerTo: null }
  if (view.callback_id !== formNames.declare) return null
  const severity = words(objectOf(fieldOf('severity').selected_option).value)
  return {
    ...common,
    kind: 'declaration',
    title: words(fieldOf('title').value),
    severity: severity === '' ? null : severity,
    answerTo: about === '' ? null : { channel: about, user },
  }
}

function readEvent(payload: Payload): Inbound | null {
  const event = objectOf(payload.event)
  const key = `event ${words(payload.event_id)}`
  const user = words(event.user)
  if (words(payload.event_id) === '' || user === '') return null
  if (event.type === 'message') {
    // Edits, joins and what programs write (ourselves among them) is not what a person said.
    const plain = event.subtype === undefined || event.subtype === 'file_share' || event.subtype === 'thread_broadcast'
    const at = timeOf(event.ts)
    if (!plain || event.bot_id !== undefined || at === null) return null
    return {
      kind: 'said',
      key,
      user,
      place: words(event.channel),
      text: plainText(words(event.text)),
      at,
      ref: words(event.ts),
    }
  }
  if (event.type !== 'pin_added') return null
  const item = objectOf(event.item)
  const message = objectOf(item.message)
  const at = timeOf(message.ts)
  // Our own summary is pinned by ourselves.
  if (at === null || message.bot_id !== undefined) return null
  const author = words(message.user)
  return {
    kind: 'pinned',
    key,
    user,
    place: words(event.channel_id) || words(item.channel),
    author: author === '' ? null : author,
    text: plainText(words(message.text)),
    at,
    ref: words(message.ts),
  }
}

function answerTo(responseUrl: unknown, channel: string, user: string): JsonObject {
  const url = words(responseUrl)
  return url === '' ? { channel, user } : { responseUrl: url }
}

/** `<@U1|ana>` stays a mention; links and channels become what people read (formatting reference, "Retrieving"). */
export function plainText(text: string): string {
  return text
    .replaceAll(/<([^<>]*)>/g, (_, inside: string) => {
      const [target = '', label] = inside.split('|')
      if (target.startsWith('@')) return `<${target}>`
      if (target.startsWith('#')) return `#${label ?? target.slice(1)}`
      if (target.startsWith('!')) return label ?? `@${target.slice(1)}`
      if (label === undefined || target.endsWith(label)) return target.replace(/^mailto:/, '')
      return `${label} (${target})`
    })
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

/** `1355517523.000005`: seconds, and a counter behind the point. */
function timeOf(ts: unknown): Instant | null {
  const text = words(ts)
  return /^\d{9,11}\.\d{1,6}$/.test(text) ? instant(Math.floor(Number(text) * 1_000)) : null
}

function parse(text: string): Payload {
  try {
    return objectOf(JSON.parse(text))
  } catch {
    return {}
  }
}

const isId = (text: string): boolean => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text)

/** What PostgreSQL cannot hold is not held. */
const words = (value: unknown): string =>
  typeof value === 'string' ? value.replaceAll('\u0000', '').toWellFormed().slice(0, 12_000) : ''

function objectOf(value: unknown): Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Payload) : {}
}

function arrayOf(value: unknown): readonly Payload[] {
  return Array.isArray(value) ? value.map(objectOf) : []
}
