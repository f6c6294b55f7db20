// Rooms of incidents in Mattermost: channels, posts, members, by a bot with no rights beyond its own channels.
import type { JsonObject } from '../../kernel/json.ts'
import type {
  ChatCheck,
  ChatForm,
  ChatOutcome,
  ChatRoom,
  ChatUser,
  PlaceOfRoom,
} from '../../modules/chat/chat.ports.ts'
import { wordsOf } from '../../modules/notifications/channel-http.ports.ts'
import type { Egress } from '../../platform/egress/index.ts'
import { type Answer, callMattermost, judge, type MattermostCall, mapOutcome, objectOf } from './mattermost-api.ts'
import { readMattermostSettings } from './mattermost-channel.ts'
import { type ProofKeys, readTrigger, sign } from './mattermost-proof.ts'
import { dialogOf, hookOf, keyProp, roomPost } from './mattermost-room-message.ts'
import { type FindSite, type MattermostSite, notConnected, teamMissing } from './mattermost-site.ts'

export interface MattermostRoomOptions {
  readonly egress: Pick<Egress, 'request'>
  readonly settings: () => Promise<JsonObject | null>
  readonly findSite: FindSite
  readonly keys: ProofKeys
  readonly publicUrl: string
}

type Ask = (call: MattermostCall) => Promise<ChatOutcome<unknown>>

/** Where a cut-off post is looked for: far more than a room is told meanwhile. */
const postsBack = 200

export function createMattermostRoom(options: MattermostRoomOptions): ChatRoom {
  const { egress, settings, findSite, keys, publicUrl } = options
  const ask: Ask = async (call) => {
    const read = readMattermostSettings(await settings())
    return read === null ? notConnected : callMattermost(egress, read, call)
  }
  const done = async (call: MattermostCall): Promise<ChatOutcome> => mapOutcome(await ask(call), () => null)
  const drawn = (posting: Parameters<typeof roomPost>[0]) =>
    roomPost(posting, { publicUrl, sign: (pressed) => sign(keys, pressed) })

  return {
    provider: 'mattermost',
    title: 'Mattermost',
    longestName: 64,
    isConnected: async () => readMattermostSettings(await settings()) !== null,
    open: async ({ name, isPrivate }) => {
      const site = await findSite()
      if (site.kind !== 'done') return site
      const { team } = site.value
      if (team === null) return { kind: 'refused', code: 'other', because: teamMissing(site.value) }
      const body = { team_id: team.id, name, display_name: name, type: isPrivate ? 'P' : 'O' }
      const made = await ask({ method: 'POST', path: '/channels', body })
      return mapOutcome(made, (channel) => placeOf(site.value, channel))
    },
    findOwn: async (name) => {
      const site = await findSite()
      if (site.kind !== 'done') return site
      const { team, botId } = site.value
      if (team === null) return { kind: 'done', value: null }
      const found = await ask({ method: 'GET', path: `/teams/${team.id}/channels/name/${name}` })
      // There is none of this name, or one that is not ours to see.
      if (found.kind === 'refused') return { kind: 'done', value: null }
      return mapOutcome(found, (channel) =>
        objectOf(channel).creator_id === botId ? placeOf(site.value, channel) : null,
      )
    },
    post: async (place, posting) => {
      // The server takes a repeated post of the last half minute once, by this name.
      const body = { channel_id: place, pending_post_id: posting.key, ...drawn(posting) }
      return mapOutcome(await ask({ method: 'POST', path: '/posts', body }), (post) => wordsOf(objectOf(post).id))
    },
    findPost: async (place, key) => {
      const site = await findSite()
      if (site.kind !== 'done') return site
      const listed = await ask({ method: 'GET', path: `/channels/${place}/posts?per_page=${postsBack}` })
      return mapOutcome(listed, (list) => {
        const posts = Object.values(objectOf(objectOf(list).posts)).map(objectOf)
        const found = posts.find((each) => each.user_id === site.value.botId && objectOf(each.props)[keyProp] === key)
        return found === undefined ? null : wordsOf(found.id)
      })
    },
    change: async (_place, ref, posting) => {
      const changed = await done({ method: 'PUT', path: `/posts/${ref}/patch`, body: drawn(posting) })
      // Where posts may be edited for some time only, an old summary stays as it was; the lines must go on.
      return changed.kind === 'refused' && /time_limit/.test(changed.because) ? { kind: 'done', value: null } : changed
    },
    pin: (_place, ref) => done({ method: 'POST', path: `/posts/${ref}/pin`, body: {} }),
    setTopic: (place, topic) => done({ method: 'PUT', path: `/channels/${place}/patch`, body: { header: topic } }),
    invite: (place, users) => inviteEach(done, place, users),
    archive: async (place) => {
      const archived = await done({ method: 'DELETE', path: `/channels/${place}` })
      return archived.kind === 'refused' && archived.code === 'room-gone' ? { kind: 'done', value: null } : archived
    },
    findUser: async (email) => {
      const found = await ask({ method: 'GET', path: `/users/email/${encodeURIComponent(email)}` })
      // Somebody who is not there, and somebody whose address the bot may not see, look the same from here.
      if (found.kind === 'refused') return { kind: 'done', value: null }
      return mapOutcome(found, (user) => wordsOf(objectOf(user).id))
    },
    describeUser: async (user) => {
      const site = await findSite()
      if (site.kind !== 'done') return site
      const found = await ask({ method: 'GET', path: `/users/${encodeURIComponent(user)}` })
      if (found.kind !== 'done') return found
      const direct = await directWith(ask, site.value, user)
      if (direct.kind === 'wait' || direct.kind === 'lost') return direct
      const contact = direct.kind === 'done' ? direct.value : null
      return { kind: 'done', value: readUser(objectOf(found.value), site.value, contact) }
    },
    answer: (to, text) => answer(options, ask, to, text),
    openForm: (trigger, form) => openForm(options, done, trigger, form),
    check: () => check(options),
  }
}

