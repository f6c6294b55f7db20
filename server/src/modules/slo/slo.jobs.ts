import { day } from '../../kernel/duration.ts'
import { type Subscription, subscribeAll } from '../../platform/journal/journal.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { type BoundJob, bindJob, type Recurring } from '../../platform/work/job.ts'
import { lookAtAgreement, watchAgreements as watchJob } from './agreements.contract.ts'
import { correctionWithdrawn, objectiveCorrected } from './corrections.contract.ts'
import { createEngine } from './engine/engine.ts'
import { evaluateJourneys } from './journeys.contract.ts'
import { watchReviews as watchReviewsJob } from './reviews.contract.ts'
import { evaluateObjectives, objectiveStateChanged, rollUpDays as rollUpJob, tidyObjectives } from './slo.contract.ts'
import type { SloPorts } from './slo.ports.ts'
import { dropOldPoints } from './states.store.ts'
import { evaluateAllJourneys } from './usecases/describe-journeys.ts'
import { rollUpDays } from './usecases/roll-up-days.ts'
import { lookSoon, watchAgreement, watchAgreements } from './usecases/watch-agreements.ts'
import { watchReviews } from './usecases/watch-reviews.ts'

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
    bindJob(lookAtAgreement, ({ agreement }) => watchAgreement(needs, ports, agreement)),
    bindJob(watchReviewsJob, async () => {
      await watchReviews(needs, ports)
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
  { job: watchReviewsJob, everyMs: 300_000 },
  { job: tidyObjectives, everyMs: 3_600_000 },
]

/** What agreements are measured by changed: they are looked at before the next round. */
export function agreementSubscriptions(needs: Needs): readonly Subscription[] {
  const look = (events: readonly { readonly data: { readonly objective: string } }[]) =>
    lookSoon(needs, new Set(events.map((event) => event.data.objective)))
  return [
    subscribeAll(objectiveStateChanged, 'slo.look-at-agreements', look),
    subscribeAll(objectiveCorrected, 'slo.look-at-agreements', look),
    subscribeAll(correctionWithdrawn, 'slo.look-at-agreements', look),
  ]
}
