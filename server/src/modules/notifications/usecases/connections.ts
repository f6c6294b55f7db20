// Connecting the installation to a provider: proved first, kept sealed, never read back.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findConnection, removeConnection, saveConnection } from '../channels.store.ts'
import type { ConnectionKind } from '../core/index.ts'
import { channelConnected, channelDisconnected } from '../notifications.contract.ts'
import type { Connectors, NotificationPorts } from '../notifications.ports.ts'

const contextOf = (kind: ConnectionKind): string => `channel-connection:${kind}`

export async function readConnection(
  queries: Queries,
  ports: Pick<NotificationPorts, 'open'>,
  kind: ConnectionKind,
): Promise<JsonObject | null> {
  const row = await findConnection(queries, kind)
  return row === null ? null : (JSON.parse(ports.open(row.settings, contextOf(kind))) satisfies JsonObject)
}

export async function connectChannel(
  needs: Needs,
  ports: Pick<NotificationPorts, 'seal'>,
  connectors: Connectors,
  order: { readonly kind: ConnectionKind; readonly settings: JsonObject; readonly actor: Actor },
): Promise<void> {
  const { kind, actor } = order
  const verdict = await connectors[kind].prove(order.settings, await needs.database.now())
  if (!verdict.ok)
    throw new AppError(verdict.retry ? 'conflict' : 'invalid', 'notifications.connection-refused', verdict.because)
  await needs.database.transaction(async (tx) => {
    const settings = ports.seal(JSON.stringify(verdict.settings), contextOf(kind))
    await saveConnection(tx, { kind, settings, shown: verdict.shown, updatedBy: actor.name })
    await needs.journal.publish(tx, channelConnected, {
      actor,
      subject: { kind: 'channel', id: kind },
      data: { channel: kind, shown: verdict.shown },
    })
  })
}

export async function disconnectChannel(
  needs: Needs,
  order: { readonly kind: ConnectionKind; readonly actor: Actor },
): Promise<void> {
  await needs.database.transaction(async (tx) => {
    if (!(await removeConnection(tx, order.kind)))
      throw new AppError('not-found', 'notifications.not-connected', 'This channel is not connected.')
    await needs.journal.publish(tx, channelDisconnected, {
      actor: order.actor,
      subject: { kind: 'channel', id: order.kind },
      data: { channel: order.kind, shown: {} },
    })
  })
}
