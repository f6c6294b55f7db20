// A Mattermost on loopback, as its API reference and its source describe it: teams, channels, posts, pins, people, dialogs,
// triggers signed with its own key, and a WebSocket that repeats nothing. It enforces names, rights and limits, takes a
// repeated post once, and can be away, slow down, or lose an answer.
import { generateKeyPairSync, sign } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { acceptWebSocket, type WebSocketPeer } from '../../../../test/web-socket-peer.ts'
import {
  mattermostIds,
  mattermostTokens,
  pressRequest,
  type Sent,
  slashRequest,
  stripped,
  submitRequest,
  textOf,
} from './mattermost-requests.ts'

type Body = Readonly<Record<string, unknown>>

export interface MattermostPost {
  readonly id: string
  readonly channel: string
  readonly user: string
  readonly createAt: number
  updateAt: number
  message: string
  props: Body
  pinned: boolean
  edits: number
  type: string
}

export interface MattermostChannel {
  readonly id: string
  readonly name: string
  readonly type: 'O' | 'P' | 'D'
  readonly creator: string
  header: string
  deleted: boolean
  readonly members: Set<string>
}

export interface MattermostUser {
  readonly id: string
  readonly username: string
  readonly email: string
  readonly more?: Body
  readonly outsideTeam?: true
}

/** What happens to the next calls that match: `before` refuses, `after` does it and loses the answer. */
export interface Mishap {
  readonly when: 'before' | 'after'
  readonly how: 'drop' | 503 | 429
  readonly retryAfter?: number
}

export interface MattermostServer {
  readonly url: string
  readonly port: number
  readonly channels: MattermostChannel[]
  readonly posts: MattermostPost[]
  readonly users: MattermostUser[]
  /** Open at a person's screen. */
  readonly dialogs: { readonly user: string; readonly url: string; readonly dialog: Body }[]
  /** What was said to one person only. */
  readonly whispers: { readonly to: string; readonly text: string }[]
  readonly calls: { readonly method: string; readonly path: string; readonly body: unknown }[]
  away: boolean
  confirmsAddresses: boolean
  /** An administrator may whisper and sees everything of people. */
  botIsAdmin: boolean
  /** The server's own clock. */
  now: () => number
  mishap(call: string, mishap: Mishap): void
  textsIn(channel: string): readonly string[]
  trigger(user: string, at?: number): string
  /** The request of a slash command. */
  slash(user: string, channel: string, text: string, more?: { readonly token?: string; readonly at?: number }): Sent
  /** The request of a press on a button of a post. */
  press(user: string, post: string, action: string): Sent
  submit(user: string, submission: Body): Sent
  /** Somebody writes; whoever listens hears of it. */
  say(user: string, channel: string, message: string, more?: Body): MattermostPost
  pin(post: string): void
  readonly sockets: number
  hangUp(): void
  close(): Promise<void>
}

const maxPost = 16_383

