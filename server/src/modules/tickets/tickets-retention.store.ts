// Tickets go when their incidents may.
import { type KeepRule, picked } from '../../platform/retention/keep-rule.ts'
import { lockOldTickets, removeTickets } from './tickets.store.ts'

const tickets: KeepRule = {
  name: 'tickets',
  summary: 'Tickets both sides called over; what stands at the tracker stays there',
  keep: 'incidents',
  pick: async (tx, pick) => {
    const rows = await lockOldTickets(tx, pick)
    return picked(
      rows.map((row) => ({ id: row.id, at: row.at, incidents: [row.incidentId], people: 'anyone' as const })),
      pick.limit,
    )
  },
  remove: removeTickets,
}

export const ticketsKept: readonly KeepRule[] = [tickets]
