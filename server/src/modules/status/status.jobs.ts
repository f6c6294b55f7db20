import { hour, minute } from '../../kernel/duration.ts'
import { type Subscription, subscribe } from '../../platform/journal/journal.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { type BoundJob, bindJob, type Recurring } from '../../platform/work/job.ts'
import { updatePosted } from '../incidents/index.ts'
import { maintenanceAnnounced, maintenanceBegan, maintenanceChanged, maintenanceEnded } from '../maintenance/index.ts'
import {
  checkHosts as checkHostsJob,
  fanOut,
  forget,
  sendHook,
  sendMail as sendJob,
  turnMaintenance,
} from './status.contract.ts'
import type { StatusPorts } from './status.ports.ts'
import { checkHosts } from './usecases/check-host.ts'
import { followMaintenance } from './usecases/follow-maintenance.ts'
import { turnByClock } from './usecases/publish.ts'
import { fanOutUpdate, sendMail } from './usecases/send-mails.ts'
import { forgetUnanswered } from './usecases/subscribe.ts'
import { tellCustomer } from './usecases/tell-customer.ts'

export function statusJobs(needs: Needs, ports: StatusPorts): readonly BoundJob[] {
  return [
    bindJob(turnMaintenance, ({ id }) => turnByClock(needs, id)),
    bindJob(fanOut, (order) => fanOutUpdate(needs, order)),
    bindJob(sendJob, ({ id }) => sendMail(needs, ports, id)),
    bindJob(sendHook, ({ id }) => sendMail(needs, ports, id)),
    bindJob(checkHostsJob, () => checkHosts(needs, ports)),
    bindJob(forget, () => forgetUnanswered(needs)),
  ]
}

export const statusRecurring: readonly Recurring[] = [
  { job: forget, everyMs: hour },
  { job: checkHostsJob, everyMs: 10 * minute },
]

export function statusSubscriptions(needs: Needs): readonly Subscription[] {
  return [
    ...[maintenanceAnnounced, maintenanceBegan, maintenanceChanged, maintenanceEnded].map((event) =>
      subscribe(event, 'status.follow-maintenance', ({ subjectId }) => followMaintenance(needs, subjectId)),
    ),
    subscribe(
      updatePosted,
      'status.tell-customer',
      async ({ subjectId: incident, data: { update, customer } }) => {
        if (customer !== undefined) await tellCustomer(needs, { incident, update, customer })
      },
      { when: ({ customer }) => customer !== undefined },
    ),
  ]
}
