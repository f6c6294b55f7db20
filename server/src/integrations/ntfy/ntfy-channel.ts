// Pages by ntfy, hosted or one's own: published as JSON, with a button that acknowledges by itself. The sequence id
// makes a second copy and a later change replace the notification on the phone (ntfy 2.16 and newer; older ones show
// both).
import type { JsonObject } from '../../kernel/json.ts'
import { exchangeWith, jsonOf, retryAfterOf, wordsOf } from '../../modules/notifications/channel-http.ports.ts'
import { factLines, judgeProvider, topicOf } from '../../modules/notifications/core/index.ts'
import type { Channel, ChannelOutcome } from '../../modules/notifications/notifications.ports.ts'
import type { Egress } from '../../platform/egress/index.ts'

/** ntfy turns longer messages into attachments. */
const messageBytes = 4_000

export function createNtfyChannel(egress: Pick<Egress, 'request'>): Channel {
  return {
    send: async ({ address, message, ackUrl, openUrl, urgency, handle, at, signal, beforeWrite }) => {
      const view = { action: 'view', label: 'Open', url: openUrl }
      const acknowledge = { action: 'http', label: 'Acknowledge', url: ackUrl ?? '', method: 'POST', clear: true }
      const lines = factLines(message).map(({ label, text }) => (label === null ? text : `${label}: ${text}`))
      const body = {
        title: message.subject,
        message: cut(lines.join('\n')),
        // 5 breaks through "do not disturb" where the person allows it.
        priority: urgency === 'high' ? 5 : 3,
        tags: [urgency === 'high' ? 'rotating_light' : 'information_source'],
        click: openUrl,
        actions: ackUrl === null ? [view] : [acknowledge, view],
        sequence_id: handle,
      }
      return publish(egress, address, body, { at, signal, beforeWrite })
    },
    update: ({ address, ref, message, openUrl, sentence, at, signal }) => {
      const body = {
        title: message.subject,
        message: sentence,
        // Changed without a sound.
        priority: 2,
        tags: ['white_check_mark'],
        click: openUrl,
        sequence_id: String(ref.sequence),
      }
      return publish(egress, address, body, { at, signal })
    },
  }
}

function cut(text: string): string {
  const bytes = Buffer.from(text)
  return bytes.length <= messageBytes
    ? text
    : `${bytes
        .subarray(0, messageBytes - 4)
        .toString('utf8')
        .replace(/\ufffd$/, '')}…`
}

interface Turn {
  readonly at: number
  readonly signal: AbortSignal
  readonly beforeWrite?: () => Promise<void>
}

async function publish(
  egress: Pick<Egress, 'request'>,
  address: string,
  body: JsonObject,
  { at, ...turn }: Turn,
): Promise<ChannelOutcome> {
  const { url, token } = JSON.parse(address) as { url: string; token?: string }
  const place = topicOf(url)
  if (place === null) return { kind: 'rejected', because: 'The address names no topic.' }
  const sent = await exchangeWith(egress, {
    connector: 'ntfy',
    method: 'POST',
    url: `${place.server}/`,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ topic: place.topic, ...body }),
    ...turn,
  })
  if ('failed' in sent) return sent.failed
  const { reply } = sent
  const answer = jsonOf(reply)
  const retryAfterMs = retryAfterOf(reply, at)
  const refusal = judgeProvider('ntfy', { status: reply.status, retryAfterMs, words: wordsOf(answer.error) })
  if (refusal !== null) return refusal
  const sequence = String(body.sequence_id)
  return { kind: 'accepted', receipt: `ntfy ${wordsOf(answer.id) || reply.status}`, ref: { sequence } }
}
