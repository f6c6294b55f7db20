import type { JsonObject } from '../../kernel/json.ts'
import { type EventType, type Subscription, subscribeAll } from '../../platform/journal/journal.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { type BoundJob, bindJob } from '../../platform/work/job.ts'
import {
  type IncidentData,
  incidentAlertLinked,
  incidentDeclared,
  incidentMoved,
  incidentReopened,
  incidentRoleHandedOver,
  incidentRoleReleased,
  incidentRoleTaken,
  incidentSeverityChanged,
  updateOverdue,
} from '../incidents/index.ts'
import type { Trigger } from './core/index.ts'
import { takeOn } from './usecases/advance-run.ts'
import { callOutside } from './usecases/call-out.ts'
import { startRuns } from './usecases/start-runs.ts'
import { advanceRun, callOut } from './workflows.contract.ts'
import type { WorkflowsPorts } from './workflows.ports.ts'

export function workflowsJobs(needs: Needs, ports: WorkflowsPorts): readonly BoundJob[] {
  return [
    bindJob(advanceRun, ({ runId }) => takeOn(needs, ports, runId)),
    bindJob(callOut, (payload) => callOutside(needs, ports, payload)),
  ]
}

export function workflowsSubscriptions(needs: Needs, ports: WorkflowsPorts): readonly Subscription[] {
  const on = <Data extends IncidentData & JsonObject>(event: EventType<Data>, trigger: Trigger): Subscription =>
    subscribeAll(
      event,
      'workflows.start',
      (events) =>
        startRuns(
          needs,
          ports,
          events.map(({ entryId, data }) => ({ trigger, incidentId: data.incidentId, entry: entryId, data })),
        ),
      { lane: 'notify' },
    )
  return [
    on(incidentDeclared, 'declared'),
    on(incidentMoved.active, 'activated'),
    on(incidentMoved.mitigated, 'mitigated'),
    on(incidentMoved.resolved, 'resolved'),
    on(incidentMoved.reviewed, 'reviewed'),
    on(incidentReopened, 'reopened'),
    on(incidentSeverityChanged, 'severity-changed'),
    on(incidentRoleTaken, 'role-taken'),
    on(incidentRoleHandedOver, 'role-taken'),
    on(incidentRoleReleased, 'role-vacant'),
    on(updateOverdue, 'update-overdue'),
    on(incidentAlertLinked, 'alert-joined'),
  ]
}
