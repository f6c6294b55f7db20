// People in Teams: by their number in the directory, as members of the channel's team, or alone with the bot.
import type { ChatOutcome, ChatUser } from '../../modules/chat/chat.ports.ts'
import { wordsOf } from '../../modules/notifications/channel-http.ports.ts'
import { type CallTeams, mapOutcome } from './teams-api.ts'
import { listOf, objectOf, type Payload } from './teams-json.ts'
import { isGuid, type TeamsSettings } from './teams-settings.ts'

/** A team has at most 25,000 members; who is not among the first of them is found by name only. */
const pages = 20

export interface Member {
  /** The bot's own number for them: `29:…`. */
  readonly id: string
  readonly user: string | null
  readonly name: string
  readonly email: string
  readonly isGuest: boolean
  readonly tenant: string
}

export function readMember(value: unknown): Member {
  const member = objectOf(value)
  const user = (wordsOf(member.aadObjectId) || wordsOf(member.objectId)).toLowerCase()
  const full = `${wordsOf(member.givenName)} ${wordsOf(member.surname)}`.trim()
  const principal = wordsOf(member.userPrincipalName)
  const role = wordsOf(member.userRole)
  return {
    id: wordsOf(member.id),
    user: isGuid(user) ? user : null,
    name: wordsOf(member.name) || full || principal || user,
    email: wordsOf(member.email) || (principal.includes('#EXT#') ? '' : principal),
    isGuest: role === 'guest' || role === 'anonymous' || principal.includes('#EXT#'),
    tenant: wordsOf(member.tenantId).toLowerCase(),
  }
}

/** By the number in the directory, the bot's own number, or the name they sign in with. Null when it is nobody there. */
export async function findMember(
  call: CallTeams,
  settings: TeamsSettings,
  conversation: string,
  who: string,
): Promise<ChatOutcome<Member | null>> {
  const path = `/conversations/${encodeURIComponent(conversation)}/members/${encodeURIComponent(who)}`
  const found = await call(settings, { method: 'GET', path })
  if (found.kind === 'refused') return { kind: 'done', value: null }
  return mapOutcome(found, (value) => {
    const member = readMember(value)
    return member.id === '' ? null : member
  })
}

export async function findByEmail(
  call: CallTeams,
  settings: TeamsSettings,
  conversation: string,
  email: string,
): Promise<ChatOutcome<Member | null>> {
  const named = await findMember(call, settings, conversation, email)
  if (named.kind !== 'done' || named.value !== null) return named
  // Whose address is not the name they sign in with.
  let next = ''
  for (let page = 0; page < pages; page += 1) {
    const token = next === '' ? '' : `&continuationToken=${encodeURIComponent(next)}`
    const path = `/conversations/${encodeURIComponent(conversation)}/pagedmembers?pageSize=500${token}`
    const listed = await call(settings, { method: 'GET', path })
    if (listed.kind !== 'done') return listed
    const { members, continuationToken } = objectOf(listed.value)
    const found = listOf(members)
      .map(readMember)
      .find((each) => each.email.toLowerCase() === email.toLowerCase())
    if (found !== undefined) return { kind: 'done', value: found }
    next = typeof continuationToken === 'string' ? continuationToken : ''
    if (next === '') break
  }
  return { kind: 'done', value: null }
}

/** The conversation of the bot with one person; there is one, however often it is made. */
export async function aloneWith(call: CallTeams, settings: TeamsSettings, user: string): Promise<ChatOutcome<string>> {
  const { channel, tenant } = settings
  const known = channel === null ? null : await findMember(call, settings, channel.id, user)
  if (known !== null && known.kind !== 'done') return known
  const id = known?.value?.id ?? user
  const body = {
    isGroup: false,
    bot: { id: `28:${settings.appId}` },
    members: [{ id }],
    tenantId: tenant,
    channelData: { tenant: { id: tenant } },
  }
  const made = await call(settings, { method: 'POST', path: '/conversations', body })
  return mapOutcome(made, (conversation) => wordsOfId(objectOf(conversation)))
}

/** Longer than words of an error may be. */
const wordsOfId = ({ id }: Payload): string => (typeof id === 'string' && id.length <= 400 ? id : '')

/** Whether the address proves who it is: it does for people of our own directory, which gave it to them. */
export function describe(member: Member, tenant: string): ChatUser {
  const because = member.isGuest
    ? 'You are a guest in Teams: another company chose your address.'
    : isGuid(member.tenant) && member.tenant !== tenant
      ? 'You belong to another company in Teams, which chose the address itself.'
      : member.email === ''
        ? 'Teams does not tell us your e-mail address.'
        : null
  return { name: member.name, email: because === null ? member.email : null, because, contact: null }
}
