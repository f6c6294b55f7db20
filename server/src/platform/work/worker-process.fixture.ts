// A process of its own that claims a row and hangs, for the test that kills it. It tells when it has begun.
import { openDatabase } from '../database/database.ts'
import { silentLog } from '../log/log.ts'
import { bindJob, defineJob } from './job.ts'
import { createWorker } from './worker.ts'

const [connection = '{}', kind = ''] = process.argv.slice(2)
const database = openDatabase({ connection: JSON.parse(connection), log: silentLog })
const worker = createWorker({
  database,
  log: silentLog,
  owner: `process ${process.pid}`,
  jobs: [
    bindJob(defineJob({ kind, lane: 'page' }), async () => {
      process.stdout.write('begun\n')
      await new Promise(() => undefined)
    }),
  ],
})
await worker.start()
