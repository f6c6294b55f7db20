// One look at the database each second, on a connection of its own: a pool that is busy is not a database that is away.
import type pg from 'pg'
import type { Database } from '../../platform/database/database.ts'
import { queriesOver } from '../../platform/database/queries.ts'
import { probeWrite } from '../../platform/work/due-work.store.ts'
import { pingText } from './lifeboat.store.ts'

export interface Lookout {
  /** `writes` also proves that it takes changes; only asked when something waits to be written. */
  look(writes: boolean): Promise<boolean>
  stop(): Promise<void>
}

/** A healthy server answers in milliseconds; one that is hung never does. */
const answerMs = 2_000

export function createLookout(database: Database): Lookout {
  let client: pg.Client | null = null
  /** A connection that is being made, perhaps for longer than we wait. */
  let making: Promise<pg.Client> | null = null

  const drop = (): void => {
    const gone = client
    client = null
    void gone?.end().catch(() => undefined)
  }
  const connect = async (): Promise<pg.Client> => {
    making ??= database.dedicated().finally(() => {
      making = null
    })
    const made = await making
    // Several looks may have waited for the same one.
    client ??= made
    return client
  }
  const ask = async (writes: boolean): Promise<true> => {
    const own = client ?? (await connect())
    await own.query(pingText)
    // Not over the pool: its connections may be dead without knowing it, and say nothing about the database.
    if (writes) await probeWrite(queriesOver(({ text, values }) => own.query(text, [...values])))
    return true
  }

  return {
    look: async (writes) => {
      const answered = await within(
        answerMs,
        ask(writes).catch(() => false),
      )
      if (!answered) drop()
      return answered
    },
    stop: async () => {
      const late = making
      drop()
      await within(answerMs, late === null ? Promise.resolve(true) : late.then((made) => made.end()).then(() => true))
    },
  }
}

/** False when it takes longer. */
async function within(ms: number, work: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms)
  })
  try {
    return await Promise.race([work.catch(() => false), late])
  } finally {
    clearTimeout(timer)
  }
}
