// All SQL on sealed_keys.
import { type Queries, sql } from '../database/queries.ts'

export async function readSealedKey(queries: Queries, name: string): Promise<string | null> {
  const row = await queries.maybe(sql<{ sealed: string }>`select sealed from sealed_keys where name = ${name}`)
  return row?.sealed ?? null
}

/** Leaves the first one alone: two hosts that start at once end with one key. */
export async function addSealedKey(queries: Queries, name: string, sealed: string): Promise<void> {
  await queries.run(
    sql`insert into sealed_keys (name, sealed) values (${name}, ${sealed}) on conflict (name) do nothing`,
  )
}

/** Nothing happens when another process was faster: the next start tries again. */
export async function replaceSealedKey(queries: Queries, name: string, before: string, sealed: string): Promise<void> {
  await queries.run(sql`
    update sealed_keys set sealed = ${sealed}, sealed_at = mainstay_now() where name = ${name} and sealed = ${before}`)
}
