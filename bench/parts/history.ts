// Days of ordinary traffic behind each stream, as the product would have stored them: packed but for the newest hours.
import type { Client } from 'pg'
import { packColumns } from '../../server/src/modules/telemetry/core/index.ts'
import { blockSlices } from '../../server/src/modules/telemetry/slice-blocks.store.ts'
import { packAfterMs } from '../../server/src/modules/telemetry/usecases/pack-slices.ts'

const [minute, hour] = [60_000, 3_600_000]

export async function fillHistory(owner: Client, days: number): Promise<Record<string, number>> {
  const { rows } = await owner.query('select key from telemetry_streams where retired_at is null order by key')
  const keys: readonly number[] = rows.map((row) => row.key)
  const now = Date.now()
  const packedUntil = Math.floor((now - packAfterMs) / hour) * hour
  const random = numbers(7)
  for (const key of keys) {
    const [starts, blocks]: [number[], Buffer[]] = [[], []]
    const block = blockSlices * minute
    for (let start = Math.floor((now - days * block) / block) * block; start < packedUntil; start += block) {
      const columns = [new Uint8Array(blockSlices), ...[0, 1, 2].map(() => new Float64Array(blockSlices))]
      for (let cell = 0; cell < blockSlices && start + cell * minute < packedUntil; cell += 1) {
        const { good, bad } = traffic(random, cell)
        // The indicator is declared by its good and its total side.
        for (const [column, value] of [1, good, 0, good + bad].entries()) (columns[column] ?? [])[cell] = value
      }
      starts.push(start)
      blocks.push(Buffer.from(packColumns(columns).buffer))
    }
    await owner.query(
      `insert into slice_blocks (stream, block_start, until, packed)
       select $1, start, least(start + $4, $5), packed from unnest($2::bigint[], $3::bytea[]) as w (start, packed)`,
      [key, starts, blocks, block, packedUntil],
    )
  }
  await owner.query(
    `insert into slices (stream, slice_start, good, total)
     select key, at, 9990 + (random() * 9)::int, 10000
     from unnest($1::int[]) as s (key), generate_series($2::bigint, $3::bigint, 60000) as at`,
    [keys, packedUntil, Math.floor(now / minute) * minute - 2 * minute],
  )
  await owner.query(`update objectives set born = to_timestamp($1::float8 / 1000)`, [now - days * 24 * hour])
  await owner.query('vacuum analyze slice_blocks, slices')
  const size = await owner.query(
    `select pg_total_relation_size('slice_blocks')::float8 as packed, pg_total_relation_size('slices')::float8 as loose`,
  )
  const per = (bytes: number) => Math.round(bytes / keys.length / 100) / 10
  return { packedKbPerObjective: per(size.rows[0].packed), looseKbPerObjective: per(size.rows[0].loose) }
}

/** Some 10,000 requests a minute with a day's rhythm and noise, and about one in a thousand fails. */
function traffic(random: () => number, cell: number): { good: number; bad: number } {
  const mean = 10_000 + 4_000 * Math.sin((2 * Math.PI * cell) / blockSlices)
  const noise = (random() + random() + random() - 1.5) * 2 * Math.sqrt(mean)
  return { good: Math.round(mean + noise), bad: Math.floor(-10 * Math.log(1 - random())) }
}

/** The same numbers in every run. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
