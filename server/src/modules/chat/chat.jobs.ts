import { day } from '../../kernel/duration.ts'
import { plus } from '../../kernel/instant.ts'
import { type Subscription, subscribe, subscribeAll } from '../../platform/journal/journal.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { type BoundJob, bindJob, defineJob, type Recurring } from '../../platform/work/job.ts'
import { resourceCreated, resourceDeleted, resourceUpdated } from '../catalog/index.ts'
import { incidentEvents } from '../incidents/index.ts'
import * as contract from './chat.contract.ts'
import { type ChatPorts, type ChatProvider, chatProviders } from './chat.ports.ts'
import { forgetInbound } from './chat.store.ts'
import { connectionKind } from './kinds/chat-connection.ts'
import { considerOpenIncidents, considerRooms } from './usecases/consider-room.ts'
import { answerInbound, workOffInbound } from './usecases/handle-inbound.ts'
import { bringRoom } from './usecases/sync-room.ts'

const providerOf = (name: string): ChatProvider | null => chatProviders.find((each) => each === name) ?? null

const forget = defineJob({ kind: 'chat.forget-inbound', lane: 'bulk' })
const forgetAfterMs = 3 * day

export function chatJobs(needs: Needs, ports: ChatPorts): readonly BoundJob[] {
  return [
    bindJob(contract.syncRoom, ({ roomId }, turn) => bringRoom(needs, ports, roomId, turn)),
    bindJob(contract.considerRoom, ({ incidentId }) => considerRooms(needs, ports, [incidentId])),
    bindJob(contract.handleInbound, async ({ provider, key }) => {
      const known = providerOf(provider)
      if (known !== null) await workOffInbound(needs, ports, known, key)
    }),
    bindJob(contract.sendAnswer, async ({ provider, key }) => {
      const known = providerOf(provider)
      if (known !== null) await answerInbound(needs, ports, known, key)
    }),
    bindJob(forget, async () => {
      await forgetInbound(needs.database, plus(await needs.database.now(), -forgetAfterMs))
    }),
  ]
}

export const chatRecurring: readonly Recurring[] = [{ job: forget, everyMs: 600_000 }]

/** Behind everything that wakes or tells people. */
export function chatSubscriptions(needs: Needs, ports: ChatPorts): readonly Subscription[] {
  return [
    ...incidentEvents.map((event) =>
      subscribeAll(event, 'chat.follow', (events) =>
        considerRooms(
          needs,
          ports,
          events.map((each) => each.subjectId),
        ),
      ),
    ),
    ...[resourceCreated, resourceUpdated, resourceDeleted].map((event) =>
      subscribe(event, 'chat.follow', () => considerOpenIncidents(needs), {
        when: ({ kind }) => kind === connectionKind.kind,
      }),
    ),
  ]
}
