import type { Needs } from '../../platform/room/needs.ts'
import { type BoundJob, bindJob, type Recurring } from '../../platform/work/job.ts'
import { checkpointJob, sealJob } from './audit.contract.ts'
import type { AuditPorts } from './audit.ports.ts'
import { signCheckpoint } from './usecases/sign-checkpoint.ts'
import type { SealWatch } from './usecases/watch-journal.ts'

export function auditJobs(
  needs: Needs,
  { signingKey }: Pick<AuditPorts, 'signingKey'>,
  watch: SealWatch,
): readonly BoundJob[] {
  return [
    bindJob(sealJob, (_, turn) => watch.turn(turn)),
    bindJob(checkpointJob, async () => {
      await signCheckpoint(needs, signingKey)
    }),
  ]
}

export const auditRecurring: readonly Recurring[] = [
  { job: sealJob, everyMs: 1_000 },
  { job: checkpointJob, everyMs: 60_000 },
]
