import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import { auditErrors } from './audit.contract.ts'
import { auditJobs, auditRecurring } from './audit.jobs.ts'
import type { AuditPorts } from './audit.ports.ts'
import { auditRoutes, auditWireRoutes } from './audit.routes.ts'
import { createStreams } from './live/event-stream.ts'
import { sealJournal } from './usecases/seal-journal.ts'
import { signCheckpoint } from './usecases/sign-checkpoint.ts'
import { createSealWatch } from './usecases/watch-journal.ts'

export function auditRoom(needs: Needs, ports: AuditPorts): Room {
  const streams = createStreams(needs, ports)
  const watch = createSealWatch(needs)
  return {
    name: 'audit',
    operations: auditRoutes(needs, ports),
    wireRoutes: auditWireRoutes(needs, ports, streams),
    jobs: auditJobs(needs, ports, watch),
    recurring: auditRecurring,
    errors: auditErrors,
    start: async () => watch.start(),
    stop: async () => {
      await watch.stop()
      await streams.stop()
      // The last act: what this process has written is signed before it leaves.
      try {
        await sealJournal(needs.database)
        await signCheckpoint(needs, ports.signingKey)
      } catch (error) {
        needs.log.warn('The journal could not be signed on leaving; the next start does it.', { error })
      }
    },
  }
}
