// Pages as a signed request (Standard Webhooks) with a CloudEvents body: the receiver sees one id for all attempts.
import { createHash } from 'node:crypto'
import { formatInstant } from '../../kernel/instant.ts'
import { outcomeOf } from '../../modules/notifications/channel-http.ports.ts'
import type { Channel, ChannelOutcome, Outgoing } from '../../modules/notifications/notifications.ports.ts'
import { readRetryAfter } from '../../platform/egress/delivery-schedule.ts'
import type { Egress, Reply } from '../../platform/egress/index.ts'
import { signWebhook } from '../../platform/egress/webhook-signature.ts'

const timeouts = { headersMs: 6_000, totalMs: 7_000 } as const
const keptBytes = 1_024

/** `address` is `{"url": …, "secret": "whsec_…"}`; `former` is the secret before, while the receiver changes over. */
export function createWebhookChannel(egress: Pick<Egress, 'request'>, source: string): Channel {
  return {
    send: async (outgoing) => {
      const { url, secret, former } = JSON.parse(outgoing.address) as { url: string; secret: string; former?: string }
      const id = messageIdOf(outgoing.key)
      const body = JSON.stringify(cloudEvent(id, source, outgoing))
      try {
        const reply = await egress.request({
          connector: 'webhook',
          method: 'POST',
          url,
          headers: {
            'content-type': 'application/cloudevents+json; charset=utf-8',
            'idempotency-key': outgoing.key,
            ...signWebhook({ id, at: outgoing.at, body, secrets: former === undefined ? [secret] : [secret, former] }),
          },
          body,
          timeouts,
          maxReplyBytes: keptBytes,
          beforeWrite: outgoing.beforeWrite,
          signal: outgoing.signal,
        })
        return judge(reply, outgoing.at)
      } catch (error) {
        return outcomeOf(error)
      }
    },
  }
}

/** Letters, digits, `_` and `-` only; the same for every attempt. */
export function messageIdOf(key: string): string {
  return `msg_${createHash('sha256').update(key).digest('base64url')}`
}

function cloudEvent(id: string, source: string, { about, ackUrl, at, key }: Outgoing) {
  return {
    specversion: '1.0',
    id,
    source,
    type: `dev.mainstay.notification.${String(about.purpose)}`,
    time: formatInstant(at),
    ...(typeof about.alert === 'string' ? { subject: `alerts/${about.alert}` } : {}),
    datacontenttype: 'application/json',
    data: { ...about, key, acknowledge: ackUrl },
  }
}

function judge(reply: Reply, now: number): ChannelOutcome {
  const { status } = reply
  if (status >= 200 && status < 300) return { kind: 'accepted', receipt: `HTTP ${status}` }
  const because = `The receiver answered ${status}.`
  if (status === 410) return { kind: 'rejected', because: `${because} It asks never to be called again.`, gone: true }
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const header = reply.headers['retry-after']
    const retryAfterMs = readRetryAfter(typeof header === 'string' ? header : undefined, now)
    return { kind: 'refused', because, ...(retryAfterMs === null ? {} : { retryAfterMs }) }
  }
  return { kind: 'rejected', because }
}
