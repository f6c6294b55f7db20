import { formatInstant } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { sha256 } from '../../../platform/secrets/index.ts'
import type { SigningKey } from '../audit.ports.ts'
import { exportLine, formatNoteKey, toBase64 } from '../core/index.ts'
import { newestCheckpoint, readHead, readLeaves, readNotes, readSealed } from '../sealing.store.ts'
import { sealJournal } from './seal-journal.ts'
import { signCheckpoint } from './sign-checkpoint.ts'

const leavesInLine = 4_096
const rowsAtOnce = 500

/** The whole journal up to a checkpoint signed now, page by page: nothing is read before the reader asks for it. */
export async function* exportJournal(needs: Needs, signingKey: SigningKey): AsyncGenerator<string> {
  const { database } = needs
  await sealJournal(database)
  await signCheckpoint(needs, signingKey)
  const newest = await newestCheckpoint(database)
  const size = newest?.size ?? 0
  const { origin } = await readHead(database)
  const key = formatNoteKey(sha256, { name: origin, publicKey: signingKey.publicKey })
  const exportedAt = formatInstant(await database.now())
  yield exportLine({ kind: 'mainstay-journal', version: 1, origin, size, key, exportedAt })
  yield* notesUpTo(needs, newest?.id ?? 0)
  for (let first = 0; first < size; first += leavesInLine)
    yield exportLine({ leaves: toBase64(await readLeaves(database, first, Math.min(leavesInLine, size - first))) })
  let fed = 0
  for (let after = -1; after < size - 1; ) {
    const rows = await readSealed(database, after, Math.min(rowsAtOnce, size - 1 - after))
    const shown = rows.filter(({ leafIndex }) => leafIndex < size)
    fed += shown.length
    yield shown
      .map(({ entry, salt }) => exportLine({ entry: { ...entry, at: formatInstant(entry.at) }, salt }))
      .join('')
    const last = rows.at(-1)
    if (last === undefined) break
    after = last.leafIndex
  }
  yield exportLine({ end: fed })
}

async function* notesUpTo({ database }: Needs, upTo: number): AsyncGenerator<string> {
  for (let after = 0; after < upTo; ) {
    const rows = await readNotes(database, after, upTo, 1_000)
    yield rows.map(({ note }) => exportLine({ checkpoint: note })).join('')
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.id
  }
}
