// Pages in Discord: a webhook, with links as buttons, changed in place. Webhooks take no nonce, so a copy sent in doubt
// is a second message.
import type { JsonObject } from '../../kernel/json.ts'
import { exchangeWith, jsonOf, retryAfterOf, wordsOf } from '../../modules/notifications/channel-http.ports.ts'
import { factLines, judgeProvider, type Message } from '../../modules/notifications/core/index.ts'
import type { Channel, ChannelOutcome } from '../../modules/notifications/notifications.ports.ts'
import type { Egress, Reply } from '../../platform/egress/index.ts'

/** Of one message (Discord's message reference). */
const contentLimit = 2_000
const headers = { 'content-type': 'application/json' }

export function createDiscordChannel(egress: Pick<Egress, 'request'>): Channel {
  return {
    send: async ({ address, message, ackUrl, openUrl, at, signal, beforeWrite }) => {
      const url = hookUrl(address)
      url.searchParams.set('wait', 'true')
      url.searchParams.set('with_components', 'true')
      const body = JSON.stringify(discordBody({ message, ackUrl, openUrl, sentence: null }))
      const request = {
        connector: 'discord',
        method: 'POST',
        url: url.href,
        headers,
        body,
        beforeWrite,
        signal,
      } as const
      const sent = await exchangeWith(egress, request)
      return 'failed' in sent ? sent.failed : judge(sent.reply, at)
    },
    update: async ({ address, ref, message, openUrl, sentence, at, signal }) => {
      const url = hookUrl(address)
      url.pathname = `${url.pathname.replace(/\/$/, '')}/messages/${encodeURIComponent(String(ref.id))}`
      url.searchParams.set('with_components', 'true')
      const body = JSON.stringify(discordBody({ message, ackUrl: null, openUrl, sentence }))
      const sent = await exchangeWith(egress, {
        connector: 'discord',
        method: 'PATCH',
        url: url.href,
        headers,
        body,
        signal,
      })
      return 'failed' in sent ? sent.failed : judge(sent.reply, at)
    },
  }
}

// A thread of a forum is named in the query: it stays.
function hookUrl(address: string): URL {
  return new URL((JSON.parse(address) as { url: string }).url)
}

interface Card {
  readonly message: Message
  readonly ackUrl: string | null
  readonly openUrl: string
  readonly sentence: string | null
}

export function discordBody({ message, ackUrl, openUrl, sentence }: Card): JsonObject {
  const lines = factLines(message).map(({ label, text }) =>
    label === null ? plain(text) : `**${label}:** ${plain(text)}`,
  )
  const head = `**${plain(message.subject)}**`
  const content = [head, ...(sentence === null ? [] : [`**${plain(sentence)}**`]), ...lines].join('\n')
  const link = (label: string, url: string): JsonObject => ({ type: 2, style: 5, label, url })
  const buttons = [...(ackUrl === null ? [] : [link('Acknowledge', ackUrl)]), link('Open', openUrl)]
  return {
    content: content.length > contentLimit ? `${content.slice(0, contentLimit - 1)}…` : content,
    // Text from outside must not call @everyone.
    allowed_mentions: { parse: [] },
    components: [{ type: 1, components: buttons }],
  }
}

function plain(text: string): string {
  return text.replace(/([\\*_~`|>[\]])/g, '\\$1')
}

function judge(reply: Reply, now: number): ChannelOutcome {
  const answer = jsonOf(reply)
  // The body holds fractions of a second, the header whole ones.
  const exact = typeof answer.retry_after === 'number' ? Math.ceil(answer.retry_after * 1_000) : null
  const retryAfterMs = exact ?? retryAfterOf(reply, now)
  const refusal = judgeProvider('Discord', { status: reply.status, retryAfterMs, words: wordsOf(answer.message) })
  if (refusal !== null) return refusal
  const receipt = `Discord ${wordsOf(answer.id) || reply.status}`
  return typeof answer.id === 'string'
    ? { kind: 'accepted', receipt, ref: { id: answer.id } }
    : { kind: 'accepted', receipt }
}
