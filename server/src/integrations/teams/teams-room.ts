// Rooms of incidents in Teams: threads of one channel, begun by the summary. A bot can make no channel and no chat of several
// people, so a thread is what there is; who reads the channel reads them.
import type { JsonObject } from '../../kernel/json.ts'
import type { ChatCheck, ChatForm, ChatOutcome, ChatRoom, PlaceOfRoom, Posting } from '../../modules/chat/chat.ports.ts'
import { type CallTeams, mapOutcome } from './teams-api.ts'
import { findMarked, listReplies, listThreads, rootOf } from './teams-graph.ts'
import { threadOf } from './teams-inbound.ts'
import { objectOf, parse, words } from './teams-json.ts'
import { aloneWith, describe, findByEmail, findMember } from './teams-people.ts'
import {
  answerActivity,
  cardActivity,
  markOf,
  mentionActivity,
  opener,
  plain,
  roomActivity,
} from './teams-room-message.ts'
import {
  hostsOf,
  knownService,
  readTeamsSettings,
  type TeamsChannelPlace,
  type TeamsSettings,
} from './teams-settings.ts'

export interface TeamsRoomOptions {
  readonly call: CallTeams
  readonly settings: () => Promise<JsonObject | null>
}

const notConnected = { kind: 'wait', because: 'Teams is not connected.', afterMs: null } as const
const noChannel = {
  kind: 'refused',
  code: 'other',
  because: 'No channel is named for incidents: give the link to it under Settings, Channels.',
} as const
const done = { kind: 'done', value: null } as const
/** A name is one for each incident; its thread is found by it when an answer was lost. */
const markOfName = (name: string): string => markOf(`room ${name}`)
const mostAsked = 20

export function createTeamsRoom({ call, settings }: TeamsRoomOptions): ChatRoom {
  const connected = async () => readTeamsSettings(await settings())
  const inChannel = async <Value>(
    act: (read: TeamsSettings, channel: TeamsChannelPlace) => Promise<ChatOutcome<Value>>,
  ): Promise<ChatOutcome<Value>> => {
    const read = await connected()
    if (read === null) return notConnected
    return read.channel === null ? noChannel : act(read, read.channel)
  }
  const within = async <Value>(
    act: (read: TeamsSettings) => Promise<ChatOutcome<Value>>,
  ): Promise<ChatOutcome<Value>> => {
    const read = await connected()
    return read === null ? notConnected : act(read)
  }
  const change = (place: string, ref: string, posting: Posting) =>
    within(async (read) => {
      const path = `${activitiesOf(place)}/${encodeURIComponent(ref)}`
      return mapOutcome(await call(read, { method: 'PUT', path, body: roomActivity(posting) }), () => null)
    })

  return {
    provider: 'teams',
    title: 'Teams',
    longestName: 64,
    isConnected: async () => (await connected()) !== null,
    open: ({ name, isPrivate, summary }) =>
      inChannel(async (read, channel) => {
        // Asked for by nobody; and never to be.
        if (isPrivate) return { kind: 'refused', code: 'other', because: 'Everybody in the channel would read it.' }
        const body = {
          isGroup: true,
          bot: { id: `28:${read.appId}` },
          tenantId: read.tenant,
          channelData: { channel: { id: channel.id }, tenant: { id: read.tenant } },
          activity: roomActivity(summary, markOfName(name)),
        }
        const made = await call(read, { method: 'POST', path: '/conversations', body })
        return mapOutcome(made, (value) => {
          const { id, activityId } = objectOf(value)
          const root = words(activityId) || (/;messageid=(\d+)$/.exec(words(id))?.[1] ?? '')
          return { ...placeOf(read, channel, name, root), begunWith: root }
        })
      }),
    findOwn: (name) =>
      inChannel(async (read, channel) => {
        const listed = await listThreads(call, read, channel)
        return mapOutcome(listed, (messages) => {
          const found = findMarked(messages, read.appId, markOfName(name))
          return found === null ? null : placeOf(read, channel, name, found)
        })
      }),
    // The summary is where the thread begins; once somebody removed that, it is a message of the thread.
    post: async (place, posting) => {
      const root = /;messageid=(\d+)$/.exec(place)?.[1] ?? ''
      const first = posting.isSummary && root !== '' ? await change(place, root, posting) : null
      if (first !== null && !(first.kind === 'refused' && first.code === 'message-gone'))
        return mapOutcome(first, () => root)
      return within(async (read) => {
        const posted = await call(read, { method: 'POST', path: activitiesOf(place), body: roomActivity(posting) })
        return mapOutcome(posted, (answer) => words(objectOf(answer).id))
      })
    },
    findPost: (place, key) =>
      inChannel(async (read, channel) => {
        const root = rootOf(place, channel)
        if (root === null) return { kind: 'refused', code: 'other', because: 'The thread is in another channel.' }
        const listed = await listReplies(call, read, { channel, root }, null)
        return mapOutcome(listed, (replies) => findMarked(replies, read.appId, markOf(key)))
      }),
    change,
    // The summary begins the thread: nothing stands above it.
    pin: async () => done,
    // A thread has no topic; the summary says the same.
    setTopic: async () => done,
    invite: (place, users) =>
      within(async (read) => {
        const people = await namesOf(call, read, users.slice(0, mostAsked))
        if (people.kind !== 'done' || people.value.length === 0) return mapOutcome(people, () => null)
        const body = mentionActivity(people.value, 'you are asked in.')
        const posted = await call(read, { method: 'POST', path: activitiesOf(place), body })
        // Whether it arrived is not known; to be called twice is worse than to read it in a page.
        return posted.kind === 'lost' ? done : mapOutcome(posted, () => null)
      }),
    // A thread stays; nothing more is written there.
    archive: async () => done,
    findUser: (email) =>
      inChannel(async (read, channel) =>
        mapOutcome(await findByEmail(call, read, channel.id, email), (member) => member?.user ?? null),
      ),
    describeUser: (user) =>
      within(async (read) => {
        const found = read.channel === null ? null : await findMember(call, read, read.channel.id, user)
        if (found !== null && (found.kind !== 'done' || found.value !== null))
          return mapOutcome(found, (member) => (member === null ? nobody(user) : describe(member, read.tenant)))
        const alone = await aloneWith(call, read, user)
        if (alone.kind !== 'done') return alone
        const member = await findMember(call, read, alone.value, user)
        return mapOutcome(member, (each) => (each === null ? nobody(user) : describe(each, read.tenant)))
      }),
    answer: (to, text) => within((read) => answer(call, read, to, text)),
    openForm: (trigger, form) => within((read) => offerForm(call, read, parse(trigger), form)),
    check: () => check(call, settings),
  }
}

