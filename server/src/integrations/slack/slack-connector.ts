// Proves a bot token with auth.test before it is kept.
import { exchangeWith, jsonOf, wordsOf } from '../../modules/notifications/channel-http.ports.ts'
import type { Connector } from '../../modules/notifications/notifications.ports.ts'
import type { Egress } from '../../platform/egress/index.ts'
import { callSlack } from './slack-api.ts'
import { readSlackSettings } from './slack-channel.ts'

export function createSlackConnector(egress: Pick<Egress, 'request'>): Connector {
  return {
    prove: async (settings) => {
      const read = readSlackSettings(settings)
      if (read === null) return { ok: false, because: 'Slack needs a bot token and the signing secret.', retry: false }
      const sent = await exchangeWith(egress, {
        connector: 'slack',
        method: 'POST',
        url: `${read.apiUrl}/api/auth.test`,
        headers: { authorization: `Bearer ${read.botToken}`, 'content-type': 'application/x-www-form-urlencoded' },
        body: '',
        signal: AbortSignal.timeout(8_000),
      })
      if ('failed' in sent) {
        const because = 'because' in sent.failed ? sent.failed.because : ''
        return { ok: false, because, retry: sent.failed.kind !== 'rejected' }
      }
      const answer = jsonOf(sent.reply)
      if (answer.ok !== true) {
        const words = wordsOf(answer.error) || String(sent.reply.status)
        return { ok: false, because: `Slack does not take the bot token: ${words}.`, retry: sent.reply.status >= 500 }
      }
      if (read.appToken !== null) {
        const opened = await callSlack(egress, read, read.appToken, 'apps.connections.open', {})
        if (opened.kind !== 'done')
          return {
            ok: false,
            because: `Slack does not take the app token: ${opened.because}`,
            retry: opened.kind === 'lost',
          }
      }
      return {
        ok: true,
        settings: { ...read },
        shown: {
          workspace: wordsOf(answer.team),
          bot: wordsOf(answer.user),
          apiUrl: read.apiUrl,
          ...(read.appToken === null ? {} : { socketMode: 'on' }),
        },
      }
    },
  }
}
