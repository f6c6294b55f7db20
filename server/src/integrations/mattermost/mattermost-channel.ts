// Pages in Mattermost: by an incoming webhook or by a bot. Both have a button that comes back to us; only the bot's
// posts can be changed by us later. The bot's `pending_post_id` makes the server take a repeated post once, for the
// half minute it remembers them; a webhook has no such key.
import type { JsonObject } from '../../kernel/json.ts'
import { exchangeWith, jsonOf, retryAfterOf, wordsOf } from '../../modules/notifications/channel-http.ports.ts'
import { factLines, judgeProvider, type Message } from '../../modules/notifications/core/index.ts'
import type { Channel, ChannelOutcome } from '../../modules/notifications/notifications.ports.ts'
import type { Egress, Reply } from '../../platform/egress/index.ts'

export interface MattermostOptions {
  readonly egress: Pick<Egress, 'request'>
  readonly settings: () => Promise<JsonObject | null>
  readonly publicUrl: string
}

export interface MattermostSettings {
  readonly url: string
  readonly botToken: string
  /** By its name in addresses; null where the bot is in one team only. */
  readonly team: string | null
  /** Of the slash command; null where there is none. */
  readonly commandToken: string | null
  /** The server takes its addresses from the company's own directory. */
  readonly trustAddresses: boolean
}

const notConnected = 'Mattermost is not connected: an administrator adds its bot under Settings, Channels.'
const json = { 'content-type': 'application/json; charset=utf-8' }

export function readMattermostSettings(settings: JsonObject | null): MattermostSettings | null {
  if (settings === null || typeof settings.url !== 'string' || typeof settings.botToken !== 'string') return null
  const { team, commandToken } = settings
  return {
    url: settings.url.replace(/\/+$/, ''),
    botToken: settings.botToken,
    team: typeof team === 'string' ? team : null,
    commandToken: typeof commandToken === 'string' ? commandToken : null,
    trustAddresses: settings.trustAddresses === true,
  }
}

export function createMattermostChannel({ egress, settings, publicUrl }: MattermostOptions): Channel {
  const bot = async () => readMattermostSettings(await settings())
  return {
    send: async ({ address, message, ackUrl, openUrl, handle, answerToken, about, at, signal, beforeWrite }) => {
      const { url, recipient } = JSON.parse(address) as { url?: string; recipient?: string }
      const isPage = about.purpose === 'page' || about.purpose === 'bundle'
      const action = isPage ? { url: `${publicUrl}/hooks/mattermost`, token: answerToken } : null
      const attachment = attachmentOf({ message, ackUrl, openUrl, action, sentence: null })
      if (url !== undefined) {
        const body = JSON.stringify({ text: '', attachments: [attachment] })
        const request = {
          connector: 'mattermost',
          method: 'POST',
          url,
          headers: json,
          body,
          beforeWrite,
          signal,
        } as const
        const sent = await exchangeWith(egress, request)
        return 'failed' in sent ? sent.failed : judge(sent.reply, at, true)
      }
      const connected = await bot()
      if (connected === null) return { kind: 'rejected', because: notConnected }
      const sent = await exchangeWith(egress, {
        connector: 'mattermost',
        method: 'POST',
        url: `${connected.url}/api/v4/posts`,
        headers: { ...json, authorization: `Bearer ${connected.botToken}` },
        body: JSON.stringify({
          channel_id: recipient,
          message: '',
          pending_post_id: handle,
          props: { attachments: [attachment] },
        }),
        beforeWrite,
        signal,
      })
      return 'failed' in sent ? sent.failed : judge(sent.reply, at)
    },
    update: async ({ ref, message, openUrl, sentence, at, signal }) => {
      const connected = await bot()
      if (connected === null) return { kind: 'rejected', because: notConnected }
      const attachment = attachmentOf({ message, ackUrl: null, openUrl, action: null, sentence })
      const sent = await exchangeWith(egress, {
        connector: 'mattermost',
        method: 'PUT',
        url: `${connected.url}/api/v4/posts/${encodeURIComponent(String(ref.post))}/patch`,
        headers: { ...json, authorization: `Bearer ${connected.botToken}` },
        body: JSON.stringify({ message: '', props: { attachments: [attachment] } }),
        signal,
      })
      return 'failed' in sent ? sent.failed : judge(sent.reply, at)
    },
  }
}

interface Card {
  readonly message: Message
  readonly ackUrl: string | null
  readonly openUrl: string
  /** Where the button comes back to; null when a link must do. */
  readonly action: { readonly url: string; readonly token: string } | null
  readonly sentence: string | null
}

function attachmentOf({ message, ackUrl, openUrl, action, sentence }: Card): JsonObject {
  const lines = factLines(message).map(({ label, text }) =>
    label === null ? plain(text) : `**${label}:** ${plain(text)}`,
  )
  const links = [
    ...(ackUrl === null ? [] : [`[${action === null ? 'Acknowledge' : 'Acknowledge in the browser'}](${ackUrl})`]),
    `[Open](${openUrl})`,
  ]
  const text = [...(sentence === null ? [] : [`**${plain(sentence)}**`]), ...lines, links.join(' · ')].join('\n')
  return {
    fallback: sentence ?? message.short,
    color: sentence === null ? '#b3261e' : '#5f6368',
    title: message.subject,
    title_link: openUrl,
    text,
    ...(action === null || ackUrl === null
      ? {}
      : {
          actions: [
            {
              // Letters and digits only, or the button does nothing.
              id: 'acknowledge',
              type: 'button',
              name: 'Acknowledge',
              style: 'primary',
              // The context stays on the Mattermost server: members of the channel never see it.
              integration: { url: action.url, context: { token: action.token } },
            },
          ],
        }),
  }
}

// No line of an alert may mention @channel or turn into a link.
export function plain(text: string): string {
  return text.replace(/([\\*_~`#>|[\]])/g, '\\$1').replace(/@(?=[a-z])/gi, '@\u200b')
}

function judge(reply: Reply, now: number, isHook = false): ChannelOutcome {
  const answer = jsonOf(reply)
  const words = wordsOf(answer.message)
  const refusal = judgeProvider('Mattermost', { status: reply.status, retryAfterMs: retryAfterOf(reply, now), words })
  // An address of the API that is not there is a wrong server, not a contact that is gone.
  if (refusal !== null)
    return reply.status === 404 && !isHook ? { kind: 'rejected', because: refusal.because } : refusal
  return typeof answer.id === 'string'
    ? { kind: 'accepted', receipt: `Mattermost ${answer.id}`, ref: { post: answer.id } }
    : { kind: 'accepted', receipt: `Mattermost answered ${reply.status}` }
}
