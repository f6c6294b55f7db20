import { type BoundJob, bindJob, type Recurring } from '../../platform/work/job.ts'
import { refreshTeamsJob, sweepJob } from './identity.contract.ts'
import type { IdentityPorts } from './identity.ports.ts'
import type { IdentityNeeds } from './identity-needs.ts'
import { sweepExpired } from './sessions.store.ts'
import { refreshTeams } from './usecases/refresh-teams.ts'

export function identityJobs(needs: IdentityNeeds, ports: IdentityPorts): readonly BoundJob[] {
  return [
    bindJob(refreshTeamsJob, () => refreshTeams(needs, ports)),
    bindJob(sweepJob, () => sweepExpired(needs.database)),
  ]
}

export const identityRecurring: readonly Recurring[] = [
  // Membership also changes rights, so a missed event of the catalog is made good within half a minute.
  { job: refreshTeamsJob, everyMs: 30_000 },
  { job: sweepJob, everyMs: 600_000 },
]
