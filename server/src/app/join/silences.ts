// Joins silences to the incidents and tickets they end with, and to the people who made them.
import { automation } from '../../kernel/actor.ts'
import { formatInstant } from '../../kernel/instant.ts'
import {
  type AlertsPorts,
  endSilencesWith,
  followMerge,
  type KnownTicket,
  type KnownTickets,
} from '../../modules/alerts/index.ts'
import { isOpen } from '../../modules/incidents/core/index.ts'
import { findIncident, type IncidentRow, incidentMoved, lockIncident } from '../../modules/incidents/index.ts'
import type { Notifier } from '../../modules/notifications/index.ts'
import { findTicketsCalled, listTicketsById, type TicketRow } from '../../modules/tickets/index.ts'
import type { Queries } from '../../platform/database/queries.ts'
import { subscribe } from '../../platform/journal/journal.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'

/** Restricted incidents are not spoken of: a silence that names one would say that it exists. */
export const openIncident: NonNullable<AlertsPorts['openIncident']> = async (tx, id) => {
  const row = await lockIncident(tx, id)
  const isOpen = row !== null && row.kind !== 'security' && row.mergedInto === null && row.status !== 'resolved'
  return isOpen && row.status !== 'reviewed' ? { number: String(row.number) } : null
}

/** One whose incident is restricted is not spoken of, as the incident is not. */
export const knownTickets: KnownTickets = {
  named: async (tx, name) => {
    const known: KnownTicket[] = []
    for (const row of await findTicketsCalled(tx, name)) {
      const incident = await findIncident(tx, row.incidentId)
      if (incident === null || incident.kind === 'security') continue
      known.push({ id: row.id, key: row.key ?? row.id, standing: standingOf(row) })
    }
    return known
  },
  standings: async (queries, ids) =>
    new Map((await listTicketsById(queries, ids)).map((row) => [row.id, standingOf(row)])),
}

function standingOf({ phase, theirs }: Pick<TicketRow, 'phase' | 'theirs'>): KnownTicket['standing'] {
  if (phase === 'gone') return 'lost'
  return theirs === 'done' || theirs === 'dropped' ? 'over' : 'open'
}

export function silenceReminderOf(
  notifier: Pick<Notifier, 'remind'>,
  publicUrl: () => string,
): NonNullable<AlertsPorts['remindOfSilence']> {
  return (tx, { id, person, reason, endsAt, held }) =>
    notifier.remind(tx, {
      occasion: `silence ${id} ${formatInstant(endsAt)}`,
      person,
      because: 'A silence ends soon, and what it holds back is told then.',
      facts: {
        head: `Your silence ends soon: ${reason}`.slice(0, 200),
        sentence: `${held === 1 ? 'One open alert is' : `${held} open alerts are`} told when it ends. Make it longer if the work goes on.`,
        link: `${publicUrl()}/silences`,
      },
    })
}

export function silencesWithIncidents(needs: Needs, alerts: () => AlertsPorts): Room {
  return {
    name: 'join-silences',
    subscriptions: [
      subscribe(incidentMoved.resolved, 'alerts.end-silences', ({ data }) => followIncident(needs, alerts(), data)),
    ],
  }
}

/** One that was merged is over only with the one that it is the same as. */
async function followIncident(needs: Needs, ports: AlertsPorts, over: { readonly incidentId: string }): Promise<void> {
  const own = await findIncident(needs.database, over.incidentId)
  const last = own === null ? null : await whatItIs(needs.database, own)
  // Undone, or opened again, before anybody looked.
  if (last !== null && last.id === over.incidentId && isOpen(last.status)) return
  if (last !== null && isOpen(last.status))
    return followMerge(needs, { from: over.incidentId, into: last, actor: automation('alerts.silence') })
  await endSilencesWith(needs, ports, {
    ...{ kind: 'incident', of: over.incidentId },
    because: 'The incident it was made for is resolved.',
  })
}

async function whatItIs(queries: Queries, incident: IncidentRow): Promise<IncidentRow> {
  let last = incident
  const seen = new Set<string>()
  while (last.mergedInto !== null && !seen.has(last.id)) {
    seen.add(last.id)
    last = (await findIncident(queries, last.mergedInto)) ?? { ...last, mergedInto: null }
  }
  return last
}
