import { type Actor, automation, type Role, roleAtLeast } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { formatInstant, type Instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { authenticationOf } from '../authentication.ts'
import { judgeKey } from '../core/index.ts'
import { keyCreated, keyRevoked } from '../identity.contract.ts'
import { changeRights, type IdentityNeeds } from '../identity-needs.ts'
import { type ApiKey, insertKey, lockKey, lockKeysOfServer, revokeKeyRow } from '../keys.store.ts'
import { createKeyToken, hashToken } from '../tokens.ts'

export interface CreateKey {
  readonly name: string
  readonly role: Role
  readonly scopes: readonly string[]
  readonly teams: readonly string[]
  readonly service: boolean
  readonly expiresAt: Instant | null
}

type MakingNeeds = Pick<Needs, 'database' | 'journal' | 'newId'>

/** The token is shown this once; only its hash is kept. */
export async function createKey(
  needs: MakingNeeds,
  order: CreateKey,
  actor: Actor,
): Promise<{ key: ApiKey; token: string }> {
  // Automation is the server itself: the demo and the tests make their first key so.
  const refusal = actor.kind === 'automation' ? null : judgeKey(actor, order)
  if (refusal !== null) throw new AppError('forbidden', 'identity.key-beyond-authority', refusal)
  const created = createKeyToken()
  const key = await needs.database.transaction(async (tx) => {
    if (order.expiresAt !== null && order.expiresAt <= (await tx.now())) {
      throw new AppError('invalid', 'identity.key-expired', 'The key would have expired already.', {
        faults: [{ pointer: '/expiresAt', detail: 'It must lie ahead.' }],
      })
    }
    return saveKey(needs, tx, order, actor, created)
  })
  return { key, token: created.token }
}

async function saveKey(
  needs: MakingNeeds,
  tx: Tx,
  order: CreateKey,
  actor: Actor,
  { token, prefix, last4 }: ReturnType<typeof createKeyToken>,
): Promise<ApiKey> {
  const made = await insertKey(tx, {
    ...order,
    id: needs.newId(),
    prefix,
    last4,
    secretHash: hashToken(token),
    makerId: actor.kind === 'person' ? actor.id : null,
  })
  await needs.journal.publish(tx, keyCreated, {
    actor,
    subject: { kind: 'key', id: made.id },
    data: {
      name: made.name,
      prefix,
      role: made.role,
      scopes: [...made.scopes],
      teams: [...made.teams],
      service: made.service,
      expiresAt: made.expiresAt === null ? null : formatInstant(made.expiresAt),
    },
  })
  return made
}

type ServerKey = Pick<CreateKey, 'name' | 'role' | 'scopes'>
const forServer = (order: ServerKey): CreateKey => ({ ...order, teams: [], service: true, expiresAt: null })

/** A service key made by the server itself, for the demo and for scripts on its host. Answers the token. */
export async function issueKey(needs: MakingNeeds, order: ServerKey): Promise<string> {
  return (await createKey(needs, forServer(order), automation('identity.issue-key'))).token
}

/** The same, in place of the one of that name: its secret is nowhere, so a new start can only replace it. */
export async function reissueKey(needs: MakingNeeds & Pick<Needs, 'log'>, order: ServerKey): Promise<string> {
  const actor = automation('identity.issue-key')
  const created = createKeyToken()
  await changeRights({ ...needs, authentication: authenticationOf(needs) }, async (tx) => {
    for (const key of await lockKeysOfServer(tx, order.name)) await revokeLocked(needs, tx, key, actor)
    await saveKey(needs, tx, forServer(order), actor, created)
  })
  return created.token
}

export async function revokeKey(needs: IdentityNeeds, id: string, actor: Actor): Promise<void> {
  await changeRights(needs, async (tx) => {
    const key = await lockKey(tx, id)
    const mine = key?.createdBy?.id === actor.id || (actor.kind === 'key' && key?.id === actor.id)
    if (key === null || !(mine || isAdministrator(actor)))
      throw new AppError('not-found', 'identity.unknown-key', 'You have no such key.')
    if (key.revokedAt === null) await revokeLocked(needs, tx, key, actor)
  })
}

async function revokeLocked(needs: Pick<Needs, 'journal'>, tx: Tx, key: ApiKey, actor: Actor): Promise<void> {
  await revokeKeyRow(tx, key.id)
  await needs.journal.publish(tx, keyRevoked, {
    actor,
    subject: { kind: 'key', id: key.id },
    links: key.createdBy === null ? [] : [{ kind: 'person', id: key.createdBy.id }],
    data: { name: key.name, prefix: key.prefix },
  })
}

export function isAdministrator(actor: Actor): boolean {
  return (actor.kind === 'person' || actor.kind === 'key') && roleAtLeast(actor.role, 'admin')
}
