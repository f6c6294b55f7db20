// The incident policy that holds now.
import type { Queries } from '../../../platform/database/queries.ts'
import { findResource } from '../../catalog/index.ts'
import { type IncidentPolicy, readIncidentPolicy, type SeverityDefinition } from '../core/index.ts'
import { policyName } from '../kinds/incident-policy.ts'

export async function readPolicy(queries: Queries): Promise<IncidentPolicy & { readonly declared: boolean }> {
  const stored = await findResource(queries, { kind: 'IncidentPolicy', name: policyName })
  return { ...readIncidentPolicy(stored?.document.spec ?? null), declared: stored !== null }
}

export async function definitionOf(queries: Queries, severity: string): Promise<SeverityDefinition | null> {
  return (await readPolicy(queries)).severities.find((each) => each.severity === severity) ?? null
}
