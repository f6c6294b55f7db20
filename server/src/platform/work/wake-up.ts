// LISTEN on a connection of its own. A lost connection only makes work wait for the next poll.
import type { Database } from '../database/database.ts'
import type { Log } from '../log/log.ts'

export function listenForWork(database: Database, log: Log, wake: () => void): { stop(): Promise<void> } {
  return listen(database, log, 'mainstay_work', wake)
}

export function listen(
  database: Database,
  log: Log,
  channel: 'mainstay_work' | 'mainstay_journal' | 'mainstay_sessions',
  wake: (payload: string) => void,
): { stop(): Promise<void> } {
  let stopped = false
  let end: (() => Promise<void>) | undefined
  let retry: NodeJS.Timeout | undefined

  const connect = async () => {
    if (stopped) return
    try {
      const client = await database.dedicated()
      if (stopped) return client.end()
      end = () => client.end()
      client.on('notification', (message) => wake(message.payload ?? ''))
      client.on('error', () => again())
      client.on('end', () => again())
      await client.query(`listen ${channel}`)
      // Whatever was sent while we were away is found by looking once.
      wake('')
    } catch (error) {
      log.debug('Cannot listen for notifications; polling goes on.', { channel, error })
      again()
    }
  }
  const again = () => {
    if (stopped || retry !== undefined) return
    retry = setTimeout(() => {
      retry = undefined
      void connect()
    }, 1_000)
  }
  void connect()

  return {
    stop: async () => {
      stopped = true
      clearTimeout(retry)
      await end?.().catch(() => undefined)
    },
  }
}
