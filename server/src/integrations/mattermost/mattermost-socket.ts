// What is said and pinned comes over a WebSocket that we hold: nothing has to be installed at the server, and an outgoing
// webhook would know public channels only. The server repeats nothing: what was missed is read from the channels afterwards.
import { setInterval } from 'node:timers'
import { type Instant, plus } from '../../kernel/instant.ts'
import type { Inbound, ListenOrder } from '../../modules/chat/chat.ports.ts'
import type { Connection } from '../../modules/chat/listening.ports.ts'
import { wordsOf } from '../../modules/notifications/channel-http.ports.ts'
import { type Egress, openWebSocket } from '../../platform/egress/index.ts'
import { monotonicMs } from '../../platform/monotonic.ts'
import { callMattermost, listOf, objectOf } from './mattermost-api.ts'
import {
  askedIn,
  commandOf,
  type HeardPost,
  mentionedIn,
  parse,
  pinnedOf,
  readPost,
  saidOf,
  withMentions,
} from './mattermost-inbound.ts'
import type { FindSite, MattermostSite } from './mattermost-site.ts'

export interface SocketOptions {
  readonly egress: Pick<Egress, 'request' | 'checkedSocket'>
  readonly findSite: FindSite
}

const pingMs = 30_000
/** Two pings without an answer. */
const silentMs = 75_000
const seenEveryMs = 20_000
/** Clocks differ, and what was kept last may have come in any order. What comes twice is kept once. */
const overlapMs = 5 * 60_000
/** A command that waited longer than this is not what somebody wants now. */
const commandMs = 5 * 60_000

export async function openMattermostConnection(options: SocketOptions, order: ListenOrder): Promise<Connection> {
  const found = await options.findSite()
  if (found.kind !== 'done') throw new Error(found.because)
  const site = found.value
  const lastSeen = await order.lastSeen()
  let end: (because: string) => void = () => undefined
  const ended = new Promise<string>((resolve) => {
    end = resolve
  })
  let greeted: () => void = () => undefined
  const greeting = new Promise<null>((resolve) => {
    greeted = () => resolve(null)
  })
  let heardAt = monotonicMs()
  let seenAt = Number.NEGATIVE_INFINITY
  let expected: number | null = null
  let tail: Promise<void> = Promise.resolve()

  // In order; what cannot be kept ends the connection, and the next one reads it again.
  const next = (task: () => Promise<void>) => {
    tail = tail.then(task).catch((error: unknown) => end(error instanceof Error ? error.message : 'It was not kept.'))
  }
  const text = (said: string) => {
    heardAt = monotonicMs()
    const message = parse(said)
    if (message.event === 'hello' || (message.status === 'OK' && message.seq_reply === 1)) greeted()
    if (typeof message.seq === 'number') {
      if (expected !== null && message.seq !== expected) return end('Something of Mattermost was missed.')
      expected = message.seq + 1
    }
    next(async () => {
      const inbound = await readEvent(options, site, message)
      if (inbound !== null) await order.take(inbound)
      if (monotonicMs() - seenAt < seenEveryMs) return
      seenAt = monotonicMs()
      await order.seen()
    })
  }
  const url = `${site.settings.url.replace(/^http/, 'ws')}/api/v4/websocket`
  const socket = await openWebSocket(options.egress, 'mattermost', url, { text, end: (because) => end(because) })
  let sent = 0
  const send = (action: string, data: object) => {
    sent += 1
    socket.send(JSON.stringify({ seq: sent, action, data }))
  }
  const ping = setInterval(() => {
    if (monotonicMs() - heardAt > silentMs) end('Nothing was heard for more than a minute.')
    else send('ping', {})
  }, pingMs).unref()
  const close = async () => {
    clearInterval(ping)
    await tail
    socket.close()
  }
  send('authentication_challenge', { token: site.settings.botToken })
  // A token that is not taken closes the connection without a word.
  const refused = await Promise.race([greeting, ended])
  if (refused !== null) {
    await close()
    throw new Error(refused)
  }
  if (lastSeen !== null) next(() => readMissed(options, site, order, lastSeen))
  return { ended, close }
}

async function readEvent(
  options: SocketOptions,
  site: MattermostSite,
  message: ReturnType<typeof parse>,
): Promise<Inbound | null> {
  const isNew = message.event === 'posted'
  if (!isNew && message.event !== 'post_edited') return null
  const data = objectOf(message.data)
  const post = readPost(parse(wordsOfPost(data.post)), site.botId)
  if (post === null) return null
  if (post.isPinned) return pinnedOf(post)
  if (!isNew) return null
  const alone = data.channel_type === 'D'
  const asked = askedIn(post.text, site.botName, alone)
  return asked === null ? saidOf(post) : commandOf(post, await nameUsers(options, site, asked), alone)
}

/** A post as it stands in an event: JSON in JSON, at most its 16,383 characters and its properties. */
const wordsOfPost = (value: unknown): string => (typeof value === 'string' && value.length < 1_000_000 ? value : '')

/** A slash command says who is meant by `@ana`; a post does not. */
async function nameUsers({ egress }: SocketOptions, site: MattermostSite, text: string): Promise<string> {
  const names = mentionedIn(text)
  if (names.length === 0) return text
  const found = await callMattermost(egress, site.settings, { method: 'POST', path: '/users/usernames', body: names })
  if (found.kind !== 'done') return text
  return withMentions(text, new Map(listOf(found.value).map((each) => [wordsOf(each.username), wordsOf(each.id)])))
}

async function readMissed(
  options: SocketOptions,
  site: MattermostSite,
  order: ListenOrder,
  lastSeen: Instant,
): Promise<void> {
  const span = { since: plus(lastSeen, -overlapMs), now: await order.now() }
  for (const place of await order.places()) {
    const path = `/channels/${encodeURIComponent(place)}/posts?since=${span.since}`
    const listed = await callMattermost(options.egress, site.settings, { method: 'GET', path })
    // A channel we were removed from has nothing to tell us.
    if (listed.kind === 'refused') continue
    if (listed.kind !== 'done') throw new Error(listed.because)
    const posts = Object.values(objectOf(objectOf(listed.value).posts))
      .map((each) => readPost(each, site.botId))
      .filter((each) => each !== null)
      .sort((one, other) => one.createdAt - other.createdAt)
    for (const post of posts) for (const inbound of await missedOf(options, site, post, span)) await order.take(inbound)
  }
}

/** What was changed since is listed too: it was said before. */
async function missedOf(
  options: SocketOptions,
  site: MattermostSite,
  post: HeardPost,
  { since, now }: { readonly since: Instant; readonly now: Instant },
): Promise<readonly Inbound[]> {
  const pinned = post.isPinned ? [pinnedOf(post)] : []
  if (post.createdAt <= since) return pinned
  const asked = askedIn(post.text, site.botName, false)
  if (asked === null || post.createdAt < now - commandMs) return [saidOf(post), ...pinned]
  return [commandOf(post, await nameUsers(options, site, asked), false), ...pinned]
}
