import { day } from '../../kernel/duration.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { type BoundJob, bindJob, type Recurring } from '../../platform/work/job.ts'
import { watchAgreements as watchJob } from './agreements.contract.ts'
import { createEngine } from './engine/engine.ts'
import { evaluateJourneys } from './journeys.contract.ts'
import { evaluateObjectives, rollUpDays as rollUpJob, tidyObjectives } from './slo.contract.ts'
import type { SloPorts } from './slo.ports.ts'
import { dropOldPoints } from './states.store.ts'
import { evaluateAllJourneys } from './usecases/describe-journeys.ts'
import { rollUpDays } from './usecases/roll-up-days.ts'
import { watchAgreements } from './usecases/watch-agreements.ts'

const pointsMs = 35 * day
const atOnce = 20_000

export function sloJobs(needs: Needs, ports: SloPorts = {}): readonly BoundJob[] {
  const engine = createEngine(needs)
  return [
    bindJob(evaluateObjectives, async () => {
      await engine.tick()
    }),
    bindJob(evaluateJourneys, async () => {
      await evaluateAllJourneys(needs)
    }),
    bindJob(rollUpJob, async () => {
      await rollUpDays(needs)
    }),
    bindJob(watchJob, async () => {
      await watchAgreements(needs, ports)
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
  { job: rollUpJob, everyMs: 600_000 },
  { job: watchJob, everyMs: 300_000 },
  { job: tidyObjectives, everyMs: 3_600_000 },
]