export async function startMattermost(): Promise<MattermostServer> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const publicDer = publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
  const mishaps = new Map<string, Mishap[]>()
  const pending = new Map<string, string>()
  const hooks = new Map<string, { readonly user: string; readonly channel: string }>()
  const peers = new Set<{ readonly peer: WebSocketPeer; readonly end: () => void; isKnown: boolean; seq: number }>()
  let counter = 0
  const next = (kind: string) => {
    counter += 1
    return `${kind}${String(counter).padStart(26 - kind.length, '0')}`
  }

  const channelOf = (id: unknown) => server.channels.find((each) => each.id === id)
  const presentChannel = (channel: MattermostChannel): Body => ({
    id: channel.id,
    create_at: 1,
    delete_at: channel.deleted ? 2 : 0,
    team_id: channel.type === 'D' ? '' : mattermostIds.team,
    type: channel.type,
    display_name: channel.name,
    name: channel.name,
    header: channel.header,
    creator_id: channel.creator,
  })
  /** What a button carries stays here: nobody is shown it. */
  const presentPost = (post: MattermostPost): Body => ({
    id: post.id,
    create_at: post.createAt,
    update_at: post.updateAt,
    edit_at: 0,
    delete_at: 0,
    is_pinned: post.pinned,
    user_id: post.user,
    channel_id: post.channel,
    root_id: '',
    message: post.message,
    type: post.type,
    props: stripped(post.props),
    hashtags: '',
    pending_post_id: '',
  })
  const presentUser = (user: MattermostUser): Body => ({
    id: user.id,
    username: user.username,
    email: user.email,
    first_name: '',
    last_name: '',
    nickname: '',
    delete_at: 0,
    roles: 'system_user',
    ...(server.botIsAdmin ? { email_verified: true, auth_service: '' } : {}),
    ...user.more,
  })

  function publish(event: string, post: MattermostPost): void {
    const channel = channelOf(post.channel)
    for (const each of peers) {
      if (!each.isKnown || channel?.members.has(mattermostIds.bot) !== true) continue
      each.seq += 1
      const data = { channel_type: channel.type, channel_name: channel.name, post: JSON.stringify(presentPost(post)) }
      each.peer.send(JSON.stringify({ event, data, broadcast: { channel_id: post.channel }, seq: each.seq }))
    }
  }

  function addPost(user: string, channel: string, body: Body): MattermostPost {
    const at = server.now()
    const post: MattermostPost = {
      id: next('post'),
      channel,
      user,
      createAt: at,
      updateAt: at,
      message: String(body.message ?? ''),
      props: (body.props as Body | undefined) ?? {},
      pinned: false,
      edits: 0,
      type: String(body.type ?? ''),
    }
    server.posts.push(post)
    publish('posted', post)
    return post
  }

  type Reply = readonly [status: number, body: unknown]
  const no = (status: number, id: string, message = id): Reply => [
    status,
    { id, message, detailed_error: '', request_id: next('req'), status_code: status },
  ]
  const noChannel = () => no(404, 'app.channel.get.existing.app_error', 'Unable to find the existing channel.')
  const deleted = (where: string) => no(400, `api.${where}.app_error`, 'The channel has been archived or deleted.')

  function createPost(body: Body): Reply {
    const found = channelOf(body.channel_id)
    if (found === undefined) return no(403, 'api.context.permissions.app_error', 'You do not have the permissions.')
    if (found.deleted)
      return no(400, 'api.post.create_post.can_not_post_to_deleted.error', 'Can not post to deleted channel.')
    if ([...String(body.message)].length > maxPost) return no(400, 'model.post.is_valid.message_length.app_error')
    const name = String(body.pending_post_id ?? '')
    const before = server.posts.find((each) => each.id === pending.get(name))
    if (name !== '' && before !== undefined) return [201, presentPost(before)]
    const post = addPost(mattermostIds.bot, found.id, body)
    if (name !== '') pending.set(name, post.id)
    return [201, presentPost(post)]
  }

  function createChannel({ team_id, name, type, display_name }: Body): Reply {
    if (team_id !== mattermostIds.team) return no(403, 'api.context.permissions.app_error')
    if (typeof name !== 'string' || !/^[a-z0-9][a-z0-9_-]{0,63}$/.test(name))
      return no(400, 'model.channel.is_valid.1_or_more.app_error')
    if (typeof display_name !== 'string' || display_name.length > 64)
      return no(400, 'model.channel.is_valid.display_name.app_error')
    const taken = server.channels.find((each) => each.name === name)
    if (taken !== undefined)
      return no(400, `store.sql_channel.save_channel.${taken.deleted ? 'previously' : 'exists'}.app_error`)
    const channel: MattermostChannel = {
      id: next('chan'),
      name,
      type: type === 'P' ? 'P' : 'O',
      creator: mattermostIds.bot,
      header: '',
      deleted: false,
      members: new Set([mattermostIds.bot]),
    }
    server.channels.push(channel)
    return [201, presentChannel(channel)]
  }

  function direct(users: unknown): Reply {
    const names = [...(users as string[])].sort()
    const name = names.join('__')
    const there = server.channels.find((each) => each.name === name)
    if (there !== undefined) return [201, presentChannel(there)]
    if (!names.every((each) => each === mattermostIds.bot || server.users.some((user) => user.id === each)))
      return no(404, 'app.user.missing_account.const')
    const channel: MattermostChannel = {
      id: next('dire'),
      name,
      type: 'D',
      creator: mattermostIds.bot,
      header: '',
      deleted: false,
      members: new Set(names),
    }
    server.channels.push(channel)
    return [201, presentChannel(channel)]
  }

  function onChannel(id: string, what: string, method: string, body: Body, query: URLSearchParams): Reply {
    const found = channelOf(id)
    if (found === undefined) return noChannel()
    const mine = () => server.posts.filter((each) => each.channel === id)
    if (method === 'DELETE') {
      if (found.deleted) return deleted('channel.delete_channel.deleted')
      found.deleted = true
      return [200, { status: 'OK' }]
    }
    if (what === 'posts') {
      const since = query.get('since')
      const listed = since === null ? mine() : mine().filter((each) => each.updateAt > Number(since))
      const newest = [...listed].reverse().slice(0, since === null ? Number(query.get('per_page') ?? 60) : 1_000)
      return [
        200,
        {
          order: newest.map((each) => each.id),
          posts: Object.fromEntries(newest.map((each) => [each.id, presentPost(each)])),
        },
      ]
    }
    if (what === 'patch') {
      if (found.deleted) return deleted('channel.patch_update_channel.deleted')
      if (String(body.header).length > 1_024) return no(400, 'model.channel.is_valid.header.app_error')
      found.header = String(body.header)
      return [200, presentChannel(found)]
    }
    const user = server.users.find((each) => each.id === body.user_id)
    if (user === undefined || user.outsideTeam === true)
      return no(404, 'store.sql_team.get_member.missing.app_error', 'No team member found.')
    found.members.add(user.id)
    return [201, { channel_id: id, user_id: user.id }]
  }

  function onPost(id: string, what: string, body: Body): Reply {
    const found = server.posts.find((each) => each.id === id)
    if (found === undefined) return no(404, 'app.post.get.app_error')
    if (channelOf(found.channel)?.deleted === true)
      return no(400, 'api.post.patch_post.can_not_update_post_in_deleted.error')
    found.updateAt = server.now()
    if (what === 'pin') found.pinned = true
    else {
      found.message = String(body.message ?? found.message)
      found.props = (body.props as Body | undefined) ?? found.props
      found.edits += 1
    }
    publish('post_edited', found)
    return [200, what === 'pin' ? { status: 'OK' } : presentPost(found)]
  }

  function openDialog({ trigger_id, url, dialog }: Body): Reply {
    const [, user = '', at = ''] = Buffer.from(String(trigger_id), 'base64').toString('utf8').split(':')
    if (Math.abs(server.now() - Number(at)) > 30_000)
      return no(400, 'interactive_message.decode_trigger_id.expired', 'Trigger ID for interactive dialog is expired.')
    server.dialogs.push({ user, url: String(url), dialog: dialog as Body })
    return [200, { status: 'OK' }]
  }

  function api(method: string, path: string, query: URLSearchParams, body: unknown): Reply {
    const given = (body ?? {}) as Body
    const [, first = '', second = '', third = ''] = path.split('/')
    const user = (found: MattermostUser | undefined): Reply =>
      found === undefined ? no(404, 'app.user.missing_account.const') : [200, presentUser(found)]
    switch (`${method} /${first}`) {
      case 'GET /users':
        if (path === '/users/me') return [200, { id: mattermostIds.bot, username: 'mainstay', is_bot: true }]
        if (path === '/users/me/teams') return [200, [{ id: mattermostIds.team, name: 'shop', display_name: 'Shop' }]]
        if (second === 'email') return user(server.users.find((each) => each.email === decodeURIComponent(third)))
        return user(server.users.find((each) => each.id === second))
      case 'POST /users':
        return [200, server.users.filter((each) => (body as string[]).includes(each.username)).map(presentUser)]
      case 'GET /config':
        return [
          200,
          { RequireEmailVerification: String(server.confirmsAddresses), AsymmetricSigningPublicKey: publicDer },
        ]
      case 'GET /teams': {
        const named = server.channels.find((each) => path.endsWith(`/channels/name/${each.name}`) && !each.deleted)
        return named === undefined ? noChannel() : [200, presentChannel(named)]
      }
      case 'POST /channels':
        if (second === 'direct') return direct(body)
        return second === '' ? createChannel(given) : onChannel(second, third, method, given, query)
      case 'GET /channels':
      case 'PUT /channels':
      case 'DELETE /channels':
        return onChannel(second, third, method, given, query)
      case 'POST /posts':
        if (second === '') return createPost(given)
        if (second !== 'ephemeral') return onPost(second, third, given)
        if (!server.botIsAdmin) return no(403, 'api.context.permissions.app_error')
        server.whispers.push({ to: String(given.user_id), text: String((given.post as Body).message) })
        return [201, { id: next('post') }]
      case 'PUT /posts':
        return onPost(second, third, given)
      case 'POST /actions':
        return openDialog(given)
      default:
        return no(404, 'api.context.404.app_error', 'Sorry, we could not find the page.')
    }
  }

  const http = createServer((request, response) => {
    void readAll(request).then((text) => {
      if (server.away) return void request.socket.destroy()
      const url = new URL(request.url ?? '/', 'http://mattermost')
      const hook = hooks.get(url.pathname.replace('/hooks/commands/', ''))
      if (hook !== undefined) {
        server.whispers.push({ to: hook.user, text: String((JSON.parse(text) as Body).text) })
        return void response.writeHead(200, { 'content-type': 'text/plain' }).end('ok')
      }
      handle(request, response, url, text)
    })
  })

  function handle(request: IncomingMessage, response: ServerResponse, url: URL, text: string): void {
    const path = url.pathname.replace('/api/v4', '')
    const method = request.method ?? ''
    const body: unknown = text === '' ? null : JSON.parse(text)
    server.calls.push({ method, path, body })
    const named = `${method} /${path
      .split('/')
      .filter((word) => word !== '' && !/^[a-z0-9]{26}$/.test(word))
      .join('/')}`
    const [mishap] = mishaps.get(named)?.splice(0, 1) ?? []
    if (mishap?.when === 'before') return void goWrong(mishap, request, response)
    const [status, reply] =
      request.headers.authorization === `Bearer ${mattermostTokens.bot}`
        ? api(method, path, url.searchParams, body)
        : no(401, 'api.context.session_expired.app_error', 'Invalid or expired session, please login again.')
    if (mishap?.when === 'after') return void goWrong(mishap, request, response)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(reply))
  }

  function goWrong({ how, retryAfter }: Mishap, request: IncomingMessage, response: ServerResponse): void {
    if (how === 'drop') return void request.socket.destroy()
    response.writeHead(how, retryAfter === undefined ? {} : { 'x-ratelimit-reset': String(retryAfter) })
    response.end(how === 429 ? 'limit exceeded' : '')
  }

  http.on('upgrade', (request, socket) => {
    if (server.away) return void socket.destroy()
    const each = {
      isKnown: false,
      seq: -1,
      end: () => socket.destroy(),
      peer: acceptWebSocket(request, socket, (text) => {
        const { seq, action, data } = JSON.parse(text) as { seq: number; action: string; data: { token?: string } }
        const say = (message: object) => each.peer.send(JSON.stringify(message))
        if (action === 'ping') return say({ status: 'OK', data: { text: 'pong' }, seq_reply: seq })
        if (action !== 'authentication_challenge' || data.token !== mattermostTokens.bot) return void socket.destroy()
        each.isKnown = true
        each.seq = 0
        say({ event: 'hello', data: { server_version: '10.5.0', connection_id: next('conn') }, broadcast: {}, seq: 0 })
        say({ status: 'OK', seq_reply: seq })
      }),
    }
    peers.add(each)
    socket.on('close', () => peers.delete(each))
  })
  const open = new Set<Socket>()
  http.on('connection', (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo

  const server: MattermostServer = {
    url: `http://127.0.0.1:${port}`,
    port,
    channels: [
      {
        id: mattermostIds.town,
        name: 'town-square',
        type: 'O',
        creator: '',
        header: '',
        deleted: false,
        members: new Set([mattermostIds.bot]),
      },
    ],
    posts: [],
    users: [],
    dialogs: [],
    whispers: [],
    calls: [],
    away: false,
    confirmsAddresses: true,
    botIsAdmin: true,
    now: () => Date.now(),
    mishap: (call, mishap) => mishaps.set(call, [...(mishaps.get(call) ?? []), mishap]),
    textsIn: (channel) => server.posts.filter((each) => each.channel === channel).map(textOf),
    trigger: (user, at = server.now()) => {
      const said = `${next('trig')}:${user}:${at}:`
      const signature = sign('sha256', Buffer.from(said), privateKey).toString('base64')
      return Buffer.from(`${said}${signature}`).toString('base64')
    },
    slash: (user, channel, text, { token = mattermostTokens.command, at } = {}) => {
      const hook = next('hook')
      hooks.set(hook, { user, channel })
      const mentioned = server.users.filter(({ username }) => text.includes(`@${username}`))
      return slashRequest({ user, channel, text, token, hook, trigger: server.trigger(user, at), mentioned })
    },
    press: (user, id, action) => {
      const post = server.posts.find((each) => each.id === id)
      if (post === undefined) throw new Error('There is no such post.')
      return pressRequest({ user, post, action, trigger: server.trigger(user) })
    },
    submit: (user, submission) => {
      const opened = server.dialogs.findLast((each) => each.user === user)
      if (opened === undefined) throw new Error('No form is open there.')
      return submitRequest({ user, opened, submission })
    },
    say: (user, channel, message, more = {}) => addPost(user, channel, { message, ...more }),
    pin: (id) => {
      const post = server.posts.find((each) => each.id === id)
      if (post === undefined) return
      post.pinned = true
      post.updateAt = server.now()
      publish('post_edited', post)
    },
    get sockets() {
      return [...peers].filter((each) => each.isKnown).length
    },
    hangUp: () => {
      for (const each of [...peers]) each.end()
    },
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
  return server
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
