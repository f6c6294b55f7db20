import type { Needs } from '../../platform/room/needs.ts'
import { type BoundJob, bindJob, type Recurring } from '../../platform/work/job.ts'
import { turnMaintenanceJob } from './maintenance.contract.ts'
import { turnMaintenance } from './usecases/plan-windows.ts'

// Pages and budgets go by the times themselves; this tells of them, a few seconds after.
export const maintenanceRecurring: readonly Recurring[] = [{ job: turnMaintenanceJob, everyMs: 5_000 }]

export function maintenanceJobs(needs: Needs): readonly BoundJob[] {
  return [
    bindJob(turnMaintenanceJob, async () => {
      for (let round = 0; round < 10; round += 1) if (!(await turnMaintenance(needs))) return
    }),
  ]
}
