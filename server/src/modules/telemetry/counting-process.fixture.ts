// A process of its own that counts what waits, for the test that kills it: it tells when all is counted and only the commit is
// missing, and goes on when it is told to.
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { type Database, openDatabase, type Tx } from '../../platform/database/database.ts'
import { applicationRole } from '../../platform/database/migrate.ts'
import { newId } from '../../platform/ids.ts'
import { silentLog } from '../../platform/log/log.ts'
import { openDecodeMemory } from './decode-memory.ts'
import { createFolder } from './usecases/fold-samples.ts'

const [connection = '{}'] = process.argv.slice(2)
const own = openDatabase({ connection: JSON.parse(connection), log: silentLog, role: applicationRole })
const orders = createInterface({ input: process.stdin })
const database: Database = {
  ...own,
  transaction: <T>(work: (tx: Tx) => Promise<T>) =>
    own.transaction(async (tx) => {
      const result = await work(tx)
      process.stdout.write('uncommitted\n')
      await once(orders, 'line')
      return result
    }),
}
const folder = createFolder({ database, newId }, openDecodeMemory())
for (;;) {
  await once(orders, 'line')
  const { bodies } = await folder.fold({ patienceMs: 0, alone: false })
  process.stdout.write(`committed ${bodies.length}\n`)
}
