import { setImmediate as breathe } from 'node:timers/promises'
import type { Queries } from '../../../platform/database/queries.ts'
import { sha256, verifyEd25519 } from '../../../platform/secrets/index.ts'
import type { SigningKey } from '../audit.ports.ts'
import { packedLeaves, startVerification, type Verdict } from '../core/index.ts'
import {
  countLeaves,
  newestCheckpoint,
  readHead,
  readLeaves,
  readNotes,
  readSealed,
  readUnnumbered,
} from '../sealing.store.ts'

// About 10 ms of hashing between two turns of the loop.
const rowsAtOnce = 200
const leavesAtOnce = 20_000

/**
 * Reads the whole sealed journal again and compares it with its leaves and checkpoints. Somebody who rewrote entries,
 * leaves and checkpoints alike is only found with checkpoints kept outside: export, then verify with those.
 */
export async function verifyJournal(queries: Queries, signingKey: SigningKey): Promise<Verdict> {
  const { origin } = await readHead(queries)
  const size = await countLeaves(queries)
  const newest = await newestCheckpoint(queries)
  const publicKeys = [signingKey.publicKey, ...(signingKey.former ?? [])]
  const verification = startVerification({
    hash: sha256,
    verify: verifyEd25519,
    keys: publicKeys.map((publicKey) => ({ name: origin, publicKey })),
    origin,
    leaves: packedLeaves(await collectLeaves(queries, size)) ?? { size: 0, at: () => new Uint8Array(0) },
    checkpoints: await collectNotes(queries, newest?.id ?? 0),
  })
  for (let after = -1; after < size - 1; ) {
    const rows = await readSealed(queries, after, rowsAtOnce)
    // Sealed since we began: the leaf index in hand ends at `size`.
    for (const { leafIndex, entry, salt } of rows) if (leafIndex < size) verification.feed({ entry, salt })
    const last = rows.at(-1)
    if (last === undefined) break
    after = last.leafIndex
    await breathe()
  }
  for (const { entry, salt } of await readUnnumbered(queries, 1_000)) verification.feed({ entry, salt })
  return verification.finish()
}

async function collectLeaves(queries: Queries, size: number): Promise<Uint8Array> {
  const packed = new Uint8Array(size * 32)
  for (let first = 0; first < size; first += leavesAtOnce) {
    const part = await readLeaves(queries, first, Math.min(leavesAtOnce, size - first))
    // A removed leaf shortens its page: zeros stand in its place and the verifier names the first difference.
    packed.set(part, first * 32)
  }
  return packed
}

async function collectNotes(queries: Queries, upTo: number): Promise<readonly string[]> {
  const notes: string[] = []
  for (let after = 0; ; ) {
    const rows = await readNotes(queries, after, upTo, 5_000)
    for (const row of rows) notes.push(row.note)
    const last = rows.at(-1)
    if (last === undefined) return notes
    after = last.id
  }
}
