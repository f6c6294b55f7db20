import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import { workflowKind } from './kinds/workflow.ts'
import { workflowErrors, workflowEvents } from './workflows.contract.ts'
import { workflowsJobs, workflowsSubscriptions } from './workflows.jobs.ts'
import type { WorkflowsPorts } from './workflows.ports.ts'
import { workflowsRoutes } from './workflows.routes.ts'
import { workflowsKept } from './workflows-retention.store.ts'

export function workflowsRoom(needs: Needs, ports: WorkflowsPorts): Room {
  return {
    name: 'workflows',
    operations: workflowsRoutes(needs, ports),
    jobs: workflowsJobs(needs, ports),
    subscriptions: workflowsSubscriptions(needs, ports),
    events: workflowEvents,
    kinds: [workflowKind],
    errors: workflowErrors,
    kept: workflowsKept,
  }
}
