// The rooms in the written order, and the ports that join them. The only file that sees every room.

import { readAlerts } from '../integrations/alertmanager/read-alerts.ts'
import { readConfig } from '../integrations/alertmanager/read-config.ts'
import { readSilence } from '../integrations/alertmanager/read-silence.ts'
import { splitAlerts } from '../integrations/alertmanager/split-alerts.ts'
import { backstageTranslator } from '../integrations/backstage/translator.ts'
import { readCalendar } from '../integrations/icalendar/read-calendar.ts'
import { writeCalendar } from '../integrations/icalendar/write-calendar.ts'
import { readEvent } from '../integrations/pagerduty/read-event.ts'
import { alertsRoom } from '../modules/alerts/alerts.module.ts'
import { type AlertsPorts, heldUntil } from '../modules/alerts/index.ts'
import { auditRoom } from '../modules/audit/audit.module.ts'
import { listConcerning } from '../modules/audit/index.ts'
import { catalogRoom } from '../modules/catalog/catalog.module.ts'
import type { CatalogPorts } from '../modules/catalog/index.ts'
import { changesRoom } from '../modules/changes/changes.module.ts'
import { chatRoom } from '../modules/chat/chat.module.ts'
import { identityRoom } from '../modules/identity/identity.module.ts'
import { createDoor, gatekeeper, requireOwnership } from '../modules/identity/index.ts'
import { incidentsRoom } from '../modules/incidents/incidents.module.ts'
import { takeEvent } from '../modules/intake/index.ts'
import { intakeRoom } from '../modules/intake/intake.module.ts'
import { learningRoom } from '../modules/learning/learning.module.ts'
import { createLifeboat, createMarkFile, type Lifeboat } from '../modules/lifeboat/index.ts'
import { lifeboatRoom } from '../modules/lifeboat/lifeboat.module.ts'
import { maintenanceRoom } from '../modules/maintenance/maintenance.module.ts'
import { createNotifier } from '../modules/notifications/index.ts'
import { notificationsRoom } from '../modules/notifications/notifications.module.ts'
import { createPager, loadKeptHolidays, type OncallPorts, simulatePaging } from '../modules/oncall/index.ts'
import { oncallRoom } from '../modules/oncall/oncall.module.ts'
import { postmortemsRoom } from '../modules/postmortems/postmortems.module.ts'
import { readStandings } from '../modules/slo/index.ts'
import { sloRoom } from '../modules/slo/slo.module.ts'
import { statusRoom } from '../modules/status/status.module.ts'
import { anomalyRoom } from '../modules/telemetry/index.ts'
import { telemetryRoom } from '../modules/telemetry/telemetry.module.ts'
import { ticketsRoom } from '../modules/tickets/tickets.module.ts'
import { workflowsRoom } from '../modules/workflows/workflows.module.ts'
import type { HttpMetrics } from '../platform/http/metrics.ts'
import type { RateLimits } from '../platform/http/rate-limit.ts'
import type { Gatekeeper } from '../platform/http/server.ts'
import type { Needs } from '../platform/room/needs.ts'
import type { Room } from '../platform/room/room.ts'
import { historyRoom } from './history/history-room.ts'
import { acknowledgeByLink, rateByLink } from './join/acknowledge.ts'
import { alertOfAnomalies, anomalyPorts } from './join/anomalies.ts'
import { budgetPolicyPortsOf } from './join/budget-policies.ts'
import { rolePagingOf } from './join/call-for-people.ts'
import { chatPortsOf } from './join/chat.ts'
import { firstWordOnPages } from './join/first-word.ts'
import { followCatalog } from './join/follow-catalog.ts'
import { handOverFactsOf } from './join/hand-over.ts'
import { restrictionsOf } from './join/incidents.ts'
import { intakePortsOf, mailPortOf } from './join/intake.ts'
import { learningNeeds } from './join/learning.ts'
import { aboardOf, createSendMemory, enterAnyhow, refugeOf } from './join/lifeboat.ts'
import { measuredSeries } from './join/measured-series.ts'
import { onCallNeedsOf } from './join/needs-human.ts'
import { answeringOf, notificationPortsOf, watchOf } from './join/notifications.ts'
import { burnOf, causesOf, objectiveCounts } from './join/objectives.ts'
import { pagingOf } from './join/paging.ts'
import { administrators, declaredNameOf, membersOfTeams, shownNameOf } from './join/people.ts'
import { accountsOf, budgetSpent, checkOf, reviewReminderOf } from './join/postmortems.ts'
import { readScheduleExport } from './join/read-schedule-export.ts'
import { createSettingsMemory } from './join/remembered-settings.ts'
import { pagesKeptMsOf, retentionPortsOf } from './join/retention.ts'
import { knownTickets, openIncident, silenceReminderOf, silencesWithIncidents } from './join/silences.ts'
import { singleSignOnOf } from './join/single-sign-on.ts'
import { sloReaders, sloTranslator } from './join/slo-readers.ts'
import { statusPortsOf } from './join/status.ts'
import { telemetryPortsOf } from './join/telemetry.ts'
import { ticketsPortsOf } from './join/tickets.ts'
import { updateReminderOf } from './join/update-reminder.ts'
import { endCallsForPeople, workflowNeeds, workflowsPortsOf } from './join/workflows.ts'
import type { Outside } from './outside.ts'
import { permissionTable } from './permissions/index.ts'
import { proofsRoom } from './proofs/proofs-room.ts'
import { retentionRoom } from './retention/retention-room.ts'
import { workRoom } from './work/work-room.ts'

