// The API keys as they were when the database was last asked, so that senders are known while it is away. Only hashes.
import { timingSafeEqual } from 'node:crypto'
import type { Actor } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Queries } from '../../platform/database/queries.ts'
import { lesserRole } from './core/index.ts'
import { listGoodKeys } from './sessions.store.ts'
import { hashToken, keyPrefix } from './tokens.ts'

export interface KnownKey {
  readonly prefix: string
  /** Of the whole token, in base64. */
  readonly hash: string
  readonly expiresAt: Instant | null
  readonly actor: Extract<Actor, { kind: 'key' }>
}

// Those used last come first; an installation with more has senders that can wait.
const most = 10_000

export async function loadKnownKeys(queries: Queries): Promise<readonly KnownKey[]> {
  return (await listGoodKeys(queries, most)).map((key) => ({
    prefix: key.prefix,
    hash: key.secretHash.toString('base64'),
    expiresAt: key.expiresAt,
    actor: {
      kind: 'key',
      id: key.id,
      name: key.name,
      role: key.makerRole === null ? key.role : lesserRole(key.role, key.makerRole),
      teams: key.teams,
      scopes: key.scopes,
    },
  }))
}

export function actorOfKnownKey(keys: readonly KnownKey[], token: string, now: Instant): Actor | null {
  const prefix = keyPrefix(token)
  const key = prefix === null ? undefined : keys.find((each) => each.prefix === prefix)
  if (key === undefined || (key.expiresAt !== null && key.expiresAt <= now)) return null
  return timingSafeEqual(Buffer.from(key.hash, 'base64'), hashToken(token)) ? key.actor : null
}
