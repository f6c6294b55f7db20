import type { JsonObject } from '../../kernel/json.ts'
import type { EventType } from '../../platform/journal/journal.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import * as agreements from './agreements.contract.ts'
import { agreementRoutes, agreementWireRoutes } from './agreements.routes.ts'
import * as corrections from './corrections.contract.ts'
import { countsKept } from './days-retention.store.ts'
import { registerGauges } from './gauges.ts'
import * as groups from './groups.contract.ts'
import * as journeys from './journeys.contract.ts'
import { agreementKind } from './kinds/agreement-kind.ts'
import { exclusionKind } from './kinds/exclusion-kind.ts'
import { journeyKind } from './kinds/journey-kind.ts'
import { openSloKinds } from './kinds/openslo-kinds.ts'
import { policyKind } from './kinds/policy-kind.ts'
import { policyErrors, policyEvents } from './policies.contract.ts'
import { policyJobs, policyRecurring, policySubscriptions } from './policies.jobs.ts'
import { policyRoutes } from './policies.routes.ts'
import { reportErrors } from './report.contract.ts'
import { reportRoutes, reportWireRoutes } from './report.routes.ts'
import { reviewErrors, reviewEvents } from './reviews.contract.ts'
import { reviewRoutes } from './reviews.routes.ts'
import * as contract from './slo.contract.ts'
import { agreementSubscriptions, sloJobs, sloRecurring } from './slo.jobs.ts'
import type { SloPorts } from './slo.ports.ts'
import { sloRoutes } from './slo.routes.ts'

export function sloRoom(needs: Needs, ports: SloPorts = {}): Room {
  const events: readonly EventType<JsonObject>[] = [
    contract.objectiveStateChanged,
    contract.objectiveBurning,
    contract.objectiveRecovered,
    contract.objectiveUnmeasured,
    contract.objectiveMeasured,
    groups.groupBurning,
    groups.groupRecovered,
    groups.budgetAlertBegan,
    groups.budgetAlertEnded,
    corrections.objectiveCorrected,
    corrections.correctionWithdrawn,
    journeys.journeyStateChanged,
    ...policyEvents,
    agreements.creditNear,
    agreements.creditDue,
    agreements.agreementSettled,
    ...reviewEvents,
  ]
  if (ports.registry !== undefined) registerGauges(ports.registry, needs.database)
  return {
    name: 'slo',
    operations: [
      ...sloRoutes(needs, ports),
      ...policyRoutes(needs, ports),
      ...reportRoutes(needs, ports),
      ...agreementRoutes(needs),
      ...reviewRoutes(needs, ports),
    ],
    wireRoutes: (server, door) => {
      reportWireRoutes(needs, ports)(server, door)
      agreementWireRoutes(needs)(server, door)
    },
    jobs: [...sloJobs(needs, ports), ...policyJobs(needs, ports)],
    recurring: [...sloRecurring, ...policyRecurring],
    subscriptions: [...policySubscriptions(needs, ports), ...agreementSubscriptions(needs)],
    kinds: [...openSloKinds, exclusionKind, journeyKind, policyKind, agreementKind],
    kept: [countsKept],
    events,
    errors: [...contract.sloErrors, ...policyErrors, ...reportErrors, ...agreements.agreementErrors, ...reviewErrors],
  }
}
