// What tests of the platform stand on: a database of their own as the product opens it, a movable clock, workers that
// are stopped when the test ends.
import { onTestFinished } from 'vitest'
import type { ConnectionSettings } from '../src/platform/database/connection.ts'
import { type Database, type DatabaseOptions, openDatabase } from '../src/platform/database/database.ts'
import { applicationRole } from '../src/platform/database/migrate.ts'
import { silentLog } from '../src/platform/log/log.ts'
import { createWorker, type Worker, type WorkerOptions } from '../src/platform/work/worker.ts'
import { installClock, type TestClock } from './clock.ts'
import { openTestDatabase } from './database.ts'

export interface Platform {
  readonly connection: ConnectionSettings
  readonly database: Database
  readonly clock: TestClock
  worker(options: Partial<WorkerOptions> & Pick<WorkerOptions, 'jobs'>): Worker
}

export async function openPlatform(name: string, options: Partial<DatabaseOptions> = {}): Promise<Platform> {
  const own = await openTestDatabase(name)
  const clock = await installClock(own.connection)
  const database = openDatabase({ connection: own.connection, log: silentLog, role: applicationRole, ...options })
  const workers: Worker[] = []
  onTestFinished(async () => {
    await Promise.all(workers.map((worker) => worker.stop()))
    await database.close()
    await own.close()
  })
  let count = 0
  return {
    connection: own.connection,
    database,
    clock,
    worker: (worker) => {
      count += 1
      const made = createWorker({ database, log: silentLog, owner: `${name}-${count}`, ...worker })
      workers.push(made)
      return made
    },
  }
}

/** A promise with its handles outside: tests wait for what happens, never for time. */
export function gate<T = void>(): { readonly opened: Promise<T>; open(value: T): void } {
  let open: (value: T) => void = () => undefined
  const opened = new Promise<T>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

/** Counts, and resolves whoever waits for the count to be reached. */
export function counter(): { readonly count: number; add(): void; reached(count: number): Promise<void> } {
  let count = 0
  const waiting: { at: number; resolve: () => void }[] = []
  return {
    get count() {
      return count
    },
    add: () => {
      count += 1
      for (const each of waiting) if (count >= each.at) each.resolve()
    },
    reached: (at) => (count >= at ? Promise.resolve() : new Promise((resolve) => waiting.push({ at, resolve }))),
  }
}
