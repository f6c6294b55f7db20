// Workflows and their runs as they leave through the API.
import { formatInstant, type Instant } from '../../kernel/instant.ts'
import type { Queries } from '../../platform/database/queries.ts'
import { listIncidentNames } from '../incidents/index.ts'
import { actionInWords, fillIn, type Named, type Step, type StepRun, untouched } from './core/index.ts'
import type { HookRow } from './hooks.store.ts'
import type { Declared } from './usecases/read-workflows.ts'
import { workflowOf } from './usecases/read-workflows.ts'
import type { WorkflowRunReply, WorkflowSummaryReply } from './workflows.contract.ts'
import type { RunRow } from './workflows.store.ts'

const orNull = (at: Instant | null): string | null => (at === null ? null : formatInstant(at))

export async function presentRuns(queries: Queries, rows: readonly RunRow[]): Promise<readonly WorkflowRunReply[]> {
  const incidents = await incidentsOf(queries, rows)
  return rows.flatMap((row) => {
    const incident = incidents.get(row.incidentId)
    // Removed meanwhile; its runs go next.
    if (incident === undefined) return []
    const { steps } = workflowOf(row)
    return [
      {
        id: row.id,
        workflow: row.workflow,
        title: row.title,
        incident: { id: incident.id, number: incident.number, title: incident.title },
        cause: row.cause,
        because: row.because,
        state: row.state,
        steps: steps.map((step, index) => presentStep(step, row.steps[index] ?? untouched, incident)),
        startedBy: row.startedBy,
        createdAt: formatInstant(row.createdAt),
        dueAt: orNull(row.dueAt),
        endedAt: orNull(row.endedAt),
      },
    ]
  })
}

async function incidentsOf(queries: Queries, rows: readonly RunRow[]) {
  const found = await listIncidentNames(queries, [...new Set(rows.map((row) => row.incidentId))])
  return new Map(found.map((incident) => [incident.id, { ...incident }]))
}

function presentStep(step: Step, run: StepRun, incident: Partial<Named>): WorkflowRunReply['steps'][number] {
  return {
    // Of this incident: a step without a name is called by its text, which may have places to fill.
    name: fillIn(step.name, incident),
    kind: step.action.kind,
    does: fillIn(actionInWords(step.action), incident),
    state: run.state,
    attempts: run.attempts,
    said: run.said,
    link: run.link,
    draft: run.draft,
    approval: step.approval,
    approvedBy: run.approvedBy,
    dueAt: orNull(run.dueAt),
    changedAt: orNull(run.changedAt),
  }
}

export async function presentWorkflows(
  queries: Queries,
  declared: readonly Declared[],
  last: readonly RunRow[],
): Promise<readonly WorkflowSummaryReply[]> {
  const incidents = await incidentsOf(queries, last)
  const runs = new Map(last.map((run) => [run.workflow, run]))
  return declared.map(({ workflow, description }) => {
    const run = runs.get(workflow.name)
    const incident = run === undefined ? undefined : incidents.get(run.incidentId)
    const { name, title, team, enabled, on, when, afterMs, once, restricted, steps } = workflow
    return {
      ...{ name, title, description, team, enabled, when, afterMs, once, restricted },
      on: [...on],
      steps: steps.map((step) => ({
        name: step.name,
        kind: step.action.kind,
        does: actionInWords(step.action),
        approval: step.approval,
        continueOnError: step.continueOnError,
      })),
      last:
        run === undefined || incident === undefined
          ? null
          : {
              id: run.id,
              state: run.state,
              createdAt: formatInstant(run.createdAt),
              incident: incident.id,
              incidentNumber: incident.number,
            },
    }
  })
}

export function presentHook({ name, target, changedBy, changedAt, calledAt, outcome }: HookRow) {
  return { name, target, changedBy, changedAt: formatInstant(changedAt), calledAt: orNull(calledAt), outcome }
}
