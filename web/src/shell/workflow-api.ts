// What is done by itself in incidents: workflows, their runs, and the webhooks they call.
import type { WorkflowHook, WorkflowRun, WorkflowSummary, WorkflowTest } from '../../../client/src/index.ts'
import { client } from './http.ts'

export type { WorkflowHook, WorkflowRun, WorkflowSummary, WorkflowTest }
export type StepOfRun = WorkflowRun['steps'][number]

type Signal = AbortSignal

export const workflows = {
  list: (signal: Signal) => client['workflows.list']({ signal }),
  runs: (query: { limit: number; incident?: string; workflow?: string; cursor?: string }, signal: Signal) =>
    client['workflows.runs']({ query, signal }),
  test: (name: string, incident: string) => client['workflows.test']({ params: { name }, body: { incident } }),
  start: (name: string, incident: string) => client['workflows.start']({ params: { name }, body: { incident } }),
  decide: (id: string, step: number, approve: boolean, text: string | null) =>
    client['workflows.decide']({ params: { id, step }, body: { approve, ...(text === null ? {} : { text }) } }),
  retry: (id: string, step: number) => client['workflows.retry']({ params: { id, step } }),
}

export const hooks = {
  list: (signal: Signal) => client['workflows.hooks']({ signal }),
  keep: (name: string, url: string) => client['workflows.keep-hook']({ params: { name }, body: { url } }),
  remove: (name: string) => client['workflows.remove-hook']({ params: { name } }),
}
