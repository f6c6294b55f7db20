// Policies are applied when an objective's state changes, and once a minute: budgets move without a change of state.
import { minute } from '../../kernel/duration.ts'
import { type Subscription, subscribeAll } from '../../platform/journal/journal.ts'
import { monotonicMs } from '../../platform/monotonic.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { type BoundJob, bindJob, type Recurring } from '../../platform/work/job.ts'
import { journeyKey } from './core/subject.ts'
import { journeyStateChanged } from './journeys.contract.ts'
import { applyPolicies as applyJob } from './policies.contract.ts'
import { objectiveStateChanged } from './slo.contract.ts'
import type { SloPorts } from './slo.ports.ts'
import { applyPolicies } from './usecases/apply-policies.ts'
import { attributeDays } from './usecases/attribute-days.ts'

// Shares of causes cost a walk over the window's slices for each objective that spent that much.
const causesEveryMs = 10 * minute

export function policyJobs(needs: Needs, ports: SloPorts): readonly BoundJob[] {
  let lookedAt = Number.NEGATIVE_INFINITY
  return [
    bindJob(applyJob, async () => {
      const causes = monotonicMs() - lookedAt >= causesEveryMs
      if (causes) await attributeDays(needs, ports)
      await applyPolicies(needs, ports, { objectives: null, causes })
      if (causes) lookedAt = monotonicMs()
    }),
  ]
}

export const policyRecurring: readonly Recurring[] = [{ job: applyJob, everyMs: minute }]

export function policySubscriptions(needs: Needs, ports: SloPorts): readonly Subscription[] {
  return [
    subscribeAll(objectiveStateChanged, 'slo.apply-policies-to', async (events) => {
      const objectives = [...new Set(events.map((event) => event.data.objective))]
      // In a large outage many change at once: what causes spent is looked at by the walk.
      await applyPolicies(needs, ports, { objectives, causes: false })
    }),
    subscribeAll(journeyStateChanged, 'slo.apply-policies-to-journeys', async (events) => {
      const keys = [...new Set(events.map((event) => journeyKey(event.data.journey)))]
      await applyPolicies(needs, ports, { objectives: keys, causes: false })
    }),
  ]
}
