// The installation's own web push key (VAPID, RFC 8292): made once, its private half stored sealed.
import { createECDH } from 'node:crypto'
import type { Needs } from '../../../platform/room/needs.ts'
import { findPushKeys, insertPushKeys } from '../contacts.store.ts'
import type { NotificationPorts } from '../notifications.ports.ts'

export interface PushKeys {
  /** Uncompressed P-256 point, base64url. */
  readonly publicKey: string
  readonly privateKey: string
}

const context = 'notifications/push-key'

export async function loadPushKeys(
  needs: Pick<Needs, 'database'>,
  ports: Pick<NotificationPorts, 'seal' | 'open'>,
): Promise<PushKeys> {
  const found = await findPushKeys(needs.database)
  if (found !== null) return { publicKey: found.publicKey, privateKey: ports.open(found.privateKey, context) }
  const pair = createECDH('prime256v1')
  const publicKey = pair.generateKeys('base64url')
  // A leading zero byte may be missing from the number; the receivers' libraries want all 32.
  const privateKey = pair.getPrivateKey().toString('hex').padStart(64, '0')
  const sealed = ports.seal(Buffer.from(privateKey, 'hex').toString('base64url'), context)
  await needs.database.transaction((tx) => insertPushKeys(tx, { publicKey, privateKey: sealed }))
  return loadPushKeys(needs, ports)
}
