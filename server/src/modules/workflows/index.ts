// The working door of workflows.
export { workflowOf } from './usecases/read-workflows.ts'
export type { HookAnswer, HookCall, WorkflowsPorts } from './workflows.ports.ts'
export { listRunRows } from './workflows.store.ts'
