// Hand-overs that must be accepted, corrected times, restricted readers.
import { AppError } from '../../../kernel/app-error.ts'
import { formatInstant, type Instant } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import {
  answerOffer,
  decideTime,
  type IncidentRole,
  type IncidentTime,
  mayReadIncident,
  type OfferDecision,
  offerRole,
  readersWith,
} from '../core/index.ts'
import * as contract from '../incidents.contract.ts'
import { type IncidentRow, listHoldings, listOffers, removeOffer, saveIncident, saveOffer } from '../incidents.store.ts'
import { dataOf, entryOf } from './incident-entry.ts'
import { holdRole } from './lead-incident.ts'
import { loadIncident, type Order } from './load-incident.ts'
import { accept, stateOf } from './move-incident.ts'

function acceptOffer(decision: OfferDecision): Extract<OfferDecision, { ok: true }> {
  if (!decision.ok) throw new AppError(decision.refusal.kind, decision.refusal.code, decision.refusal.sentence)
  return decision
}

export async function offerRoleTo(
  needs: Needs,
  order: Order & { readonly role: IncidentRole; readonly person: string; readonly by: string },
): Promise<IncidentRow> {
  return needs.database.transaction(async (tx) => {
    let incident = await loadIncident(tx, order)
    const { role, person, by } = order
    const decision = acceptOffer(offerRole(await listHoldings(tx, incident.id), { role, person, offeredBy: by }))
    await saveOffer(tx, incident.id, { role, person, offeredBy: by, offeredAt: await tx.now() })
    // Whoever is asked to lead must be able to read what.
    incident = await saveIncident(tx, { ...incident, readers: readersWith(incident.readers, [`person:${person}`]) })
    await needs.journal.publish(tx, contract.incidentRoleOffered, {
      ...entryOf(incident, order.actor, decision.reason, [{ kind: 'person', id: person }]),
      data: { ...dataOf(incident), role, person, from: by },
    })
    return incident
  })
}

export async function answerRoleOffer(
  needs: Needs,
  order: Order & { readonly role: IncidentRole; readonly person: string; readonly accept: boolean },
): Promise<IncidentRow> {
  return needs.database.transaction(async (tx) => {
    const incident = await loadIncident(tx, order)
    const { role, person } = order
    acceptOffer(answerOffer(await listOffers(tx, incident.id), role, person))
    if (order.accept) return holdRole(tx, needs, { ...order, incident, release: false })
    await removeOffer(tx, incident.id, role)
    await needs.journal.publish(tx, contract.incidentRoleDeclined, {
      ...entryOf(incident, order.actor, undefined, [{ kind: 'person', id: person }]),
      data: { ...dataOf(incident), role, person },
    })
    return incident
  })
}

export async function correctIncidentTime(
  needs: Needs,
  order: Order & { readonly time: IncidentTime; readonly at: Instant | null; readonly reason: string },
): Promise<IncidentRow> {
  return needs.database.transaction(async (tx) => {
    const incident = await loadIncident(tx, order)
    const decision = accept(decideTime(stateOf(incident), order.time, order.at, order.reason, await tx.now()))
    const { times } = decision.state
    const saved = await saveIncident(tx, {
      ...incident,
      impactStartedAt: times.impactStartedAt,
      detectedAt: times.detectedAt,
      acknowledgedAt: times.acknowledgedAt,
      mitigatedAt: times.mitigatedAt,
      resolvedAt: times.resolvedAt,
    })
    const written = (at: Instant | null) => (at === null ? null : formatInstant(at))
    await needs.journal.publish(tx, contract.incidentTimeCorrected, {
      ...entryOf(saved, order.actor, decision.reason),
      data: { ...dataOf(saved), time: order.time, from: written(incident[order.time]), to: written(order.at) },
    })
    return saved
  })
}

export async function restrictReaders(
  needs: Needs,
  order: Order & { readonly kind: 'normal' | 'security'; readonly readers: readonly string[]; readonly reason: string },
): Promise<IncidentRow> {
  return needs.database.transaction(async (tx) => {
    const incident = await loadIncident(tx, order)
    if (incident.kind !== 'normal' && incident.kind !== 'security')
      throw new AppError(
        'conflict',
        'incidents.kind-fixed',
        'A drill, a back-filled incident and planned work cannot be restricted.',
      )
    const holders = (await listHoldings(tx, incident.id)).filter((each) => each.until === null)
    const readers = readersWith(
      order.readers,
      holders.map((each) => `person:${each.person}`),
    )
    const next = { ...incident, kind: order.kind, readers }
    if (!mayReadIncident(order.reader, next))
      throw new AppError(
        'invalid',
        'incidents.reader-left-out',
        'You would not be able to read it any more. Name yourself too.',
        {
          faults: [{ pointer: '/readers', detail: 'Add person:<your name> or team:<your team>.' }],
        },
      )
    const saved = await saveIncident(tx, next)
    await needs.journal.publish(tx, contract.incidentRestricted, {
      // The entry that opens an incident again stays closed to those who could not read what came before.
      ...entryOf({ ...saved, kind: 'security' }, order.actor, order.reason),
      data: { ...dataOf(saved), readers: [...readers] },
    })
    return saved
  })
}
