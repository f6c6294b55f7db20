// Connects a bot: proves its token, and tells Telegram where we listen, with a secret of our own.
import { randomBytes } from 'node:crypto'
import { exchangeWith, jsonOf, wordsOf } from '../../modules/notifications/channel-http.ports.ts'
import type { Connector, ConnectorVerdict } from '../../modules/notifications/notifications.ports.ts'
import type { Egress } from '../../platform/egress/index.ts'
import { readTelegramSettings } from './telegram-channel.ts'

export function createTelegramConnector(egress: Pick<Egress, 'request'>, publicUrl: string): Connector {
  return {
    prove: async (settings) => {
      const secretToken = randomBytes(32).toString('base64url')
      const read = readTelegramSettings({ ...settings, secretToken })
      if (read === null) return { ok: false, because: 'Telegram needs the token of the bot.', retry: false }
      const ask = async (method: string, body: object): Promise<Record<string, unknown> | ConnectorVerdict> => {
        const sent = await exchangeWith(egress, {
          connector: 'telegram',
          method: 'POST',
          url: `${read.apiUrl}/bot${read.botToken}/${method}`,
          headers: { 'content-type': 'application/json; charset=utf-8' },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(8_000),
        })
        if ('failed' in sent) {
          const because = 'because' in sent.failed ? sent.failed.because : ''
          return { ok: false, because, retry: sent.failed.kind !== 'rejected' }
        }
        const answer = jsonOf(sent.reply)
        if (answer.ok === true) return { result: answer.result }
        const words = wordsOf(answer.description) || String(sent.reply.status)
        return { ok: false, because: `Telegram refused ${method}: ${words}.`, retry: sent.reply.status >= 500 }
      }
      const me = await ask('getMe', {})
      if ('ok' in me) return me as ConnectorVerdict
      const { username } = (me.result ?? {}) as { username?: unknown }
      // Telegram calls public https addresses only; without one, pages go out and the links in them acknowledge.
      const twoWay = publicUrl.startsWith('https://')
      if (twoWay) {
        const order = {
          url: `${publicUrl}/hooks/telegram`,
          secret_token: secretToken,
          allowed_updates: ['message', 'callback_query'],
        }
        const hook = await ask('setWebhook', order)
        if ('ok' in hook) return hook as ConnectorVerdict
      }
      return {
        ok: true,
        settings: { ...read },
        shown: { bot: wordsOf(username), apiUrl: read.apiUrl, answers: twoWay ? 'buttons' : 'links only' },
      }
    },
  }
}
