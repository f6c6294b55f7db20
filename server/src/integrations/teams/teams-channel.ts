// Pages in Microsoft Teams: an Adaptive Card to a Workflows webhook, or to one person by the bot. The webhook is one way: the
// button is our signed link, and nobody may change the card. The bot's card has a button that comes back, and is changed when
// somebody answers. Teams keeps no key, so a copy sent in doubt is a second card.
import type { JsonObject } from '../../kernel/json.ts'
import { exchangeWith, jsonOf, retryAfterOf, wordsOf } from '../../modules/notifications/channel-http.ports.ts'
import { factLines, judgeProvider } from '../../modules/notifications/core/index.ts'
import type { Channel, ChannelOutcome, Outgoing } from '../../modules/notifications/notifications.ports.ts'
import type { Egress, Reply } from '../../platform/egress/index.ts'
import { objectOf } from './teams-json.ts'
import { hostsOf, readTeamsSettings, type TeamsSettings } from './teams-settings.ts'
import type { TeamsTokens } from './teams-token.ts'

/** Workflows refuse more than 28 KB. */
const mostFacts = 20
const factLimit = 900

export interface TeamsOptions {
  readonly egress: Pick<Egress, 'request'>
  readonly settings: () => Promise<JsonObject | null>
  readonly tokens: TeamsTokens
}

const notConnected = {
  kind: 'rejected',
  because: 'Teams is not connected: an administrator adds its bot under Settings, Channels.',
} as const

export function createTeamsChannel({ egress, settings, tokens }: TeamsOptions): Channel {
  const bot = async () => readTeamsSettings(await settings())
  return {
    send: async (outgoing) => {
      const { url, recipient } = JSON.parse(outgoing.address) as { url?: string; recipient?: string }
      if (url === undefined) {
        const connected = await bot()
        return connected === null ? notConnected : sendAlone({ egress, tokens }, connected, recipient ?? '', outgoing)
      }
      const sent = await exchangeWith(egress, {
        connector: 'teams',
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify(teamsBody(outgoing)),
        beforeWrite: outgoing.beforeWrite,
        signal: outgoing.signal,
      })
      return 'failed' in sent ? sent.failed : judge(sent.reply, outgoing.at)
    },
    update: async ({ ref, message, openUrl, sentence, at, signal }) => {
      const connected = await bot()
      if (connected === null) return notConnected
      const body = teamsBody({ message: { ...message, subject: sentence }, ackUrl: null, openUrl, urgency: 'low' })
      const path = `/conversations/${encodeURIComponent(String(ref.conversation))}/activities/${encodeURIComponent(String(ref.activity))}`
      return callBot({ egress, tokens }, connected, { method: 'PUT', path, body, at, signal })
    },
  }
}

/** One person's conversation with the bot is made first, which makes no second one and shows nothing. */
async function sendAlone(
  ports: Pick<TeamsOptions, 'egress' | 'tokens'>,
  settings: TeamsSettings,
  recipient: string,
  outgoing: Outgoing,
): Promise<ChannelOutcome> {
  const { at, signal, beforeWrite, about, handle } = outgoing
  const { appId, tenant } = settings
  const whom = { isGroup: false, bot: { id: `28:${appId}` }, members: [{ id: recipient }] }
  const made = await callBot(ports, settings, {
    method: 'POST',
    path: '/conversations',
    body: { ...whom, tenantId: tenant, channelData: { tenant: { id: tenant } } },
    at,
    signal,
  })
  // Nothing was shown to anybody: what was lost was no message.
  if (made.kind === 'lost') return { kind: 'refused', because: made.because }
  if (made.kind !== 'accepted') return made
  const conversation = made.ref?.activity
  if (typeof conversation !== 'string') return { kind: 'refused', because: 'Teams named no conversation.' }
  const isPage = about.purpose === 'page' || about.purpose === 'bundle'
  const sent = await callBot(ports, settings, {
    method: 'POST',
    path: `/conversations/${encodeURIComponent(conversation)}/activities`,
    body: teamsBody(outgoing, isPage ? handle : null),
    at,
    signal,
    beforeWrite,
  })
  return sent.kind === 'accepted' && sent.ref !== undefined ? { ...sent, ref: { ...sent.ref, conversation } } : sent
}

interface BotCall {
  readonly method: 'POST' | 'PUT'
  readonly path: string
  readonly body: JsonObject
  readonly at: number
  readonly signal: AbortSignal
  readonly beforeWrite?: () => Promise<void>
}