function placeOf({ settings, team }: MattermostSite, channel: unknown): PlaceOfRoom {
  const { id, name } = objectOf(channel)
  const url = `${settings.url}/${team?.name ?? ''}/channels/${wordsOf(name)}`
  return { place: wordsOf(id), name: wordsOf(name), url }
}

/** One that may not be asked in, who is not in the team, must not keep the others out. */
async function inviteEach(
  done: (call: MattermostCall) => Promise<ChatOutcome>,
  place: string,
  users: readonly string[],
): Promise<ChatOutcome> {
  for (const user of users) {
    const added = await done({ method: 'POST', path: `/channels/${place}/members`, body: { user_id: user } })
    if (added.kind !== 'done' && !(added.kind === 'refused' && added.code === 'other')) return added
  }
  return { kind: 'done', value: null }
}

/** The channel of the bot with one person; made when there is none yet, and seen only once something stands in it. */
async function directWith(ask: Ask, { botId }: MattermostSite, user: string): Promise<ChatOutcome<string>> {
  const made = await ask({ method: 'POST', path: '/channels/direct', body: [botId, user] })
  return mapOutcome(made, (channel) => wordsOf(objectOf(channel).id))
}

/**
 * Whether the address proves who it is. The server tells its administrators which addresses were confirmed, and everybody
 * whether it takes any other; a directory's are the company's own.
 */
function readUser(user: Answer, { settings, confirmsAddresses }: MattermostSite, contact: string | null): ChatUser {
  const full = `${wordsOf(user.first_name)} ${wordsOf(user.last_name)}`.trim()
  const name = wordsOf(user.username) || wordsOf(user.nickname) || full || wordsOf(user.id)
  const email = wordsOf(user.email)
  const isProved =
    confirmsAddresses || settings.trustAddresses || user.email_verified === true || wordsOf(user.auth_service) !== ''
  const because =
    user.is_bot === true
      ? 'Programs have no account of a person.'
      : typeof user.delete_at === 'number' && user.delete_at > 0
        ? 'The account in Mattermost is deactivated.'
        : wordsOf(user.remote_id) !== ''
          ? 'You come from another Mattermost server, which chose the address itself.'
          : email === ''
            ? 'Mattermost does not tell the bot your e-mail address: an administrator lets it be shown (Site Configuration, Users and Teams).'
            : isProved
              ? null
              : 'Mattermost takes addresses nobody has confirmed.'
  return { name, email: because === null ? email : null, because, contact }
}

