// What an incident that opened by itself is called: after the alert that the others depend on, as long as the name is
// young and nobody chose another.
import type { Actor } from '../../../kernel/actor.ts'
import { minute } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { AlertRow } from '../../alerts/index.ts'
import { servicesBeneath } from '../../catalog/index.ts'
import { incidentRenamed } from '../incidents.contract.ts'
import { type IncidentRow, saveIncident } from '../incidents.store.ts'
import { dataOf, entryOf } from './incident-entry.ts'
import { alertsOf } from './read-overview.ts'

// Later, people know it by its name.
const youngMs = 5 * minute

export function titleOf(alert: Pick<AlertRow, 'service' | 'title'>): string {
  return alert.service === null ? alert.title : `${alert.service}: ${alert.title}`.slice(0, 200)
}

/** A dependency that fails a moment after its dependants is still the cause. Answers the incident as it is called now. */
export async function nameAfterCause(
  tx: Tx,
  needs: Needs,
  of: {
    /** As it was before the alert joined, and since. */
    readonly former: Pick<IncidentRow, 'services'>
    readonly incident: IncidentRow
    readonly alert: AlertRow
    readonly actor: Actor
    readonly now: Instant
  },
): Promise<IncidentRow> {
  const { former, incident, alert, actor, now } = of
  if (!incident.automatic || alert.service === null || now - incident.declaredAt > youngMs) return incident
  // A storm brings many alerts of the same few services: only a new one can be a better name.
  if (former.services.includes(alert.service)) return incident
  const named = (await alertsOf(tx, incident.id)).find((each) => titleOf(each) === incident.title)
  // A person renamed it.
  if (named === undefined || named.service === null || named.service === alert.service) return incident
  if (!(await servicesBeneath(tx, named.service)).has(alert.service)) return incident
  const renamed = await saveIncident(tx, { ...incident, title: titleOf(alert) })
  await needs.journal.publish(tx, incidentRenamed, {
    ...entryOf(renamed, actor, `${named.service} depends on ${alert.service}.`),
    data: dataOf(renamed),
  })
  return renamed
}
