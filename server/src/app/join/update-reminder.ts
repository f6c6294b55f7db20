// Reminds whoever communicates in an incident that the promised update is due.
import type { IncidentsPorts } from '../../modules/incidents/index.ts'
import type { Notifier } from '../../modules/notifications/index.ts'

export function updateReminderOf(
  notifier: Pick<Notifier, 'remind'>,
  publicUrl: string,
): NonNullable<IncidentsPorts['remind']> {
  return (tx, { incident, person, occasion }) =>
    notifier.remind(tx, {
      occasion: `incident-update ${incident.id} ${occasion}`,
      person,
      because: 'An update of the incident was promised by now.',
      facts: {
        head: `Update of incident ${incident.number} is due (${incident.severity})`,
        // The title of a restricted incident leaves the house in no message.
        sentence:
          incident.kind === 'security'
            ? 'People wait for an update of a restricted incident.'
            : `People wait to hear about: ${incident.title}`,
        link: `${publicUrl}/incidents/${incident.id}?view=updates`,
      },
    })
}