async function callBot(
  { egress, tokens }: Pick<TeamsOptions, 'egress' | 'tokens'>,
  settings: TeamsSettings,
  { path, body, at, ...rest }: BotCall,
): Promise<ChannelOutcome> {
  const token = await tokens.of(settings, 'connector')
  if (token.kind !== 'done') return { kind: 'refused', because: token.because }
  const sent = await exchangeWith(egress, {
    connector: 'teams',
    url: `${hostsOf(settings).service}/v3${path}`,
    headers: { 'content-type': 'application/json; charset=utf-8', authorization: `Bearer ${token.value}` },
    body: JSON.stringify(body),
    ...rest,
  })
  if ('failed' in sent) return sent.failed
  const answer = jsonOf(sent.reply)
  const { message, code } = objectOf(answer.error)
  // Certainly not done; the next attempt brings another token.
  if (sent.reply.status === 401) {
    tokens.drop(token.value)
    return { kind: 'refused', because: 'Teams does not take the app’s token.' }
  }
  const words = `${wordsOf(code)} ${wordsOf(message)}`.trim()
  const refusal = judgeProvider('Teams', {
    status: sent.reply.status,
    retryAfterMs: retryAfterOf(sent.reply, at),
    words,
  })
  if (refusal !== null) return refusal
  return typeof answer.id === 'string'
    ? { kind: 'accepted', receipt: `Teams ${wordsOf(answer.id)}`, ref: { activity: answer.id } }
    : { kind: 'accepted', receipt: `Teams answered ${sent.reply.status}` }
}

/** `handle` is what the button gives back; without one it is a link. */
export function teamsBody(
  { message, ackUrl, openUrl, urgency }: Pick<Outgoing, 'message' | 'ackUrl' | 'openUrl' | 'urgency'>,
  handle: string | null = null,
): JsonObject {
  const lines = factLines(message).slice(0, mostFacts)
  const facts = lines.flatMap(({ label, text }) =>
    label === null ? [] : [{ title: label, value: plain(text.slice(0, factLimit)) }],
  )
  const sentences = lines.flatMap(({ label, text }) => (label === null ? [text.slice(0, factLimit)] : []))
  const textBlock = (text: string, rest: JsonObject): JsonObject => ({
    type: 'TextBlock',
    text: plain(text),
    wrap: true,
    ...rest,
  })
  const open = (title: string, url: string, rest: JsonObject = {}): JsonObject => ({
    type: 'Action.OpenUrl',
    title,
    url,
    ...rest,
  })
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    // What the notification on the phone says.
    fallbackText: message.short,
    body: [
      textBlock(message.subject, {
        size: 'Large',
        weight: 'Bolder',
        ...(urgency === 'high' ? { color: 'Attention' } : {}),
      }),
      ...sentences.map((text) => textBlock(text, {})),
      ...(facts.length === 0 ? [] : [{ type: 'FactSet', facts }]),
    ],
    actions: [
      ...(ackUrl === null
        ? []
        : [handle === null ? open('Acknowledge', ackUrl, { style: 'positive' }) : press(handle)]),
      open('Open', openUrl),
    ],
    msteams: { width: 'Full' },
  }
  return {
    type: 'message',
    summary: message.short,
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card }],
  }
}

/** Older clients know no Action.Execute; they send the same as a message. */
function press(handle: string): JsonObject {
  const data = { mainstay: { action: 'page', handle } }
  const title = 'Acknowledge'
  const fallback = { type: 'Action.Submit', title, data }
  return { type: 'Action.Execute', title, verb: 'mainstay.page', style: 'positive', data, fallback }
}

/** Cards read a subset of Markdown: text from outside must not turn into links. */
function plain(text: string): string {
  return text.replace(/([\\*_[\]])/g, '\\$1')
}

function judge(reply: Reply, now: number): ChannelOutcome {
  const text = reply.body.toString('utf8')
  const retryAfterMs = retryAfterOf(reply, now)
  // The connector service answers 200 and tells of throttling in the body.
  const inner = /endpoint returned HTTP error (\d{3})/.exec(text)?.[1]
  const status = reply.status < 300 && inner !== undefined ? Number(inner) : reply.status
  const refusal = judgeProvider('Teams', { status, retryAfterMs, words: wordsOf(text) })
  return refusal ?? { kind: 'accepted', receipt: `Teams answered ${reply.status}` }
}
