import { type Subscription, subscribe, subscribeTogether } from '../../platform/journal/journal.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { type BoundJob, bindJob } from '../../platform/work/job.ts'
import {
  type AlertData,
  alertAcknowledged,
  alertEndedEvents,
  alertHeard,
  alertOpened,
  alertRaised,
} from '../alerts/index.ts'
import { closeQuiet } from './incidents.contract.ts'
import type { IncidentsPorts } from './incidents.ports.ts'
import { closeQuietIncident, noteAcknowledgement, noteAlertEnds } from './usecases/lead-incident.ts'
import { openForAlerts } from './usecases/open-incident.ts'
import { remindOfUpdate } from './usecases/schedule-update.ts'
import { verifyItem } from './usecases/work-items.ts'
import { remindUpdate, verifyMitigation } from './work.contract.ts'

export function incidentsJobs(needs: Needs, ports: IncidentsPorts): readonly BoundJob[] {
  return [
    bindJob(closeQuiet, ({ incidentId }) => closeQuietIncident(needs, incidentId)),
    bindJob(verifyMitigation, (payload) => verifyItem(needs, payload)),
    bindJob(remindUpdate, ({ incidentId }) => remindOfUpdate(needs, ports, incidentId)),
  ]
}

// Whoever places alerts holds the one lock for it: in a storm of senders that each tell of one, few hold it for many.
const soon = { lane: 'notify', atOnce: 25 } as const

export function incidentsSubscriptions(needs: Needs, ports: IncidentsPorts): readonly Subscription[] {
  type Events = readonly { readonly data: AlertData }[]
  const open = (events: Events) => openForAlerts(needs, ports, alertsIn(events))
  const alertsIn = (events: Events) => events.map(({ data }) => data.alertId)
  return [
    // What wakes nobody opens nothing; it is not even looked at.
    subscribeTogether(alertOpened, 'incidents.open', open, { ...soon, when: (data) => data.urgency === 'high' }),
    subscribeTogether(alertHeard, 'incidents.open', open, soon),
    subscribeTogether(alertRaised, 'incidents.open', open, soon),
    subscribe(alertAcknowledged, 'incidents.follow', ({ data }) => noteAcknowledgement(needs, data.alertId, data.by), {
      lane: 'notify',
    }),
    ...alertEndedEvents.map((event) =>
      subscribeTogether(event, 'incidents.follow', (events) => noteAlertEnds(needs, alertsIn(events)), soon),
    ),
  ]
}
