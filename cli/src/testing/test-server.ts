// The product as a server in this process, on a test's database and with a data folder of its own.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { RunningServer } from '../../../server/src/app/running-server.ts'
import { startServer } from '../../../server/src/app/start-server.ts'
import type { TestDatabase } from '../../../server/test/database.ts'

export interface TestServer {
  readonly server: RunningServer
  /** What it was started with. */
  readonly environment: Readonly<Record<string, string>>
  /** Ends it; folder and database are gone afterwards. */
  close(): Promise<void>
}

export async function openTestServer(
  database: TestDatabase,
  more: Readonly<Record<string, string>> = {},
): Promise<TestServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'mainstay-data-'))
  const { host, port, user, database: name } = database.connection
  const environment = {
    DATABASE_URL: `postgres://${user}@localhost:${port}/${name}?host=${encodeURIComponent(host)}`,
    MAINSTAY_DATA_DIR: folder,
    MAINSTAY_PORT: '0',
    ...more,
  }
  const server = await startServer({ environment, logLevel: 'silent' })
  return {
    server,
    environment,
    close: async () => {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
      await database.close()
    },
  }
}
