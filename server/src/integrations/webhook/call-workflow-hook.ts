// A step of a workflow as a signed request (Standard Webhooks) with a CloudEvents body; what it answers is read.
import { AppError } from '../../kernel/app-error.ts'
import { formatInstant } from '../../kernel/instant.ts'
import type { HookAnswer, HookCall } from '../../modules/workflows/workflows.ports.ts'
import { readRetryAfter } from '../../platform/egress/delivery-schedule.ts'
import type { Egress } from '../../platform/egress/index.ts'
import { signWebhook } from '../../platform/egress/webhook-signature.ts'
import { messageIdOf } from './webhook-channel.ts'

// More than an address needs.
const keptBytes = 8_192

export function createHookCaller(
  egress: Pick<Egress, 'request'>,
  source: () => string,
): (call: HookCall) => Promise<HookAnswer> {
  return async ({ url, secret, key, at, type, subject, data, timeoutMs }) => {
    const id = messageIdOf(key)
    const body = JSON.stringify({
      ...{ specversion: '1.0', id, source: source(), type, subject },
      ...{ time: formatInstant(at), datacontenttype: 'application/json', data },
    })
    try {
      const reply = await egress.request({
        connector: 'workflow',
        method: 'POST',
        url,
        headers: {
          'content-type': 'application/cloudevents+json; charset=utf-8',
          'idempotency-key': id,
          ...signWebhook({ id, at, body, secrets: [secret] }),
        },
        body,
        timeouts: { headersMs: timeoutMs, totalMs: timeoutMs },
        maxReplyBytes: keptBytes,
      })
      const { status } = reply
      if (status >= 200 && status < 300) return { kind: 'accepted', body: reply.body.toString('utf8') }
      const passing = status === 408 || status === 425 || status === 429 || status >= 500
      const header = reply.headers['retry-after']
      const afterMs = passing ? readRetryAfter(typeof header === 'string' ? header : undefined, at) : null
      return { kind: 'failed', because: `The receiver answered ${status}.`, passing, afterMs }
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      // What may not be reached at all is not reached later.
      return { kind: 'failed', because: error.message, passing: error.kind === 'unavailable', afterMs: null }
    }
  }
}
