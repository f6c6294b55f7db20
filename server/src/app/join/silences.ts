// Joins silences to the incidents they end with, and to the people who made them.
import { formatInstant } from '../../kernel/instant.ts'
import { type AlertsPorts, endSilencesWith } from '../../modules/alerts/index.ts'
import { findIncident, incidentMoved } from '../../modules/incidents/index.ts'
import type { Notifier } from '../../modules/notifications/index.ts'
import { subscribe } from '../../platform/journal/journal.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'

/** Restricted incidents are not spoken of: a silence that names one would say that it exists. */
export const openIncident: NonNullable<AlertsPorts['openIncident']> = async (queries, id) => {
  const row = await findIncident(queries, id)
  const isOpen = row !== null && row.kind !== 'security' && row.mergedInto === null && row.status !== 'resolved'
  return isOpen && row.status !== 'reviewed' ? { number: String(row.number) } : null
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
      subscribe(incidentMoved.resolved, 'alerts.end-silences', async ({ data: { incidentId } }) => {
        await endSilencesWith(needs, alerts(), {
          ...{ kind: 'incident', of: incidentId },
          because: 'The incident it was made for is resolved.',
        })
      }),
    ],
  }
}
