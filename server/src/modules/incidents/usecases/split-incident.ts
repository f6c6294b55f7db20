// Takes alerts out of an incident they do not belong to, into one of their own; remembered, so that they come apart.
import { AppError } from '../../../kernel/app-error.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { AlertRow } from '../../alerts/index.ts'
import { isOpen } from '../core/index.ts'
import { incidentDeclared, incidentRenamed } from '../incidents.contract.ts'
import type { IncidentsPorts } from '../incidents.ports.ts'
import { type IncidentRow, insertIncident, lockOpening, saveIncident } from '../incidents.store.ts'
import { incidentSplit } from '../regrouping.contract.ts'
import { insertRegrouping, type RegroupingRow } from '../regrouping.store.ts'
import { dataOf, entryOf } from './incident-entry.ts'
import { learnPairs } from './learn-pairs.ts'
import { loadIncident, type Order } from './load-incident.ts'
import { titleOf } from './name-incident.ts'
import { takeIn } from './open-incident.ts'
import { proposeFor } from './propose-severity.ts'
import { holdAlertsOf } from './read-overview.ts'
import { scheduleUpdate } from './schedule-update.ts'

export interface SplitOrder extends Order {
  readonly alerts: readonly string[]
  readonly title: string | null
  readonly reason: string
  readonly learn: boolean
  readonly by: string
}

const refused = (sentence: string) => new AppError('conflict', 'incidents.not-splittable', sentence)

export async function splitIncident(needs: Needs, ports: IncidentsPorts, order: SplitOrder): Promise<RegroupingRow> {
  return needs.database.transaction(async (tx) => {
    // No alert is placed meanwhile by what is not known yet.
    await lockOpening(tx)
    const from = await loadIncident(tx, order)
    if (!isOpen(from.status)) throw refused(`Incident ${from.number} is over. Reopen it first.`)
    const all = await holdAlertsOf(tx, from.id)
    const moved = all.filter((each) => order.alerts.includes(each.id))
    const left = all.filter((each) => !order.alerts.includes(each.id))
    if (moved.length < new Set(order.alerts).size) throw refused('Only alerts of this incident can be split off.')
    if (left.length === 0) throw refused('Nothing would be left in it. Rename it, or merge it with another.')
    const now = await tx.now()
    let made = await openBeside(tx, needs, ports, { ...order, from, moved })
    for (const alert of moved)
      made = await takeIn(tx, needs, {
        incident: made,
        alert,
        actor: order.actor,
        reason: `Split off from incident ${from.number}.`,
      })
    await scheduleUpdate(tx, made, now)
    const saved = await saveIncident(tx, {
      ...from,
      title: titleLeft(from, moved, left),
      services: withoutGone(from.services, moved, left, (each) => each.service),
      teams: withoutGone(from.teams, moved, left, (each) => each.team),
    })
    if (saved.title !== from.title)
      await needs.journal.publish(tx, incidentRenamed, {
        ...entryOf(saved, order.actor, 'The alert that named it was split off.'),
        data: dataOf(saved),
      })
    const regrouping = await insertRegrouping(tx, {
      id: needs.newId(),
      kind: 'split',
      fromId: from.id,
      toId: made.id,
      alerts: moved.map((each) => each.id),
      before: {
        title: from.title,
        services: from.services,
        teams: from.teams,
        impactStartedAt: from.impactStartedAt,
        detectedAt: from.detectedAt,
        made: true,
      },
      reason: order.reason,
      saidBy: order.by,
      saidAt: now,
    })
    // Of a restricted incident nothing is told to those who read the list of pairs.
    if (order.learn && from.kind !== 'security')
      await learnPairs(tx, needs, { verdict: 'apart', moved, others: left, regrouping, actor: order.actor })
    await needs.journal.publish(tx, incidentSplit, {
      ...entryOf(saved, order.actor, order.reason, [{ kind: 'incident', id: made.id }]),
      data: { ...dataOf(saved), into: `incident ${made.number}`, intoId: made.id, alerts: moved.length },
    })
    return regrouping
  })
}

async function openBeside(
  tx: Tx,
  needs: Needs,
  ports: IncidentsPorts,
  {
    from,
    moved,
    title,
    by,
    actor,
    reason,
  }: SplitOrder & { readonly from: IncidentRow; readonly moved: readonly AlertRow[] },
): Promise<IncidentRow> {
  const first = firstOf(moved)
  const services = [...new Set(moved.map((each) => each.service).filter((each) => each !== null))]
  const proposal = await proposeFor(tx, ports, services)
  const earliest = (of: (alert: AlertRow) => AlertRow['startedAt']) => moved.map(of).sort((a, b) => a - b)[0] ?? null
  const made = await insertIncident(tx, {
    id: needs.newId(),
    title: title ?? (first === undefined ? from.title : titleOf(first)),
    severity: proposal.severity,
    severityReason: proposal.reasons.join(' '),
    status: from.status === 'triage' ? 'triage' : 'active',
    services: [],
    teams: [],
    impactStartedAt: earliest((each) => each.startedAt),
    detectedAt: earliest((each) => each.openedAt),
    acknowledgedAt: from.status === 'triage' ? null : from.acknowledgedAt,
    mitigatedAt: null,
    resolvedAt: null,
    declaredBy: by,
    automatic: from.automatic,
    kind: from.kind,
    readers: from.readers,
  })
  await needs.journal.publish(tx, incidentDeclared, { ...entryOf(made, actor, reason), data: dataOf(made) })
  return made
}

const firstOf = (alerts: readonly AlertRow[]): AlertRow | undefined =>
  [...alerts].sort((a, b) => a.startedAt - b.startedAt || a.number - b.number)[0]

/** One that was called after an alert that went is called after the first that stays, unless a person named it. */
function titleLeft(from: IncidentRow, moved: readonly AlertRow[], left: readonly AlertRow[]): string {
  const [named, first] = [moved.some((each) => titleOf(each) === from.title), firstOf(left)]
  return from.automatic && named && first !== undefined ? titleOf(first) : from.title
}

/** What only the alerts that went had brought along. */
function withoutGone(
  known: readonly string[],
  moved: readonly AlertRow[],
  left: readonly AlertRow[],
  of: (alert: AlertRow) => string | null,
): readonly string[] {
  const stay = new Set(left.map(of))
  const gone = new Set(moved.map(of).filter((each) => !stay.has(each)))
  return known.filter((each) => !gone.has(each))
}
