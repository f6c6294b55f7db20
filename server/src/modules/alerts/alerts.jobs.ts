import { type Subscription, subscribe } from '../../platform/journal/journal.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { type BoundJob, bindJob, type Recurring } from '../../platform/work/job.ts'
import { escalationResumed } from '../oncall/index.ts'
import { sweepAlerts as sweepAlertsJob } from './alerts.contract.ts'
import type { AlertsPorts } from './alerts.ports.ts'
import { noteResumed } from './usecases/answer-alert.ts'
import { sweepAlerts, sweepSilences } from './usecases/sweep-alerts.ts'

export function alertsJobs(needs: Needs, ports: AlertsPorts): readonly BoundJob[] {
  return [
    bindJob(sweepAlertsJob, async () => {
      await sweepSilences(needs, ports)
      // A full batch means there may be more; ten rounds keep one run well inside its lease.
      for (let round = 0; round < 10; round += 1) if ((await sweepAlerts(needs, ports)) < 100) return
    }),
  ]
}

export function alertsSubscriptions(needs: Needs): readonly Subscription[] {
  return [subscribe(escalationResumed, 'alerts.follow-pages', ({ data }) => noteResumed(needs, data.alert), 'notify')]
}

export const alertsRecurring: readonly Recurring[] = [{ job: sweepAlertsJob, everyMs: 5_000 }]
