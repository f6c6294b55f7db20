// What this process knows of series from the requests before, so that it need not be read again. Known is only what stands in
// the database: it is noted after the commit, and holds while nobody else counted anything of the same sender since, which the
// number of its samples tells. It is read under the sender's lock.
import { day } from '../../kernel/duration.ts'
import type { SeriesRow, SourceRow } from './series.store.ts'

/** One unbroken stretch in which this process alone counted what a sender told. */
interface Stretch {
  samples: number
}

export interface SeriesMemo {
  row: SeriesRow | null
  of: Stretch | null
}

/** By the key of the sender. */
export type SourceMemory = Map<number, Stretch>

/** Forgotten at once when there are more; then every series is read once again. */
const mostSources = 20_000
/** Rows that are not told of any more are removed; long before that they are not trusted. */
const trustedMs = day / 2

/** The row, when what is known of it still holds. */
export function recall(
  memory: SourceMemory,
  source: SourceRow | undefined,
  memo: SeriesMemo | null,
  now: number,
): SeriesRow | null {
  if (memo === null || memo.row === null || source === undefined) return null
  const stretch = memory.get(source.key)
  if (stretch === undefined || memo.of !== stretch || stretch.samples !== source.samples) return null
  return memo.row.lastAt > now - trustedMs ? memo.row : null
}

export interface Told {
  readonly source: SourceRow
  /** Samples of it that were counted in the transaction. */
  readonly samples: number
}

/** To be called once the transaction has committed that read `told` under the senders' locks and wrote `rows`. */
export function remember(
  memory: SourceMemory,
  told: readonly Told[],
  rows: readonly { readonly row: SeriesRow; readonly memo: SeriesMemo | null }[],
): void {
  if (memory.size > mostSources) memory.clear()
  for (const { source, samples } of told) {
    const known = memory.get(source.key)
    const after = source.samples + samples
    if (known !== undefined && known.samples === source.samples) known.samples = after
    else memory.set(source.key, { samples: after })
  }
  for (const { row, memo } of rows) {
    if (memo === null) continue
    memo.row = row
    memo.of = memory.get(row.source) ?? null
  }
}
