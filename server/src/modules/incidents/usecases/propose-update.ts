// What is told to an audience that the policy names waits for a second person: proposed, then approved or declined.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { isOwnProposal, refuseDecision, refuseWithdrawal } from '../core/index.ts'
import type { IncidentRow } from '../incidents.store.ts'
import { findProposal, insertProposal, listProposals, type ProposalRow, saveDecision } from '../proposals.store.ts'
import { updateDeclined, updateProposed, updateWithdrawn } from '../updates.contract.ts'
import { checkAddressee, type NewUpdate, postUpdateTo } from './communicate.ts'
import { dataOf, entryOf } from './incident-entry.ts'
import { loadIncident, type Order } from './load-incident.ts'

const mostWaiting = 20

export const idOf = (actor: Actor): string => `${actor.kind} ${actor.id}`

/** Also where nobody asks for it: a second look is never refused. */
export async function proposeUpdate(needs: Needs, order: Order & NewUpdate): Promise<ProposalRow> {
  return needs.database.transaction(async (tx) => {
    const incident = await loadIncident(tx, order)
    await checkAddressee(tx, incident, order)
    if ((await listProposals(tx, incident.id)).length >= mostWaiting)
      throw new AppError('conflict', 'incidents.too-many', `${mostWaiting} updates wait already. Decide them first.`)
    const { audience, customer, text, nextInMs, by, actor } = order
    const row = await insertProposal(tx, {
      ...{ incidentId: incident.id, audience, customer, text },
      ...{ nextIsSaid: nextInMs !== undefined, nextInMs: nextInMs ?? null },
      ...{ proposedBy: by, proposedById: idOf(actor) },
    })
    await needs.journal.publish(tx, updateProposed, {
      ...entryOf(incident, actor),
      data: { ...dataOf(incident), ...told(row), text },
    })
    return row
  })
}

export async function decideUpdate(
  needs: Needs,
  order: Order & {
    readonly number: number
    readonly approve: boolean
    readonly reason: string | null
    readonly by: string
  },
): Promise<ProposalRow> {
  const { actor, by, approve, reason } = order
  return needs.database.transaction(async (tx) => {
    // Locked: two who decide at once find each other's decision.
    const incident = await loadIncident(tx, order)
    const row = await needProposal(tx, incident.id, order.number)
    const refusal = refuseDecision(row, { approve, by, byId: idOf(actor), reason })
    if (refusal !== null) throw new AppError(refusal.kind, refusal.code, refusal.sentence)
    if (!approve) {
      if (isOwnProposal(row, { by, byId: idOf(actor) }))
        return withdraw(tx, needs, { incident, row, actor, by, reason })
      await needs.journal.publish(tx, updateDeclined, {
        ...entryOf(incident, actor, reason ?? undefined),
        data: { ...dataOf(incident), ...told(row) },
      })
      return saveDecision(tx, row, { by, because: reason, update: null })
    }
    const { audience, customer, text } = row
    const nextInMs = row.nextIsSaid ? row.nextInMs : undefined
    const of = { audience, customer, text, nextInMs, by: row.proposedBy, approvedBy: by }
    const update = await postUpdateTo(tx, needs, { ...of, incident, actor })
    return saveDecision(tx, row, { by, because: reason, update: update.number })
  })
}

/** By whoever proposed it. Nobody is told, and it is not told as declined. */
export async function withdrawUpdate(
  needs: Needs,
  order: Order & { readonly number: number; readonly reason: string | null; readonly by: string },
): Promise<ProposalRow> {
  const { actor, by, reason } = order
  return needs.database.transaction(async (tx) => {
    const incident = await loadIncident(tx, order)
    const row = await needProposal(tx, incident.id, order.number)
    const refusal = refuseWithdrawal(row, { by, byId: idOf(actor) })
    if (refusal !== null) throw new AppError(refusal.kind, refusal.code, refusal.sentence)
    return withdraw(tx, needs, { incident, row, actor, by, reason })
  })
}

async function withdraw(tx: Tx, needs: Needs, { incident, row, actor, by, reason }: Withdrawal): Promise<ProposalRow> {
  await needs.journal.publish(tx, updateWithdrawn, {
    ...entryOf(incident, actor, reason ?? undefined),
    data: { ...dataOf(incident), ...told(row) },
  })
  return saveDecision(tx, row, { by, because: reason, update: null, withdrawn: true })
}

interface Withdrawal {
  readonly incident: IncidentRow
  readonly row: ProposalRow
  readonly actor: Actor
  readonly by: string
  readonly reason: string | null
}

const told = ({ number, audience, customer }: ProposalRow) => ({
  proposal: number,
  audience,
  ...(customer === null ? {} : { customer }),
})

async function needProposal(tx: Tx, incidentId: string, number: number): Promise<ProposalRow> {
  const row = await findProposal(tx, incidentId, number)
  if (row !== null) return row
  throw new AppError('not-found', 'incidents.unknown-proposal', `No update ${number} was proposed in this incident.`)
}
