// Slack's interactivity request: who pressed which button. Signed with the app's signing secret, five minutes valid.
import type { Callback, CallbackRequest } from '../../modules/notifications/notifications.ports.ts'
import { readSlackSettings } from './slack-channel.ts'
import { whyForged } from './slack-signature.ts'

export const slackCallback: Callback = {
  connection: 'slack',
  read: (request) => {
    const forged = forgery(request)
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

function forgery(request: CallbackRequest): string | null {
  const read = readSlackSettings(request.settings)
  return read === null ? 'Slack is not connected.' : whyForged(request, read.signingSecret)
}
