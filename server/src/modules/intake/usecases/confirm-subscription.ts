// Amazon sends nothing until the address it gave has been asked. Asked by a job: it is a call to the outside.
import { automation } from '../../../kernel/actor.ts'
import type { Desk } from '../desk.ts'
import { subscriptionConfirmed } from '../intake.contract.ts'

export const subscriptionContext = (source: string): string => `intake/subscription/${source}`

export async function confirmSubscriptionOf(
  desk: Desk,
  order: { readonly source: string; readonly topic: string; readonly sealed: string },
): Promise<void> {
  await desk.ports.confirmSns(desk.ports.open(order.sealed, subscriptionContext(order.source)))
  await desk.needs.database.transaction((tx) =>
    desk.needs.journal.publish(tx, subscriptionConfirmed, {
      actor: automation('intake.confirm-subscription'),
      subject: { kind: 'alert-source', id: order.source },
      data: { source: order.source, topic: order.topic },
    }),
  )
}
