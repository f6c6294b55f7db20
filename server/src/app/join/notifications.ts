// What notifications needs from the outside world: channels over egress, people from the catalog, sealed secrets, links.

import { createDiscordChannel } from '../../integrations/discord/discord-channel.ts'
import { createMattermostCallback } from '../../integrations/mattermost/mattermost-callback.ts'
import { createMattermostChannel } from '../../integrations/mattermost/mattermost-channel.ts'
import { createMattermostConnector } from '../../integrations/mattermost/mattermost-connector.ts'
import { createNtfyChannel } from '../../integrations/ntfy/ntfy-channel.ts'
import { slackCallback } from '../../integrations/slack/slack-callback.ts'
import { createSlackChannel } from '../../integrations/slack/slack-channel.ts'
import { createSlackConnector } from '../../integrations/slack/slack-connector.ts'
import { createSmtpChannel } from '../../integrations/smtp/smtp-channel.ts'
import { createTeamsChannel } from '../../integrations/teams/teams-channel.ts'
import { createTeamsConnector } from '../../integrations/teams/teams-connector.ts'
import { createTeamsTokens } from '../../integrations/teams/teams-token.ts'
import { telegramCallback } from '../../integrations/telegram/telegram-callback.ts'
import { createTelegramChannel } from '../../integrations/telegram/telegram-channel.ts'
import { createTelegramConnector } from '../../integrations/telegram/telegram-connector.ts'
import {
  twilioCallCallback,
  twilioSmsCallback,
  twilioStatusCallback,
} from '../../integrations/twilio/twilio-callback.ts'
import {
  createSmsChannel,
  createTwilioConnector,
  createVoiceChannel,
} from '../../integrations/twilio/twilio-channel.ts'
import { createWebhookChannel } from '../../integrations/webhook/webhook-channel.ts'
import { createWebPushChannel } from '../../integrations/webpush/webpush-channel.ts'
import { AppError } from '../../kernel/app-error.ts'
import type { AlertsPorts } from '../../modules/alerts/index.ts'
import { findResources } from '../../modules/catalog/index.ts'
import {
  type AnsweringPorts,
  loadPushKeys,
  type NotificationPorts,
  openAnswerToken,
  readConnection,
  type Watch,
} from '../../modules/notifications/index.ts'
import { createMessageLinks, findOfAlert, type Pager } from '../../modules/oncall/index.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Outside } from '../outside.ts'
import { acknowledgeByLink } from './acknowledge.ts'
import type { SendMemory } from './lifeboat.ts'
import { declaredNameOf } from './people.ts'
import type { SettingsMemory } from './remembered-settings.ts'

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

export function notificationPortsOf(
  needs: Needs,
  outside: Pick<Outside, 'config' | 'egress' | 'keyring' | 'links'>,
  memory: { readonly settings: SettingsMemory; readonly sends: SendMemory },
): NotificationPorts {
  const { config, egress, keyring, links } = outside
  const from = config.need('MAINSTAY_MAIL_FROM')
  const seal = (secret: string, context: string) => keyring.seal(secret, context)
  const open = (sealed: string, context: string) => keyring.open(sealed, context)
  const settingsOf = (kind: Parameters<typeof readConnection>[2]) =>
    memory.settings.remember(`connection:${kind}`, () => readConnection(needs.database, { open }, kind))
  const { once } = memory.sends
  const { publicUrl } = needs
  const twilio = { egress, settings: settingsOf('twilio'), publicUrl }
  return {
    people: {
      nameOf: (actor) => declaredNameOf(needs.database, actor),
      describe: async (queries, people) => {
        const found = await findResources(
          queries,
          people.map((name) => ({ kind: 'Person', name })),
        )
        return new Map(
          found.map((each) => [
            each.name,
            {
              displayName: each.document.metadata.displayName ?? each.name,
              email: text(each.document.spec.email),
              timeZone: text(each.document.spec.timeZone),
            },
          ]),
        )
      },
    },
    channels: {
      email: once(createSmtpChannel(egress, { url: config.get('MAINSTAY_SMTP_URL'), from })),
      slack: once(createSlackChannel({ egress, settings: settingsOf('slack') })),
      teams: once(createTeamsChannel({ egress, settings: settingsOf('teams'), tokens: createTeamsTokens(egress) })),
      mattermost: once(createMattermostChannel({ egress, settings: settingsOf('mattermost'), publicUrl })),
      discord: once(createDiscordChannel(egress)),
      telegram: once(createTelegramChannel({ egress, settings: settingsOf('telegram') })),
      ntfy: once(createNtfyChannel(egress)),
      sms: once(createSmsChannel(twilio)),
      voice: once(createVoiceChannel(twilio)),
      webhook: once(createWebhookChannel(egress, publicUrl)),
      // The subject (RFC 8292) tells the push service whom to ask; the mail sender is who runs this installation.
      webpush: once(
        createWebPushChannel({
          egress,
          keys: memory.settings.remember('push-keys', () => loadPushKeys(needs, { seal, open })),
          publicUrl,
          subject: `mailto:${/<([^>]+)>/.exec(from)?.[1] ?? from}`,
        }),
      ),
    },
    linkFor: (subject, person, now) => createMessageLinks(needs.publicUrl, links)(subject, person, now),
    seal,
    open,
  }
}

export function answeringOf(
  needs: Needs,
  ports: NotificationPorts,
  house: { readonly egress: Outside['egress']; readonly alerts: () => AlertsPorts; readonly pager: Pager },
): AnsweringPorts {
  const { egress } = house
  return {
    connectors: {
      slack: createSlackConnector(egress),
      telegram: createTelegramConnector(egress, needs.publicUrl),
      mattermost: createMattermostConnector(egress),
      teams: createTeamsConnector(egress),
      twilio: createTwilioConnector(egress),
    },
    callbacks: {
      slack: slackCallback,
      telegram: telegramCallback,
      mattermost: createMattermostCallback((token) => openAnswerToken(ports, token)),
      'twilio-call': twilioCallCallback,
      'twilio-sms': twilioSmsCallback,
      'twilio-status': twilioStatusCallback,
    },
    acknowledge: async ({ alertId, person }) => {
      const answer = await acknowledgeByLink(needs, house.alerts(), { alertId, person })
      if (answer.state === 'acknowledged') return answer
      // An acknowledgement that timed out pages again while the alert still shows the first one's name. Whoever
      // answers now is the one who answers.
      const phase = (await findOfAlert(needs.database, alertId))?.state.phase.kind
      if (phase !== 'escalating' && phase !== 'exhausted') return answer
      const actor = { kind: 'link', id: person, name: person } as const
      await needs.database.transaction((tx) => house.pager.acknowledge(tx, { alertId, by: person, actor }))
      return { state: 'acknowledged' }
    },
  }
}

/** The sign of life goes to the operator's own watchdog, which may well stand inside. */
export function watchOf({ config, egress }: Pick<Outside, 'config' | 'egress'>, registry: Watch['registry']): Watch {
  const url = config.get('MAINSTAY_HEARTBEAT_URL')
  if (url === null) return { registry, beat: null }
  return {
    registry,
    beat: async () => {
      try {
        const reply = await egress.request({ connector: 'heartbeat', method: 'GET', url, maxReplyBytes: 512 })
        return `HTTP ${reply.status}`
      } catch (error) {
        if (error instanceof AppError) return error.message
        throw error
      }
    },
  }
}
