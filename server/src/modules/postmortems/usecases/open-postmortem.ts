// Opens the postmortem of an incident: because its severity asks for one, or because somebody does.
import { type Actor, automation } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork } from '../../../platform/work/due-work.store.ts'
import { findServices } from '../../catalog/index.ts'
import { type IncidentReader, isOpen } from '../../incidents/core/index.ts'
import { findIncident, type IncidentRow, needIncident, readPolicy } from '../../incidents/index.ts'
import { draftSections, firstLook, sectionKeys } from '../core/index.ts'
import { readPolicyOfReviews } from '../kinds/postmortem-policy.ts'
import { postmortemOpened, remindPostmortem } from '../postmortems.contract.ts'
import type { PostmortemsPorts } from '../postmortems.ports.ts'
import { findOfIncident, insertPostmortem, type PostmortemRow, saveSection } from '../postmortems.store.ts'
import { dueOf } from './due-days.ts'
import { freezeFacts } from './freeze-facts.ts'
import { dataOf, entryOf } from './postmortem-entry.ts'

/** An incident was resolved: the policy says whether that is worth a review. */
export async function openByPolicy(needs: Needs, ports: PostmortemsPorts, incidentId: string): Promise<void> {
  // Outside of the transaction: a ledger reads a month of minutes.
  const bySpent = await becauseOfBudget(needs.database, ports, incidentId)
  await needs.database.transaction(async (tx) => {
    const incident = await findIncident(tx, incidentId)
    if (incident === null || incident.status !== 'resolved' || incident.mergedInto !== null) return
    // What was resolved from triage was no incident; a drill and planned work are reviewed when somebody asks.
    if (incident.kind === 'drill' || incident.kind === 'scheduled' || incident.acknowledgedAt === null) return
    const policy = await readPolicy(tx)
    const bySeverity = policy.severities.find((each) => each.severity === incident.severity)?.postmortem === true
    const because = bySeverity
      ? `${incident.severity} incidents are reviewed.`
      : (bySpent ?? (await becauseOfNearMiss(tx, incident)))
    if (because === null) return
    await openFor(tx, needs, ports, { incident, because, actor: automation('postmortems.open'), by: 'Mainstay' })
  })
}

/** It spent so much of a budget that it is reviewed, however severe it was; null when it did not, or nobody asks for that. */
async function becauseOfBudget(queries: Queries, ports: PostmortemsPorts, incidentId: string): Promise<string | null> {
  const { budgetShare } = await readPolicyOfReviews(queries)
  const incident = budgetShare === null ? null : await findIncident(queries, incidentId)
  if (incident === null || budgetShare === null) return null
  const [worst] = [...((await ports.budgetSpent?.(queries, incident)) ?? [])].sort((a, b) => b.share - a.share)
  if (worst === undefined || worst.share < budgetShare) return null
  return `It spent ${percent(worst.share)} of the budget of ${worst.objective}; from ${percent(budgetShare)} on incidents are reviewed.`
}

/** Somebody counted whom it hurt, and it was nobody, though it touched what matters; null when it was no near miss. */
async function becauseOfNearMiss(queries: Queries, incident: IncidentRow): Promise<string | null> {
  const { nearMissTier } = await readPolicyOfReviews(queries)
  if (nearMissTier === null || incident.peopleAffected !== 0) return null
  const services = await findServices(queries, incident.services)
  const touched = services.filter(({ tier }) => tier <= nearMissTier).sort((a, b) => a.tier - b.tier)[0]
  if (touched === undefined) return null
  return `A near miss: it hurt nobody, and it touched ${touched.displayName} (tier ${touched.tier}).`
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`

export async function openOnRequest(
  needs: Needs,
  ports: PostmortemsPorts,
  order: {
    readonly incidentId: string
    readonly actor: Actor
    readonly by: string
    readonly reader: IncidentReader
    readonly because?: string
  },
): Promise<PostmortemRow> {
  return needs.database.transaction(async (tx) => {
    const incident = await needIncident(tx, order.incidentId, order.reader)
    if (isOpen(incident.status))
      throw new AppError('conflict', 'postmortems.still-running', 'The incident is not over yet. Resolve it first.')
    return openFor(tx, needs, ports, {
      incident,
      because: order.because === undefined ? `${order.by} asked for it.` : `${order.by} asked for it: ${order.because}`,
      actor: order.actor,
      by: order.by,
    })
  })
}

interface Opening {
  readonly incident: IncidentRow
  readonly because: string
  readonly actor: Actor
  readonly by: string
}

async function openFor(tx: Tx, needs: Needs, ports: PostmortemsPorts, order: Opening): Promise<PostmortemRow> {
  const { incident, because, actor, by } = order
  const existing = await findOfIncident(tx, incident.id)
  if (existing !== null) return existing
  const now = await tx.now()
  const { facts, draft } = await freezeFacts(tx, ports, incident)
  const team = incident.teams[0] ?? null
  const due = await dueOf(tx, ports, { severity: incident.severity, team, now })
  const row = await insertPostmortem(tx, {
    id: needs.newId(),
    incidentId: incident.id,
    incidentNumber: incident.number,
    title: incident.title,
    severity: incident.severity,
    services: incident.services,
    team,
    owner: facts.responders.find((each) => each.endsWith('(commander)'))?.replace(' (commander)', '') ?? null,
    status: 'draft',
    openedBy: by,
    because,
    openedAt: now,
    dueAt: due.dueAt,
    dueBecause: due.because,
    facts,
    factors: [],
  })
  // Somebody else was faster between the two looks.
  if (row === null) return (await findOfIncident(tx, incident.id)) ?? neverGone()
  const drafted = draftSections(draft)
  for (const section of sectionKeys)
    await saveSection(tx, row.id, { section, body: drafted[section], updatedBy: by, updatedAt: now })
  await addWork(tx, remindPostmortem, { postmortemId: row.id }, { key: row.id, dueAt: firstLook(row.dueAt) })
  await needs.journal.publish(tx, postmortemOpened, {
    ...(await entryOf(tx, row, actor, because, row.owner === null ? [] : [{ kind: 'person', id: row.owner }])),
    data: dataOf(row),
  })
  return row
}

function neverGone(): never {
  throw new AppError('unavailable', 'postmortems.unknown', 'The postmortem is being opened. Try again.')
}
