// Microsoft on loopback, as its references describe it: Entra's token endpoint, the Bot Connector with its metadata and keys,
// conversations, members, and the part of Graph that shows a channel's messages. It enforces tokens, memberships and limits,
// and can be away, slow down, or lose an answer.
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import {
  type Body,
  type Claims,
  connectorToken,
  execute,
  invokeActivity,
  messageAction,
  messageActivity,
  type Person,
  type Sent,
  sentWith,
  teamsIds,
  textOf,
  typed,
} from './teams-requests.ts'

export interface TeamsMessage {
  readonly id: string
  readonly conversation: string
  /** Null: ours. */
  readonly from: Person | null
  readonly at: number
  activity: Body
  edits: number
  deleted: boolean
}

/** What happens to the next calls that match: `before` refuses, `after` does it and loses the answer. */
export interface Mishap {
  readonly when: 'before' | 'after'
  readonly how: 'drop' | 502 | 429 | 412 | 401
  readonly retryAfter?: number
}

export interface TeamsServer {
  readonly url: string
  readonly port: number
  readonly service: string
  readonly people: Person[]
  readonly messages: TeamsMessage[]
  readonly calls: { readonly method: string; readonly path: string }[]
  away: boolean
  /** The team lets the app read its messages, and hands it every one. */
  reads: boolean
  /** The app is in the team. */
  installed: boolean
  now: () => number
  mishap(call: string, mishap: Mishap): void
  threads(): readonly string[]
  textsIn(conversation: string): readonly string[]
  /** What the bot said to one person alone. */
  aloneWith(person: Person): readonly string[]
  /** Somebody writes in the channel: a new thread, or an answer in one. The request, if the bot is told. */
  write(
    from: Person,
    text: string,
    conversation?: string,
  ): { readonly message: TeamsMessage; readonly sent: Sent | null }
  press(from: Person, message: string, title: string): Sent
  /** The dialog that a response opened, filled in. */
  submit(from: Person, conversation: string, response: unknown, values: Body): Sent
  mark(from: Person, message: string): Sent
  invoke(from: Person, conversation: string, name: string, value: Body): Sent
  /** Any activity, with any token. */
  send(activity: Body, claims?: Claims, key?: KeyObject): Sent
  rotateKey(): void
  /** Tokens that were given are not taken any more. */
  revoke(): void
  close(): Promise<void>
}

type Reply = readonly [status: number, body: unknown]
const mostBytes = 28_672

