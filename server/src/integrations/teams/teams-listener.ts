// What Teams calls us with: activities, each with a token that is looked at before a byte of the activity is read. And what
// never came: where the team lets the app read, open threads are read again every few minutes.
import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '../../kernel/app-error.ts'
import { type Instant, plus } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type {
  ChatListener,
  Inbound,
  InboundRead,
  InboundRequest,
  ListenOrder,
  SaidBack,
} from '../../modules/chat/chat.ports.ts'
import { type Connection, listenAlways } from '../../modules/chat/listening.ports.ts'
import type { Log } from '../../platform/log/log.ts'
import type { CallTeams } from './teams-api.ts'
import { listReplies, missedOf, rootOf } from './teams-graph.ts'
import { type Heard, readActivity, tenantOf, type Wanted } from './teams-inbound.ts'
import { parse } from './teams-json.ts'
import type { FindKey } from './teams-keys.ts'
import { findMember } from './teams-people.ts'
import { readConnectorToken, serviceOf, whyUntrue } from './teams-proof.ts'
import { dialogOf } from './teams-room-message.ts'
import { hostsOf, knownService, readTeamsSettings, type TeamsSettings } from './teams-settings.ts'
import { type Named, withUsers } from './teams-text.ts'

export interface TeamsListenerOptions {
  readonly call: CallTeams
  readonly settings: () => Promise<JsonObject | null>
  readonly findKey: FindKey
  readonly log: Log
}

const forged = (because: string): InboundRead => ({ kind: 'forged', because })

export function createTeamsListener(options: TeamsListenerOptions): ChatListener {
  return {
    doors: [{ door: 'events', label: 'Messaging endpoint' }],
    read: async (door, request) => {
      const settings = readTeamsSettings(await options.settings())
      if (settings === null) return forged('Teams is not connected.')
      return door === 'events' ? read(options, settings, request) : forged('Teams calls one address only.')
    },
    connects: false,
    listen: (order) =>
      listenAlways({
        title: 'Teams',
        log: options.log,
        lingerMs: 0,
        isQuiet: true,
        open: async () => {
          const wanted = (await order.declared()) && (await order.keeps())
          return wanted && readTeamsSettings(await options.settings()) !== null ? readAgain(options, order) : null
        },
      }),
  }
}

async function read(
  options: TeamsListenerOptions,
  settings: TeamsSettings,
  { headers, body, now }: InboundRequest,
): Promise<InboundRead> {
  const token = readConnectorToken(headers.authorization)
  if (token === null) return forged('The token of the Bot Connector is missing.')
  const key = await options.findKey(settings, token.keyId)
  if (key === 'away')
    throw new AppError(
      'unavailable',
      'chat.not-connected',
      'The keys of the Bot Connector cannot be read at the moment.',
    )
  if (key === 'unknown') return forged('The token is signed with a key nobody knows.')
  const untrue = whyUntrue(token, key, { issuer: hostsOf(settings).issuer, appId: settings.appId, now })
  if (untrue !== null) return forged(untrue)
  const activity = parse(body.toString('utf8'))
  const service = knownService(settings, activity.serviceUrl)
  if (service === null || service !== knownService(settings, serviceOf(token)))
    return forged('The activity names another address than its token, or one that is not of Teams.')
  if (tenantOf(activity) !== settings.tenant) return forged('The activity comes from another company.')
  const heard = readActivity(activity, { appId: settings.appId, tenant: settings.tenant, service })
  const inbound = await nameUsers(options.call, settings, heard)
  const { wanted } = heard
  if (wanted === null) return { kind: 'read', inbound }
  if (inbound === null) return { kind: 'read', inbound, reply: respond(wanted, '', { kind: 'said', sentence: odd }) }
  return { kind: 'read', inbound, respond: (said) => respond(wanted, inbound.key, said) }
}

const odd = 'This was not made by Mainstay, or by an older one.'
const done = 'Done.'
const soon = 'It takes a moment. The answer comes to you alone.'

/** An answer to an invoke, as its kind wants it. Only the one who pressed sees it. */
function respond(wanted: Exclude<Wanted, null>, nonce: string, said: SaidBack): string {
  if (said.kind === 'form' && wanted !== 'action')
    return JSON.stringify({ task: { type: 'continue', value: dialogOf(said.form, nonce) } })
  const sentence = said.kind === 'later' ? soon : said.kind === 'said' ? (said.sentence ?? done) : done
  const value = sentence.replaceAll('`', '').slice(0, 1_000).toWellFormed()
  return JSON.stringify(
    wanted === 'action'
      ? { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value }
      : { task: { type: 'message', value } },
  )
}

/** Whoever is mentioned by the bot's own number for them, by their number in the directory. */
async function nameUsers(
  call: CallTeams,
  settings: TeamsSettings,
  { inbound, mentioned }: Heard,
): Promise<Inbound | null> {
  if (inbound === null || !('text' in inbound) || mentioned.length === 0) return inbound
  const users = new Map<string, Named>()
  for (const { id, name } of mentioned) {
    const found = await findMember(call, settings, conversationOf(inbound.place ?? ''), id)
    const user = found.kind === 'done' ? (found.value?.user ?? null) : null
    users.set(id, { user, name: name.replaceAll(/[<>@]/g, '') || 'somebody' })
  }
  return { ...inbound, text: withUsers(inbound.text, users) }
}

const conversationOf = (place: string): string => place.replace(/;messageid=\d+$/, '')

const everyMs = 120_000
/** Clocks differ, and what was kept last may have come in any order. What comes twice is kept once. */
const overlapMs = 5 * 60_000

/** Not a connection: one look at the open threads, however many they are, and the next one before long. */
async function readAgain(options: TeamsListenerOptions, order: ListenOrder): Promise<Connection> {
  const stopping = new AbortController()
  const reading = readOnce(options, order).catch((error: unknown) =>
    options.log.warn('Threads in Teams could not be read again; the next look follows.', { error }),
  )
  const pause = () => wait(everyMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined)
  return {
    ended: reading.then(pause).then(() => 'Threads are read again.'),
    close: async () => {
      stopping.abort()
      await reading
    },
  }
}

async function readOnce(options: TeamsListenerOptions, order: ListenOrder): Promise<void> {
  const settings = readTeamsSettings(await options.settings())
  const now = await order.now()
  const since = plus((await order.lastSeen()) ?? now, -overlapMs)
  if (settings !== null && (await readMissed(options.call, settings, order, { since, now }))) await order.seen()
}

/** False when the team does not let us. */
export async function readMissed(
  call: CallTeams,
  settings: TeamsSettings,
  order: Pick<ListenOrder, 'places' | 'take'>,
  { since, now }: { readonly since: Instant; readonly now: Instant },
): Promise<boolean> {
  const { channel, appId } = settings
  if (channel === null) return false
  const { service } = hostsOf(settings)
  for (const place of await order.places()) {
    const root = rootOf(place, channel)
    if (root === null) continue
    const listed = await listReplies(call, settings, { channel, root }, since)
    if (listed.kind === 'refused' && listed.code === 'other') return false
    if (listed.kind === 'refused') continue
    if (listed.kind !== 'done') throw new Error(listed.because)
    for (const inbound of missedOf(listed.value, { place, appId, since, now, service })) await order.take(inbound)
  }
  return true
}