/** By the slash command's own address while that is good, else seen by one alone, else in the channel with the bot. */
async function answer(
  { egress, findSite }: MattermostRoomOptions,
  ask: Ask,
  to: JsonObject,
  text: string,
): Promise<ChatOutcome> {
  const site = await findSite()
  if (site.kind !== 'done') return site
  const { hook, channel, user, alone, post } = to
  const message = text.replaceAll('![', '!\\[')
  if (typeof hook === 'string') {
    const hooked = await answerHook(egress, site.value.settings.url, hook, message)
    if (hooked.kind !== 'refused') return hooked
  }
  const inThread = typeof post === 'string' ? { root_id: post } : {}
  const posted = (place: unknown) => ask({ method: 'POST', path: '/posts', body: { channel_id: place, message } })
  if (alone === true) return mapOutcome(await posted(channel), () => null)
  const whispered = await ask({
    method: 'POST',
    path: '/posts/ephemeral',
    body: { user_id: user, post: { channel_id: channel, message, ...inThread } },
  })
  // Only administrators may whisper.
  if (whispered.kind !== 'refused') return mapOutcome(whispered, () => null)
  const direct = await directWith(ask, site.value, wordsOf(user))
  return direct.kind === 'done' ? mapOutcome(await posted(direct.value), () => null) : direct
}

async function answerHook(
  egress: Pick<Egress, 'request'>,
  url: string,
  hook: string,
  text: string,
): Promise<ChatOutcome> {
  try {
    const reply = await egress.request({
      connector: 'mattermost',
      method: 'POST',
      url: `${url}/hooks/commands/${encodeURIComponent(hook)}`,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ response_type: 'ephemeral', text, skip_slack_parsing: true }),
      timeouts: { headersMs: 6_000, totalMs: 8_000 },
    })
    // Its good answer is the word `ok`.
    if (reply.status < 300) return { kind: 'done', value: null }
    return mapOutcome(judge(reply, 'POST /hooks/commands'), () => null)
  } catch (error) {
    return { kind: 'wait', because: error instanceof Error ? error.message : '', afterMs: null }
  }
}

async function openForm(
  { keys, publicUrl }: MattermostRoomOptions,
  done: (call: MattermostCall) => Promise<ChatOutcome>,
  trigger: string,
  form: ChatForm,
): Promise<ChatOutcome> {
  const read = readTrigger(trigger)
  if (read === null) return { kind: 'refused', code: 'other', because: 'There is no trigger to open a form with.' }
  const { asks, user, place } = form
  const incidentId = asks.kind === 'update' ? asks.incidentId : null
  // Whoever fills it in could write this themselves: it is signed, and for nobody else.
  const state = sign(keys, { kind: asks.kind, incidentId, user, place, at: read.at, nonce: read.id })
  const body = { trigger_id: trigger, url: hookOf(publicUrl), dialog: dialogOf(form, state) }
  return done({ method: 'POST', path: '/actions/dialogs/open', body })
}

async function check({ findSite }: MattermostRoomOptions): Promise<readonly ChatCheck[]> {
  const site = await findSite(0)
  if (site.kind !== 'done') return [{ name: 'token', ok: false, sentence: site.because }]
  const { botName, team, settings, confirmsAddresses, signingKey } = site.value
  return [
    { name: 'token', ok: true, sentence: `The bot is ${botName} at ${settings.url}.` },
    team === null
      ? { name: 'rooms', ok: false, sentence: teamMissing(site.value) }
      : { name: 'rooms', ok: true, sentence: `Channels of incidents are made in the team ${team.name}.` },
    {
      name: 'commands',
      ok: signingKey !== null,
      sentence:
        signingKey === null
          ? 'The server does not tell the key it signs with: its commands and buttons cannot be proved.'
          : settings.commandToken === null
            ? `No slash command yet: people write @${botName} in a channel the bot is in.`
            : `Commands are taken by the slash command and as @${botName}.`,
    },
    {
      name: 'addresses',
      ok: true,
      sentence: confirmsAddresses
        ? 'The server confirms e-mail addresses: people are known by theirs.'
        : settings.trustAddresses
          ? 'Addresses are trusted as those of your directory: people are known by theirs.'
          : 'The server takes addresses nobody has confirmed: people are known by a contact they add, or by an address that was confirmed where the bot may see that.',
    },
  ]
}