export async function startTeams(): Promise<TeamsServer> {
  let keys = newKey(1)
  let counter = 0
  const mishaps = new Map<string, Mishap[]>()
  const tokens = new Map<string, string>()
  const alone = new Map<string, Person>()
  const nextId = () => {
    counter += 1
    return String(1_767_225_600_000 + counter)
  }
  const no = (status: number, code: string, message: string = code): Reply => [status, { error: { code, message } }]
  const channelOf = (conversation: string) => conversation.replace(/;messageid=.*$/, '')
  const found = (conversation: string, id: string) =>
    server.messages.find((each) => each.conversation === conversation && each.id === id)

  /** Who may be asked for there: by any of their three names. */
  function memberOf(conversation: string, who: string): Person | undefined {
    const own = alone.get(conversation)
    const members = own === undefined ? server.people.filter((each) => each.outside !== true) : [own]
    return members.find((each) => [each.id, each.aad, each.email].includes(who))
  }
  const presentMember = (each: Person): Body => ({
    id: each.id,
    name: each.name,
    aadObjectId: each.aad,
    givenName: each.name,
    surname: '',
    email: each.email,
    userPrincipalName: each.email,
    tenantId: teamsIds.tenant,
    userRole: 'user',
    ...each.more,
  })

  function judgeActivity(activity: Body): Reply | null {
    const text = JSON.stringify(activity)
    if (Buffer.byteLength(text) > mostBytes) return no(413, 'MessageSizeTooBig', 'Message size too large.')
    if (activity.type !== 'message') return no(400, 'BadSyntax', 'Activity type is not supported.')
    for (const { contentType, content } of (activity.attachments ?? []) as readonly Body[]) {
      const { type, version, body, actions } = (content ?? {}) as Record<string, unknown>
      const isCard = contentType === 'application/vnd.microsoft.card.adaptive' && type === 'AdaptiveCard'
      const isKnown = typeof version === 'string' && Number(version) >= 1.4 && Number(version) <= 1.5
      if (!isCard || !isKnown || !Array.isArray(body) || ((actions as unknown[] | undefined) ?? []).length > 6)
        return no(400, 'BadSyntax', 'Failed to parse the card.')
      const ids = (body as Body[]).map((each) => each.id).filter((each) => each !== undefined)
      if (new Set(ids).size !== ids.length) return no(400, 'BadSyntax', 'Ids of a card must be unique.')
      if (!isMentioned(content as Body)) return no(400, 'BadSyntax', 'A mention has no text in the card.')
    }
    return null
  }

  function addMessage(conversation: string, from: Person | null, activity: Body, id: string = nextId()): TeamsMessage {
    const message = { id, conversation, from, at: server.now(), activity, edits: 0, deleted: false }
    server.messages.push(message)
    return message
  }

  function createConversation(body: Body): Reply {
    const { channel, tenant } = (body.channelData ?? {}) as { channel?: Body; tenant?: Body }
    if ((body.bot as Body | undefined)?.id !== `28:${teamsIds.app}` || tenant?.id !== teamsIds.tenant)
      return no(403, 'Forbidden', 'The bot is not allowed in this tenant.')
    if (channel !== undefined) {
      if (channel.id !== teamsIds.channel || !server.installed)
        return no(403, 'BotNotInConversationRoster', 'The bot is not part of the conversation roster.')
      const activity = (body.activity ?? {}) as Body
      const wrong = judgeActivity(activity)
      if (wrong !== null) return wrong
      const root = nextId()
      const { conversation } = addMessage(`${teamsIds.channel};messageid=${root}`, null, activity, root)
      return [201, { id: conversation, activityId: root, serviceUrl: server.service }]
    }
    const [member] = (body.members ?? []) as readonly Body[]
    const who = server.people.find((each) => [each.id, each.aad].includes(String(member?.id)))
    if (who === undefined) return no(400, 'BadSyntax', 'Bad format of conversation ID.')
    if (who.blocked === true) return no(403, 'ConversationBlockedByUser', 'User blocked the conversation with the bot.')
    const id = `a:1${who.aad.replaceAll('-', '')}`
    alone.set(id, who)
    return [201, { id }]
  }

  function onConversation(id: string, rest: readonly string[], method: string, body: Body): Reply {
    const [what = '', which = ''] = rest
    const isThere = alone.has(id) || channelOf(id) === teamsIds.channel
    if (!isThere) return no(404, 'ConversationNotFound', 'Conversation not found.')
    if (!alone.has(id) && !server.installed)
      return no(403, 'BotNotInConversationRoster', 'The bot is not part of the conversation roster.')
    if (what === 'members') {
      const member = memberOf(id, which)
      return member === undefined ? no(404, 'MemberNotFoundInConversation') : [200, presentMember(member)]
    }
    if (what === 'pagedmembers')
      return [200, { members: server.people.filter((each) => each.outside !== true).map(presentMember) }]
    const wrong = judgeActivity(body)
    if (wrong !== null) return wrong
    if (method === 'POST') return [201, { id: addMessage(id, null, body).id }]
    const message = found(id, which)
    if (message === undefined || message.deleted || message.from !== null)
      return no(404, 'ActivityNotFoundInConversation', 'The activity was not found.')
    message.activity = body
    message.edits += 1
    return [200, { id: which }]
  }

  /** A chatMessage of Graph. */
  function presentMessage(message: TeamsMessage): Body {
    const { activity, from } = message
    const attachments = ((activity.attachments ?? []) as readonly Body[])
      .filter((each) => each.contentType !== 'text/html')
      .map(({ contentType, content }, index) => ({ id: `card${index}`, contentType, content: JSON.stringify(content) }))
    return {
      id: message.id,
      replyToId: message.conversation.endsWith(`=${message.id}`) ? null : (message.conversation.split('=')[1] ?? null),
      messageType: 'message',
      createdDateTime: new Date(message.at).toISOString(),
      lastModifiedDateTime: new Date(message.at).toISOString(),
      deletedDateTime: message.deleted ? new Date(message.at).toISOString() : null,
      from:
        from === null
          ? { application: { id: teamsIds.app, displayName: 'Mainstay', applicationIdentityType: 'bot' }, user: null }
          : { application: null, user: { id: from.aad, displayName: from.name, userIdentityType: 'aadUser' } },
      ...bodyOf(activity, server.people),
      attachments,
    }
  }

  function graph(parts: readonly string[]): Reply {
    const [, group, , channel, , root] = parts
    if (!server.reads || group !== teamsIds.group || channel !== teamsIds.channel)
      return no(403, 'Forbidden', 'Missing role permissions on the request.')
    const isRoot = (each: TeamsMessage) => each.conversation.endsWith(`=${each.id}`)
    const listed = server.messages.filter((each) => {
      if (channelOf(each.conversation) !== teamsIds.channel) return false
      return root === undefined ? isRoot(each) : !isRoot(each) && each.conversation.endsWith(`=${root}`)
    })
    return [200, { value: [...listed].reverse().slice(0, 50).map(presentMessage) }]
  }

  function giveToken(text: string, tenant: string): Reply {
    const form = new URLSearchParams(text)
    const scope = form.get('scope') ?? ''
    if (tenant !== teamsIds.tenant)
      return [400, { error: 'invalid_request', error_description: 'AADSTS90002: Tenant not found.' }]
    if (form.get('client_id') !== teamsIds.app || form.get('client_secret') !== teamsIds.secret)
      return [
        401,
        {
          error: 'invalid_client',
          error_description:
            'AADSTS7000215: Invalid client secret provided. Trace ID: 1 Correlation ID: 2 Timestamp: 3',
        },
      ]
    counter += 1
    const token = `eyJ.${counter}.x`
    tokens.set(token, scope)
    return [200, { token_type: 'Bearer', expires_in: 3_599, ext_expires_in: 3_599, access_token: token }]
  }

  function route(method: string, url: URL, text: string, authorization: string | undefined): Reply {
    const parts = url.pathname.split('/').slice(1).map(decodeURIComponent)
    if (parts.at(-1) === 'token' && method === 'POST') return giveToken(text, parts[0] ?? '')
    if (url.pathname === '/v1/.well-known/openidconfiguration')
      return [
        200,
        {
          issuer: 'https://api.botframework.com',
          jwks_uri: `${server.url}/v1/.well-known/keys`,
          id_token_signing_alg_values_supported: ['RS256'],
        },
      ]
    if (url.pathname === '/v1/.well-known/keys') return [200, { keys: [keys.jwk] }]
    const scope = tokens.get(authorization?.replace(/^Bearer /, '') ?? '')
    const isGraph = parts[0] === 'graph'
    if (scope !== (isGraph ? `${server.url}/graph/.default` : 'https://api.botframework.com/.default'))
      return [401, { message: 'Authorization has been denied for this request.' }]
    if (isGraph) return graph(parts.slice(2))
    const body = text === '' ? {} : (JSON.parse(text) as Body)
    const [, , , id, ...rest] = parts
    return id === undefined ? createConversation(body) : onConversation(id, rest, method, body)
  }

  const http = createServer((request, response) => {
    void readAll(request).then((text) => {
      if (server.away) return void request.socket.destroy()
      const url = new URL(request.url ?? '/', 'http://teams')
      const method = request.method ?? ''
      const kind = url.pathname
        .split('/')
        .map(decodeURIComponent)
        .filter((word) => /^(token|keys|conversations|activities|members|pagedmembers|messages|replies)$/.test(word))
        .join('/')
      server.calls.push({ method, path: url.pathname })
      const [mishap] = mishaps.get(`${method} ${kind}`)?.splice(0, 1) ?? []
      if (mishap?.when === 'before') return void goWrong(mishap, request, response)
      const [status, reply] = route(method, url, text, request.headers.authorization)
      if (mishap?.when === 'after') return void goWrong(mishap, request, response)
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(reply))
    })
  })

  function goWrong({ how, retryAfter }: Mishap, request: IncomingMessage, response: ServerResponse): void {
    if (how === 'drop') return void request.socket.destroy()
    response.writeHead(how, retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) })
    response.end(
      JSON.stringify({ error: { code: how === 429 ? 'Throttled' : 'ServiceError', message: 'Too many requests.' } }),
    )
  }

  const open = new Set<Socket>()
  http.on('connection', (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const where = (conversation: string, id: string) => ({ service: server.service, at: server.now(), id, conversation })
  const invokeId = () => `f:${nextId()}-d2eb-45f9-83ab-9eb3fe3788bc`

  const server: TeamsServer = {
    url,
    port,
    service: `${url}/teams`,
    people: [],
    messages: [],
    calls: [],
    away: false,
    reads: true,
    installed: true,
    now: () => Date.now(),
    mishap: (call, mishap) => mishaps.set(call, [...(mishaps.get(call) ?? []), mishap]),
    threads: () =>
      server.messages
        .filter((each) => each.from === null && each.conversation.endsWith(`=${each.id}`))
        .map((each) => each.conversation),
    textsIn: (conversation) =>
      server.messages
        .filter((each) => each.conversation === conversation && !each.deleted)
        .map((each) => textOf(each.activity)),
    aloneWith: (person) => server.textsIn(`a:1${person.aad.replaceAll('-', '')}`),
    write: (from, text, conversation) => {
      const id = nextId()
      const place = conversation ?? `${teamsIds.channel};messageid=${id}`
      if (place.startsWith('a:')) alone.set(place, from)
      const named = [{ id: `28:${teamsIds.app}`, name: 'Mainstay' }, ...server.people]
      const activity = messageActivity(from, where(place, id), { text, people: named })
      const message = addMessage(place, from, activity, id)
      const isTold = place.startsWith('a:') || server.reads || text.includes('@Mainstay')
      return { message, sent: isTold ? server.send(activity) : null }
    },
    press: (from, id, title) => {
      const message = server.messages.find((each) => each.id === id)
      const [card] = (message?.activity.attachments ?? []) as readonly {
        readonly content?: { actions?: readonly Body[] }
      }[]
      const action = card?.content?.actions?.find((each) => each.title === title)
      if (message === undefined || action === undefined) throw new Error(`There is no button "${title}".`)
      const at = where(message.conversation, invokeId())
      const data = action.data as { readonly msteams?: Body }
      return server.send(
        data.msteams?.type === 'task/fetch'
          ? invokeActivity(from, at, 'task/fetch', { data, context: { theme: 'default' } })
          : execute(from, at, action, id),
      )
    },
    submit: (from, conversation, response, values) => {
      const { task } = response as { task?: { value?: { card?: { content?: { actions?: readonly Body[] } } } } }
      const [action] = task?.value?.card?.content?.actions ?? []
      if (action === undefined) throw new Error('No dialog is open there.')
      const data = { ...(action.data as Body), ...values }
      return server.send(invokeActivity(from, where(conversation, invokeId()), 'task/submit', { data, context: {} }))
    },
    mark: (from, id) => {
      const message = server.messages.find((each) => each.id === id)
      if (message === undefined) throw new Error('There is no such message.')
      const payload = {
        linkToMessage: 'https://teams.microsoft.com/l/message',
        ...presentMessage(message),
        deleted: false,
      }
      return server.send(messageAction(from, where(message.conversation, invokeId()), 'keep', payload))
    },
    invoke: (from, conversation, name, value) =>
      server.send(invokeActivity(from, where(conversation, invokeId()), name, value)),
    send: (activity, claims = {}, key = keys.key) =>
      sentWith(connectorToken(key, keys.kid, { at: server.now(), service: server.service }, claims), activity),
    rotateKey: () => {
      keys = newKey(2)
    },
    revoke: () => tokens.clear(),
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
  return server
}

function newKey(number: number) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const kid = `key-of-the-connector-${number}`
  const endorsements = ['msteams', 'webchat']
  return {
    key: privateKey,
    kid,
    jwk: { ...publicKey.export({ format: 'jwk' }), use: 'sig', kid, x5t: kid, endorsements },
  }
}

/** Teams refuses a card whose mention does not stand in its text. */
function isMentioned(card: Body): boolean {
  const { entities = [] } = (card.msteams ?? {}) as { entities?: readonly Body[] }
  const text = JSON.stringify(card.body)
  return entities.every(
    (each) => typeof each.text === 'string' && text.includes(JSON.stringify(each.text).slice(1, -1)),
  )
}

/** What a message action and Graph show of a text: HTML, with numbered mentions. */
function bodyOf(activity: Body, people: readonly Person[]): Body {
  const entities = ((activity.entities ?? []) as readonly Body[]).filter((each) => each.type === 'mention')
  let html = String(activity.text ?? '')
  const mentions = entities.map((each, index) => {
    const { id, name } = each.mentioned as { id: string; name: string }
    html = html.replace(String(each.text), `<at id="${index}">${typed(name)}</at>`)
    const person = people.find((one) => one.id === id)
    const application = id.startsWith('28:') ? { id: id.slice(3), displayName: name } : null
    return {
      id: index,
      mentionText: name,
      mentioned: { application, user: person === undefined ? null : { id: person.aad, displayName: name } },
    }
  })
  return { body: { contentType: 'html', content: `<div><div>${html}</div>\n</div>` }, mentions }
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
