// Who may send what, as plain data: lies in the lifeboat's plan, so that senders are known while the database is away.
import type { Instant } from '../../kernel/instant.ts'
import type { Queries } from '../../platform/database/queries.ts'
import type { AlertSource } from './core/index.ts'
import { listSources } from './intake.store.ts'
import { type KnownSecret, type KnownToken, listKnownSecrets, listKnownTokens } from './tokens.store.ts'

export interface SendersPlan {
  readonly sources: readonly AlertSource[]
  readonly tokens: readonly KnownToken[]
  /** Still sealed with the keys of the installation. */
  readonly secrets: readonly KnownSecret[]
}

// Beyond these an installation has other troubles than a database that is away.
const most = 5_000

export async function loadSendersPlan(queries: Queries): Promise<SendersPlan> {
  return {
    sources: (await listSources(queries, most)).map(({ source }) => source),
    tokens: await listKnownTokens(queries, most),
    secrets: await listKnownSecrets(queries, most),
  }
}

const isLive = ({ expiresAt }: { readonly expiresAt: Instant | null }, at: Instant): boolean =>
  expiresAt === null || expiresAt > at

export function tokenIn(plan: SendersPlan, hash: Uint8Array, at: Instant): KnownToken | null {
  const text = Buffer.from(hash).toString('hex')
  return plan.tokens.find((each) => each.hash === text && isLive(each, at)) ?? null
}

export function sourceIn(plan: SendersPlan, name: string): AlertSource | null {
  return plan.sources.find((each) => each.name === name) ?? null
}

export function secretsIn(plan: SendersPlan, source: string, at: Instant): readonly KnownSecret[] {
  return plan.secrets.filter((each) => each.source === source && isLive(each, at))
}
