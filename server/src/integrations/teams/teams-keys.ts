// The keys the Bot Connector signs with, by its OpenID metadata. Kept for a day; a key that is not among them is looked for
// anew, seldom enough that nobody can make us ask. While the metadata is away, the keys that were known hold on.
import { createPublicKey } from 'node:crypto'
import type { Egress } from '../../platform/egress/index.ts'
import { monotonicMs } from '../../platform/monotonic.ts'
import { listOf, objectOf } from './teams-json.ts'
import type { ConnectorKey } from './teams-proof.ts'
import { hostsOf, type TeamsSettings } from './teams-settings.ts'

export type FoundKey = ConnectorKey | 'unknown' | 'away'
export type FindKey = (settings: TeamsSettings, keyId: string) => Promise<FoundKey>

const keptForMs = 24 * 60 * 60_000
/** A key nobody knows may be new; so often at most we look. */
const askAgainMs = 30_000
/** While no key is known nothing can be believed, so it is asked sooner. */
const askSoonMs = 2_000
const longestDocument = 512 * 1_024
const timeouts = { headersMs: 4_000, totalMs: 5_000 } as const

interface Known {
  readonly of: string
  readonly at: number
  readonly keys: ReadonlyMap<string, ConnectorKey>
}

export function createFindKey(egress: Pick<Egress, 'request'>): FindKey {
  let known: Known | null = null
  let asked: { readonly of: string; readonly at: number } | null = null
  let asking: Promise<void> | null = null

  async function refresh(of: string): Promise<void> {
    asked = { of, at: monotonicMs() }
    const keys = await askKeys(egress, of)
    if (keys !== null) known = { of, at: monotonicMs(), keys }
  }
  return async (settings, keyId) => {
    const of = hostsOf(settings).metadata
    const here = () => (known?.of === of ? known : null)
    const isFresh = (at: number, forMs: number) => monotonicMs() - at < forMs
    const kept = here()
    const found = kept?.keys.get(keyId)
    if (kept !== null && found !== undefined && isFresh(kept.at, keptForMs)) return found
    const patience = kept === null ? askSoonMs : askAgainMs
    if (asking !== null || asked === null || asked.of !== of || !isFresh(asked.at, patience)) {
      // Those who come meanwhile wait for the same answer.
      asking ??= refresh(of).finally(() => {
        asking = null
      })
      await asking
    }
    const now = here()
    return now === null ? 'away' : (now.keys.get(keyId) ?? 'unknown')
  }
}

async function askKeys(
  egress: Pick<Egress, 'request'>,
  metadata: string,
): Promise<ReadonlyMap<string, ConnectorKey> | null> {
  const { jwks_uri } = objectOf(await ask(egress, metadata))
  // The document of one host must not send us to another.
  const isIts =
    typeof jwks_uri === 'string' && URL.canParse(jwks_uri) && new URL(jwks_uri).origin === new URL(metadata).origin
  if (!isIts) return null
  const keys = new Map<string, ConnectorKey>()
  for (const jwk of listOf(objectOf(await ask(egress, jwks_uri)).keys)) {
    const { kid, kty, n, e, use, endorsements } = jwk
    if (typeof kid !== 'string' || kty !== 'RSA' || typeof n !== 'string' || typeof e !== 'string') continue
    if (use !== undefined && use !== 'sig') continue
    try {
      const key = createPublicKey({ key: { kty, n, e }, format: 'jwk' })
      const named = Array.isArray(endorsements) ? endorsements.filter((each) => typeof each === 'string') : []
      keys.set(kid, { key, endorsements: named })
    } catch {
      // One that cannot be read proves nothing; the others may.
    }
  }
  return keys.size === 0 ? null : keys
}

async function ask(egress: Pick<Egress, 'request'>, url: string): Promise<unknown> {
  try {
    const headers = { accept: 'application/json' }
    const request = {
      connector: 'teams',
      method: 'GET',
      url,
      headers,
      timeouts,
      maxReplyBytes: longestDocument,
    } as const
    const reply = await egress.request(request)
    return reply.status === 200 ? JSON.parse(reply.body.toString('utf8')) : null
  } catch {
    return null
  }
}
