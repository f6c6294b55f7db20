import { day } from '../../kernel/duration.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { type BoundJob, bindJob, type Recurring } from '../../platform/work/job.ts'
import { createEngine } from './engine/engine.ts'
import { evaluateJourneys } from './journeys.contract.ts'
import { evaluateObjectives, tidyObjectives } from './slo.contract.ts'
import { dropOldPoints } from './states.store.ts'
import { evaluateAllJourneys } from './usecases/describe-journeys.ts'

const pointsMs = 35 * day
const atOnce = 20_000

export function sloJobs(needs: Needs): readonly BoundJob[] {
  const engine = createEngine(needs)
  return [
    bindJob(evaluateObjectives, async () => {
      await engine.tick()
    }),
    bindJob(evaluateJourneys, async () => {
      await evaluateAllJourneys(needs)
    }),
    bindJob(tidyObjectives, async () => {
      for (let round = 0; round < 50; round += 1) {
        const dropped = await needs.database.transaction(async (tx) =>
          dropOldPoints(tx, (await tx.now()) - pointsMs, atOnce),
        )
        if (dropped < atOnce) return
      }
    }),
  ]
}

export const sloRecurring: readonly Recurring[] = [
  { job: evaluateObjectives, everyMs: 5_000 },
  { job: evaluateJourneys, everyMs: 60_000 },
  { job: tidyObjectives, everyMs: 3_600_000 },
]
