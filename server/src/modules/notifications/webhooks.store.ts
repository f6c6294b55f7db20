// All SQL on the webhooks that policies name: where they lead and what signs for them.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql, timestamp } from '../../platform/database/queries.ts'

export interface WebhookRow {
  readonly name: string
  readonly url: string
  readonly team: string | null
  /** Sealed. */
  readonly secret: string
  readonly secretAt: Instant
  /** Null: it was made with the webhook, and nobody has read it. */
  readonly secretBy: string | null
  /** Sealed; signs as well until `formerUntil`. Both null when that is over. */
  readonly former: string | null
  readonly formerUntil: Instant | null
}

const columns = sql`name, url, team, secret, secret_at as "secretAt", secret_by as "secretBy",
  case when former_until > mainstay_now() then former end as former,
  case when former_until > mainstay_now() then former_until end as "formerUntil"`

export async function insertWebhook(
  tx: Tx,
  webhook: Pick<WebhookRow, 'name' | 'url' | 'team' | 'secret'>,
): Promise<void> {
  await tx.run(sql`
    insert into webhooks (name, url, team, secret) values (${webhook.name}, ${webhook.url}, ${webhook.team}, ${webhook.secret})`)
}

export async function moveWebhook(
  tx: Tx,
  { name, url, team }: Pick<WebhookRow, 'name' | 'url' | 'team'>,
): Promise<void> {
  await tx.run(sql`update webhooks set url = ${url}, team = ${team} where name = ${name}`)
}

export async function saveSecret(
  tx: Tx,
  order: Pick<WebhookRow, 'name' | 'secret' | 'secretBy' | 'former' | 'formerUntil'>,
): Promise<void> {
  const { name, secret, secretBy, former, formerUntil } = order
  await tx.run(sql`
    update webhooks set secret = ${secret}, secret_at = mainstay_now(), secret_by = ${secretBy}, former = ${former},
      former_until = ${formerUntil === null ? sql`null::timestamptz` : timestamp(formerUntil)} where name = ${name}`)
}

export async function removeWebhook(tx: Tx, name: string): Promise<void> {
  await tx.run(sql`delete from webhooks where name = ${name}`)
}

export async function findWebhook(queries: Queries, name: string): Promise<WebhookRow | null> {
  return queries.maybe(sql<WebhookRow>`select ${columns} from webhooks where name = ${name}`)
}

export async function lockWebhook(tx: Tx, name: string): Promise<WebhookRow | null> {
  return tx.maybe(sql<WebhookRow>`select ${columns} from webhooks where name = ${name} for update`)
}

export async function listWebhookRows(queries: Queries, limit: number): Promise<readonly WebhookRow[]> {
  return queries.many(sql<WebhookRow>`select ${columns} from webhooks order by name limit ${limit}`)
}

/** Which of these there are. */
export async function listKnownWebhooks(queries: Queries, names: readonly string[]): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set()
  const rows = await queries.many(sql<{ name: string }>`select name from webhooks where name = any(${[...names]})`)
  return new Set(rows.map((row) => row.name))
}
