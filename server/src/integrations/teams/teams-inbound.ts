// What Teams sends: activities of the Bot Framework. Pure; what it reads was proved before.
import { type Instant, instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Inbound } from '../../modules/chat/chat.ports.ts'
import { chatActions } from '../../modules/chat/core/index.ts'
import { listOf, objectOf, type Payload, words } from './teams-json.ts'
import { isChannelId, isGuid } from './teams-settings.ts'
import { activityText, type Mention, messageText } from './teams-text.ts'

/** How a request that waits is answered; null when nothing waits. */
export type Wanted = 'action' | 'dialog' | 'closing' | null

export interface Heard {
  readonly inbound: Inbound | null
  readonly wanted: Wanted
  /** Mentioned, by the bot's own numbers for them. */
  readonly mentioned: readonly { readonly id: string; readonly name: string }[]
}

export interface HeardFor {
  readonly appId: string
  readonly tenant: string
  /** Where it came from, and answers go. */
  readonly service: string
}

const nothing: Heard = { inbound: null, wanted: null, mentioned: [] }
/** Conversations have names of any length; what is longer is none. */
const isConversation = (text: string): boolean => /^[\w:@;=.+/-]{3,400}$/.test(text)
const isActivity = (text: string): boolean => /^[\w:.-]{1,200}$/.test(text)

/** What every activity says of itself. */
interface Frame {
  readonly user: string
  readonly place: string
  readonly key: string
  readonly id: string
  readonly alone: boolean
  readonly answerTo: JsonObject
}

/** Whose it is: programs have no number in the directory, and other companies have another tenant. */
export function tenantOf(activity: Payload): string {
  const channelData = objectOf(activity.channelData)
  return (words(objectOf(channelData.tenant).id) || words(objectOf(activity.conversation).tenantId)).toLowerCase()
}

function frameOf(activity: Payload, { service }: HeardFor): Frame | null {
  const user = words(objectOf(activity.from).aadObjectId).toLowerCase()
  const conversation = objectOf(activity.conversation)
  const [place, id] = [words(conversation.id), words(activity.id)]
  if (!isGuid(user) || !isConversation(place) || !isActivity(id)) return null
  const alone = conversation.conversationType === 'personal'
  return {
    user,
    place,
    id,
    alone,
    key: `${words(activity.type)} ${place} ${id}`.slice(0, 800),
    answerTo: { service, conversation: place, user, alone },
  }
}

export function readActivity(activity: Payload, of: HeardFor): Heard {
  const frame = activity.channelId === 'msteams' ? frameOf(activity, of) : null
  if (frame === null) return nothing
  if (activity.type === 'invoke') return readInvoke(activity, frame, of)
  return activity.type === 'message' ? readMessage(activity, frame, of) : nothing
}

function readMessage(activity: Payload, frame: Frame, of: HeardFor): Heard {
  // Of clients that know no Action.Execute: the button comes as a message without words.
  const pressed = objectOf(objectOf(activity.value).mainstay)
  if (words(pressed.action) !== '') return { ...nothing, inbound: readPress(pressed, frame) }
  const mentions = mentionsOf(activity)
  const isOurs = (id: string) => id === `28:${of.appId}`
  const text = activityText(
    words(activity.text),
    mentions.map(({ id, written }): Mention => ({ written, user: isOurs(id) ? null : id })),
  )
  const mentioned = mentions.filter(({ id }) => /^29:[\w-]{1,200}$/.test(id)).map(({ id, name }) => ({ id, name }))
  const { user, place, key, id, alone, answerTo } = frame
  if (alone || mentions.some((each) => isOurs(each.id)))
    return {
      wanted: null,
      mentioned,
      inbound: { kind: 'command', key, user, place, text, trigger: JSON.stringify(answerTo), answerTo },
    }
  const at = timeOf(activity.timestamp)
  if (at === null || text === '') return nothing
  return { wanted: null, mentioned, inbound: { kind: 'said', key, user, place, text, at, ref: id } }
}

function mentionsOf(activity: Payload) {
  return listOf(activity.entities)
    .filter((each) => each.type === 'mention')
    .slice(0, 20)
    .map((each) => {
      const { id, name } = objectOf(each.mentioned)
      return { id: words(id), name: words(name).slice(0, 100), written: words(each.text) }
    })
}

