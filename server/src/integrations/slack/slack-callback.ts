// Slack's interactivity request: who pressed which button. Signed with the app's signing secret, five minutes valid.
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Callback, CallbackRequest } from '../../modules/notifications/notifications.ports.ts'
import { readSlackSettings } from './slack-channel.ts'

const toleranceSeconds = 300

export const slackCallback: Callback = {
  connection: 'slack',
  read: (request) => {
    const forged = whyForged(request)
    if (forged !== null) return { kind: 'forged', because: forged }
    const payload = payloadOf(request.body)
    const actions = Array.isArray(payload?.actions) ? (payload.actions as unknown[]) : []
    for (const action of actions) {
      const { action_id: id, value } = action as { action_id?: unknown; value?: unknown }
      if (id === 'acknowledge' && typeof value === 'string')
        return { kind: 'answer', handle: value, sender: senderOf(payload?.user) }
    }
    return { kind: 'none' }
  },
  // Within three seconds, with nothing: the message itself is changed by chat.update.
  reply: () => ({ status: 200, type: 'text/plain; charset=utf-8', body: '' }),
}

interface Payload {
  readonly actions?: unknown
  readonly user?: unknown
}

function payloadOf(body: Buffer): Payload | null {
  try {
    const parsed: unknown = JSON.parse(new URLSearchParams(body.toString('utf8')).get('payload') ?? 'null')
    return typeof parsed === 'object' && parsed !== null ? (parsed as Payload) : null
  } catch {
    return null
  }
}

function senderOf(user: unknown): string | null {
  const id = typeof user === 'object' && user !== null ? (user as { id?: unknown }).id : null
  return typeof id === 'string' ? id : null
}

function whyForged({ headers, body, now, settings }: CallbackRequest): string | null {
  const read = readSlackSettings(settings)
  if (read === null) return 'Slack is not connected.'
  const time = headers['x-slack-request-timestamp']
  const signature = headers['x-slack-signature']
  if (typeof time !== 'string' || !/^\d{9,11}$/.test(time) || typeof signature !== 'string')
    return 'The signature is missing.'
  if (Math.abs(now / 1_000 - Number(time)) > toleranceSeconds) return 'The request is too old.'
  const expected = Buffer.from(
    `v0=${createHmac('sha256', read.signingSecret).update(`v0:${time}:`).update(body).digest('hex')}`,
  )
  const given = Buffer.from(signature)
  return given.length === expected.length && timingSafeEqual(given, expected) ? null : 'The signature is wrong.'
}
