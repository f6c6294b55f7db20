import { type Subscription, subscribe } from '../../platform/journal/journal.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { type BoundJob, bindJob } from '../../platform/work/job.ts'
import { alertAcknowledged, alertEndedEvents, alertHeard, alertOpened, alertRaised } from '../alerts/index.ts'
import { closeQuiet } from './incidents.contract.ts'
import type { IncidentsPorts } from './incidents.ports.ts'
import { closeQuietIncident, noteAcknowledgement, noteAlertEnd } from './usecases/lead-incident.ts'
import { openForAlert } from './usecases/open-incident.ts'
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

export function incidentsSubscriptions(needs: Needs, ports: IncidentsPorts): readonly Subscription[] {
  return [
    subscribe(alertOpened, 'incidents.open', ({ data }) => openForAlert(needs, ports, data.alertId), {
      lane: 'notify',
      // What wakes nobody opens nothing; it is not even looked at.
      when: (data) => data.urgency === 'high',
    }),
    subscribe(alertHeard, 'incidents.open', ({ data }) => openForAlert(needs, ports, data.alertId), { lane: 'notify' }),
    subscribe(alertRaised, 'incidents.open', ({ data }) => openForAlert(needs, ports, data.alertId), {
      lane: 'notify',
    }),
    subscribe(alertAcknowledged, 'incidents.follow', ({ data }) => noteAcknowledgement(needs, data.alertId, data.by), {
      lane: 'notify',
    }),
    ...alertEndedEvents.map((event) =>
      subscribe(event, 'incidents.follow', ({ data }) => noteAlertEnd(needs, data.alertId), { lane: 'notify' }),
    ),
  ]
}
