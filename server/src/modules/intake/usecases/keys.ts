// Tokens and signing secrets: replaced with an overlap, never two of a kind more than two.
import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { plus } from '../../../kernel/instant.ts'
import { isWebhookSecret } from '../../../platform/egress/index.ts'
import { sha256 } from '../../../platform/secrets/index.ts'
import { type FormatFacts, formatFacts } from '../core/index.ts'
import type { Desk } from '../desk.ts'
import { secretChanged, tokenIssued, tokenRevoked } from '../intake.contract.ts'
import { findSource, lockSource, type SourceRow } from '../intake.store.ts'
import { signingOf } from '../signature.ts'
import {
  endSecrets,
  endToken,
  insertSecret,
  insertToken,
  listSecrets,
  listTokens,
  type TokenRow,
} from '../tokens.store.ts'
import { secretContext } from './admit-delivery.ts'

const unknownSource = () => new AppError('not-found', 'intake.unknown-source', 'There is no such source of alarms.')

export async function sourceNamed(desk: Pick<Desk, 'needs'>, name: string): Promise<SourceRow> {
  const row = await findSource(desk.needs.database, name)
  if (row === null) throw unknownSource()
  return row
}

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz'

/** At least 122 random bits, in the shape the sender's own clients expect of a key. */
function createToken(shape: FormatFacts['token']): string {
  if (shape === 'uuid') return randomUUID()
  if (shape === 'routing-key')
    return Array.from({ length: 32 }, () => alphabet.charAt(randomInt(alphabet.length))).join('')
  return `msi_${randomBytes(32).toString('base64url')}`
}

export async function issueToken(
  desk: Desk,
  order: { readonly source: string; readonly overlapMs: number; readonly actor: Actor },
): Promise<{ readonly token: string; readonly row: TokenRow }> {
  const by = await desk.ports.personOf(order.actor)
  return desk.needs.database.transaction(async (tx) => {
    const source = await lockSource(tx, order.source)
    if (source === null) throw unknownSource()
    const now = await tx.now()
    const [newest, ...older] = await listTokens(tx, order.source)
    for (const each of older) await endToken(tx, each.id, now)
    if (newest !== undefined) await endToken(tx, newest.id, plus(now, order.overlapMs))
    const token = createToken(formatFacts[source.source.format].token)
    const row = await insertToken(tx, {
      ...{ id: desk.needs.newId(), source: order.source, last4: token.slice(-4), createdBy: by },
      hash: sha256(Buffer.from(token)),
    })
    await desk.needs.journal.publish(tx, tokenIssued, {
      actor: order.actor,
      subject: { kind: 'alert-source', id: order.source },
      data: { source: order.source, last4: row.last4 },
    })
    return { token, row }
  })
}

export async function revokeToken(
  desk: Desk,
  order: { readonly source: string; readonly id: string; readonly actor: Actor },
): Promise<void> {
  await desk.needs.database.transaction(async (tx) => {
    if ((await lockSource(tx, order.source)) === null) throw unknownSource()
    const token = (await listTokens(tx, order.source)).find(({ id }) => id === order.id)
    if (token === undefined)
      throw new AppError('not-found', 'intake.unknown-token', 'The source has no such token, or it has ended.')
    await endToken(tx, token.id, await tx.now())
    await desk.needs.journal.publish(tx, tokenRevoked, {
      actor: order.actor,
      subject: { kind: 'alert-source', id: order.source },
      data: { source: order.source, last4: token.last4 },
    })
  })
}

/** Null removes it: then the token alone proves the sender. */
export async function replaceSecret(
  desk: Desk,
  order: { readonly source: string; readonly secret: string | null; readonly overlapMs: number; readonly actor: Actor },
): Promise<void> {
  const by = await desk.ports.personOf(order.actor)
  const { source } = await sourceNamed(desk, order.source)
  const signing = signingOf(source)
  if (order.secret !== null && signing === null)
    throw new AppError(
      'conflict',
      'intake.not-signed',
      `${formatFacts[source.format].title} does not sign with a shared secret${source.format === 'generic' ? ' unless the source declares a signature' : ''}.`,
    )
  if (order.secret !== null && signing?.kind === 'standard-webhooks' && !isWebhookSecret(order.secret))
    throw new AppError('invalid', 'intake.secret-invalid', 'A secret of Standard Webhooks is whsec_ and base64.')
  const { secret } = order
  await desk.needs.database.transaction(async (tx) => {
    if ((await lockSource(tx, order.source)) === null) throw unknownSource()
    const now = await tx.now()
    await endSecrets(tx, order.source, secret === null ? now : plus(now, order.overlapMs))
    if (secret !== null) {
      const id = desk.needs.newId()
      const sealed = desk.ports.seal(secret, secretContext(id))
      await insertSecret(tx, { id, source: order.source, sealed, createdBy: by })
    }
    await desk.needs.journal.publish(tx, secretChanged, {
      actor: order.actor,
      subject: { kind: 'alert-source', id: order.source },
      data: { source: order.source, checked: secret !== null },
    })
  })
}

export async function countSecrets(desk: Desk, source: string): Promise<number> {
  return (await listSecrets(desk.needs.database, source)).length
}
