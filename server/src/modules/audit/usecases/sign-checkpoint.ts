import type { Needs } from '../../../platform/room/needs.ts'
import { sha256 } from '../../../platform/secrets/index.ts'
import type { SigningKey } from '../audit.ports.ts'
import { formatNoteKey, frontierRoot, signCheckpoint as signNote } from '../core/index.ts'
import { insertCheckpoint, lockHead, newestCheckpoint, type StoredCheckpoint } from '../sealing.store.ts'

/** Signs for everything sealed so far. Null when the newest checkpoint says so already. */
export async function signCheckpoint(needs: Needs, signingKey: SigningKey): Promise<StoredCheckpoint | null> {
  const signed = await needs.database.transaction(async (tx) => {
    const { frontier, origin } = await lockHead(tx)
    const key = { name: origin, publicKey: signingKey.publicKey }
    const spelled = formatNoteKey(sha256, key)
    const newest = await newestCheckpoint(tx)
    if (newest?.size === frontier.size && newest.key === spelled) return null
    const root = frontierRoot(sha256, frontier)
    const note = signNote(sha256, { origin, size: frontier.size, root }, key, signingKey.sign)
    return insertCheckpoint(tx, { size: frontier.size, root, note, key: spelled })
  })
  // The log leaves this database, so whoever keeps it is a witness: a cut or rewritten journal contradicts it.
  if (signed !== null) needs.log.info('The journal was signed.', { size: signed.size, checkpoint: signed.note })
  return signed
}
