import type { Actor } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/app-error.ts'
import { formatInstant, type Instant, parseInstant } from '../../kernel/instant.ts'
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { readerFor } from './core/index.ts'
import type { IncidentsPorts } from './incidents.ports.ts'
import { presentIncident } from './present-incident.ts'
import { presentItem, presentPin, presentProposal, presentUpdate } from './present-work.ts'
import { listProposals } from './proposals.store.ts'
import * as updates from './updates.contract.ts'
import {
  draftUpdateOf,
  hurtByTier,
  postIncidentUpdate,
  readImpactOf,
  stateIncidentImpact,
} from './usecases/communicate.ts'
import { exportIncidentOf } from './usecases/export-incident.ts'
import { mergeInto, relateTo } from './usecases/join-incidents.ts'
import { pinObjective, placeTimelineEntry } from './usecases/keep-timeline.ts'
import { needIncident, type Order } from './usecases/load-incident.ts'
import { decideUpdate, idOf, proposeUpdate, withdrawUpdate } from './usecases/propose-update.ts'
import { readPolicy } from './usecases/read-policy.ts'
import { readRelatedTo } from './usecases/read-related.ts'
import { addWorkItem, changeWorkItem } from './usecases/work-items.ts'
import * as contract from './work.contract.ts'
import { listItems, listPins, listUpdateRows } from './work.store.ts'

/** The schema lets some through that are no day of any calendar: 30 February. */
function need(text: string): Instant {
  const at = parseInstant(text)
  if (at === null) throw new AppError('invalid', 'incidents.bad-time', `${text} is no time.`)
  return at
}

