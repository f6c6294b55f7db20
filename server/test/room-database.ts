// What every room's test world begins with: a database of its own, sessions as the application has them, and a journal.
import { appendEntries } from '../src/modules/audit/index.ts'
import type { ConnectionSettings } from '../src/platform/database/connection.ts'
import { type Database, openDatabase } from '../src/platform/database/database.ts'
import { applicationRole } from '../src/platform/database/migrate.ts'
import { newId } from '../src/platform/ids.ts'
import { createJournal, type Subscription } from '../src/platform/journal/journal.ts'
import { silentLog } from '../src/platform/log/log.ts'
import type { Needs } from '../src/platform/room/needs.ts'
import { openTestDatabase } from './database.ts'

export interface RoomDatabase {
  readonly connection: ConnectionSettings
  readonly database: Database
  readonly needs: Needs
  /** Sessions of another process; whoever opens them closes them. */
  another(): Database
  /** Last: whatever was opened beside it is closed by then. */
  close(): Promise<void>
}

export async function openRoomDatabase(
  name: string,
  {
    maxConnections = 8,
    subscriptions = () => [],
    publicUrl = 'http://localhost:8420',
  }: {
    readonly maxConnections?: number
    readonly subscriptions?: () => readonly Subscription[]
    readonly publicUrl?: string
  } = {},
): Promise<RoomDatabase> {
  const test = await openTestDatabase(name)
  const { connection } = test
  const another = () => openDatabase({ connection, log: silentLog, maxConnections, role: applicationRole })
  const database = another()
  return {
    connection,
    database,
    needs: { database, journal: createJournal(appendEntries, subscriptions), log: silentLog, newId, publicUrl },
    another,
    close: async () => {
      await database.close()
      await test.close()
    },
  }
}
