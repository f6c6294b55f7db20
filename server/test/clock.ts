// The database's clock in the hands of a test: mainstay_now() reads one row. While the row is empty, real time runs.
import type { Instant } from '../src/kernel/instant.ts'
import { instant } from '../src/kernel/instant.ts'
import type { ConnectionSettings } from '../src/platform/database/connection.ts'
import { administer } from './cluster.ts'

export interface TestClock {
  now(): Promise<Instant>
  /** Stops the clock at the instant, or moves a stopped one. */
  set(at: Instant): Promise<void>
  /** Moves it by so many milliseconds; a running clock is stopped first. */
  forward(ms: number): Promise<Instant>
  /** Lets real time run again. */
  run(): Promise<void>
}

export async function installClock(connection: ConnectionSettings): Promise<TestClock> {
  // Volatile reads of a table are no longer immutable within a statement plan, so `stable` stays true: one value a statement.
  await administer(connection, async (client) => {
    await client.query('create table if not exists test_clock (at timestamptz not null)')
    await client.query('grant select on test_clock to public')
    await client.query(`
      create or replace function mainstay_now() returns timestamptz language sql stable parallel safe as
      'select coalesce((select at from public.test_clock limit 1), date_trunc(''milliseconds'', clock_timestamp()))'`)
  })
  const ask = <T>(text: string, values: unknown[] = []): Promise<T[]> =>
    administer(connection, async (client) =>
      (await client.query<{ value: T }>(text, values)).rows.map((row) => row.value),
    )
  const now = async (): Promise<Instant> => {
    const [ms] = await ask<string>('select (extract(epoch from mainstay_now()) * 1000)::bigint as value')
    return instant(Number(ms))
  }
  const set = async (at: Instant) => {
    await ask('with gone as (delete from test_clock) insert into test_clock values ($1)', [new Date(at).toISOString()])
  }
  return {
    now,
    set,
    forward: async (ms) => {
      const at = instant((await now()) + ms)
      await set(at)
      return at
    },
    run: async () => {
      await ask('delete from test_clock')
    },
  }
}