const nobody = (user: string) => ({
  name: user,
  email: null,
  because: 'You are in no team and no chat with the app.',
  contact: null,
})

const activitiesOf = (conversation: string): string => `/conversations/${encodeURIComponent(conversation)}/activities`

function placeOf(settings: TeamsSettings, channel: TeamsChannelPlace, name: string, root: string): PlaceOfRoom {
  const query = new URLSearchParams({ tenantId: settings.tenant, groupId: channel.team, parentMessageId: root })
  const url = `${hostsOf(settings).links}/l/message/${encodeURIComponent(channel.id)}/${root}?${query}`
  return { place: threadOf(channel.id, root), name, url }
}

async function namesOf(call: CallTeams, settings: TeamsSettings, users: readonly string[]) {
  const people: { readonly user: string; readonly name: string }[] = []
  for (const user of users) {
    const found =
      settings.channel === null
        ? ({ kind: 'done', value: null } as const)
        : await findMember(call, settings, settings.channel.id, user)
    if (found.kind !== 'done') return found
    if (found.value !== null) people.push({ user, name: found.value.name })
  }
  return { kind: 'done', value: people } as const
}

/**
 * To the one who asked, alone with the bot. In a channel everybody would read it: when there is no way to be alone, only that
 * is said there.
 */
async function answer(call: CallTeams, settings: TeamsSettings, to: JsonObject, text: string): Promise<ChatOutcome> {
  const { service, conversation, user, alone } = to
  const from = knownService(settings, service)
  const post = async (place: string, body: JsonObject) =>
    mapOutcome(await call(settings, { method: 'POST', path: activitiesOf(place), body, service: from }), () => null)
  if (alone === true) return post(words(conversation), answerActivity(text))
  const own = await aloneWith(call, settings, words(user))
  const sent = own.kind === 'done' ? await post(own.value, answerActivity(text)) : own
  if (sent.kind !== 'refused') return sent.kind === 'done' ? done : sent
  return post(
    words(conversation),
    answerActivity(
      'My answer is for you alone. Add the app Mainstay for yourself (Apps, Mainstay, Add), then ask again.',
    ),
  )
}

/** A message cannot open a dialog; a button can. */
async function offerForm(
  call: CallTeams,
  settings: TeamsSettings,
  to: JsonObject | Readonly<Record<string, unknown>>,
  { asks, title }: ChatForm,
): Promise<ChatOutcome> {
  const asked = asks.kind === 'update' ? { asks: asks.kind, incidentId: asks.incidentId } : { asks: asks.kind }
  const body = cardActivity(title, {
    body: [{ type: 'TextBlock', text: plain(title), wrap: true }],
    actions: [opener('Fill in', asked)],
  })
  const own =
    to.alone === true
      ? ({ kind: 'done', value: words(to.conversation) } as const)
      : await aloneWith(call, settings, words(to.user))
  if (own.kind !== 'done') return own
  const service = to.alone === true ? knownService(settings, to.service) : null
  const posted = await call(settings, { method: 'POST', path: activitiesOf(own.value), body, service })
  return mapOutcome(posted, () => null)
}

async function check(call: CallTeams, settings: TeamsRoomOptions['settings']): Promise<readonly ChatCheck[]> {
  const read = readTeamsSettings(await settings())
  if (read === null) return [{ name: 'token', ok: false, sentence: notConnected.because }]
  const { channel } = read
  if (channel === null) return [{ name: 'rooms', ok: false, sentence: noChannel.because }]
  const path = `/conversations/${encodeURIComponent(channel.id)}/pagedmembers?pageSize=50`
  const members = await call(read, { method: 'GET', path })
  if (members.kind === 'wait' && members.locked === true)
    return [{ name: 'token', ok: false, sentence: members.because }]
  const read1 = await listThreads(call, read, channel, 1)
  return [
    { name: 'token', ok: true, sentence: `The app ${read.appId} is known in its tenant.` },
    members.kind === 'done'
      ? {
          name: 'rooms',
          ok: true,
          sentence: `The app is in the team of ${channel.name}: incidents get a thread there.`,
        }
      : { name: 'rooms', ok: false, sentence: members.because },
    {
      name: 'reading',
      ok: true,
      sentence:
        read1.kind === 'done'
          ? 'The team lets the app read its messages: what is written in a thread can stand in the timeline.'
          : 'The team does not let the app read its messages: commands and marked messages come, other words do not, and a message whose answer was lost may come twice.',
    },
  ]
}
