// Whether the database still has the history this host has seen. A standby that was behind when it was promoted, or a backup
// that was put back, has lost the end of it, and says nothing of that by itself. The journal tells: its entries have one
// order for ever, and each has a salt of its own.
import { automation } from '../../kernel/actor.ts'
import { formatInstant, type Instant } from '../../kernel/instant.ts'
import { readEnd, readSealed } from '../../modules/audit/index.ts'
import type { Database, Tx } from '../../platform/database/database.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { sha256 } from '../../platform/secrets/index.ts'
import { historyLost } from './history.contract.ts'

/** The last entry of the journal this host has seen. */
export interface Seen {
  /** The journal it was seen in: another database has another one. */
  readonly origin: string
  /** So many entries the journal had. */
  readonly size: number
  /** Of the last one, whose salt no other entry has. */
  readonly mark: string
  readonly at: Instant
}

export interface SeenMemory {
  read(): Seen | null
  write(seen: Seen): void
}

/** Looks once, and remembers what it saw. Answers how many entries are gone, at least; 0 when all are there. */
export async function lookForLoss(needs: Needs, memory: SeenMemory, host: string): Promise<number> {
  const before = memory.read()
  const now = await newestOf(needs.database)
  // Without a mark there was nothing, or its last entry was deleted by force: the verifier speaks of that.
  const isOther = before === null || before.mark === '' || now.origin !== before.origin
  // Most of the time the end is still the same.
  const isSame = before !== null && now.mark === before.mark && now.size === before.size
  if (isOther || isSame || (await isThere(needs.database, before))) {
    if (now.mark !== '') memory.write(now)
    return 0
  }
  // What was written since may make it as long again, so one is gone at the very least.
  const lost = Math.max(1, before.size - now.size)
  await needs.database.transaction(async (tx) => {
    await needs.journal.publish(tx, historyLost, {
      actor: automation('history.watch'),
      subject: { kind: 'journal', id: before.origin },
      reason: `The database lost at least ${lost} journal entries that ${host} had seen: an older state of it was put in its place.`,
      data: {
        host,
        seen: before.size,
        found: now.size,
        lost,
        seenAt: formatInstant(before.at),
        foundAt: await timeIn(tx),
      },
    })
  })
  needs.log.error('The database has lost history that this host had seen; a standby that was behind, or a backup.', {
    seen: before.size,
    found: now.size,
    lost,
    seenAt: formatInstant(before.at),
  })
  memory.write(now)
  return lost
}

const timeIn = async (tx: Tx): Promise<string> => formatInstant(await tx.now())

async function newestOf(database: Database): Promise<Seen> {
  const { origin, size, salt, at } = await readEnd(database)
  return { origin, size, mark: salt === null ? '' : markOf({ salt }), at }
}

async function isThere(database: Database, { size, mark }: Seen): Promise<boolean> {
  const [entry] = await readSealed(database, size - 2, 1)
  return entry?.leafIndex === size - 1 && markOf(entry) === mark
}

// The salt itself keeps the content of an entry from being guessed by its hash, so it stays in the database.
const markOf = (row: { readonly salt: string } | undefined): string =>
  row === undefined ? '' : Buffer.from(sha256(Buffer.from(row.salt))).toString('hex')
