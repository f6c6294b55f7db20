// What Mattermost sends: slash commands, presses and forms over HTTP, posts over the WebSocket. Pure but for the proof.
import { type Instant, instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Inbound } from '../../modules/chat/chat.ports.ts'
import { chatActions } from '../../modules/chat/core/index.ts'

type Payload = Readonly<Record<string, unknown>>

/** Ids of Mattermost: 26 letters and digits. */
const isId = (text: string): boolean => /^[a-z0-9]{26}$/.test(text)
const isIncident = (text: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text)

export interface CommandForm {
  readonly user: string
  readonly trigger: string
  readonly inbound: (triggerId: string) => Inbound | null
}

export function readCommandForm(text: string): CommandForm {
  const form = new URLSearchParams(text)
  const word = (name: string) => words(form.get(name))
  const [user, place, trigger] = [word('user_id'), word('channel_id'), word('trigger_id')]
  const ids = form.getAll('user_mentions_ids')
  const mentions = new Map(form.getAll('user_mentions').map((name, index) => [name.toLowerCase(), ids[index] ?? '']))
  const hook = /\/hooks\/commands\/([a-z0-9]{26})$/.exec(word('response_url'))?.[1]
  return {
    user,
    trigger,
    inbound: (triggerId) =>
      isId(user) && isId(place)
        ? {
            kind: 'command',
            key: `trigger ${triggerId}`,
            user,
            place,
            text: withMentions(word('text'), mentions),
            trigger,
            // Only the hook's name is kept: where the server is, is known here.
            answerTo: { channel: place, user, ...(hook === undefined ? {} : { hook }) },
          }
        : null,
  }
}

/** `@ana.smith` becomes `<@id>`, whoever that is here; names nobody has stay as they are written. */
export function withMentions(text: string, mentions: ReadonlyMap<string, string>): string {
  return text.replaceAll(/(?<![\w@])@([a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?)/gi, (written: string, name: string) => {
    const id = mentions.get(name.toLowerCase()) ?? ''
    return isId(id) ? `<@${id}>` : written
  })
}

export function mentionedIn(text: string): readonly string[] {
  const names = [...text.matchAll(/(?<![\w@])@([a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?)/gi)]
  return [...new Set(names.map((found) => (found[1] ?? '').toLowerCase()))].slice(0, 20)
}

/** A press, as Mattermost asks for it, with what we signed for the button. */
export function readPress(body: Payload, signed: unknown, triggerId: string): Inbound | null {
  const { action, incidentId } = objectOf(signed)
  const [user, place, post] = [words(body.user_id), words(body.channel_id), words(body.post_id)]
  const pressed = chatActions.find((each) => each === action)
  if (pressed === undefined || !isIncident(words(incidentId)) || !isId(user) || !isId(place)) return null
  return {
    kind: 'press',
    key: `trigger ${triggerId}`,
    user,
    place,
    action: pressed,
    incidentId: words(incidentId),
    trigger: words(body.trigger_id),
    answerTo: { channel: place, user, ...(isId(post) ? { post } : {}) },
  }
}

/** What a form brings back of us: who was asked, about what, and when. */
export interface FormState {
  readonly kind: 'update' | 'declare'
  readonly incidentId: string | null
  readonly user: string
  readonly place: string | null
  /** Of the server's own clock. */
  readonly at: number
  /** Of the trigger it was opened with: one form is sent in once. */
  readonly nonce: string
}

export function readFormState(signed: unknown): FormState | null {
  const { kind, incidentId, user, place, at, nonce } = objectOf(signed)
  const known = (['update', 'declare'] as const).find((each) => each === kind)
  if (known === undefined || typeof at !== 'number' || !isId(words(user)) || words(nonce) === '') return null
  const about = words(incidentId)
  if (known === 'update' && !isIncident(about)) return null
  const where = words(place)
  return {
    kind: known,
    incidentId: about === '' ? null : about,
    user: words(user),
    place: isId(where) ? where : null,
    at,
    nonce: words(nonce),
  }
}

export function readForm(body: Payload, state: FormState): Inbound | null {
  if (body.cancelled === true) return null
  const submission = objectOf(body.submission)
  const { user, place } = state
  const common = { key: `form ${state.nonce}`, user, place, answerTo: place === null ? null : { channel: place, user } }
  if (state.kind === 'update')
    return { ...common, kind: 'form', incidentId: state.incidentId ?? '', text: words(submission.text) }
  const severity = words(submission.severity)
  return { ...common, kind: 'declaration', title: words(submission.title), severity: severity === '' ? null : severity }
}

export interface HeardPost {
  readonly id: string
  readonly user: string
  readonly channel: string
  readonly text: string
  readonly createdAt: Instant
  readonly isPinned: boolean
}

/** Null for what no person wrote: joins, programs, ourselves, and what was removed. */
export function readPost(value: unknown, botId: string): HeardPost | null {
  const post = objectOf(value)
  const props = objectOf(post.props)
  const [id, user, channel] = [words(post.id), words(post.user_id), words(post.channel_id)]
  const at = post.create_at
  const byProgram = [props.from_bot, props.from_webhook, props.from_plugin].some(
    (each) => each === 'true' || each === true,
  )
  if (!isId(id) || !isId(user) || !isId(channel) || user === botId || byProgram) return null
  if (words(post.type) !== '' || Number(post.delete_at ?? 0) > 0) return null
  if (typeof at !== 'number' || !Number.isSafeInteger(at) || at <= 0 || at > latest) return null
  return { id, user, channel, text: words(post.message), createdAt: instant(at), isPinned: post.is_pinned === true }
}

/** The year 9999: what is later is no time. */
const latest = 253_402_300_799_000

/** Mattermost does not say who pinned. */
export function pinnedOf({ id, user, channel, text, createdAt }: HeardPost): Inbound {
  return { kind: 'pinned', key: `pin ${id}`, user: null, place: channel, author: user, text, at: createdAt, ref: id }
}

export function saidOf({ id, user, channel, text, createdAt }: HeardPost): Inbound {
  return { kind: 'said', key: `post ${id}`, user, place: channel, text, at: createdAt, ref: id }
}

/** What was asked of us: behind our name, or alone with us. Null when it was said to others. */
export function askedIn(text: string, botName: string, alone: boolean): string | null {
  const name = /^@([a-z0-9._-]+)[:,]?(?:\s+|$)/i.exec(text)
  if (name !== null && (name[1] ?? '').toLowerCase() === botName.toLowerCase()) return text.slice(name[0].length).trim()
  return alone ? text.trim() : null
}

export function commandOf(post: HeardPost, text: string, alone: boolean): Inbound {
  const { id, user, channel } = post
  const answerTo: JsonObject = { channel, user, ...(alone ? { alone: true } : { post: id }) }
  return { kind: 'command', key: `post ${id}`, user, place: channel, text, trigger: null, answerTo }
}

export function parse(text: string): Payload {
  try {
    return objectOf(JSON.parse(text))
  } catch {
    return {}
  }
}

/** What PostgreSQL cannot hold is not held. */
export const words = (value: unknown): string =>
  typeof value === 'string' ? value.replaceAll('\u0000', '').toWellFormed().slice(0, 12_000) : ''

export function objectOf(value: unknown): Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Payload) : {}
}
