// An incident's update for one customer, on that customer's view: the first words, or the next. However often it is asked,
// each update is said once.

import { automation } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findIncident, findUpdate as findIncidentUpdate, refuseCustomer } from '../../incidents/index.ts'
import { isClosing, keyOf, mostUpdates } from '../core/index.ts'
import { lockCustomer } from '../customers.store.ts'
import { countUpdates, findUpdate, lockPost } from '../status.store.ts'
import { draftPost } from './draft.ts'
import { needCustomerPage } from './find-page.ts'
import { publishPostIn, updatePostIn } from './publish.ts'

const actor = automation('status.tell-customer')

export async function tellCustomer(
  needs: Needs,
  order: { readonly incident: string; readonly update: number; readonly customer: string },
): Promise<void> {
  await needs.database.transaction(async (tx) => {
    // Two updates of one minute are told one after the other.
    const customer = await lockCustomer(tx, order.customer)
    const incident = await findIncident(tx, order.incident)
    const update = await findIncidentUpdate(tx, order.incident, order.update)
    // What was deleted or restricted meanwhile is told to nobody.
    if (customer === null || incident === null || update === null) return
    if ((await refuseCustomer(tx, incident, order.customer)) !== null) return
    if ((await findUpdate(tx, update.id)) !== null) return
    const page = await needCustomerPage(tx, order.customer).catch(whenGone)
    if (page === null) return
    const { title, state, impacts, published } = await draftPost(tx, keyOf(page), incident.id)
    const said = { state, body: update.text, bodies: {}, impacts, notify: true, updateId: update.id }
    const by = { actor, author: update.postedBy }
    const post = published === null ? null : await lockPost(tx, published)
    if (post !== null && post.closedAt === null && (await countUpdates(tx, post.id)) < mostUpdates)
      await updatePostIn(tx, needs, { ...said, ...by, id: post.id, impacts: isClosing(state) ? {} : impacts })
    else
      await publishPostIn(tx, needs, {
        ...{ ...said, ...by, page: keyOf(page), kind: 'incident', title, titles: {} },
        ...{ incident: incident.id, plan: null },
      })
  })
}

function whenGone(error: unknown): null {
  if (error instanceof AppError && error.kind === 'not-found') return null
  throw error
}
