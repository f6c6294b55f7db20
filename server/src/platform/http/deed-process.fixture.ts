// A process of its own that carries a request out under a key and stops at a moment of the test's choosing. It tells when it is
// there, goes on when it is told to, and tells how it ended.
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { AppError } from '../../kernel/app-error.ts'
import { openDatabase } from '../database/database.ts'
import { sql } from '../database/queries.ts'
import { silentLog } from '../log/log.ts'
import { runOnce } from './idempotency.ts'

const [connection = '{}', order = '{}'] = process.argv.slice(2)
const { call, stop } = JSON.parse(order)
const database = openDatabase({ connection: JSON.parse(connection), log: silentLog })
const lines = createInterface({ input: process.stdin })
const say = (word: string) => process.stdout.write(`${word}\n`)
const pause = async (moment: string) => {
  if (moment !== stop) return
  say('there')
  await once(lines, 'line')
}

try {
  await runOnce({ database }, call, async () => {
    const answer = await database.transaction(async (tx) => {
      await tx.run(sql`insert into notes (text) values ('by the process')`)
      await pause('before the commit')
      return { text: 'by the process' }
    })
    await pause('after the commit')
    return answer
  })
  say('answered')
} catch (error) {
  say(error instanceof AppError ? error.code : String(error))
}
