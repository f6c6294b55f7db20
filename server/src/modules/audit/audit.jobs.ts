import type { Needs } from '../../platform/room/needs.ts'
import { type BoundJob, bindJob, type Recurring } from '../../platform/work/job.ts'
import { checkpointJob, sealJob } from './audit.contract.ts'
import type { AuditPorts } from './audit.ports.ts'
import { sealJournal } from './usecases/seal-journal.ts'
import { signCheckpoint } from './usecases/sign-checkpoint.ts'

export function auditJobs(needs: Needs, { signingKey }: Pick<AuditPorts, 'signingKey'>): readonly BoundJob[] {
  return [
    bindJob(sealJob, async () => {
      await sealJournal(needs.database)
    }),
    bindJob(checkpointJob, async () => {
      await signCheckpoint(needs, signingKey)
    }),
  ]
}

export const auditRecurring: readonly Recurring[] = [
  { job: sealJob, everyMs: 1_000 },
  { job: checkpointJob, everyMs: 60_000 },
]
