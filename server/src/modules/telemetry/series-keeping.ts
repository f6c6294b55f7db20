// Where what is remembered of series is kept: that of what is sent, and that of each target that is scraped.
import type { Tx } from '../../platform/database/database.ts'

export interface PackRow {
  readonly pack: number
  readonly packed: Buffer
}

export interface SeriesStore {
  /** In the order of their numbers. */
  loadPacks(tx: Tx): Promise<readonly PackRow[]>
  savePack(tx: Tx, pack: PackRow): Promise<void>
  dropPacks(tx: Tx, packs: readonly number[]): Promise<void>
  /** What one fold moved. */
  appendMoves(tx: Tx, packed: Buffer): Promise<void>
  /** Since packs were written, in the order in which it moved. */
  loadMoves(tx: Tx): Promise<readonly Buffer[]>
  dropMoves(tx: Tx): Promise<void>
}
