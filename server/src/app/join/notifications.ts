// What notifications needs from the outside world: channels over egress, people from the catalog, sealed secrets, links.

import { createSmtpChannel } from '../../integrations/smtp/smtp-channel.ts'
import { createWebhookChannel } from '../../integrations/webhook/webhook-channel.ts'
import { createWebPushChannel } from '../../integrations/webpush/webpush-channel.ts'
import { findResources } from '../../modules/catalog/index.ts'
import { loadPushKeys, type NotificationPorts } from '../../modules/notifications/index.ts'
import { createMessageLinks } from '../../modules/oncall/index.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Outside } from '../outside.ts'
import { declaredNameOf } from './people.ts'

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

export function notificationPortsOf(
  needs: Needs,
  outside: Pick<Outside, 'config' | 'egress' | 'keyring' | 'links'>,
): NotificationPorts {
  const { config, egress, keyring, links } = outside
  const from = config.need('MAINSTAY_MAIL_FROM')
  const seal = (secret: string, context: string) => keyring.seal(secret, context)
  const open = (sealed: string, context: string) => keyring.open(sealed, context)
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
      email: createSmtpChannel(egress, { url: config.get('MAINSTAY_SMTP_URL'), from }),
      webhook: createWebhookChannel(egress, needs.publicUrl),
      // The subject (RFC 8292) tells the push service whom to ask; the mail sender is who runs this installation.
      webpush: createWebPushChannel({
        egress,
        keys: () => loadPushKeys(needs, { seal, open }),
        subject: `mailto:${/<([^>]+)>/.exec(from)?.[1] ?? from}`,
      }),
    },
    linkFor: (subject, person, now) => createMessageLinks(needs.publicUrl, links)(subject, person, now),
    seal,
    open,
  }
}
