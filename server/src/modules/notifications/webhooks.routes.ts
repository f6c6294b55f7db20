import { formatInstant } from '../../kernel/instant.ts'
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { type LastToWebhook, listLastToWebhooks } from './deliveries.store.ts'
import type { NotificationPorts } from './notifications.ports.ts'
import { replaceWebhookSecret, testWebhook, unknownWebhook } from './usecases/change-webhooks.ts'
import * as contract from './webhooks.contract.ts'
import { findWebhook, listWebhookRows, type WebhookRow } from './webhooks.store.ts'

const most = 1_000

export function webhookRoutes(needs: Needs, ports: NotificationPorts): readonly BoundOperation[] {
  const { database } = needs
  const ownerOf = async ({ params }: { readonly params: { readonly name: string } }) =>
    (await findWebhook(database, params.name))?.team ?? null
  return [
    route(contract.listWebhooks, async () => {
      const rows = await listWebhookRows(database, most)
      const last = await listLastToWebhooks(
        database,
        rows.map((row) => row.name),
      )
      return { items: rows.map((row) => present(row, last.get(row.name) ?? null)) }
    }),
    route(
      contract.replaceWebhookSecret,
      async ({ params: { name }, body, actor }) => {
        const secret = await replaceWebhookSecret(needs, ports, { name, secret: body.secret ?? null, actor })
        const row = await findWebhook(database, name)
        if (row === null) throw unknownWebhook(name)
        const last = await listLastToWebhooks(database, [name])
        return { webhook: present(row, last.get(name) ?? null), secret }
      },
      ownerOf,
    ),
    route(contract.testWebhook, async ({ params }) => ({ delivery: await testWebhook(needs, params.name) }), ownerOf),
  ]
}

function present(row: WebhookRow, last: LastToWebhook | null): contract.WebhookReply {
  const { name, url, team, secretAt, secretBy, formerUntil } = row
  return {
    name,
    url,
    team,
    secretAt: formatInstant(secretAt),
    secretBy,
    formerUntil: formerUntil === null ? null : formatInstant(formerUntil),
    last: last === null ? null : { at: formatInstant(last.at), state: last.phase, because: last.because },
  }
}
