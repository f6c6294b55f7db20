import { minute } from '../../kernel/duration.ts'
import { type BoundJob, bindJob, type Recurring } from '../../platform/work/job.ts'
import { tidyOrphans } from '../alerts/index.ts'
import type { Desk } from './desk.ts'
import { confirmSubscription, tidyIntake as tidyJob, watchSources as watchJob } from './intake.contract.ts'
import { tidyIntake } from './intake.store.ts'
import { forgetOrphans } from './orphans.store.ts'
import { forgetTokens } from './tokens.store.ts'
import { confirmSubscriptionOf } from './usecases/confirm-subscription.ts'
import { watchSources } from './usecases/watch-sources.ts'

export function intakeJobs(desk: Desk): readonly BoundJob[] {
  return [
    bindJob(watchJob, () => watchSources(desk)),
    bindJob(confirmSubscription, (order) => confirmSubscriptionOf(desk, order)),
    bindJob(tidyJob, () =>
      desk.needs.database.transaction(async (tx) => {
        await tidyIntake(tx)
        await forgetTokens(tx)
        await forgetOrphans(tx)
        await tidyOrphans(tx)
      }),
    ),
  ]
}

export const intakeRecurring: readonly Recurring[] = [
  { job: watchJob, everyMs: 5_000 },
  { job: tidyJob, everyMs: 10 * minute },
]
