import { type Actor, automation, type Role, roleAtLeast } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { formatInstant, type Instant } from '../../../kernel/instant.ts'
import { judgeKey } from '../core/index.ts'
import { keyCreated, keyRevoked } from '../identity.contract.ts'
import { changeRights, type IdentityNeeds } from '../identity-needs.ts'
import { type ApiKey, insertKey, lockKey, revokeKeyRow } from '../keys.store.ts'
import { createKeyToken, hashToken } from '../tokens.ts'

export interface CreateKey {
  readonly name: string
  readonly role: Role
  readonly scopes: readonly string[]
  readonly teams: readonly string[]
  readonly service: boolean
  readonly expiresAt: Instant | null
}

/** The token is shown this once; only its hash is kept. */
export async function createKey(
  needs: Pick<IdentityNeeds, 'database' | 'journal' | 'newId'>,
  order: CreateKey,
  actor: Actor,
): Promise<{ key: ApiKey; token: string }> {
  // Automation is the server itself: the demo and the tests make their first key so.
  const refusal = actor.kind === 'automation' ? null : judgeKey(actor, order)
  if (refusal !== null) throw new AppError('forbidden', 'identity.key-beyond-authority', refusal)
  const { token, prefix, last4 } = createKeyToken()
  const key = await needs.database.transaction(async (tx) => {
    if (order.expiresAt !== null && order.expiresAt <= (await tx.now())) {
      throw new AppError('invalid', 'identity.key-expired', 'The key would have expired already.', {
        faults: [{ pointer: '/expiresAt', detail: 'It must lie ahead.' }],
      })
    }
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
  })
  return { key, token }
}

/** A service key made by the server itself, for the demo and for scripts on its host. Answers the token. */
export async function issueKey(
  needs: Pick<IdentityNeeds, 'database' | 'journal' | 'newId'>,
  order: Pick<CreateKey, 'name' | 'role' | 'scopes'>,
): Promise<string> {
  const { token } = await createKey(
    needs,
    { ...order, teams: [], service: true, expiresAt: null },
    automation('identity.issue-key'),
  )
  return token
}

export async function revokeKey(needs: IdentityNeeds, id: string, actor: Actor): Promise<void> {
  await changeRights(needs, async (tx) => {
    const key = await lockKey(tx, id)
    const mine = key?.createdBy?.id === actor.id || (actor.kind === 'key' && key?.id === actor.id)
    if (key === null || !(mine || isAdministrator(actor)))
      throw new AppError('not-found', 'identity.unknown-key', 'You have no such key.')
    if (key.revokedAt !== null) return
    await revokeKeyRow(tx, id)
    await needs.journal.publish(tx, keyRevoked, {
      actor,
      subject: { kind: 'key', id },
      links: key.createdBy === null ? [] : [{ kind: 'person', id: key.createdBy.id }],
      data: { name: key.name, prefix: key.prefix },
    })
  })
}

export function isAdministrator(actor: Actor): boolean {
  return (actor.kind === 'person' || actor.kind === 'key') && roleAtLeast(actor.role, 'admin')
}
