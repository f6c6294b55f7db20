// Workflows as they are declared now.
import { AppError } from '../../../kernel/app-error.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { findResource, listByKind, type StoredResource } from '../../catalog/index.ts'
import { readWorkflow, type Workflow } from '../core/index.ts'
import type { Definition, RunRow } from '../workflows.store.ts'

export const mostWorkflows = 500

export interface Declared {
  readonly workflow: Workflow
  readonly definition: Definition
  readonly description: string | null
}

export async function listDeclared(queries: Queries): Promise<readonly Declared[]> {
  return (await listByKind(queries, 'Workflow', null, mostWorkflows)).map(declared)
}

export async function needDeclared(queries: Queries, name: string): Promise<Declared> {
  const stored = await findResource(queries, { kind: 'Workflow', name })
  if (stored === null) throw new AppError('not-found', 'workflows.unknown', `There is no workflow "${name}".`)
  return declared(stored)
}

function declared({ name, document }: StoredResource): Declared {
  const definition = { title: document.metadata.displayName ?? null, spec: document.spec }
  return {
    workflow: readWorkflow(name, definition.title, definition.spec),
    definition,
    description: document.metadata.description ?? null,
  }
}

/** As it was when the run began. */
export const workflowOf = ({ workflow, definition }: Pick<RunRow, 'workflow' | 'definition'>): Workflow =>
  readWorkflow(workflow, definition.title, definition.spec)
