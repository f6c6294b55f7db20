// Proves a bot's secret before it is kept: its tenant gives it a token, or it does not.
import type { Connector } from '../../modules/notifications/notifications.ports.ts'
import type { Egress } from '../../platform/egress/index.ts'
import { isGuid, readChannelLink, readTeamsSettings } from './teams-settings.ts'
import { askToken } from './teams-token.ts'

const refuse = (because: string) => ({ ok: false, because, retry: false }) as const

export function createTeamsConnector(egress: Pick<Egress, 'request'>): Connector {
  return {
    prove: async (settings) => {
      const read = readTeamsSettings(settings)
      if (read === null || !isGuid(read.appId) || !isGuid(read.tenant))
        return refuse('Teams needs the app id, its secret and the tenant id of the bot.')
      if (typeof settings.channel === 'string') {
        const link = readChannelLink(settings.channel)
        if (link === null)
          return refuse('The link leads to no channel. In Teams: the channel, ⋯, Get link to channel; paste all of it.')
        if (link.tenant !== null && link.tenant !== read.tenant)
          return refuse(`The channel is in the tenant ${link.tenant}, the bot in ${read.tenant}.`)
      }
      const asked = await askToken(egress, read, 'connector')
      if (asked.kind !== 'done')
        return { ok: false, because: asked.because, retry: !(asked.kind === 'wait' && asked.locked === true) }
      const { appId, tenant, cloud, channel, apiUrl } = read
      return {
        ok: true,
        settings: { ...read, channel: channel === null ? null : { ...channel } },
        shown: {
          app: appId,
          tenant,
          ...(channel === null ? {} : { channel: channel.name }),
          ...(cloud === 'public' ? {} : { cloud }),
          ...(apiUrl === null ? {} : { apiUrl }),
        },
      }
    },
  }
}
