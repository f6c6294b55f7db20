// Rooms of incidents in Slack: channels, messages, members, by a bot.
import type { JsonObject } from '../../kernel/json.ts'
import type { ChatOutcome, ChatRoom, ChatUser, PlaceOfRoom } from '../../modules/chat/chat.ports.ts'
import { wordsOf } from '../../modules/notifications/channel-http.ports.ts'
import type { Egress } from '../../platform/egress/index.ts'
import { callSlack, type SlackAnswer } from './slack-api.ts'
import { readSlackSettings, type SlackSettings } from './slack-channel.ts'
import { escapeSlack } from './slack-message.ts'
import { formView, roomBody } from './slack-room-message.ts'

export interface SlackRoomOptions {
  readonly egress: Pick<Egress, 'request'>
  readonly settings: () => Promise<JsonObject | null>
}

interface Workspace {
  readonly url: string
  readonly team: string
  readonly enterprise: string | null
  readonly bot: string
}

const pages = 10
const asDone: ReadonlySet<string> = new Set([
  'already_pinned',
  'already_in_channel',
  'already_archived',
  'cant_invite_self',
  'no_user',
])
const unknownUser = new Set(['users_not_found', 'user_not_found'])

export function createSlackRoom({ egress, settings }: SlackRoomOptions): ChatRoom {
  let known: { readonly token: string; readonly workspace: Workspace } | null = null

  async function call(method: string, given: JsonObject): Promise<ChatOutcome<SlackAnswer>> {
    const read = readSlackSettings(await settings())
    if (read === null) return { kind: 'wait', because: 'Slack is not connected.', afterMs: null }
    return callSlack(egress, read, read.botToken, method, given)
  }
  /** What is not news to Slack is done. */
  const change = async (method: string, given: JsonObject): Promise<ChatOutcome> => {
    const called = await call(method, given)
    if (called.kind === 'done') return { kind: 'done', value: null }
    const error = called.kind === 'refused' ? errorOf(called.because) : ''
    return asDone.has(error) ? { kind: 'done', value: null } : called
  }
  async function workspace(): Promise<ChatOutcome<Workspace>> {
    const token = readSlackSettings(await settings())?.botToken ?? ''
    if (known?.token === token) return { kind: 'done', value: known.workspace }
    return map(await call('auth.test', {}), (answer) => {
      const enterprise = wordsOf(answer.enterprise_id)
      const found = {
        url: wordsOf(answer.url),
        team: wordsOf(answer.team_id),
        enterprise: enterprise === '' ? null : enterprise,
        bot: wordsOf(answer.user_id),
      }
      known = { token, workspace: found }
      return found
    })
  }
  const placed = async (channel: unknown): Promise<ChatOutcome<PlaceOfRoom>> => {
    const { id, name } = objectOf(channel)
    return map(await workspace(), ({ url }) => ({
      place: wordsOf(id),
      name: wordsOf(name),
      url: `${url}archives/${wordsOf(id)}`,
    }))
  }

  return {
    provider: 'slack',
    title: 'Slack',
    longestName: 80,
    isConnected: async () => readSlackSettings(await settings()) !== null,
    open: async ({ name, isPrivate }) => {
      // Asked first, so that nothing can fail between the making and the writing down.
      const there = await workspace()
      if (there.kind !== 'done') return there
      const made = await call('conversations.create', { name, is_private: isPrivate })
      return made.kind === 'done' ? placed(made.value.channel) : made
    },
    findOwn: async (name) => {
      const there = await workspace()
      if (there.kind !== 'done') return there
      let cursor = ''
      for (let page = 0; page < pages; page += 1) {
        const asked = { exclude_archived: 'true', types: 'public_channel,private_channel', limit: '1000', cursor }
        const listed = await call('conversations.list', asked)
        if (listed.kind !== 'done') return listed
        const found = arrayOf(listed.value.channels).find(
          (each) => each.name === name && each.creator === there.value.bot,
        )
        if (found !== undefined) return placed(found)
        cursor = wordsOf(objectOf(listed.value.response_metadata).next_cursor)
        if (cursor === '') break
      }
      return { kind: 'done', value: null }
    },
    post: async (channel, posting) =>
      map(await call('chat.postMessage', { channel, ...roomBody(posting) }), (answer) => wordsOf(answer.ts)),
    findPost: async (channel, key) => {
      const history = await call('conversations.history', { channel, limit: '100', include_all_metadata: 'true' })
      return map(history, ({ messages }) => {
        const found = arrayOf(messages).find((each) => objectOf(objectOf(each.metadata).event_payload).key === key)
        return found === undefined ? null : wordsOf(found.ts)
      })
    },
    change: (channel, ts, posting) => change('chat.update', { channel, ts, ...roomBody(posting) }),
    pin: (channel, timestamp) => change('pins.add', { channel, timestamp }),
    setTopic: (channel, topic) => change('conversations.setTopic', { channel, topic }),
    invite: (channel, users) => change('conversations.invite', { channel, users: users.join(','), force: true }),
    archive: (channel) => change('conversations.archive', { channel }),
    findUser: async (email) => {
      const found = await call('users.lookupByEmail', { email })
      if (found.kind === 'refused' && unknownUser.has(errorOf(found.because))) return { kind: 'done', value: null }
      return map(found, ({ user }) => wordsOf(objectOf(user).id))
    },
    describeUser: async (user) => {
      const there = await workspace()
      if (there.kind !== 'done') return there
      return map(await call('users.info', { user }), (answer) => readUser(objectOf(answer.user), there.value))
    },
    answer: async (to, text) => {
      const { responseUrl, channel, user } = to
      if (typeof responseUrl !== 'string')
        return change('chat.postEphemeral', { channel: channel ?? '', user: user ?? '', text: escapeSlack(text) })
      return respond(egress, readSlackSettings(await settings()), responseUrl, text)
    },
    openForm: (trigger, form) => change('views.open', { trigger_id: trigger, view: formView(form) }),
    check: async () => {
      const asked = await call('auth.test', {})
      if (asked.kind !== 'done') return [{ name: 'token', ok: false, sentence: asked.because }]
      const listed = await call('conversations.list', { types: 'public_channel,private_channel', limit: '1' })
      return [
        {
          name: 'token',
          ok: true,
          sentence: `The bot is ${wordsOf(asked.value.user)} in ${wordsOf(asked.value.team)}.`,
        },
        listed.kind === 'done'
          ? { name: 'rooms', ok: true, sentence: 'The bot may read the channels.' }
          : { name: 'rooms', ok: false, sentence: listed.because },
      ]
    },
  }
}

