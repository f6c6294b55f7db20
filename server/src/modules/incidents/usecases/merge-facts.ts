// Brings together what was known of two incidents that are one, and takes it apart again.
import type { Actor } from '../../../kernel/actor.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { earlier, type HurtFacts, mergedHurt, unmergedHurt } from '../core/index.ts'
import { type IncidentRow, saveIncident } from '../incidents.store.ts'
import type { MergedBefore } from '../regrouping.store.ts'
import { impactStated } from '../work.contract.ts'
import { type ImpactRow, listImpacts, listItems, listPins, moveItems, movePins, replaceImpacts } from '../work.store.ts'
import { hurtInWords, readImpactOf } from './communicate.ts'
import { dataOf, entryOf } from './incident-entry.ts'
import { promiseUpdate } from './schedule-update.ts'
import { lookLater, mostItems } from './work-items.ts'

const mostPins = 50

export interface Merging {
  readonly own: IncidentRow
  readonly into: IncidentRow
  /** How many people in all, where whoever merges knows better. */
  readonly people: number | null
  readonly actor: Actor
}

export interface MergedFacts {
  readonly into: IncidentRow
  readonly before: MergedBefore
  readonly because: readonly string[]
}

const hurtOf = (row: IncidentRow): HurtFacts => ({
  people: row.peopleAffected,
  regions: row.impactRegions,
  customers: row.impactCustomers,
  statement: row.impactStatement,
})

const withHurt = (row: IncidentRow, { people, regions, customers, statement }: HurtFacts): IncidentRow => ({
  ...row,
  peopleAffected: people,
  impactRegions: regions,
  impactCustomers: customers,
  impactStatement: statement,
})

const keyOf = ({ service, startedAt }: Pick<ImpactRow, 'service' | 'startedAt'>): string => `${service} ${startedAt}`

export async function mergeFacts(tx: Tx, needs: Needs, order: Merging): Promise<MergedFacts> {
  const { own, into, people, actor } = order
  const { because, ...hurt } = mergedHurt(hurtOf(into), hurtOf(own), people)
  const firstToldAt = earlier(into.firstToldAt, own.firstToldAt)
  let saved = await saveIncident(tx, { ...withHurt(into, hurt), firstToldAt })
  // What was promised of either is promised of both.
  const promised = earlier(into.nextUpdateAt, own.nextUpdateAt)
  if (promised !== into.nextUpdateAt) saved = await promiseUpdate(tx, saved, promised)
  const spans = await addSpans(tx, own, into)
  const kept = await moveWork(tx, own, into)
  const changed = JSON.stringify(hurt) !== JSON.stringify(hurtOf(into)) || spans.length > 0
  if (changed) {
    const { minutes } = await readImpactOf(tx, saved)
    await needs.journal.publish(tx, impactStated, {
      ...entryOf(saved, actor, `Incident ${own.number} is a part of it.`),
      data: {
        ...dataOf(saved),
        text: [saved.impactStatement ?? '', ...hurtInWords(saved)].filter((each) => each !== '').join('; '),
        minutes: minutes === null ? null : Math.round(minutes * 10) / 10,
      },
    })
  }
  return {
    into: saved,
    because: [...because, ...kept.because],
    before: {
      hurt: hurtOf(into),
      merged: hurt,
      firstToldAt: into.firstToldAt,
      firstToldWas: firstToldAt,
      spans,
      items: kept.items,
      pins: kept.pins,
    },
  }
}

/** Where both were stated. A span that follows the incident covers the other one's, too: it begins with the earlier of the two. */
async function addSpans(tx: Tx, own: IncidentRow, into: IncidentRow): Promise<readonly string[]> {
  const stated = await listImpacts(tx, [own.id, into.id])
  const rowsOf = ({ id }: IncidentRow) => stated.filter((each) => each.incidentId === id)
  const known = new Set(rowsOf(into).map(keyOf))
  const fresh = rowsOf(own).filter((each) => !known.has(keyOf(each)))
  if (known.size === 0 || fresh.length === 0) return []
  await replaceImpacts(tx, into.id, [...rowsOf(into), ...fresh])
  return fresh.map(keyOf)
}

/** Tasks, hypotheses, decisions, mitigations, cases at vendors and pinned graphs go with it. */
async function moveWork(tx: Tx, own: IncidentRow, into: IncidentRow) {
  const [items, known] = [await listItems(tx, own.id), await listItems(tx, into.id)]
  const [pins, pinned] = [await listPins(tx, own.id), await listPins(tx, into.id)]
  const [allItems, allPins] = [items.length + known.length <= mostItems, pins.length + pinned.length <= mostPins]
  if (allItems) {
    await moveItems(tx, { ids: items.map((each) => each.id), from: own.id, to: into.id })
    for (const each of items)
      if (each.verification !== null && each.state === 'started') await lookLater(tx, { ...each, incidentId: into.id })
  }
  if (allPins) await movePins(tx, { ids: pins.map((each) => each.id), from: own.id, to: into.id })
  const left = [
    ...(allItems ? [] : [`Its work items stay in incident ${own.number}: one holds ${mostItems}.`]),
    ...(allPins ? [] : [`Its graphs stay in incident ${own.number}: one holds ${mostPins}.`]),
  ]
  return {
    because: left,
    items: allItems ? items.map((each) => each.id) : [],
    pins: allPins ? pins.map((each) => each.id) : [],
  }
}

/** What was moved goes home; what somebody said since the merge stays. */
export async function unmergeFacts(
  tx: Tx,
  { from, to, before }: { readonly from: IncidentRow; readonly to: IncidentRow; readonly before: MergedBefore },
): Promise<IncidentRow> {
  await moveItems(tx, { ids: before.items, from: to.id, to: from.id })
  for (const each of await listItems(tx, from.id))
    if (before.items.includes(each.id) && each.verification !== null && each.state === 'started')
      await lookLater(tx, each)
  await movePins(tx, { ids: before.pins, from: to.id, to: from.id })
  if (before.spans.length > 0) {
    const rows = await listImpacts(tx, [to.id])
    await replaceImpacts(
      tx,
      to.id,
      rows.filter((each) => !before.spans.includes(keyOf(each))),
    )
  }
  const hurt = unmergedHurt(hurtOf(to), before.hurt, before.merged)
  const told = to.firstToldAt === momentOf(before.firstToldWas) ? momentOf(before.firstToldAt) : to.firstToldAt
  return { ...withHurt(to, hurt), firstToldAt: told }
}

/** What lies in JSON are plain numbers. */
const momentOf = (at: number | null): Instant | null => (at === null ? null : instant(at))
