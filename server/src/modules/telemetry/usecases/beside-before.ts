// A process of the version before remembers each series of a target that is scraped in a row of series_states, and knows of nothing else.
// While there is one, whoever scrapes now takes over what it counted and leaves its own there, so that each goes on where the other ended.
import { minute } from '../../../kernel/duration.ts'
import { instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { stateOf } from '../core/index.ts'
import type { FoldMemory } from '../fold-memory.ts'
import { loadSeriesOf, type SeriesRow, saveSeries } from '../series.store.ts'
import { packedFrom } from './count-requests.ts'

/** None was seen to count for so long: there is none any more. */
export const besideMs = 15 * minute

/**
 * Takes over whatever is further on there than in memory, told just now or not: what was counted of it elsewhere would count again when it
 * comes back.
 */
export async function adoptNewer(tx: Tx, memory: FoldMemory, streams: readonly number[]): Promise<void> {
  for (const row of await loadSeriesOf(tx, streams)) {
    const known = memory.series.get(`${row.stream} ${row.series}`)
    if (known !== undefined && known.lastAt >= row.lastAt) continue
    if (known === undefined) memory.add(packedFrom(row))
    else memory.adopt(known, packedFrom(row))
  }
}

export async function mirrorSeries(tx: Tx, sourceName: string, memory: FoldMemory): Promise<void> {
  const rows: SeriesRow[] = []
  for (const { stream, series, source, target, firstAt, lastAt, mind } of memory.series.values()) {
    if (mind.kind !== 'counter') continue
    const state = { kind: 'counter' as const, state: stateOf(mind.track) }
    rows.push({ stream, series, source, target: `${sourceName} ${target}`, state, lastAt: instant(lastAt), firstAt })
  }
  await saveSeries(tx, rows)
}
