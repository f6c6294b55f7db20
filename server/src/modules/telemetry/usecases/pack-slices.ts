// Slices that nothing changes any more but by late data are packed into blocks: what a restart reads, and what the disk
// holds. Data of versions that did not pack are packed by the same rounds.
import { hour } from '../../../kernel/duration.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findUnpacked, packSlices } from '../slice-blocks.store.ts'

/** The hour sums of the last two hours are made from rows, and most late data come within minutes. A row takes thirty times its place in a block. */
export const packAfterMs = 2 * hour

// One round holds some ten thousand rows for some hundred milliseconds; a run packs 2,500 days of streams. The first
// one after an upgrade has 30 for each objective to do, and goes on in the next.
const streamsAtOnce = 25
const mostRounds = 100

export async function packOldSlices(needs: Needs): Promise<number> {
  const { database } = needs
  const before = Math.floor(((await database.now()) - packAfterMs) / hour) * hour
  let packed = 0
  for (let round = 0; round < mostRounds; ) {
    const orders = await findUnpacked(database, before, streamsAtOnce * (mostRounds - round))
    if (orders.length === 0) return packed
    for (let from = 0; from < orders.length; from += streamsAtOnce, round += 1) {
      const part = orders.slice(from, from + streamsAtOnce)
      await database.transaction((tx) => packSlices(tx, part))
      packed += part.length
    }
  }
  return packed
}
