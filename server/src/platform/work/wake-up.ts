// LISTEN on a connection of its own. A lost connection only makes work wait for the next poll.
import type pg from 'pg'
import type { Database } from '../database/database.ts'
import type { Log } from '../log/log.ts'

/**
 * Wakes with the numbers of the lanes that have work; null when any may have. What this process commits itself wakes at once: a
 * notification would come some milliseconds later, and a page is several turns.
 */
export function listenForWork(
  database: Database,
  log: Log,
  wake: (lanes: ReadonlySet<number> | null) => void,
): { stop(): Promise<void> } {
  const hear = (words: readonly string[]) =>
    wake(words.every((word) => /^\d+$/.test(word)) ? new Set(words.map(Number)) : null)
  const deaf = database.onHint((channel, words) => {
    if (channel === 'mainstay_work') hear([...words])
  })
  const listening = listen(database, log, 'mainstay_work', (payload) => hear(payload.split(' ')), {
    isKnown: (message) => database.isOwn(message),
  })
  return {
    stop: () => {
      deaf()
      return listening.stop()
    },
  }
}

const retryMs = 1_000
// A server that hangs never answers the good-bye; whoever stops does not wait for it.
const goodbyeMs = 1_000

export function listen(
  database: Database,
  log: Log,
  channel: 'mainstay_work' | 'mainstay_journal' | 'mainstay_sessions',
  wake: (payload: string) => void,
  { isKnown = () => false }: { readonly isKnown?: (message: pg.Notification) => boolean } = {},
): { stop(): Promise<void> } {
  let stopped = false
  let current: pg.Client | undefined
  let retry: NodeJS.Timeout | undefined

  const connect = async () => {
    let client: pg.Client | undefined
    try {
      client = await database.dedicated()
      if (stopped) return void (await leave(client))
      current = client
      const own = client
      own.on('notification', (message) => {
        if (!isKnown(message)) wake(message.payload ?? '')
      })
      own.on('error', () => lost(own))
      own.on('end', () => lost(own))
      await own.query(`listen ${channel}`)
      // Whatever was sent while we were away is found by looking once.
      wake('')
    } catch (error) {
      log.debug('Cannot listen for notifications; polling goes on.', { channel, error })
      lost(client)
    }
  }
  // Told several times of one lost connection (error, end, failed query) and perhaps late: only the current one counts.
  const lost = (client: pg.Client | undefined) => {
    if (client !== current) return
    current = undefined
    if (client !== undefined) void leave(client)
    if (!stopped)
      retry = setTimeout(() => {
        void connect()
      }, retryMs)
  }
  void connect()

  return {
    stop: async () => {
      stopped = true
      clearTimeout(retry)
      const client = current
      current = undefined
      if (client !== undefined) await leave(client)
    },
  }
}

async function leave(client: pg.Client): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, goodbyeMs)
  })
  await Promise.race([client.end().catch(() => undefined), late])
  clearTimeout(timer)
}
