// A Slack on loopback, as its public documentation describes it: channels, messages, pins, people, modals, Socket Mode.
// It keeps what it was told, enforces names, limits and tokens, and can be away, slow down, or lose an answer.
import { createHmac, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { acceptWebSocket, type WebSocketPeer } from '../../../../test/web-socket-peer.ts'

type Body = Readonly<Record<string, unknown>>

export interface SlackMessage {
  readonly ts: string
  readonly channel: string
  body: Body
  edits: number
}

export interface SlackChannel {
  readonly id: string
  readonly name: string
  readonly isPrivate: boolean
  readonly creator: string
  topic: string
  isArchived: boolean
  readonly members: Set<string>
  readonly pins: Set<string>
}

export interface SlackUser {
  readonly id: string
  readonly email: string
  readonly more?: Body
}

/** What happens to the next calls of a method: `before` refuses, `after` does it and loses the answer. */
export type Mishap = {
  readonly when: 'before' | 'after'
  readonly how: 'drop' | 503 | 429 | Body
  readonly retryAfter?: number
}

export interface SlackServer {
  readonly url: string
  readonly port: number
  readonly channels: SlackChannel[]
  readonly messages: SlackMessage[]
  readonly users: SlackUser[]
  readonly views: Body[]
  /** What was said to one person only. */
  readonly whispers: { readonly to: string; readonly text: string }[]
  readonly calls: { readonly method: string; readonly at: number; readonly body: Body }[]
  away: boolean
  mishap(method: string, mishap: Mishap): void
  textsIn(channel: string): readonly string[]
  /** A request as Slack signs it. */
  signed(body: string, at: number, secret?: string): Readonly<Record<string, string>>
  responseUrl(user: string): string
  /** Over the WebSocket that was opened last; resolves with the acknowledgement. */
  send(type: string, payload: Body, envelope?: string): Promise<string>
  readonly acknowledged: string[]
  readonly sockets: number
  /** As Slack refreshes a connection. */
  disconnect(): void
  close(): Promise<void>
}

export const slackTokens = { bot: 'xoxb-test', app: 'xapp-1-test', secret: 'shhh-signing' } as const
const team = 'T0001'
const bot = 'UBOT00001'

export async function startSlack(): Promise<SlackServer> {
  const mishaps = new Map<string, Mishap[]>()
  const sockets: WebSocketPeer[] = []
  const waiting = new Map<string, (envelope: string) => void>()
  let counter = 0
  const nextTs = () => {
    counter += 1
    return `${1_772_000_000 + counter}.${String(counter).padStart(6, '0')}`
  }

  const channelOf = (id: unknown) => slack.channels.find((each) => each.id === id)
  const present = (channel: SlackChannel): Body => ({
    id: channel.id,
    name: channel.name,
    is_channel: !channel.isPrivate,
    is_group: channel.isPrivate,
    is_private: channel.isPrivate,
    is_archived: channel.isArchived,
    creator: channel.creator,
    topic: { value: channel.topic, creator: bot, last_set: 0 },
  })
  const no = (error: string, more: Body = {}): Body => ({ ok: false, error, ...more })

  const methods: Readonly<Record<string, (body: Body) => Body>> = {
    'auth.test': () => ({
      ok: true,
      url: `${slack.url}/`,
      team: 'Shop',
      user: 'mainstay',
      team_id: team,
      user_id: bot,
      bot_id: 'B0001',
    }),
    'conversations.create': ({ name, is_private }) => {
      if (typeof name !== 'string' || name === '') return no('no_channel')
      if (!/^[a-z0-9_-]{1,80}$/.test(name)) return no('invalid_name_specials')
      if (slack.channels.some((each) => each.name === name)) return no('name_taken')
      const channel: SlackChannel = {
        id: `C${String(slack.channels.length + 1).padStart(8, '0')}`,
        name,
        isPrivate: is_private === true,
        creator: bot,
        topic: '',
        isArchived: false,
        members: new Set([bot]),
        pins: new Set(),
      }
      slack.channels.push(channel)
      return { ok: true, channel: present(channel) }
    },
    'conversations.list': () => ({
      ok: true,
      channels: slack.channels.filter((each) => !each.isArchived).map(present),
      response_metadata: { next_cursor: '' },
    }),
    'conversations.invite': ({ channel, users }) => {
      const found = channelOf(channel)
      if (found === undefined) return no('channel_not_found')
      const asked = String(users).split(',')
      const fresh = asked.filter((each) => !found.members.has(each))
      if (fresh.length === 0) return no('already_in_channel')
      for (const each of fresh) found.members.add(each)
      return { ok: true, channel: present(found) }
    },
    'conversations.setTopic': ({ channel, topic }) => {
      const found = channelOf(channel)
      if (found === undefined) return no('channel_not_found')
      if (found.isArchived) return no('is_archived')
      if (String(topic).length > 250) return no('too_long')
      found.topic = String(topic)
      return { ok: true, channel: present(found) }
    },
    'conversations.archive': ({ channel }) => {
      const found = channelOf(channel)
      if (found === undefined) return no('channel_not_found')
      if (found.isArchived) return no('already_archived')
      found.isArchived = true
      return { ok: true }
    },
    'conversations.history': ({ channel }) => ({
      ok: true,
      messages: slack.messages
        .filter((each) => each.channel === channel)
        .map(({ ts, body }) => ({ type: 'message', ts, ...body }))
        .reverse(),
      has_more: false,
    }),
    'chat.postMessage': (body) => {
      const found = channelOf(body.channel)
      if (found === undefined) return no('channel_not_found')
      if (found.isArchived) return no('is_archived')
      const message: SlackMessage = { ts: nextTs(), channel: found.id, body, edits: 0 }
      slack.messages.push(message)
      return { ok: true, channel: found.id, ts: message.ts, message: { type: 'message', ts: message.ts } }
    },
    'chat.update': (body) => {
      const found = slack.messages.find((each) => each.channel === body.channel && each.ts === body.ts)
      if (found === undefined) return no('message_not_found')
      found.body = body
      found.edits += 1
      return { ok: true, channel: found.channel, ts: found.ts, text: body.text }
    },
    'chat.postEphemeral': ({ user, text }) => {
      slack.whispers.push({ to: String(user), text: String(text) })
      return { ok: true, message_ts: nextTs() }
    },
    'pins.add': ({ channel, timestamp }) => {
      const found = channelOf(channel)
      if (found === undefined) return no('channel_not_found')
      if (found.pins.has(String(timestamp))) return no('already_pinned')
      found.pins.add(String(timestamp))
      return { ok: true }
    },
    'users.info': ({ user }) => {
      const found = slack.users.find((each) => each.id === user)
      return found === undefined ? no('user_not_found') : { ok: true, user: presentUser(found) }
    },
    'users.lookupByEmail': ({ email }) => {
      const found = slack.users.find((each) => each.email === email)
      return found === undefined ? no('users_not_found') : { ok: true, user: presentUser(found) }
    },
    'views.open': ({ trigger_id, view }) => {
      if (typeof trigger_id !== 'string' || trigger_id === '') return no('invalid_trigger_id')
      slack.views.push(view as Body)
      return { ok: true, view: { id: 'V0001', ...(view as Body) } }
    },
    'apps.connections.open': () => ({
      ok: true,
      url: `ws://127.0.0.1:${slack.port}/link/?ticket=${randomUUID()}&app_id=A1`,
    }),
  }

  const server = createServer((request, response) => {
    void readAll(request).then((text) => {
      const path = new URL(request.url ?? '/', 'http://slack').pathname
      if (slack.away) return void request.socket.destroy()
      if (path.startsWith('/response/')) {
        slack.whispers.push({ to: path.slice('/response/'.length), text: String((JSON.parse(text) as Body).text) })
        return void response.writeHead(200).end('ok')
      }
      answer(path.replace('/api/', ''), request, text, response)
    })
  })

  function answer(method: string, request: IncomingMessage, text: string, response: ServerResponse): void {
    const asJson = request.headers['content-type']?.startsWith('application/json') === true
    const body = asJson ? (JSON.parse(text || '{}') as Body) : (Object.fromEntries(new URLSearchParams(text)) as Body)
    slack.calls.push({ method, at: performance.now(), body })
    const [mishap] = mishaps.get(method)?.splice(0, 1) ?? []
    if (mishap?.when === 'before') return void goWrong(mishap, request, response)
    const token = request.headers.authorization?.replace('Bearer ', '')
    const needed = method === 'apps.connections.open' ? slackTokens.app : slackTokens.bot
    const known = methods[method]
    const reply = token !== needed ? no('invalid_auth') : known === undefined ? no('unknown_method') : known(body)
    if (mishap?.when === 'after') return void goWrong(mishap, request, response)
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(reply))
  }

  function goWrong({ how, retryAfter }: Mishap, request: IncomingMessage, response: ServerResponse): void {
    if (how === 'drop') return void request.socket.destroy()
    if (typeof how === 'object')
      return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(how))
    const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }
    response.writeHead(how, { 'content-type': 'application/json', ...headers })
    response.end(how === 429 ? JSON.stringify(no('ratelimited')) : '')
  }

  server.on('upgrade', (request, socket) => {
    const peer = acceptWebSocket(request, socket, (text) => {
      const { envelope_id: id } = JSON.parse(text) as { envelope_id?: string }
      if (id === undefined) return
      slack.acknowledged.push(id)
      waiting.get(id)?.(id)
    })
    sockets.push(peer)
    socket.on('close', () => sockets.splice(sockets.indexOf(peer), 1))
    peer.send(
      JSON.stringify({
        type: 'hello',
        num_connections: sockets.length,
        connection_info: { app_id: 'A1' },
        debug_info: {},
      }),
    )
  })
  const open = new Set<Socket>()
  server.on('connection', (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  const slack: SlackServer = {
    url: `http://127.0.0.1:${port}`,
    port,
    channels: [],
    messages: [],
    users: [],
    views: [],
    whispers: [],
    calls: [],
    acknowledged: [],
    away: false,
    mishap: (method, mishap) => mishaps.set(method, [...(mishaps.get(method) ?? []), mishap]),
    textsIn: (channel) => slack.messages.filter((each) => each.channel === channel).map((each) => textsOf(each.body)),
    signed: (body, at, secret = slackTokens.secret) => {
      const time = String(Math.floor(at / 1_000))
      const signature = createHmac('sha256', secret).update(`v0:${time}:${body}`).digest('hex')
      return { 'x-slack-request-timestamp': time, 'x-slack-signature': `v0=${signature}` }
    },
    responseUrl: (user) => `http://127.0.0.1:${port}/response/${user}`,
    send: (type, payload, envelope = randomUUID()) =>
      new Promise((resolve, reject) => {
        const socket = sockets.at(-1)
        if (socket === undefined) return reject(new Error('Nobody listens.'))
        waiting.set(envelope, resolve)
        socket.send(JSON.stringify({ envelope_id: envelope, type, accepts_response_payload: true, payload }))
      }),
    get sockets() {
      return sockets.length
    },
    disconnect: () => {
      for (const socket of [...sockets]) {
        socket.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested', debug_info: {} }))
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
  return slack
}

function presentUser({ id, email, more }: SlackUser): Body {
  return {
    id,
    team_id: team,
    name: id.toLowerCase(),
    deleted: false,
    is_bot: false,
    is_email_confirmed: true,
    profile: { email, display_name: id.toLowerCase(), real_name: id },
    ...more,
  }
}

/** Every text of a message's blocks, without their markup. */
function textsOf(body: Body): string {
  const found: string[] = []
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [name, item] of Object.entries(value)) {
      if (name === 'text' && typeof item === 'string') found.push(item)
      else walk(item)
    }
  }
  walk(body.blocks)
  return found.join('\n').replaceAll(/<!date\^\d+\^\{time\}\|[^>]*> /g, '')
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