export function workRoutes(needs: Needs, ports: IncidentsPorts): readonly BoundOperation[] {
  const { database } = needs
  const reading = async (actor: Actor) => readerFor(actor, await ports.declaredNameOf(actor))
  const orderOf = async (id: string, actor: Actor): Promise<Order> => ({
    incidentId: id,
    actor,
    reader: await reading(actor),
  })
  const newUpdateOf = async (id: string, body: updates.NewUpdateBody, actor: Actor) => {
    const { audience, customer, text, nextInMs } = body
    const by = await ports.personOf(actor)
    return { ...(await orderOf(id, actor)), audience, customer: customer ?? null, text, nextInMs, by }
  }
  const someoneOf = async (actor: Actor) => ({ by: await ports.personOf(actor), byId: idOf(actor) })
  const find = async (id: string, actor: Actor) => needIncident(database, id, await reading(actor))
  return [
    route(contract.listWork, async ({ params, actor }) => {
      const { id } = await find(params.id, actor)
      return {
        items: (await listItems(database, id)).map(presentItem),
        pins: (await listPins(database, id)).map(presentPin),
      }
    }),
    route(contract.addItem, async ({ params, body, actor }) =>
      presentItem(
        await addWorkItem(needs, {
          ...(await orderOf(params.id, actor)),
          kind: body.kind,
          text: body.text,
          owner: body.owner ?? null,
          dueAt: body.dueAt === undefined ? null : need(body.dueAt),
          reason: body.reason ?? null,
          verify: body.verify ?? null,
          vendorCase: body.vendorCase ?? null,
          by: await ports.personOf(actor),
        }),
      ),
    ),
    route(contract.changeItem, async ({ params, body, actor }) =>
      presentItem(
        await changeWorkItem(needs, {
          ...(await orderOf(params.id, actor)),
          itemId: params.item,
          state: body.state ?? null,
          reason: body.reason ?? null,
          owner: body.owner,
          dueAt: body.dueAt === undefined ? undefined : body.dueAt === null ? null : need(body.dueAt),
          evidence: body.evidence ?? null,
          caseNumber: body.caseNumber,
          by: await ports.personOf(actor),
        }),
      ),
    ),
    route(contract.pinGraph, async ({ params, body, actor }) =>
      presentPin(
        await pinObjective(needs, {
          ...(await orderOf(params.id, actor)),
          objective: body.objective,
          from: need(body.from),
          to: need(body.to),
          title: body.title ?? null,
          by: await ports.personOf(actor),
        }),
      ),
    ),
    route(contract.placeEntry, async ({ params, body, actor }) => {
      const order = {
        ...(await orderOf(params.id, actor)),
        entryId: params.entry,
        at: need(body.at),
        reason: body.reason,
      }
      await placeTimelineEntry(needs, ports, order)
      return { entry: params.entry, at: formatInstant(order.at) }
    }),
    route(contract.readRelated, async ({ params, actor }) => {
      const reader = await reading(actor)
      const incident = await needIncident(database, params.id, reader)
      return readRelatedTo(database, ports, incident, { reader, now: await database.now() })
    }),
    route(updates.draftUpdate, async ({ params, query, actor }) => {
      const to = { audience: query.audience ?? 'company', customer: query.customer ?? null }
      const draft = await draftUpdateOf(database, await find(params.id, actor), to)
      return {
        ...draft,
        since: draft.since === null ? null : formatInstant(draft.since),
        nextAt: draft.nextAt === null ? null : formatInstant(draft.nextAt),
        changed: draft.changed.map((each) => ({ ...each })),
      }
    }),
    route(updates.listUpdates, async ({ params, actor }) => {
      const { id, severity } = await find(params.id, actor)
      const someone = await someoneOf(actor)
      const policy = await readPolicy(database)
      return {
        items: (await listUpdateRows(database, id)).map(presentUpdate),
        updateEveryMs: policy.severities.find((each) => each.severity === severity)?.updateEveryMs ?? null,
        approval: [...policy.updateApproval],
        waiting: (await listProposals(database, id)).map((each) => presentProposal(each, someone)),
      }
    }),
    route(updates.postUpdate, async ({ params, body, actor }) =>
      presentUpdate(await postIncidentUpdate(needs, await newUpdateOf(params.id, body, actor))),
    ),
    route(updates.proposeUpdate, async ({ params, body, actor }) =>
      presentProposal(await proposeUpdate(needs, await newUpdateOf(params.id, body, actor)), await someoneOf(actor)),
    ),
    route(updates.decideUpdate, async ({ params, body, actor }) => {
      const { approve, reason = null } = body
      const order = { ...(await orderOf(params.id, actor)), number: params.number, approve, reason }
      const someone = await someoneOf(actor)
      return presentProposal(await decideUpdate(needs, { ...order, by: someone.by }), someone)
    }),
    route(updates.withdrawUpdate, async ({ params, body, actor }) => {
      const order = { ...(await orderOf(params.id, actor)), number: params.number, reason: body.reason ?? null }
      const someone = await someoneOf(actor)
      return presentProposal(await withdrawUpdate(needs, { ...order, by: someone.by }), someone)
    }),
    route(contract.readImpact, async ({ params, actor }) => {
      const incident = await find(params.id, actor)
      const impact = await readImpactOf(database, incident)
      return {
        statement: incident.impactStatement,
        minutes: impact.minutes === null ? null : Math.round(impact.minutes * 10) / 10,
        ongoing: impact.ongoing,
        derived: impact.derived,
        people: incident.peopleAffected,
        regions: [...incident.impactRegions],
        customers: [...incident.impactCustomers],
        byTier: await hurtByTier(database, impact.rows),
        spans: impact.rows.map((each) => ({
          service: each.service,
          startedAt: formatInstant(each.startedAt),
          endedAt: each.endedAt === null ? null : formatInstant(each.endedAt),
        })),
      }
    }),
    route(contract.stateImpact, async ({ params, body, actor }) => {
      const spans = body.spans.map((each) => ({
        service: each.service,
        startedAt: need(each.startedAt),
        endedAt: each.endedAt === null ? null : need(each.endedAt),
      }))
      const { statement, people, regions, customers } = body
      const order = { ...(await orderOf(params.id, actor)), statement, spans, people, regions, customers }
      return presentIncident(database, await stateIncidentImpact(needs, order))
    }),
    route(contract.mergeIncident, async ({ params, body, actor }) =>
      presentIncident(
        database,
        await mergeInto(needs, {
          ...(await orderOf(params.id, actor)),
          ...body,
          learn: body.learn ?? true,
          people: body.people ?? null,
          by: await ports.personOf(actor),
        }),
      ),
    ),
    route(contract.relateIncident, async ({ params, body, actor }) =>
      presentIncident(database, await relateTo(needs, { ...(await orderOf(params.id, actor)), ...body })),
    ),
    route(contract.exportIncident, async ({ params, actor }) =>
      exportIncidentOf(database, ports, await find(params.id, actor)),
    ),
  ]
}
