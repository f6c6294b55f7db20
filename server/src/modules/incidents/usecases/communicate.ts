// Updates made of facts, and the statement of who was hurt.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findResource, findServices } from '../../catalog/index.ts'
import {
  type Addressee,
  changedFacts,
  draftText,
  type FactChange,
  factsFor,
  factsOf,
  holdersAt,
  type Impact,
  impactByTier,
  impactOf,
  isOpen,
  peopleInWords,
  refuseAddressee,
  servicesSeenBy,
  type UpdateFacts,
} from '../core/index.ts'
import { type IncidentRow, listHoldings, saveIncident } from '../incidents.store.ts'
import { updatePosted } from '../updates.contract.ts'
import { impactStated } from '../work.contract.ts'
import {
  type ImpactRow,
  insertUpdate,
  listImpacts,
  listItems,
  listUpdateRows,
  replaceImpacts,
  type UpdateRow,
} from '../work.store.ts'
import { dataOf, entryOf } from './incident-entry.ts'
import { loadIncident, type Order } from './load-incident.ts'
import { journeysThrough } from './propose-severity.ts'
import { definitionOf, readPolicy } from './read-policy.ts'
import { promiseUpdate } from './schedule-update.ts'
import { tooMany } from './work-items.ts'

const mostUpdates = 200

export interface StatedImpact extends Impact {
  readonly derived: boolean
  readonly rows: readonly ImpactRow[]
}

/** As it was stated; else from the start of the impact until users were no longer hurt. */
export async function readImpactOf(queries: Queries, incident: IncidentRow): Promise<StatedImpact> {
  return statedImpact(incident, await listImpacts(queries, [incident.id]), await queries.now())
}

/** Of many at once. */
export async function readImpactsOf(
  queries: Queries,
  incidents: readonly IncidentRow[],
): Promise<ReadonlyMap<string, StatedImpact>> {
  const stated = new Map<string, ImpactRow[]>(incidents.map(({ id }) => [id, []]))
  for (const row of await listImpacts(queries, [...stated.keys()])) stated.get(row.incidentId)?.push(row)
  const now = await queries.now()
  return new Map(incidents.map((each) => [each.id, statedImpact(each, stated.get(each.id) ?? [], now)]))
}

function statedImpact(incident: IncidentRow, stated: readonly ImpactRow[], now: Instant): StatedImpact {
  const end = incident.mitigatedAt ?? incident.resolvedAt
  const rows =
    stated.length > 0 || incident.impactStartedAt === null
      ? stated.map(({ service, startedAt, endedAt }) => ({ service, startedAt, endedAt }))
      : incident.services.map((service) => ({ service, startedAt: incident.impactStartedAt ?? now, endedAt: end }))
  const spans = rows.map((row) => ({ start: row.startedAt, end: row.endedAt }))
  const whole = incident.impactStartedAt === null ? [] : [{ start: incident.impactStartedAt, end }]
  return { ...impactOf(spans.length > 0 ? spans : whole, now), rows, derived: stated.length === 0 }
}

export async function hurtByTier(
  queries: Queries,
  rows: readonly ImpactRow[],
): Promise<{ tier: number | null; minutes: number }[]> {
  const services = await findServices(queries, [...new Set(rows.map((each) => each.service))])
  const tiers = new Map(services.map((each) => [each.name, each.tier]))
  const spans = rows.map(({ service, startedAt, endedAt }) => ({
    start: startedAt,
    end: endedAt,
    tier: tiers.get(service) ?? null,
  }))
  const found = impactByTier(spans, await queries.now())
  return found.map(({ tier, minutes }) => ({ tier, minutes: Math.round(minutes * 10) / 10 }))
}

/** For one customer of what they see alone: which services, which journeys through them, how long those were hurt. */
export async function collectFacts(queries: Queries, incident: IncidentRow, to: Addressee): Promise<UpdateFacts> {
  const seen = to.customer === null ? null : await servicesOfCustomer(queries, to.customer)
  const services = seen === null ? incident.services : incident.services.filter((each) => seen.includes(each))
  const items = await listItems(queries, incident.id)
  const now = await queries.now()
  const impact = await readImpactOf(queries, incident)
  const textOf = (kind: string, state: string) =>
    items.filter((each) => each.kind === kind && each.state === state).map((each) => each.text)
  return factsOf({
    title: incident.title,
    severity: incident.severity,
    phase: incident.status,
    services,
    journeys: [...new Set([...(await journeysThrough(queries, services)).values()].flat())],
    impactStatement: incident.impactStatement,
    peopleAffected: incident.peopleAffected,
    regions: incident.impactRegions,
    customers: incident.impactCustomers,
    impactMinutes: seen === null ? impact.minutes : minutesAt(impact.rows, seen, now),
    commander: holdersAt(await listHoldings(queries, incident.id), 'commander', now)[0] ?? null,
    confirmedCauses: textOf('hypothesis', 'confirmed'),
    mitigations: items
      .filter((each) => each.kind === 'mitigation' && each.state !== 'dropped')
      .map((each) => ({ text: each.text, state: each.state, because: each.verification?.because ?? null })),
    decisions: textOf('decision', 'recorded'),
    vendorCases: items.flatMap(({ vendorCase, state, closedAt }) => {
      if (vendorCase === null || closedAt !== null) return []
      const number = vendorCase.caseNumber === null ? '' : `, case ${vendorCase.caseNumber}`
      return [`${vendorCase.vendor}${number} (${state})`]
    }),
  })
}

