// Hour sums, and the end of what is too old. Bounded steps: no run holds rows for long.
import { day, hour } from '../../../kernel/duration.ts'
import { instant } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { dropRetiredGroups } from '../groups.store.ts'
import { dropAside } from '../inbox.store.ts'
import { dropOldResults } from '../probes.store.ts'
import { dropOldLeaders } from '../replicas.store.ts'
import { dropOldFolds } from '../scrape.store.ts'
import { dropOldBatches, dropOldSeries, dropOldSources } from '../series.store.ts'
import { dropOldSenders, dropOldSignalServices } from '../signals.store.ts'
import { dropOldBlocks } from '../slice-blocks.store.ts'
import { dropOldChanges, dropOldHours, dropOldSlices, keptMs, rollUpHours } from '../slices.store.ts'
import { packOldSlices } from './pack-slices.ts'
import { evidenceMs } from './run-probes.ts'

const atOnce = 20_000
const mostRounds = 50

export async function tidyTelemetry(needs: Needs, leastKeptMs = 0): Promise<void> {
  const { database } = needs
  await database.transaction(async (tx) => {
    const now = await tx.now()
    // Two hours back: later than that, whoever changes a slice sums its hour anew.
    await rollUpHours(tx, { from: now - 2 * hour, to: now + 1 })
  })
  for (let round = 0; round < mostRounds; round += 1) {
    const dropped = await database.transaction(async (tx) => dropOldSlices(tx, await tx.now(), atOnce, leastKeptMs))
    if (dropped < atOnce) break
  }
  await packOldSlices(needs)
  await database.transaction(async (tx) => {
    const now = await tx.now()
    await dropOldBlocks(tx, now, atOnce, keptMs(leastKeptMs))
    await dropOldHours(tx, now - 400 * day)
    await dropRetiredGroups(tx)
    await dropOldChanges(tx, day)
    await dropOldSeries(tx, instant(now - day))
    await dropOldFolds(tx, instant(now - day))
    await dropAside(tx, day)
    await dropOldBatches(tx, instant(now - 2 * day))
    await dropOldResults(tx, instant(now - evidenceMs))
    await dropOldSources(tx, instant(now - 2 * day))
    await dropOldLeaders(tx, instant(now - day))
    await dropOldSenders(tx, day)
    await dropOldSignalServices(tx, now - 400 * day)
  })
}
