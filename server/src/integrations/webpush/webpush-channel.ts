// Pages as web push (RFC 8030, 8291, 8292): encrypted for the browser, signed with the installation's own key.
// The library builds the request; egress sends it.
import { createHash } from 'node:crypto'
import webpush from 'web-push'
import { AppError } from '../../kernel/app-error.ts'
import { hour } from '../../kernel/duration.ts'
import type { Channel, ChannelOutcome } from '../../modules/notifications/notifications.ports.ts'
import { readRetryAfter } from '../../platform/egress/delivery-schedule.ts'
import { type Egress, mayHaveArrived, type Reply } from '../../platform/egress/index.ts'

export interface WebPushOptions {
  readonly egress: Pick<Egress, 'request'>
  /** Asked at each send; the room keeps them. */
  readonly keys: () => Promise<{ readonly publicKey: string; readonly privateKey: string }>
  /** Who runs this installation: `https://…` or `mailto:…`, for the push service to complain to. */
  readonly subject: string
  /** The phone says there that the push was seen. */
  readonly publicUrl?: string
}

const timeouts = { headersMs: 6_000, totalMs: 7_000 } as const
const keptBytes = 1_024
/** A phone that is off for longer has missed the page; the next escalation step has not. */
const holdsSeconds = hour / 1_000
/** RFC 8291 leaves 3,993 bytes; some services take less. */
const longestPayload = 3_000

interface Subscription {
  readonly endpoint: string
  readonly keys: { readonly p256dh: string; readonly auth: string }
}

/** `address` is the subscription as JSON. */
export function createWebPushChannel(options: WebPushOptions): Channel {
  return {
    send: async (outgoing) => {
      const subscription = JSON.parse(outgoing.address) as Subscription
      const payload = JSON.stringify({
        key: outgoing.key,
        title: outgoing.message.subject,
        body: outgoing.message.short,
        urgency: outgoing.urgency,
        acknowledge: outgoing.ackUrl,
        open: outgoing.openUrl,
        purpose: outgoing.about.purpose ?? null,
        alert: outgoing.about.alert ?? null,
        seen: `${options.publicUrl ?? ''}/hooks/seen/${encodeURIComponent(outgoing.answerToken)}`,
      })
      if (Buffer.byteLength(payload) > longestPayload)
        return { kind: 'rejected', because: 'The message is too long for a push.' }
      const { publicKey, privateKey } = await options.keys()
      let request: ReturnType<typeof webpush.generateRequestDetails>
      try {
        request = webpush.generateRequestDetails(subscription, payload, {
          vapidDetails: { subject: options.subject, publicKey, privateKey },
          TTL: holdsSeconds,
          urgency: outgoing.urgency === 'high' ? 'high' : 'normal',
          // A second copy of the same delivery replaces the first one on the device.
          topic: createHash('sha256').update(outgoing.key).digest('base64url').slice(0, 32),
        })
      } catch {
        // The library throws plain errors, only for keys that no browser makes.
        return { kind: 'rejected', because: 'The subscription cannot be encrypted for. Subscribe again.', gone: true }
      }
      try {
        const reply = await options.egress.request({
          connector: 'webpush',
          method: 'POST',
          url: subscription.endpoint,
          headers: headersOf(request.headers),
          body: request.body,
          timeouts,
          maxReplyBytes: keptBytes,
          beforeWrite: outgoing.beforeWrite,
          signal: outgoing.signal,
        })
        return judge(reply, outgoing.at)
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        if (mayHaveArrived(error)) return { kind: 'lost', because: error.message }
        const passing = error.kind === 'unavailable' || error.kind === 'conflict'
        return { kind: passing ? 'refused' : 'rejected', because: error.message }
      }
    },
  }
}

// Egress counts the body itself.
function headersOf(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.toLowerCase() === 'content-length' ? [] : [[name.toLowerCase(), String(value)]],
    ),
  )
}

function judge(reply: Reply, now: number): ChannelOutcome {
  const { status } = reply
  if (status >= 200 && status < 300) {
    const location = reply.headers.location
    return { kind: 'accepted', receipt: typeof location === 'string' ? location.slice(0, 200) : `HTTP ${status}` }
  }
  const because = `The push service answered ${status}.`
  if (status === 404 || status === 410)
    return { kind: 'rejected', because: `${because} The subscription is gone.`, gone: true }
  if (status === 429 || status >= 500) {
    const header = reply.headers['retry-after']
    const retryAfterMs = readRetryAfter(typeof header === 'string' ? header : undefined, now)
    return { kind: 'refused', because, ...(retryAfterMs === null ? {} : { retryAfterMs }) }
  }
  return { kind: 'rejected', because }
}
