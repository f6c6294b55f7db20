// The last thing that is written down of a journal: how long the database was away, and what was done meanwhile. Then its
// file goes.
import { rename, rm } from 'node:fs/promises'
import { automation } from '../../kernel/actor.ts'
import { formatInstant } from '../../kernel/instant.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { countOf } from './cargo.ts'
import { gapRecorded } from './lifeboat.contract.ts'
import { forgetEntries, insertVoyage } from './lifeboat.store.ts'
import type { BoatRecord } from './records.ts'

/** `refused`: so many of its entries the database would not take. */
export async function recordGap(
  needs: Needs,
  records: readonly BoatRecord[],
  file: string,
  refused: number,
): Promise<void> {
  const first = records.find((record) => record.kind === 'afloat')
  if (first?.kind === 'afloat') {
    const counts = countOf(records)
    await needs.database.transaction(async (tx) => {
      const to = await tx.now()
      const gap = { id: first.voyage, boat: first.boat, from: first.from, to, plan: first.plan, ...counts }
      if (!(await insertVoyage(tx, gap))) return
      await forgetEntries(tx)
      await needs.journal.publish(tx, gapRecorded, {
        actor: automation('lifeboat'),
        subject: { kind: 'lifeboat', id: first.voyage },
        reason: `The database was away for ${Math.round((to - first.from) / 1_000)} s, as ${first.boat} saw it.`,
        data: {
          boat: first.boat,
          from: formatInstant(first.from),
          to: formatInstant(to),
          planTakenAt: formatInstant(first.plan),
          ...counts,
          refused,
        },
      })
    })
  }
  if (refused === 0) return await rm(file, { force: true })
  // Nothing that was answered for is thrown away, also when we cannot write it down.
  await rename(file, `${file}.refused`)
  needs.log.error('Entries of the lifeboat could not be written down; their journal is kept.', { file, refused })
}
