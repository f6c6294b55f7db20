import { minute } from '../../kernel/duration.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { type BoundJob, bindJob, type Recurring } from '../../platform/work/job.ts'
import { auditDeliveries as auditJob, deliver, deliverNotice } from './notifications.contract.ts'
import type { NotificationPorts } from './notifications.ports.ts'
import { auditDeliveries } from './usecases/audit-deliveries.ts'
import { deliverMessage } from './usecases/deliver-message.ts'

export function notificationsJobs(needs: Needs, ports: NotificationPorts): readonly BoundJob[] {
  return [
    bindJob(deliver, ({ key }) => deliverMessage(needs, ports, key)),
    bindJob(deliverNotice, ({ key }) => deliverMessage(needs, ports, key)),
    bindJob(auditJob, async () => {
      await auditDeliveries(needs)
    }),
  ]
}

export const notificationsRecurring: readonly Recurring[] = [{ job: auditJob, everyMs: minute }]
