// What the connector cannot tell: messages that stand in a channel. Graph shows them to an app that the team's owner let
// read them (resource-specific consent, ChannelMessage.Read.Group); without, every question here is refused, and that is fine.
import { type Instant, plus } from '../../kernel/instant.ts'
import type { ChatOutcome, Inbound } from '../../modules/chat/chat.ports.ts'
import { type CallTeams, mapOutcome } from './teams-api.ts'
import { textOfMessage, threadOf, timeOf } from './teams-inbound.ts'
import { listOf, objectOf, type Payload, parse, words } from './teams-json.ts'
import { hostsOf, isGuid, type TeamsChannelPlace, type TeamsSettings } from './teams-settings.ts'

const pageSize = 50
/** Five hundred replies since somebody looked last. */
const pages = 10

const messagesOf = ({ team, id }: TeamsChannelPlace): string =>
  `/teams/${team}/channels/${encodeURIComponent(id)}/messages`

/** The newest messages that begin a thread. */
export async function listThreads(
  call: CallTeams,
  settings: TeamsSettings,
  channel: TeamsChannelPlace,
  top = pageSize,
): Promise<ChatOutcome<readonly Payload[]>> {
  const listed = await call(settings, { method: 'GET', on: 'graph', path: `${messagesOf(channel)}?$top=${top}` })
  return mapOutcome(listed, (page) => listOf(objectOf(page).value))
}

/** What was answered in a thread, the newest first; not older than said, or the newest page. */
export async function listReplies(
  call: CallTeams,
  settings: TeamsSettings,
  thread: { readonly channel: TeamsChannelPlace; readonly root: string },
  since: Instant | null,
): Promise<ChatOutcome<readonly Payload[]>> {
  const base = hostsOf(settings).graph
  const replies: Payload[] = []
  let path: string | null = `${messagesOf(thread.channel)}/${encodeURIComponent(thread.root)}/replies?$top=${pageSize}`
  for (let page = 0; page < pages && path !== null; page += 1) {
    const listed: ChatOutcome<unknown> = await call(settings, { method: 'GET', on: 'graph', path })
    if (listed.kind !== 'done') return listed
    const { value, '@odata.nextLink': next } = objectOf(listed.value)
    const found = listOf(value)
    replies.push(...found)
    const oldest = found.map((each) => timeOf(each.createdDateTime) ?? 0).reduce((a, b) => Math.min(a, b), latest)
    const isMore = since !== null && oldest > since && typeof next === 'string' && next.startsWith(`${base}/v1.0/`)
    path = isMore ? String(next).slice(`${base}/v1.0`.length) : null
  }
  return { kind: 'done', value: replies }
}

const latest = Number.MAX_SAFE_INTEGER

/** A message of ours whose card carries the mark. */
export function findMarked(messages: readonly Payload[], appId: string, mark: string): string | null {
  const found = messages.find(
    (each) => isOurs(each, appId) && listOf(each.attachments).some(({ content }) => hasMark(content, mark)),
  )
  return found === undefined ? null : words(found.id)
}

const isOurs = ({ from }: Payload, appId: string): boolean =>
  words(objectOf(objectOf(from).application).id).toLowerCase() === appId

function hasMark(content: unknown, mark: string): boolean {
  const { body } = typeof content === 'string' && content.length < 200_000 ? parse(content) : {}
  return listOf(body).some(({ id }) => id === mark)
}

export interface MissedIn {
  readonly place: string
  readonly appId: string
  readonly since: Instant
  readonly now: Instant
  readonly service: string
}

/** A command that waited longer than this is not what somebody wants now. */
const commandMs = 5 * 60_000

/** What a person wrote in a thread, as if it had come: the same keys, so what came stands once. The oldest first. */
export function missedOf(
  replies: readonly Payload[],
  { place, appId, since, now, service }: MissedIn,
): readonly Inbound[] {
  const read = replies.flatMap((message): (readonly [Instant, Inbound])[] => {
    const user = words(objectOf(objectOf(message.from).user).id).toLowerCase()
    const [id, at] = [words(message.id), timeOf(message.createdDateTime)]
    const isGone = words(message.deletedDateTime) !== ''
    if (!isGuid(user) || !/^\d{6,20}$/.test(id) || at === null || at <= since || isGone) return []
    if (words(message.messageType) !== 'message') return []
    const text = textOfMessage(message, appId)
    const common = { key: `message ${place} ${id}`, user, place, text }
    const isAsked = listOf(message.mentions).some(
      ({ mentioned }) => words(objectOf(objectOf(mentioned).application).id).toLowerCase() === appId,
    )
    const answerTo = { service, conversation: place, user, alone: false }
    if (isAsked && at > plus(now, -commandMs))
      return [[at, { ...common, kind: 'command', trigger: JSON.stringify(answerTo), answerTo }]]
    return text === '' ? [] : [[at, { ...common, kind: 'said', at, ref: id }]]
  })
  return read.sort(([one], [other]) => one - other).map(([, inbound]) => inbound)
}

/** `19:…@thread.tacv2;messageid=…` of the channel incidents stand in; null for any other. */
export function rootOf(place: string, channel: TeamsChannelPlace): string | null {
  const root = /;messageid=(\d{1,20})$/.exec(place)?.[1]
  return root !== undefined && place === threadOf(channel.id, root) ? root : null
}
