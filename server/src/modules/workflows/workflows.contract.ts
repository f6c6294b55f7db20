// Every name of the room `workflows` that leaves.
import { type Static, Type } from 'typebox'
import type { JsonObject } from '../../kernel/json.ts'
import { operation } from '../../platform/http/operation.ts'
import { Page, PageQuery } from '../../platform/http/page.ts'
import { Id, Name, Nullable, Text, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { defineJob } from '../../platform/work/job.ts'
import { incidentRoles } from '../incidents/core/index.ts'
import { actionKinds, runStates, stepStates, triggers } from './core/index.ts'

const causes = [...triggers, 'by-hand'] as const
const Approval = Nullable(Words(incidentRoles, 'Whoever holds this role is asked first.'))

export const WorkflowRun = Type.Object(
  {
    id: Id,
    workflow: Type.String(),
    title: Type.String(),
    incident: Type.Object({ id: Id, number: Type.Integer(), title: Type.String() }),
    cause: Words(causes),
    because: Type.String({ description: 'Why it runs; of one that was not needed, why not.' }),
    state: Words(
      runStates,
      'Waiting: until `after` is over. Approval: all else is done. Failed: a step did not work or was refused.',
    ),
    steps: Type.Array(
      Type.Object({
        name: Type.String(),
        kind: Words(actionKinds),
        does: Type.String(),
        state: Words(stepStates),
        attempts: Type.Integer(),
        said: Nullable(Type.String({ description: 'What came of it, or why not.' })),
        link: Nullable(Type.String({ description: 'Where it can be seen; a path begins at the console.' })),
        draft: Nullable(Type.String({ description: 'What goes out when it is approved; it may be changed then.' })),
        approval: Approval,
        approvedBy: Nullable(Type.String()),
        dueAt: Nullable(Time),
        changedAt: Nullable(Time),
      }),
    ),
    startedBy: Type.String(),
    createdAt: Time,
    dueAt: Nullable(Time),
    endedAt: Nullable(Time),
  },
  { title: 'WorkflowRun' },
)
export type WorkflowRunReply = Static<typeof WorkflowRun>

const StepPlan = Type.Object({
  name: Type.String(),
  kind: Words(actionKinds),
  does: Type.String(),
  approval: Approval,
  continueOnError: Type.Boolean(),
})
export const WorkflowSummary = Type.Object(
  {
    name: Type.String(),
    title: Type.String(),
    description: Nullable(Type.String()),
    team: Nullable(Type.String()),
    enabled: Type.Boolean(),
    on: Type.Array(Words(triggers)),
    when: Nullable(Type.String()),
    afterMs: Type.Integer(),
    once: Type.Boolean(),
    restricted: Type.Boolean(),
    steps: Type.Array(StepPlan),
    last: Nullable(
      Type.Object({ id: Id, state: Words(runStates), createdAt: Time, incident: Id, incidentNumber: Type.Integer() }),
    ),
  },
  { title: 'WorkflowSummary' },
)
export type WorkflowSummaryReply = Static<typeof WorkflowSummary>

const unknown = 'workflows.unknown'
const unknownRun = 'workflows.unknown-run'
const byName = Type.Object({ name: Name })
const byStep = Type.Object({ id: Id, step: Type.Integer({ minimum: 1, maximum: 20, description: 'From 1.' }) })

export const listWorkflows = operation({
  id: 'workflows.list',
  method: 'GET',
  path: '/api/v1/workflows',
  summary: 'What is done by itself in incidents, and how it went last; at most 500',
  reply: Type.Object({ items: Type.Array(WorkflowSummary) }),
})
export const listRuns = operation({
  id: 'workflows.runs',
  method: 'GET',
  path: '/api/v1/workflow-runs',
  summary: 'Runs of workflows, newest first',
  query: Type.Object({
    ...PageQuery,
    workflow: Type.Optional(Name),
    incident: Type.Optional(Id),
    state: Type.Optional(Words(runStates)),
  }),
  reply: Page(WorkflowRun),
})
export const testWorkflow = operation({
  id: 'workflows.test',
  method: 'POST',
  path: '/api/v1/workflows/{name}/test',
  summary: 'What it would do in an incident now; nothing is done',
  params: byName,
  body: Type.Object({
    incident: Id,
    cause: Type.Optional(Words(triggers, 'As if this had happened. The first it waits for unless said.')),
  }),
  reply: Type.Object(
    {
      workflow: Type.String(),
      incident: Type.Object({ id: Id, number: Type.Integer(), title: Type.String() }),
      runs: Type.Boolean(),
      because: Type.String(),
      steps: Type.Array(
        Type.Object({
          name: Type.String(),
          kind: Words(actionKinds),
          would: Words(['run', 'ask', 'refuse'] as const),
          sentence: Type.String(),
        }),
      ),
      facts: Type.Record(Type.String(), Type.Unknown(), { description: 'What its condition may ask, as it is now.' }),
    },
    { title: 'WorkflowTest' },
  ),
  errors: [unknown, 'incidents.unknown'],
})
export const startWorkflow = operation({
  id: 'workflows.start',
  method: 'POST',
  path: '/api/v1/workflows/{name}/start',
  summary: 'Start it for an incident by hand, whatever its condition says',
  params: byName,
  body: Type.Object({ incident: Id }),
  reply: WorkflowRun,
  status: 201,
  errors: [unknown, 'incidents.unknown', 'workflows.not-startable'],
})
export const decideStep = operation({
  id: 'workflows.decide',
  method: 'POST',
  path: '/api/v1/workflow-runs/{id}/steps/{step}/decide',
  summary: 'Let a step happen that waits for a person, or say no',
  params: byStep,
  body: Type.Object({
    approve: Type.Boolean(),
    text: Type.Optional(Text(4000, 'In place of the draft.')),
  }),
  reply: WorkflowRun,
  errors: [unknownRun, 'workflows.not-waiting', 'workflows.not-asked'],
})
export const retryStep = operation({
  id: 'workflows.retry',
  method: 'POST',
  path: '/api/v1/workflow-runs/{id}/steps/{step}/retry',
  summary: 'Try a step again that did not work, and what it held up',
  params: byStep,
  reply: WorkflowRun,
  errors: [unknownRun, 'workflows.not-retryable'],
})

export const WorkflowHook = Type.Object(
  {
    name: Type.String(),
    target: Type.String({ description: 'Scheme and host; the rest of the address is not shown.' }),
    changedBy: Type.String(),
    changedAt: Time,
    calledAt: Nullable(Time),
    outcome: Nullable(Type.String({ description: 'What came of the last call.' })),
  },
  { title: 'WorkflowHook' },
)
export const listHooks = operation({
  id: 'workflows.hooks',
  method: 'GET',
  path: '/api/v1/workflow-hooks',
  summary: 'Webhooks that workflows may call',
  reply: Type.Object({ items: Type.Array(WorkflowHook) }),
})
export const keepHook = operation({
  id: 'workflows.keep-hook',
  method: 'PUT',
  path: '/api/v1/workflow-hooks/{name}',
  summary: 'Keep a webhook by name: its address and the secret that signs are sealed; a new secret is shown once',
  params: byName,
  body: Type.Object({
    url: Text(2000),
    secret: Type.Optional(
      Text(200, '`whsec_…`. Left out: a new address gets a new secret, and the same address keeps its own.'),
    ),
  }),
  reply: Type.Object(
    {
      hook: WorkflowHook,
      secret: Nullable(Type.String({ description: 'Made just now; it is not shown again.' })),
    },
    { title: 'KeptWorkflowHook' },
  ),
  secretReply: true,
  errors: ['workflows.bad-hook'],
})
export const removeHookOperation = operation({
  id: 'workflows.remove-hook',
  method: 'DELETE',
  path: '/api/v1/workflow-hooks/{name}',
  summary: 'Forget a webhook; steps that call it fail and say so',
  params: byName,
  reply: Type.Null(),
  status: 204,
  errors: ['workflows.unknown-hook'],
})

export interface RunData extends JsonObject {
  readonly runId: string
  readonly workflow: string
  readonly incidentId: string
}
export interface StepData extends RunData {
  readonly step: string
  readonly number: number
}
export const workflowStarted = defineEvent<RunData & { readonly because: string }>({
  type: 'workflow.started',
  summary: 'A workflow runs in an incident',
})
export const workflowNotNeeded = defineEvent<RunData & { readonly because: string }>({
  type: 'workflow.not-needed',
  summary: 'A workflow waited, and its condition no longer held',
})
export const stepDone = defineEvent<StepData & { readonly said: string }>({
  type: 'workflow.step-done',
  summary: 'A step of a workflow was done',
})
export const stepFailed = defineEvent<StepData & { readonly because: string }>({
  type: 'workflow.step-failed',
  summary: 'A step of a workflow did not work, or may not happen in this incident',
})
export const approvalAsked = defineEvent<StepData & { readonly role: string }>({
  type: 'workflow.approval-asked',
  summary: 'A step of a workflow waits for a person',
})
export const stepDecided = defineEvent<StepData & { readonly verdict: string }>({
  type: 'workflow.step-decided',
  summary: 'Somebody let a step of a workflow happen, or said no, or nobody did in time',
})
export const stepRetried = defineEvent<StepData>({
  type: 'workflow.step-retried',
  summary: 'Somebody had a step of a workflow tried again',
})
interface HookData extends JsonObject {
  readonly hook: string
  readonly target: string
}
export const hookKept = defineEvent<HookData>({
  type: 'workflow.hook-kept',
  summary: 'A webhook may be called by workflows',
})
export const hookRemoved = defineEvent<HookData>({
  type: 'workflow.hook-removed',
  summary: 'A webhook may no longer be called by workflows',
})
export const workflowEvents = [
  workflowStarted,
  workflowNotNeeded,
  stepDone,
  stepFailed,
  approvalAsked,
  stepDecided,
  stepRetried,
  hookKept,
  hookRemoved,
] as const

interface RunPayload extends JsonObject {
  readonly runId: string
}
/** Inside the database only: never waits for anybody outside. */
export const advanceRun = defineJob<RunPayload>({ kind: 'workflows.advance-run', lane: 'notify' })
/** In the lowest lane: webhooks that hang hold up nobody who is paged or told. */
export const callOut = defineJob<RunPayload & { readonly step: number; readonly attempt: number }>({
  kind: 'workflows.call-out',
  lane: 'bulk',
})

export const workflowErrors = [
  { code: unknown, summary: 'There is no such workflow.' },
  { code: unknownRun, summary: 'There is no such run, or its incident may not be read.' },
  { code: 'workflows.not-startable', summary: 'It may not run for this incident.' },
  { code: 'workflows.not-waiting', summary: 'The step does not wait for anybody.' },
  {
    code: 'workflows.not-asked',
    summary: 'Somebody else is asked: the holder of the role, the commander or an administrator.',
  },
  { code: 'workflows.not-retryable', summary: 'The step is done or still under way.' },
  { code: 'workflows.bad-hook', summary: 'The address or the secret of the webhook cannot be used.' },
  { code: 'workflows.unknown-hook', summary: 'There is no such webhook.' },
] as const
