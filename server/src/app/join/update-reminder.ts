// Reminds whoever communicates in an incident that the promised update is due, and who leads planned work that its time is over.
import type { IncidentsPorts } from '../../modules/incidents/index.ts'
import type { Notifier } from '../../modules/notifications/index.ts'

export function updateReminderOf(
  notifier: Pick<Notifier, 'remind'>,
  publicUrl: string,
): NonNullable<IncidentsPorts['remind']> {
  return (tx, { incident, person, occasion, what }) => {
    if (what === 'end')
      return notifier.remind(tx, {
        occasion: `incident-end ${incident.id} ${occasion}`,
        person,
        because: 'The time of the planned work is over.',
        facts: {
          head: `Planned work ${incident.number} should be over`,
          sentence: `Finish it, let it last longer, or say that it went wrong: ${incident.title}`,
          link: `${publicUrl}/incidents/${incident.id}`,
        },
      })
    return notifier.remind(tx, {
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
}