/** `Slack refused pins.add: already_pinned.` */
const errorOf = (because: string): string => /: (\w+)\./.exec(because)?.[1] ?? ''

/**
 * Whether the address proves who it is. Somebody of another company in a shared channel has an address that company chose;
 * one that was never confirmed may be anybody's.
 */
function readUser(user: SlackAnswer, there: Workspace): ChatUser {
  const profile = objectOf(user.profile)
  const name = wordsOf(profile.display_name) || wordsOf(profile.real_name) || wordsOf(user.name) || wordsOf(user.id)
  const email = wordsOf(profile.email)
  const team = wordsOf(user.team_id)
  const enterprise = wordsOf(objectOf(user.enterprise_user).enterprise_id)
  const ours = team === there.team || (there.enterprise !== null && enterprise === there.enterprise)
  const because =
    user.is_bot === true
      ? 'Programs have no account of a person.'
      : user.deleted === true
        ? 'The account in Slack is deactivated.'
        : user.is_stranger === true || !ours
          ? 'You belong to another company in Slack, which chose the address itself.'
          : user.is_email_confirmed === false
            ? 'The address in Slack was never confirmed.'
            : email === ''
              ? 'Slack does not tell us your e-mail address; the app needs the scope users:read.email.'
              : null
  return { name, email: because === null ? email : null, because, contact: null }
}

/** An address to answer at came with a signed request; it still leads nowhere but to Slack. */
async function respond(
  egress: Pick<Egress, 'request'>,
  settings: SlackSettings | null,
  url: string,
  text: string,
): Promise<ChatOutcome> {
  const ours = URL.canParse(url) && settings !== null && isSlacks(new URL(url), new URL(settings.apiUrl))
  if (!ours) return { kind: 'refused', code: 'other', because: 'The address to answer at is not one of Slack.' }
  try {
    const reply = await egress.request({
      connector: 'slack',
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ response_type: 'ephemeral', replace_original: false, text: escapeSlack(text) }),
      timeouts: { headersMs: 6_000, totalMs: 8_000 },
    })
    if (reply.status < 300) return { kind: 'done', value: null }
    const again = reply.status === 429 || reply.status >= 500
    const because = `Slack answered ${reply.status}.`
    return again ? { kind: 'wait', because, afterMs: null } : { kind: 'refused', code: 'other', because }
  } catch (error) {
    return { kind: 'wait', because: error instanceof Error ? error.message : '', afterMs: null }
  }
}

function isSlacks(url: URL, api: URL): boolean {
  return url.origin === api.origin || (url.protocol === 'https:' && /^hooks\.slack(-gov)?\.com$/.test(url.hostname))
}

function map<From, To>(outcome: ChatOutcome<From>, of: (value: From) => To): ChatOutcome<To> {
  return outcome.kind === 'done' ? { kind: 'done', value: of(outcome.value) } : outcome
}

function objectOf(value: unknown): SlackAnswer {
  return typeof value === 'object' && value !== null ? (value as SlackAnswer) : {}
}

function arrayOf(value: unknown): readonly SlackAnswer[] {
  return Array.isArray(value) ? value.map(objectOf) : []
}
