// Takes a split or a merge back: the alerts return to where they were, and what was learnt of it is forgotten.
import { AppError } from '../../../kernel/app-error.ts'
import { instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { isOpen } from '../core/index.ts'
import { incidentRenamed } from '../incidents.contract.ts'
import { type IncidentRow, lockOpening, saveIncident } from '../incidents.store.ts'
import { regroupingUndone } from '../regrouping.contract.ts'
import { endRegrouping, lockRegrouping, type RegroupingRow } from '../regrouping.store.ts'
import { dataOf, entryOf } from './incident-entry.ts'
import { forgetLearnt } from './learn-pairs.ts'
import { loadIncident, type Order } from './load-incident.ts'
import { unmergeFacts } from './merge-facts.ts'
import { moveIncident } from './move-incident.ts'
import { titleOf } from './name-incident.ts'
import { takeIn } from './open-incident.ts'
import { alertsOf, holdAlertsOf } from './read-overview.ts'

export interface UndoOrder extends Order {
  readonly regroupingId: string
  readonly reason: string
  readonly by: string
}

const refused = (sentence: string) => new AppError('conflict', 'incidents.not-undoable', sentence)

export async function undoRegrouping(needs: Needs, order: UndoOrder): Promise<RegroupingRow> {
  return needs.database.transaction(async (tx) => {
    await lockOpening(tx)
    const row = await lockRegrouping(tx, order.regroupingId)
    if (row === null || (row.fromId !== order.incidentId && row.toId !== order.incidentId))
      throw new AppError('not-found', 'incidents.unknown-regrouping', 'Nothing like it happened to this incident.')
    if (row.undoneAt !== null) throw refused('It was taken back already.')
    // In the order of their ids, as everywhere two are locked.
    const both = new Map<string, IncidentRow>()
    for (const incidentId of [row.fromId, row.toId].sort())
      both.set(incidentId, await loadIncident(tx, { ...order, incidentId }))
    const from = both.get(row.fromId)
    const to = both.get(row.toId)
    if (from === undefined || to === undefined) throw refused('One of the two is gone.')
    if (row.kind === 'split') await unsplit(tx, needs, order, { row, from, to })
    else await unmerge(tx, needs, order, { row, from, to })
    await forgetLearnt(tx, needs, { regroupingId: row.id, actor: order.actor, reason: order.reason })
    const ended = await endRegrouping(tx, row.id, order.by, await tx.now())
    await needs.journal.publish(tx, regroupingUndone, {
      ...entryOf(to, order.actor, order.reason, [{ kind: 'incident', id: from.id }]),
      data: { ...dataOf(to), what: row.kind, other: `incident ${from.number}`, otherId: from.id },
    })
    return ended
  })
}

interface Both {
  readonly row: RegroupingRow
  readonly from: IncidentRow
  readonly to: IncidentRow
}

async function returnAlerts(tx: Tx, needs: Needs, order: UndoOrder, { row, from, to }: Both): Promise<IncidentRow> {
  let home = from
  for (const alert of await holdAlertsOf(tx, to.id))
    if (row.alerts.includes(alert.id))
      home = await takeIn(tx, needs, {
        incident: home,
        alert,
        actor: order.actor,
        reason: `The ${row.kind} was taken back.`,
      })
  return home
}

async function unsplit(tx: Tx, needs: Needs, order: UndoOrder, both: Both): Promise<void> {
  const { from, to } = both
  if (!isOpen(from.status)) throw refused(`Incident ${from.number} is over. Reopen it first.`)
  let home = await returnAlerts(tx, needs, order, both)
  const { title } = both.row.before
  // Unless somebody renamed it since: the split alone had renamed it after an alert.
  const named = (await alertsOf(tx, home.id)).some((each) => titleOf(each) === home.title)
  if (home.automatic && named && home.title !== title) {
    home = await saveIncident(tx, { ...home, title })
    const reason = 'The alert that named it is back.'
    await needs.journal.publish(tx, incidentRenamed, { ...entryOf(home, order.actor, reason), data: dataOf(home) })
  }
  if ((await alertsOf(tx, to.id)).length > 0 || !isOpen(to.status)) return
  // Nothing is left in the one that the split had made.
  await moveIncident(tx, needs, {
    incident: await saveIncident(tx, { ...to, mergedInto: home.id }),
    to: 'resolved',
    note: `The split from incident ${home.number} was taken back: ${order.reason}`.slice(0, 500),
    actor: order.actor,
    now: await tx.now(),
  })
}

async function unmerge(tx: Tx, needs: Needs, order: UndoOrder, both: Both): Promise<void> {
  const { row, from, to } = both
  if (from.mergedInto !== to.id)
    throw refused(`Incident ${from.number} is no longer merged into incident ${to.number}.`)
  const back = await moveIncident(tx, needs, {
    incident: await saveIncident(tx, { ...from, mergedInto: null }),
    to: 'active',
    note: `The merge into incident ${to.number} was taken back: ${order.reason}`.slice(0, 500),
    actor: order.actor,
    now: await tx.now(),
  })
  await returnAlerts(tx, needs, order, { ...both, from: back })
  const kept = await alertsOf(tx, to.id)
  const { before } = row
  const apart = before.facts === undefined ? to : await unmergeFacts(tx, { from, to, before: before.facts })
  await saveIncident(tx, {
    ...apart,
    // What came since stays.
    services: [...new Set([...before.services, ...kept.flatMap((each) => each.service ?? [])])],
    teams: [...new Set([...before.teams, ...kept.flatMap((each) => each.team ?? [])])],
    impactStartedAt: before.impactStartedAt === null ? null : instant(before.impactStartedAt),
    detectedAt: before.detectedAt === null ? null : instant(before.detectedAt),
  })
}