async function servicesOfCustomer(queries: Queries, name: string): Promise<readonly string[]> {
  const customer = (await findResource(queries, { kind: 'StatusCustomer', name }))?.document.spec
  if (customer === undefined) return []
  const page = typeof customer.page === 'string' ? customer.page : ''
  const declared = await findResource(queries, { kind: 'StatusPage', name: page })
  return servicesSeenBy(customer, declared?.document.spec ?? null)
}

function minutesAt(rows: readonly ImpactRow[], services: readonly string[], now: Instant): number | null {
  const hurt = rows.filter((each) => services.includes(each.service))
  const spans = hurt.map(({ startedAt, endedAt }) => ({ start: startedAt, end: endedAt }))
  return impactOf(spans, now).minutes
}

/** Left out: as it was stated before. */
export interface StatedHurt {
  readonly people?: number | null | undefined
  readonly regions?: readonly string[] | undefined
  readonly customers?: readonly string[] | undefined
}

export function hurtInWords({
  peopleAffected,
  impactRegions,
  impactCustomers,
}: Pick<IncidentRow, 'peopleAffected' | 'impactRegions' | 'impactCustomers'>): readonly string[] {
  return [
    peopleAffected === null ? '' : peopleInWords(peopleAffected),
    impactRegions.length === 0 ? '' : `regions ${impactRegions.join(', ')}`,
    impactCustomers.length === 0 ? '' : `customers ${impactCustomers.join(', ')}`,
  ].filter((each) => each !== '')
}

export interface UpdateDraft extends Addressee {
  readonly text: string
  readonly since: Instant | null
  readonly changed: readonly FactChange[]
  readonly nextAt: Instant | null
}

export async function draftUpdateOf(queries: Queries, incident: IncidentRow, to: Addressee): Promise<UpdateDraft> {
  needAddressee(to)
  const { audience, customer } = to
  const facts = factsFor(await collectFacts(queries, incident, to), audience)
  const last = (await listUpdateRows(queries, incident.id)).find(
    (each) => each.audience === audience && each.customer === customer,
  )
  const changed = last === undefined ? [] : changedFacts(factsFor(last.facts, audience), facts)
  const everyMs =
    isOpen(incident.status) && incident.kind !== 'scheduled'
      ? ((await definitionOf(queries, incident.severity))?.updateEveryMs ?? null)
      : null
  const text = draftText({
    title: `Incident ${incident.number}: ${incident.title}`,
    audience,
    facts,
    changed,
    nextInMs: everyMs,
  })
  const now = await queries.now()
  return {
    audience,
    customer,
    text,
    since: last?.postedAt ?? null,
    changed,
    nextAt: everyMs === null ? null : plus(now, everyMs),
  }
}

export interface NewUpdate extends Addressee {
  readonly text: string
  /** Undefined: as the severity says; null promises none. */
  readonly nextInMs: number | null | undefined
  readonly by: string
  readonly approvedBy?: string
}

function needAddressee(to: Addressee): void {
  const detail = refuseAddressee(to)
  if (detail !== null)
    throw new AppError('invalid', 'incidents.unclear-addressee', detail, { faults: [{ pointer: '/customer', detail }] })
}

/** What is restricted, and what is only a drill, is told to no customer; null when this one may be told. */
export async function refuseCustomer(
  queries: Queries,
  incident: IncidentRow,
  customer: string,
): Promise<AppError | null> {
  if (incident.kind === 'security' || incident.kind === 'drill') {
    const what = incident.kind === 'drill' ? 'A drill' : 'A restricted incident'
    return new AppError('conflict', 'incidents.not-for-customers', `${what} is told to no customer.`)
  }
  const declared = await findResource(queries, { kind: 'StatusCustomer', name: customer })
  if (declared !== null) return null
  const detail = `There is no customer "${customer}". Declare a StatusCustomer, or choose one there is.`
  return new AppError('invalid', 'incidents.unclear-addressee', detail, { faults: [{ pointer: '/customer', detail }] })
}

