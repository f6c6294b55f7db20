import { type Subscription, subscribe, subscribeTogether } from '../../platform/journal/journal.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { type BoundJob, bindJob, type Recurring } from '../../platform/work/job.ts'
import {
  type AlertData,
  alertAcknowledged,
  alertEndedEvents,
  alertHeard,
  alertOpened,
  alertRaised,
} from '../alerts/index.ts'
import { maintenanceBegan, maintenanceChanged, maintenanceEnded } from '../maintenance/index.ts'
import { incidentRoles } from './core/index.ts'
import { closeQuiet, incidentRoleHandedOver, incidentRoleTaken } from './incidents.contract.ts'
import type { IncidentsPorts } from './incidents.ports.ts'
import { turnScheduled } from './scheduled.contract.ts'
import { closeQuietIncident, noteAcknowledgement, noteAlertEnds } from './usecases/lead-incident.ts'
import { openForAlerts } from './usecases/open-incident.ts'
import { followMaintenance, turnPlannedWork } from './usecases/plan-work.ts'
import { remindOfUpdate } from './usecases/schedule-update.ts'
import { endVacancyPages, lookForVacancies } from './usecases/watch-vacancies.ts'
import { verifyItem } from './usecases/work-items.ts'
import { watchVacancies } from './vacancies.contract.ts'
import { remindUpdate, verifyMitigation } from './work.contract.ts'

// A minute late is early enough for somebody who has ten.
export const incidentsRecurring: readonly Recurring[] = [{ job: watchVacancies, everyMs: 30_000 }]

export function incidentsJobs(needs: Needs, ports: IncidentsPorts): readonly BoundJob[] {
  return [
    bindJob(closeQuiet, ({ incidentId }) => closeQuietIncident(needs, incidentId)),
    bindJob(verifyMitigation, (payload) => verifyItem(needs, payload)),
    bindJob(watchVacancies, () => lookForVacancies(needs, ports)),
    bindJob(turnScheduled, ({ incidentId }) => turnPlannedWork(needs, ports, incidentId)),
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
    ...[maintenanceBegan, maintenanceChanged, maintenanceEnded].map((event) =>
      subscribe(event, 'incidents.follow-maintenance', ({ subjectId }) => followMaintenance(needs, subjectId)),
    ),
    ...[incidentRoleTaken, incidentRoleHandedOver].map((event) =>
      subscribe(
        event,
        'incidents.end-vacancy',
        async ({ data: { incidentId, role } }) => {
          const taken = incidentRoles.find((each) => each === role)
          if (taken !== undefined) await endVacancyPages(needs, ports, { incidentId, role: taken })
        },
        { lane: 'notify' },
      ),
    ),
    ...alertEndedEvents.map((event) =>
      subscribeTogether(event, 'incidents.follow', (events) => noteAlertEnds(needs, alertsIn(events)), soon),
    ),
  ]
}
