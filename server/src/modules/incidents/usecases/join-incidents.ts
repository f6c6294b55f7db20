// Merging what is one, linking what belongs together.
import { AppError } from '../../../kernel/app-error.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { isOpen } from '../core/index.ts'
import { type IncidentRow, listHoldings, listKin, lockOpening, saveHoldings, saveIncident } from '../incidents.store.ts'
import { insertRegrouping } from '../regrouping.store.ts'
import { incidentMerged, incidentRelated } from '../work.contract.ts'
import { addRelation, removeRelations } from '../work.store.ts'
import { dataOf, entryOf } from './incident-entry.ts'
import { learnPairs } from './learn-pairs.ts'
import { loadIncident, type Order } from './load-incident.ts'
import { mergeFacts } from './merge-facts.ts'
import { moveIncident } from './move-incident.ts'
import { takeIn } from './open-incident.ts'
import { alertsOf, holdAlertsOf } from './read-overview.ts'

const refused = (sentence: string) => new AppError('conflict', 'incidents.not-mergeable', sentence)

/** Locked in the order of their ids, whichever was named first: two merges at once cannot wait for each other. */
async function loadBoth(tx: Tx, order: Order, other: string): Promise<readonly [IncidentRow, IncidentRow]> {
  if (other === order.incidentId) throw refused('An incident cannot be joined with itself.')
  const ids = [order.incidentId, other].sort()
  const rows = []
  for (const incidentId of ids) rows.push(await loadIncident(tx, { ...order, incidentId }))
  const [one, two] = rows
  const own = one?.id === order.incidentId ? one : two
  const second = one?.id === order.incidentId ? two : one
  if (own === undefined || second === undefined) throw refused('Both must exist.')
  return [own, second]
}

export async function mergeInto(
  needs: Needs,
  order: Order & {
    readonly into: string
    readonly reason: string
    readonly learn: boolean
    readonly by: string
    readonly people: number | null
  },
): Promise<IncidentRow> {
  return needs.database.transaction(async (tx) => {
    // As whoever places alerts: they hold alerts and wait for incidents, here it is the other way round.
    await lockOpening(tx)
    let [own, into] = await loadBoth(tx, order, order.into)
    if (!isOpen(own.status)) throw refused('Only an open incident is merged; link them instead.')
    if (!isOpen(into.status))
      throw refused(`Incident ${into.number} is over. Reopen it first, or merge the other way round.`)
    if (own.kind !== into.kind) throw refused(`A ${own.kind} incident is not merged into a ${into.kind} one.`)
    if (own.kind === 'scheduled') throw refused('Planned work is not merged; link them instead.')
    const now = await tx.now()
    const moved = await holdAlertsOf(tx, own.id)
    const others = await alertsOf(tx, into.id)
    const { services: knownServices, teams: knownTeams, impactStartedAt, detectedAt } = into
    for (const alert of moved)
      into = await takeIn(tx, needs, {
        incident: into,
        alert,
        actor: order.actor,
        reason: `Merged from incident ${own.number}.`,
      })
    const services = [...new Set([...into.services, ...own.services])]
    const teams = [...new Set([...into.teams, ...own.teams])]
    const started = [into.impactStartedAt, own.impactStartedAt].filter((each) => each !== null).sort((a, b) => a - b)
    const detected = [into.detectedAt, own.detectedAt].filter((each) => each !== null).sort((a, b) => a - b)
    into = await saveIncident(tx, {
      ...into,
      services,
      teams,
      impactStartedAt: started[0] ?? null,
      detectedAt: detected[0] ?? null,
    })
    const facts = await mergeFacts(tx, needs, { own, into, people: order.people, actor: order.actor })
    into = facts.into
    const holdings = await listHoldings(tx, own.id)
    await saveHoldings(
      tx,
      own.id,
      holdings,
      holdings.map((each) => (each.until === null ? { ...each, until: now } : each)),
    )
    own = await moveIncident(tx, needs, {
      incident: await saveIncident(tx, { ...own, mergedInto: into.id }),
      to: 'resolved',
      note: `It is the same as incident ${into.number}: ${order.reason}`.slice(0, 500),
      actor: order.actor,
      now,
    })
    const regrouping = await insertRegrouping(tx, {
      id: needs.newId(),
      kind: 'merge',
      fromId: own.id,
      toId: into.id,
      alerts: moved.map((each) => each.id),
      before: {
        title: into.title,
        services: knownServices,
        teams: knownTeams,
        impactStartedAt,
        detectedAt,
        made: false,
        facts: facts.before,
      },
      reason: order.reason,
      saidBy: order.by,
      saidAt: now,
    })
    // Of a restricted incident nothing is told to those who read the list of pairs.
    if (order.learn && own.kind !== 'security')
      await learnPairs(tx, needs, { verdict: 'together', moved, others, regrouping, actor: order.actor })
    await needs.journal.publish(tx, incidentMerged, {
      ...entryOf(own, order.actor, order.reason, [{ kind: 'incident', id: into.id }]),
      data: {
        ...dataOf(own),
        ...{ into: `incident ${into.number}`, intoId: into.id },
        ...(facts.because.length === 0 ? {} : { decided: facts.because.join(' ') }),
      },
    })
    return into
  })
}

export async function relateTo(
  needs: Needs,
  order: Order & {
    readonly other: string
    readonly relation: 'child-of' | 'related' | 'none'
    readonly reason: string
  },
): Promise<IncidentRow> {
  return needs.database.transaction(async (tx) => {
    const [own, other] = await loadBoth(tx, order, order.other)
    let saved = own
    if (order.relation === 'child-of') {
      if (other.parentId !== null) throw refused(`Incident ${other.number} is a child itself; take its parent.`)
      if ((await listKin(tx, own)).some((each) => each.relation === 'child'))
        throw refused(`Incident ${own.number} has children of its own.`)
      saved = await saveIncident(tx, { ...own, parentId: other.id })
    } else if (order.relation === 'related') await addRelation(tx, own.id, other.id, order.reason)
    else {
      await removeRelations(tx, own.id, other.id)
      if (own.parentId === other.id) saved = await saveIncident(tx, { ...own, parentId: null })
      else if (other.parentId === own.id) await saveIncident(tx, { ...other, parentId: null })
    }
    await needs.journal.publish(tx, incidentRelated, {
      ...entryOf(saved, order.actor, order.reason, [{ kind: 'incident', id: other.id }]),
      data: { ...dataOf(saved), other: `incident ${other.number}`, relation: order.relation },
    })
    return saved
  })
}
