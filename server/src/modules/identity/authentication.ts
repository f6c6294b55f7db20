// Who is behind a request. The database is the truth; what it said is believed for less than a second, and forgotten
// at once when any process changes somebody's rights.
import { timingSafeEqual } from 'node:crypto'
import type { Actor } from '../../kernel/actor.ts'
import type { Database } from '../../platform/database/database.ts'
import type { Credentials } from '../../platform/http/server.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { listen } from '../../platform/work/wake-up.ts'
import { lesserRole } from './core/index.ts'
import { findKeyHolder, findSessionHolder, touchKey, touchSession } from './sessions.store.ts'
import { hashToken, keyPrefix } from './tokens.ts'

export interface Authenticated {
  readonly actor: Actor
  /** Administrators' names, for refusals that say who can help. */
  readonly grantors: readonly string[]
}

export interface Authentication {
  authenticate(credentials: Pick<Credentials, 'token' | 'session'>): Promise<Authenticated | null>
  /** Somebody's rights have changed. Call after the commit. */
  forget(): void
  start(): void
  stop(): Promise<void>
}

// An answer lives in two generations at most, so for 450 to 900 ms: under the promised second even without a hint.
const generationMs = 450
const largestGeneration = 20_000

// One memory for each database handle: the gatekeeper and the room are built apart and must forget together.
const memories = new WeakMap<Database, Authentication>()

export function authenticationOf(needs: Pick<Needs, 'database' | 'log'>): Authentication {
  const known = memories.get(needs.database)
  if (known !== undefined) return known
  const made = createAuthentication(needs)
  memories.set(needs.database, made)
  return made
}

function createAuthentication(needs: Pick<Needs, 'database' | 'log'>): Authentication {
  const { database, log } = needs
  let current = new Map<string, Authenticated>()
  let previous = new Map<string, Authenticated>()
  let epoch = 0
  let timer: NodeJS.Timeout | null = null
  let hints: { stop(): Promise<void> } | null = null

  const age = () => {
    previous = current
    current = new Map()
    timer = previous.size === 0 ? null : setTimeout(age, generationMs).unref()
  }
  const forget = () => {
    epoch += 1
    current = new Map()
    previous = new Map()
  }

  async function remember(key: string, look: () => Promise<Authenticated | null>): Promise<Authenticated | null> {
    const known = current.get(key) ?? previous.get(key)
    if (known !== undefined) return known
    const asked = epoch
    const found = await look()
    // An answer from before a change must not outlive it. Unknown secrets are not kept: they would fill the map.
    if (found !== null && asked === epoch && current.size < largestGeneration) {
      current.set(key, found)
      timer ??= setTimeout(age, generationMs).unref()
    }
    return found
  }

  async function bySession(hash: Buffer): Promise<Authenticated | null> {
    const holder = await findSessionHolder(database, hash)
    if (holder === null) return null
    if (holder.sightedLongAgo) await softly(() => touchSession(database, holder.sessionId))
    const { id, name, role, teams, grantors } = holder
    return { actor: { kind: 'person', id, name, role, teams }, grantors }
  }

  async function byKey(hash: Buffer, prefix: string): Promise<Authenticated | null> {
    const holder = await findKeyHolder(database, prefix)
    if (holder === null || !timingSafeEqual(holder.secretHash, hash)) return null
    if (holder.sightedLongAgo) await softly(() => touchKey(database, holder.id))
    const { id, name, teams, scopes, grantors } = holder
    const role = holder.makerRole === null ? holder.role : lesserRole(holder.role, holder.makerRole)
    return { actor: { kind: 'key', id, name, role, teams, scopes }, grantors }
  }

  // "Last seen" is no reason to turn somebody away while the disk is full.
  const softly = (write: () => Promise<void>) =>
    write().catch((error: unknown) => log.warn('The last use of a session or key was not recorded.', { error }))

  return {
    authenticate: async ({ token, session }) => {
      const secret = token ?? session
      if (secret === null) return null
      const hash = hashToken(secret)
      if (token === null) return remember(`s${hash.toString('base64')}`, () => bySession(hash))
      const prefix = keyPrefix(token)
      return prefix === null ? null : remember(`k${hash.toString('base64')}`, () => byKey(hash, prefix))
    },
    forget,
    start: () => {
      hints ??= listen(database, log, 'mainstay_sessions', forget)
    },
    stop: async () => {
      if (timer !== null) clearTimeout(timer)
      timer = null
      await hints?.stop()
      hints = null
    },
  }
}