export async function postIncidentUpdate(needs: Needs, order: Order & NewUpdate): Promise<UpdateRow> {
  return needs.database.transaction(async (tx) => {
    const incident = await loadIncident(tx, order)
    if ((await readPolicy(tx)).updateApproval.includes(order.audience))
      throw new AppError(
        'conflict',
        'incidents.needs-approval',
        `What is told to ${order.audience === 'customer' ? 'one customer' : order.audience} is approved by a second person here. Propose the update.`,
      )
    return postUpdateTo(tx, needs, { ...order, incident })
  })
}

/** Throws when it cannot go there. */
export async function checkAddressee(queries: Queries, incident: IncidentRow, to: Addressee): Promise<void> {
  needAddressee(to)
  const refusal = to.customer === null ? null : await refuseCustomer(queries, incident, to.customer)
  if (refusal !== null) throw refusal
}

/** In an incident that is locked. */
export async function postUpdateTo(
  tx: Tx,
  needs: Needs,
  { incident, ...order }: NewUpdate & { readonly incident: IncidentRow; readonly actor: Actor },
): Promise<UpdateRow> {
  if ((await listUpdateRows(tx, incident.id)).length >= mostUpdates)
    throw tooMany(`An incident holds ${mostUpdates} updates.`)
  await checkAddressee(tx, incident, order)
  const now = await tx.now()
  const usual =
    incident.kind === 'scheduled' ? null : ((await definitionOf(tx, incident.severity))?.updateEveryMs ?? null)
  const everyMs = order.nextInMs === undefined ? usual : order.nextInMs
  const nextAt = everyMs === null || !isOpen(incident.status) ? null : plus(now, everyMs)
  const update = await insertUpdate(tx, {
    id: needs.newId(),
    incidentId: incident.id,
    audience: order.audience,
    customer: order.customer,
    text: order.text,
    facts: await collectFacts(tx, incident, order),
    postedBy: order.by,
    approvedBy: order.approvedBy ?? null,
    postedAt: now,
    nextAt,
  })
  await promiseUpdate(tx, order.audience === 'responders' ? incident : await noteTold(tx, incident, now), nextAt)
  await needs.journal.publish(tx, updatePosted, {
    ...entryOf(incident, order.actor),
    data: {
      ...{ ...dataOf(incident), text: order.text, audience: order.audience, update: update.number },
      ...(order.customer === null ? {} : { customer: order.customer }),
      ...(order.approvedBy === undefined ? {} : { proposedBy: order.by }),
    },
  })
  return update
}

/** The first word to anybody who is not in the room. */
export async function noteTold(tx: Tx, incident: IncidentRow, at: Instant): Promise<IncidentRow> {
  if (incident.firstToldAt !== null && incident.firstToldAt <= at) return incident
  return saveIncident(tx, { ...incident, firstToldAt: at })
}

export async function stateIncidentImpact(
  needs: Needs,
  order: Order & { readonly statement: string | null; readonly spans: readonly ImpactRow[] } & StatedHurt,
): Promise<IncidentRow> {
  return needs.database.transaction(async (tx) => {
    const incident = await loadIncident(tx, order)
    const now = await tx.now()
    const wrong = order.spans.findIndex((each) => each.endedAt !== null && each.endedAt < each.startedAt)
    if (wrong >= 0)
      throw new AppError('invalid', 'incidents.times-disordered', 'A span of impact ends before it begins.', {
        faults: [{ pointer: `/spans/${wrong}/endedAt`, detail: 'Give a time after startedAt.' }],
      })
    if (order.spans.some((each) => each.startedAt > now || (each.endedAt ?? now) > now))
      throw new AppError('invalid', 'incidents.time-ahead', 'Impact in the future is not known yet.')
    const names = [...new Set(order.spans.map((each) => each.service))]
    const known = (await findServices(tx, names)).map((each) => each.name)
    const unknown = names.filter((each) => !known.includes(each))
    if (unknown.length > 0)
      throw new AppError(
        'invalid',
        'incidents.unknown-service',
        `There is no service ${unknown.join(', ')} in the catalog.`,
      )
    const once = new Map(order.spans.map((each) => [`${each.service} ${each.startedAt}`, each]))
    await replaceImpacts(tx, incident.id, [...once.values()])
    const saved = await saveIncident(tx, {
      ...incident,
      impactStatement: order.statement,
      peopleAffected: order.people === undefined ? incident.peopleAffected : order.people,
      impactRegions: order.regions === undefined ? incident.impactRegions : [...new Set(order.regions)],
      impactCustomers: order.customers === undefined ? incident.impactCustomers : [...new Set(order.customers)],
    })
    const { minutes } = await readImpactOf(tx, saved)
    await needs.journal.publish(tx, impactStated, {
      ...entryOf(saved, order.actor),
      data: {
        ...dataOf(saved),
        text: [order.statement ?? names.join(', '), ...hurtInWords(saved)].filter((each) => each !== '').join('; '),
        minutes: minutes === null ? null : Math.round(minutes * 10) / 10,
      },
    })
    return saved
  })
}
