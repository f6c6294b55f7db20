// A world whose database can be taken away: with a lifeboat whose clock the test moves.
import path from 'node:path'
import { expect } from 'vitest'
import { AppError } from '../../src/kernel/app-error.ts'
import type { Lifeboat } from '../../src/modules/lifeboat/index.ts'
import type { Database } from '../../src/platform/database/database.ts'
import { type Ask, openWorld, type World } from '../world.ts'

interface Away {
  isAway: boolean
  /** Called when a transaction has been committed. */
  onCommit: () => void
  readonly through: (database: Database) => Database
}

function takeAway(): Away {
  const state: Pick<Away, 'isAway' | 'onCommit'> = { isAway: false, onCommit: () => undefined }
  const check = () => {
    if (state.isAway) throw new AppError('unavailable', 'database.away', 'The database cannot be reached right now.')
  }
  const guarded =
    <Args extends unknown[], T>(work: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      check()
      return work(...args)
    }
  return {
    get isAway() {
      return state.isAway
    },
    set isAway(away) {
      state.isAway = away
    },
    get onCommit() {
      return state.onCommit
    },
    set onCommit(told) {
      state.onCommit = told
    },
    through: (database) => ({
      home: database.home,
      many: (query) => guarded(() => database.many(query))(),
      one: (query) => guarded(() => database.one(query))(),
      maybe: (query) => guarded(() => database.maybe(query))(),
      run: guarded(database.run),
      now: guarded(database.now),
      transaction: (work) =>
        guarded(async () => {
          const result = await database.transaction(work)
          state.onCommit()
          return result
        })(),
      rehearse: (work) => guarded(() => database.rehearse(work))(),
      dedicated: guarded(database.dedicated),
      onHint: database.onHint,
      isOwn: database.isOwn,
      get pool() {
        return database.pool
      },
      close: () => database.close(),
    }),
  }
}

interface Sea {
  readonly world: World
  readonly boat: Lifeboat
  readonly ask: Ask
  readonly folder: string
  readonly away: Away
  /** Sets the database away and waits until the lifeboat believes it. */
  leave(): Promise<void>
  back(): Promise<void>
  pass(ms: number): Promise<void>
}

export async function openSea(): Promise<Sea> {
  const away = takeAway()
  let atMs = 0
  let folder = ''
  const world = await openWorld({
    name: 'lifeboat',
    through: away.through,
    outside: (data) => {
      folder = path.join(data, 'lifeboat')
      const drive = {
        lookout: { look: async () => !away.isAway, stop: async () => undefined },
        monotonicMs: () => atMs,
      }
      return { lifeboat: { folder, boat: 'boat-1', drive } }
    },
  })
  const boat = world.house.lifeboat
  if (boat === null) throw new Error('This house has no lifeboat.')
  await boat.arm()
  const pass = async (ms: number) => {
    atMs += ms
    await boat.look()
    await boat.tick()
  }
  return {
    ...{ world, boat, folder, away, pass },
    ask: world.as('responder'),
    leave: async () => {
      away.isAway = true
      await boat.look()
      await pass(5_000)
      expect(boat.state().standing).toBe('afloat')
    },
    back: async () => {
      away.isAway = false
      await boat.look()
      expect(boat.state().standing).toBe('ashore')
      // The world's clock is its database's: it stood still while the database was away.
      await world.clock.forward(atMs)
      await world.worker.drain()
    },
  }
}

export const signal = (alert: string, service = 'checkout', status: 'firing' | 'resolved' = 'firing') => ({
  signals: [{ dedupKey: `${service}/${alert}`, summary: alert, severity: 'critical', service, status }],
})
export const linkIn = (text: string): string => /http:\/\/mainstay\.test(\/a\/\S+)/.exec(text)?.[1] ?? ''
