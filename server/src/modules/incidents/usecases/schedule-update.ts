// The clock for the next update: started when somebody is on it, moved by each update, stopped at the end.
import { automation } from '../../../kernel/actor.ts'
import { minute } from '../../../kernel/duration.ts'
import { formatInstant, type Instant, plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork, cancelWork } from '../../../platform/work/due-work.store.ts'
import { holdersAt, isOpen, nextUpdateAt } from '../core/index.ts'
import type { IncidentsPorts } from '../incidents.ports.ts'
import { type IncidentRow, listHoldings, lockIncident, saveIncident } from '../incidents.store.ts'
import { remindUpdate, updateOverdue } from '../work.contract.ts'
import { dataOf, entryOf } from './incident-entry.ts'
import { definitionOf } from './read-policy.ts'

// Often enough to be heard, seldom enough to be able to write meanwhile.
const nagMs = 15 * minute

/** As the severity says from now on, never later than promised before. */
export async function scheduleUpdate(tx: Tx, incident: IncidentRow, now: Instant): Promise<IncidentRow> {
  // Of planned work people hear when there is something to say: nobody waits for a way out.
  if (!isOpen(incident.status) || incident.kind === 'backfilled' || incident.kind === 'scheduled')
    return stopUpdates(tx, incident)
  const everyMs = (await definitionOf(tx, incident.severity))?.updateEveryMs ?? null
  return promiseUpdate(tx, incident, nextUpdateAt({ lastAt: now, everyMs, promised: incident.nextUpdateAt }))
}

export async function promiseUpdate(tx: Tx, incident: IncidentRow, at: Instant | null): Promise<IncidentRow> {
  if (at === null) return stopUpdates(tx, incident)
  await addWork(tx, remindUpdate, { incidentId: incident.id }, { key: incident.id, dueAt: at })
  return incident.nextUpdateAt === at ? incident : saveIncident(tx, { ...incident, nextUpdateAt: at })
}

async function stopUpdates(tx: Tx, incident: IncidentRow): Promise<IncidentRow> {
  await cancelWork(tx, remindUpdate, incident.id)
  return incident.nextUpdateAt === null ? incident : saveIncident(tx, { ...incident, nextUpdateAt: null })
}

/** The promised time has come: whoever communicates is told, again and again until the update is out. */
export async function remindOfUpdate(needs: Needs, ports: IncidentsPorts, incidentId: string): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const incident = await lockIncident(tx, incidentId)
    const promised = incident?.nextUpdateAt ?? null
    if (incident === null || promised === null || !isOpen(incident.status)) return
    const now = await tx.now()
    if (now < promised) {
      await addWork(tx, remindUpdate, { incidentId }, { key: incidentId, dueAt: promised })
      return
    }
    const holdings = await listHoldings(tx, incidentId)
    const person =
      holdersAt(holdings, 'communications-lead', now)[0] ?? holdersAt(holdings, 'commander', now)[0] ?? null
    if (person !== null)
      await ports.remind?.(tx, { incident, person, since: promised, occasion: formatInstant(now), what: 'update' })
    await needs.journal.publish(tx, updateOverdue, {
      ...entryOf(
        incident,
        automation('incidents.remind-update'),
        undefined,
        person === null ? [] : [{ kind: 'person', id: person }],
      ),
      data: { ...dataOf(incident), since: formatInstant(promised), person },
    })
    await addWork(tx, remindUpdate, { incidentId }, { key: incidentId, dueAt: plus(now, nagMs) })
  })
}
