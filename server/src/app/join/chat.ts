// Joins incidents in chat to Slack, Mattermost and Teams, to the operations of the house, and to who people are.

import { createMattermostListener } from '../../integrations/mattermost/mattermost-listener.ts'
import { createMattermostRoom } from '../../integrations/mattermost/mattermost-room.ts'
import { createFindSite } from '../../integrations/mattermost/mattermost-site.ts'
import { createSlackRoom } from '../../integrations/slack/slack-room.ts'
import { createSlackListener } from '../../integrations/slack/slack-socket.ts'
import { createTeamsCall } from '../../integrations/teams/teams-api.ts'
import { createFindKey } from '../../integrations/teams/teams-keys.ts'
import { createTeamsListener } from '../../integrations/teams/teams-listener.ts'
import { createTeamsRoom } from '../../integrations/teams/teams-room.ts'
import { createTeamsTokens } from '../../integrations/teams/teams-token.ts'
import type { Actor } from '../../kernel/actor.ts'
import { listConcerning } from '../../modules/audit/index.ts'
import { findResource } from '../../modules/catalog/index.ts'
import type { ChatPorts } from '../../modules/chat/index.ts'
import { findPersonByEmail } from '../../modules/identity/index.ts'
import { type AnsweringPorts, answerMessage, findPeopleAt, readConnection } from '../../modules/notifications/index.ts'
import { listPageRows } from '../../modules/oncall/index.ts'
import { createPerform } from '../../platform/http/perform.ts'
import type { RateLimits } from '../../platform/http/rate-limit.ts'
import type { Gatekeeper } from '../../platform/http/server.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import type { Outside } from '../outside.ts'
import { declaredNameOf, shownNameOf } from './people.ts'

const mostPages = 50

export interface ChatHouse {
  readonly rooms: () => readonly Room[]
  readonly gatekeeper: Gatekeeper
  readonly rateLimits: RateLimits
  readonly answering: Pick<AnsweringPorts, 'acknowledge'>
  readonly isAway: () => boolean
}

export function chatPortsOf(
  needs: Needs,
  { egress, keyring }: Pick<Outside, 'egress' | 'keyring'>,
  house: ChatHouse,
): ChatPorts {
  const { database, log, publicUrl } = needs
  const open = (sealed: string, context: string) => keyring.open(sealed, context)
  const slack = { egress, log, settings: () => readConnection(database, { open }, 'slack') }
  const settings = () => readConnection(database, { open }, 'mattermost')
  const keys = () => keyring.derive('chat-mattermost')
  const mattermost = { egress, log, settings, keys, publicUrl, findSite: createFindSite({ egress, settings }) }
  const call = createTeamsCall(egress, createTeamsTokens(egress))
  const teams = {
    call,
    log,
    settings: () => readConnection(database, { open }, 'teams'),
    findKey: createFindKey(egress),
  }
  const emailOf: ChatPorts['emailOf'] = async (queries, name) => {
    const email = (await findResource(queries, { kind: 'Person', name }))?.document.spec.email
    return typeof email === 'string' ? email : null
  }
  return {
    chats: {
      slack: { room: createSlackRoom(slack), listener: createSlackListener(slack) },
      mattermost: { room: createMattermostRoom(mattermost), listener: createMattermostListener(mattermost) },
      teams: { room: createTeamsRoom(teams), listener: createTeamsListener(teams) },
    },
    perform: createPerform({
      operations: () => house.rooms().flatMap((room) => room.operations ?? []),
      gatekeeper: house.gatekeeper,
      idempotency: { database, isAway: house.isAway },
      rateLimits: house.rateLimits,
    }),
    personOf: (actor) => shownNameOf(database, actor),
    declaredNameOf: (actor) => declaredNameOf(database, actor),
    actorOfEmail: async (email): Promise<Actor | null> => {
      const person = await findPersonByEmail(database, email)
      if (person === null || person.disabledAt !== null) return null
      const { id, name, role, teams } = person
      return { kind: 'person', id, name, role, teams }
    },
    emailOfContact: async (provider, user) => {
      const [person] = await findPeopleAt(database, provider, user)
      return person === undefined ? null : emailOf(database, person)
    },
    emailOf,
    pagedFor: async (queries, alerts) => {
      const pages = []
      for (const alertId of alerts.slice(0, mostPages))
        pages.push(...(await listPageRows(queries, { alertId, person: null }, null, mostPages)))
      return [...new Set(pages.map((page) => page.person))]
    },
    linesOf: listConcerning,
    answerPage: async (order) => (await answerMessage(needs, house.answering, order)).sentence,
  }
}
