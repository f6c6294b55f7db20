// What an incident that opened by itself is called: after the alert that the others depend on, as long as the name is
// young and nobody chose another.
import type { Actor } from '../../../kernel/actor.ts'
import { minute } from '../../../kernel/duration.ts'
import { published } from '../../../platform/journal/journal.ts'
import type { AlertRow } from '../../alerts/index.ts'
import { incidentRenamed } from '../incidents.contract.ts'
import { type IncidentRow, saveIncident } from '../incidents.store.ts'
import { dataOf, entryOf } from './incident-entry.ts'
import { beneathOf, type Opening, remember, writeOpening } from './opening.ts'
import { alertsOf } from './read-overview.ts'

// Later, people know it by its name.
const youngMs = 5 * minute

export function titleOf(alert: Pick<AlertRow, 'service' | 'title'>): string {
  return alert.service === null ? alert.title : `${alert.service}: ${alert.title}`.slice(0, 200)
}

/** The first that joins because of its rule alone: from now on it is about more than the service it began with. */
export function nameAfterRule(
  opening: Opening,
  of: {
    readonly former: Pick<IncidentRow, 'services'>
    readonly incident: IncidentRow
    readonly alert: AlertRow
    readonly actor: Actor
  },
): void {
  const { former, incident, alert, actor } = of
  const [service] = former.services
  const { rule } = alert.signal
  // Otherwise it is called so already, or a person chose its name.
  if (rule === null || former.services.length !== 1 || !incident.title.startsWith(`${service}: `)) return
  const renamed = { ...incident, title: `${rule} in many services, first in ${service}`.slice(0, 200) }
  opening.grown.set(renamed.id, renamed)
  remember(opening, renamed)
  const because = `${rule} opened one incident after the other.`
  opening.entries.push(published(incidentRenamed, { ...entryOf(renamed, actor, because), data: dataOf(renamed) }))
}

/** A dependency that fails a moment after its dependants is still the cause. Answers the incident as it is called now. */
export async function nameAfterCause(
  opening: Opening,
  of: {
    /** As it was before the alert joined, and since. */
    readonly former: Pick<IncidentRow, 'services'>
    readonly incident: IncidentRow
    readonly alert: AlertRow
    readonly actor: Actor
  },
): Promise<IncidentRow> {
  const { tx, now } = opening
  const { former, incident, alert, actor } = of
  if (!incident.automatic || alert.service === null || now - incident.declaredAt > youngMs) return incident
  // A storm brings many alerts of the same few services: only a new one can be a better name.
  if (former.services.includes(alert.service)) return incident
  await writeOpening(opening)
  const named = (await alertsOf(tx, incident.id)).find((each) => titleOf(each) === incident.title)
  // A person renamed it.
  if (named === undefined || named.service === null || named.service === alert.service) return incident
  if (!(await beneathOf(opening, named.service)).has(alert.service)) return incident
  const renamed = await saveIncident(tx, { ...incident, title: titleOf(alert) })
  remember(opening, renamed)
  const because = `${named.service} depends on ${alert.service}.`
  opening.entries.push(published(incidentRenamed, { ...entryOf(renamed, actor, because), data: dataOf(renamed) }))
  return renamed
}
