import { minute } from '../../kernel/duration.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { type BoundJob, bindJob, type Recurring } from '../../platform/work/job.ts'
import { syntheticEveryMs } from './core/index.ts'
import {
  auditDeliveries as auditJob,
  checkSeen as checkSeenJob,
  deliver,
  deliverByChat,
  deliverByMail,
  deliverNotice,
  deliverToWebhook,
  heartbeat,
  syntheticPage,
  updateMessage as updateJob,
} from './notifications.contract.ts'
import type { NotificationPorts, Watch } from './notifications.ports.ts'
import { auditDeliveries } from './usecases/audit-deliveries.ts'
import { deliverMessage } from './usecases/deliver-message.ts'
import { checkSeen } from './usecases/fall-through.ts'
import { bornWith } from './usecases/send-at-once.ts'
import { updateMessage } from './usecases/update-messages.ts'
import { sendHeartbeat, sendSyntheticPage } from './usecases/watch-paging.ts'

export function notificationsJobs(needs: Needs, ports: NotificationPorts, watch: Watch | null): readonly BoundJob[] {
  const send = (payload: { readonly key: string }) => deliverMessage(needs, ports, payload.key, bornWith(payload))
  return [
    bindJob(deliver, send),
    bindJob(deliverByMail, send),
    bindJob(deliverByChat, send),
    bindJob(deliverNotice, send),
    bindJob(deliverToWebhook, send),
    bindJob(checkSeenJob, ({ key }) => checkSeen(needs, ports, key)),
    bindJob(updateJob, ({ key }) => updateMessage(needs, ports, key)),
    bindJob(syntheticPage, (_payload, turn) => sendSyntheticPage(needs, turn)),
    bindJob(heartbeat, async () => {
      await sendHeartbeat(needs, watch)
    }),
    bindJob(auditJob, async () => {
      await auditDeliveries(needs)
    }),
  ]
}

export const notificationsRecurring: readonly Recurring[] = [
  { job: auditJob, everyMs: minute },
  { job: syntheticPage, everyMs: syntheticEveryMs },
  { job: heartbeat, everyMs: minute },
]
