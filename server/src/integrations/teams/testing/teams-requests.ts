// What the Bot Connector sends: the shapes recorded in Microsoft's documentation (activities of a channel, of a chat, invokes
// of cards, dialogs and message actions), and the token it sends them with.
import { type KeyObject, sign } from 'node:crypto'

export type Body = Readonly<Record<string, unknown>>

export interface Sent {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly payload: string
}

/** `b130c271-d2eb-45f9-83ab-9eb3fe3788bc`, of a word. */
export function guidOf(word: string): string {
  const hex = `${Buffer.from(word).toString('hex')}${'0'.repeat(32)}`.slice(0, 32)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

export const teamsIds = {
  app: guidOf('mainstay'),
  tenant: guidOf('shop'),
  group: guidOf('incidents team'),
  channel: '19:6decf54d86d945e4b3924b63a9161a78@thread.tacv2',
  secret: 'Q~8.the-secret-of-the-app',
} as const

/** As "Get link to channel" copies it. */
export const channelLink = `https://teams.microsoft.com/l/channel/${encodeURIComponent(teamsIds.channel)}/Incidents?groupId=${teamsIds.group}&tenantId=${teamsIds.tenant}`

export interface Person {
  /** The bot's own number for them. */
  readonly id: string
  readonly aad: string
  readonly name: string
  readonly email: string
  readonly more?: Body
  /** Not in the team of the channel. */
  readonly outside?: true
  /** Has no chat with the app, and may not be written to. */
  readonly blocked?: true
}

export const person = (word: string, more: Partial<Person> = {}): Person => ({
  id: `29:1${Buffer.from(word).toString('base64url')}_2Yz-sjrvVg12oavg96cqpE`,
  aad: guidOf(word),
  name: word.charAt(0).toUpperCase() + word.slice(1),
  email: `${word}@shop.example`,
  ...more,
})

export interface Where {
  readonly service: string
  readonly at: number
  readonly id: string
  /** `19:…;messageid=…`, or a chat with the bot alone. */
  readonly conversation: string
}

const json = {
  'content-type': 'application/json; charset=utf-8',
  'user-agent': 'Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)',
}

function frame(from: Person, { service, at, id, conversation }: Where): Body {
  const isAlone = conversation.startsWith('a:')
  const channel = conversation.replace(/;messageid=.*$/, '')
  return {
    id,
    timestamp: new Date(at).toISOString(),
    localTimestamp: new Date(at).toISOString(),
    channelId: 'msteams',
    serviceUrl: `${service}/`,
    from: { id: from.id, name: from.name, aadObjectId: from.aad },
    conversation: isAlone
      ? { conversationType: 'personal', tenantId: teamsIds.tenant, id: conversation }
      : { isGroup: true, conversationType: 'channel', tenantId: teamsIds.tenant, id: conversation },
    recipient: { id: `28:${teamsIds.app}`, name: 'Mainstay' },
    channelData: isAlone
      ? { tenant: { id: teamsIds.tenant } }
      : {
          teamsChannelId: channel,
          teamsTeamId: channel,
          channel: { id: channel },
          team: { id: channel },
          tenant: { id: teamsIds.tenant },
        },
    entities: [{ locale: 'en-US', country: 'US', platform: 'Web', timezone: 'Europe/Madrid', type: 'clientInfo' }],
    locale: 'en-US',
  }
}

/** `<` and `&` of what somebody typed come encoded; mentions stand as tags, and again in the entities. */
export const typed = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

export interface Written {
  readonly text: string
  /** Mentioned in it, as `@Name`. */
  readonly people: readonly { readonly id: string; readonly name: string }[]
}

export function messageActivity(from: Person, where: Where, { text, people }: Written): Body {
  const base = frame(from, where)
  let html = typed(text)
  const entities: Body[] = []
  for (const { id, name } of people) {
    const written = `<at>${name}</at>`
    const at = html.indexOf(`@${name}`)
    if (at < 0) continue
    html = `${html.slice(0, at)}${written}${html.slice(at + name.length + 1)}`
    entities.push({ type: 'mention', mentioned: { id, name }, text: written })
  }
  // Teams lists them in the order of the text.
  entities.sort((a, b) => html.indexOf(String(a.text)) - html.indexOf(String(b.text)))
  return {
    ...base,
    type: 'message',
    textFormat: 'plain',
    text: html,
    attachments: [{ contentType: 'text/html', content: `<div>${html}</div>` }],
    entities: [...entities, ...((base.entities as readonly Body[] | undefined) ?? [])],
  }
}

export function invokeActivity(from: Person, where: Where, name: string, value: Body, more: Body = {}): Body {
  return { ...frame(from, where), type: 'invoke', name, value, ...more }
}

export const execute = (from: Person, where: Where, action: Body, replyTo: string): Body =>
  invokeActivity(
    from,
    where,
    'adaptiveCard/action',
    {
      action: { type: 'Action.Execute', title: action.title, id: '', verb: action.verb, data: action.data },
      trigger: 'manual',
    },
    { replyToId: replyTo },
  )

/** Of a message's own menu. */
export function messageAction(from: Person, where: Where, commandId: string, messagePayload: Body): Body {
  return invokeActivity(from, where, 'composeExtension/fetchTask', {
    commandId,
    commandContext: 'message',
    requestId: '7f7d22efe5414818becebcec649a7912',
    messagePayload,
    context: { theme: 'default' },
  })
}

export interface Claims {
  readonly iss?: string
  readonly aud?: string
  readonly exp?: number
  readonly nbf?: number
  readonly serviceurl?: string
  readonly alg?: string
  readonly kid?: string
}

const coded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

export function connectorToken(
  key: KeyObject,
  kid: string,
  { at, service }: { readonly at: number; readonly service: string },
  claims: Claims = {},
): string {
  const seconds = Math.floor(at / 1_000)
  const { alg = 'RS256', kid: named = kid, ...rest } = claims
  const head = coded({ alg, kid: named, x5t: named, typ: 'JWT' })
  const body = coded({
    serviceurl: `${service}/`,
    nbf: seconds,
    exp: seconds + 3_600,
    iss: 'https://api.botframework.com',
    aud: teamsIds.app,
    ...rest,
  })
  const signature = alg === 'none' ? '' : sign('sha256', Buffer.from(`${head}.${body}`), key).toString('base64url')
  return `${head}.${body}.${signature}`
}

export function sentWith(token: string, activity: Body): Sent {
  return {
    path: '/api/v1/chat/teams/events',
    headers: { ...json, authorization: `Bearer ${token}` },
    payload: JSON.stringify(activity),
  }
}

/** All that a person reads of a message: its text, its card, the names of its buttons. */
export function textOf(activity: Body): string {
  const found = typeof activity.text === 'string' ? [activity.text] : []
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [name, item] of Object.entries(value)) {
      if (['text', 'title', 'value'].includes(name) && typeof item === 'string') found.push(item)
      else if (!['data', 'fallback', 'entities'].includes(name)) walk(item)
    }
  }
  walk(activity.attachments)
  return found
    .join('\n')
    .replaceAll('\u200b', '')
    .replaceAll(/\\([\\*_[\]])/g, '$1')
}
