// What a subscriber of a status page asked to be sent: a signed request (Standard Webhooks) with a CloudEvents body.
import { formatInstant } from '../../kernel/instant.ts'
import { outcomeOf } from '../../modules/notifications/channel-http.ports.ts'
import type { Hook, HookOutcome } from '../../modules/status/status.ports.ts'
import type { Egress } from '../../platform/egress/index.ts'
import { signWebhook } from '../../platform/egress/webhook-signature.ts'
import { messageIdOf } from './webhook-channel.ts'

export const statusHookConnector = 'status-webhook'

const timeouts = { headersMs: 6_000, totalMs: 7_000 } as const
/** Nothing of the answer but its status is read. */
const keptBytes = 1_024

export function createStatusHooks(
  egress: Pick<Egress, 'request'>,
  source: () => string,
): (hook: Hook) => Promise<HookOutcome> {
  return async ({ url, secret, key, at, type, subject, data, beforeWrite, signal }) => {
    const id = messageIdOf(key)
    const body = JSON.stringify({
      ...{ specversion: '1.0', id, source: source(), type, subject },
      ...{ time: formatInstant(at), datacontenttype: 'application/json', data },
    })
    try {
      const { status } = await egress.request({
        connector: statusHookConnector,
        method: 'POST',
        url,
        headers: {
          'content-type': 'application/cloudevents+json; charset=utf-8',
          'idempotency-key': id,
          ...signWebhook({ id, at, body, secrets: [secret] }),
        },
        body,
        timeouts,
        maxReplyBytes: keptBytes,
        beforeWrite,
        signal,
      })
      if (status >= 200 && status < 300) return { kind: 'accepted', receipt: `HTTP ${status}` }
      const because = `The receiver answered ${status}.`
      if (status === 410)
        return { kind: 'rejected', because: `${because} It asks never to be called again.`, gone: true }
      // Redirects are not followed: they would lead a secret to somebody else.
      return { kind: 'refused', because }
    } catch (error) {
      const { kind, ...rest } = outcomeOf(error)
      const because = 'because' in rest ? rest.because : ''
      return { kind: kind === 'accepted' ? 'lost' : kind, because }
    }
  }
}