export interface Composition {
  readonly rooms: readonly Room[]
  readonly gatekeeper: Gatekeeper
  /** Null where nothing can be kept. */
  readonly lifeboat: Lifeboat | null
}

export function buildRooms(
  needs: Needs,
  outside: Outside,
  house: { readonly metrics: HttpMetrics; readonly rateLimits: RateLimits },
): Composition {
  const { database } = needs
  const rooms: Room[] = []
  const identity = identityRoom(needs, { teamMembers: () => membersOfTeams(database), ...singleSignOnOf(outside) })
  let lifeboat: Lifeboat | null = null
  const gate = enterAnyhow(gatekeeper(needs, permissionTable), () => lifeboat)
  const personOf = (actor: Parameters<typeof shownNameOf>[1]) => shownNameOf(database, actor)
  const settings = createSettingsMemory()
  const sends = createSendMemory(createMarkFile())
  const notifications = notificationPortsOf(needs, outside, { settings, sends })

  const oncall: OncallPorts = {
    notifier: createNotifier(needs, notifications),
    nameOf: (actor) => declaredNameOf(database, actor),
    lastResort: administrators,
    heldUntil,
    pagesKeptMs: pagesKeptMsOf(outside.config),
    links: outside.links,
    calendar: { write: writeCalendar, read: readCalendar },
    readScheduleExport,
    acknowledge: (order) => acknowledgeByLink(needs, alerts, order),
    rate: (order) => rateByLink(needs, order),
    handOverFacts: handOverFactsOf(needs),
    aboard: aboardOf(() => lifeboat),
  }
  const pager = createPager(needs, oncall)
  const alerts: AlertsPorts = {
    paging: pagingOf(needs, pager),
    openIncident,
    tickets: knownTickets,
    foresee: (of) => simulatePaging(needs, oncall, of),
    remindOfSilence: silenceReminderOf(oncall.notifier, () => needs.publicUrl),
    personOf,
    actorOfToken: (token) => gate.authenticate({ token, session: null, address: '' }),
    readAlertmanager: readAlerts,
    splitAlertmanager: splitAlerts,
    readPagerDuty: readEvent,
    takeElsewhere: (event) => takeEvent(intake.desk, event),
    readRouting: readConfig,
    readSilence,
    ...(outside.lifeboat === undefined ? {} : { refuge: refugeOf(() => lifeboat) }),
  }
  if (outside.lifeboat !== undefined) {
    const links = { lastResort: administrators, links: outside.links }
    const { keyring, lifeboat: place } = outside
    const publicUrl = () => needs.publicUrl
    const ports = { alerts, oncall: links, notifications, settings, keyring, publicUrl, ...place, ...sends }
    const boat = createLifeboat(needs, ports, place.drive)
    settings.whileAway(boat.isAfloat)
    lifeboat = boat
  }

  const intake = intakeRoom(
    needs,
    intakePortsOf(
      outside,
      alerts,
      () => lifeboat?.senders() ?? null,
      mailPortOf(outside, house.rateLimits, () => needs.publicUrl),
    ),
  )

  rooms.push(identity)
  rooms.push(
    auditRoom(needs, {
      signingKey: outside.signingKey,
      ...createDoor(gate, house.rateLimits),
      restrictionsOf: restrictionsOf(needs),
    }),
  )
  const answering = answeringOf(needs, notifications, { egress: outside.egress, alerts: () => alerts, pager })
  rooms.push(notificationsRoom(needs, notifications, answering, watchOf(outside, house.metrics.registry)))
  rooms.push(
    catalogRoom(
      needs,
      catalogPortsOf(() => rooms),
    ),
  )
  rooms.push(maintenanceRoom(needs))
  rooms.push(
    telemetryRoom(needs, {
      ...telemetryPortsOf(outside, gate, house.rateLimits),
      registry: house.metrics.registry,
    }),
  )
  rooms.push(
    sloRoom(needs, {
      causes: causesOf,
      registry: house.metrics.registry,
      readers: sloReaders,
      ...budgetPolicyPortsOf(needs, oncall.notifier),
    }),
  )
  rooms.push(oncallRoom(needs, oncall))
  rooms.push(changesRoom(needs))
  rooms.push(alertsRoom(needs, alerts))
  rooms.push(intake)
  rooms.push(lifeboatRoom(needs, lifeboat, house.metrics.registry))
  rooms.push(
    incidentsRoom(needs, {
      personOf,
      declaredNameOf: (actor) => declaredNameOf(database, actor),
      linesOf: listConcerning,
      burnOf,
      objectiveCounts,
      onCallNeeds: onCallNeedsOf(needs),
      remind: updateReminderOf(oncall.notifier, needs.publicUrl),
      ...rolePagingOf(needs, { alerts: () => alerts, pager }),
      learningNeeds,
      workflowNeeds,
      measured: measuredSeries,
    }),
  )
  rooms.push(
    chatRoom(
      needs,
      chatPortsOf(needs, outside, {
        rooms: () => rooms,
        gatekeeper: gate,
        rateLimits: house.rateLimits,
        answering,
        isAway: () => lifeboat?.isAfloat() ?? false,
      }),
    ),
  )
  rooms.push(
    statusRoom(
      needs,
      statusPortsOf(outside, () => needs.publicUrl),
    ),
  )
  rooms.push(
    postmortemsRoom(needs, {
      personOf,
      declaredNameOf: (actor) => declaredNameOf(database, actor),
      linesOf: listConcerning,
      accounts: accountsOf,
      budgetSpent,
      checkOf,
      holidaysOf: loadKeptHolidays,
      remind: reviewReminderOf(oncall.notifier, needs.publicUrl),
    }),
  )
  const tickets = ticketsPortsOf(needs, outside, () => rooms)
  rooms.push(ticketsRoom(needs, tickets))
  rooms.push(
    workflowsRoom(
      needs,
      workflowsPortsOf(needs, outside, { alerts: () => alerts, pager, tickets, notifier: oncall.notifier }),
    ),
  )
  rooms.push(learningRoom(needs, { personOf, declaredNameOf: (actor) => declaredNameOf(database, actor) }))
  rooms.push(endCallsForPeople(needs, () => alerts))
  rooms.push(silencesWithIncidents(needs, () => alerts))
  rooms.push(firstWordOnPages(needs))
  rooms.push(anomalyRoom(needs, anomalyPorts))
  rooms.push(alertOfAnomalies(needs, () => alerts))
  rooms.push(workRoom(needs))
  rooms.push(proofsRoom(needs.log))
  rooms.push(historyRoom(needs, outside.lifeboat?.folder ?? null, house.metrics.registry))
  rooms.push(followCatalog(() => identity.refreshTeams()))
  rooms.push(
    retentionRoom(
      needs,
      retentionPortsOf(outside.config, () => rooms),
      house.metrics.registry,
    ),
  )
  return { rooms, gatekeeper: gate, lifeboat }
}

const applying = permissionTable['resources.apply']

export function catalogPortsOf(rooms: () => readonly Room[]): CatalogPorts {
  return {
    kinds: () => rooms().flatMap((room) => room.kinds ?? []),
    translators: [backstageTranslator, sloTranslator],
    standingsOf: readStandings,
    mayChange: (actor, team) => {
      // What the server declares by itself (the demo, accounts becoming people) was decided by whoever runs it.
      if (actor.kind === 'automation' || applying === undefined || 'open' in applying) return
      requireOwnership(actor, applying, team)
    },
  }
}
