// Proves a bot token before it is kept, and that the bot is in the team that was named.

import type { ChatOutcome } from '../../modules/chat/chat.ports.ts'
import { wordsOf } from '../../modules/notifications/channel-http.ports.ts'
import type { Connector } from '../../modules/notifications/notifications.ports.ts'
import type { Egress } from '../../platform/egress/index.ts'
import { callMattermost, listOf, objectOf } from './mattermost-api.ts'
import { readMattermostSettings } from './mattermost-channel.ts'

export function createMattermostConnector(egress: Pick<Egress, 'request'>): Connector {
  return {
    prove: async (settings) => {
      const read = readMattermostSettings(settings)
      if (read === null) return { ok: false, because: 'Mattermost needs its address and a bot token.', retry: false }
      const me = await callMattermost(egress, read, { method: 'GET', path: '/users/me' })
      if (me.kind !== 'done') return { ok: false, because: me.because, retry: isPassing(me) }
      const { id, username } = objectOf(me.value)
      if (typeof id !== 'string')
        return { ok: false, because: 'What answers there is no Mattermost server.', retry: false }
      if (read.team !== null) {
        const teams = await callMattermost(egress, read, { method: 'GET', path: '/users/me/teams' })
        if (teams.kind !== 'done') return { ok: false, because: teams.because, retry: isPassing(teams) }
        const names = listOf(teams.value).map((each) => wordsOf(each.name))
        if (!names.includes(read.team)) {
          const known = names.length === 0 ? 'It is in no team yet.' : `It is in ${names.slice(0, 10).join(', ')}.`
          const because = `The bot ${wordsOf(username)} is no member of a team "${read.team}". ${known}`
          return { ok: false, because, retry: false }
        }
      }
      return {
        ok: true,
        settings: { ...read },
        shown: {
          url: read.url,
          bot: wordsOf(username),
          ...(read.team === null ? {} : { team: read.team }),
          ...(read.commandToken === null ? {} : { slashCommand: 'on' }),
        },
      }
    },
  }
}

const isPassing = (outcome: ChatOutcome<unknown>): boolean =>
  outcome.kind === 'lost' || (outcome.kind === 'wait' && outcome.locked !== true)