function readInvoke(activity: Payload, frame: Frame, of: HeardFor): Heard {
  const value = objectOf(activity.value)
  switch (activity.name) {
    case 'adaptiveCard/action': {
      const { data } = objectOf(value.action)
      return { ...nothing, wanted: 'action', inbound: readPress(objectOf(objectOf(data).mainstay), frame) }
    }
    case 'task/fetch':
      return { ...nothing, wanted: 'dialog', inbound: readWish(objectOf(objectOf(value.data).mainstay), frame) }
    case 'task/submit':
      return { ...nothing, wanted: 'closing', inbound: readForm(objectOf(value.data), frame) }
    case 'composeExtension/fetchTask':
      return value.commandId === 'keep'
        ? { ...nothing, wanted: 'dialog', inbound: readMarked(objectOf(value.messagePayload), frame, of) }
        : { ...nothing, wanted: 'dialog', inbound: readWish({ asks: value.commandId }, frame) }
    case 'composeExtension/submitAction':
      return { ...nothing, wanted: 'closing', inbound: readForm(objectOf(value.data), frame) }
    default:
      return nothing
  }
}

function readPress({ action, incidentId, handle }: Payload, { user, place, key, answerTo }: Frame): Inbound | null {
  const name = words(handle)
  if (action === 'page')
    return /^[\w-]{1,100}$/.test(name) ? { kind: 'page', key, user, place, handle: name, answerTo } : null
  const pressed = chatActions.find((each) => each === action)
  if (pressed === undefined || !isGuid(words(incidentId))) return null
  return { kind: 'press', key, user, place, action: pressed, incidentId: words(incidentId), trigger: null, answerTo }
}

/** A form is wished for: as the command without words, or the button, would. */
function readWish({ asks, incidentId }: Payload, frame: Frame): Inbound | null {
  if (asks === 'update') return readPress({ action: 'update', incidentId }, frame)
  const { user, place, key, answerTo } = frame
  return asks === 'declare' ? { kind: 'command', key, user, place, text: 'declare', trigger: null, answerTo } : null
}

/** One form is sent in once, however often its button is pressed. */
function readForm(data: Payload, { user, place, answerTo }: Frame): Inbound | null {
  const { asks, incidentId, nonce } = objectOf(data.mainstay)
  if (words(nonce) === '') return null
  const common = { key: `form ${user} ${words(nonce)}`.slice(0, 800), user, place, answerTo }
  if (asks === 'update')
    return isGuid(words(incidentId))
      ? { ...common, kind: 'form', incidentId: words(incidentId), text: words(data.text) }
      : null
  const severity = words(data.severity)
  return asks === 'declare'
    ? { ...common, kind: 'declaration', title: words(data.title), severity: severity === '' ? null : severity }
    : null
}

/** "Keep in the timeline" of a message's menu: the message as the client gives it, in the thread it stands in. */
function readMarked(message: Payload, { user, place, key }: Frame, { appId }: HeardFor): Inbound | null {
  const id = words(message.id)
  const at = timeOf(message.createdDateTime)
  if (at === null || !/^\d{6,20}$/.test(id) || message.deleted === true) return null
  const author = words(objectOf(objectOf(message.from).user).id).toLowerCase()
  const channel = place.replace(/;messageid=.*$/, '')
  const root = words(message.replyToId) || id
  return {
    kind: 'pinned',
    key,
    user,
    place: isChannelId(channel) ? threadOf(channel, root) : place,
    author: isGuid(author) ? author : null,
    text: textOfMessage(message, appId),
    at,
    ref: id,
  }
}

export const threadOf = (channel: string, root: string): string => `${channel};messageid=${root}`

/** The body of a message of Graph, or of a message action: both have the same shape. */
export function textOfMessage(message: Payload, appId: string): string {
  const { contentType, content } = objectOf(message.body)
  const mentions = listOf(message.mentions).map(({ id, mentioned }): [string, string | null] => {
    const { user, application } = objectOf(mentioned)
    const person = words(objectOf(user).id).toLowerCase()
    const isOurs = words(objectOf(application).id).toLowerCase() === appId
    return [String(id), isOurs ? null : isGuid(person) ? person : '']
  })
  // A mention of something that is nobody, a team or another program, stays its name.
  const people = new Map(mentions.filter(([, user]) => user !== ''))
  const text = words(content)
  return contentType === 'html' ? messageText(text, people) : text
}

/** The year 9999: what is later is no time. */
const latest = 253_402_300_799_000

export function timeOf(value: unknown): Instant | null {
  const at = typeof value === 'string' && value.length < 40 ? Date.parse(value) : Number.NaN
  return Number.isSafeInteger(at) && at > 0 && at <= latest ? instant(at) : null
}
