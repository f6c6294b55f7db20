// What a step may not do in an incident of this kind, and why.
import type { IncidentKind } from '../../incidents/core/index.ts'
import type { ActionKind, Step } from './workflow.ts'

const unspoken: Readonly<Record<Exclude<IncidentKind, 'normal' | 'backfilled'>, string>> = {
  drill: 'a drill',
  security: 'a restricted incident',
  scheduled: 'planned work: its maintenance does',
}

// A role makes its holder a reader; everything else here says something to somebody outside the incident.
const staysInside: readonly ActionKind[] = ['task', 'update']

/** Null: it may. */
export function refusalOf(
  { action }: Pick<Step, 'action'>,
  { kind }: { readonly kind: IncidentKind },
  { restricted }: { readonly restricted: boolean },
): string | null {
  if (kind === 'backfilled') return 'The incident was written down afterwards; nobody is told of it now.'
  if (action.kind === 'status' && kind !== 'normal') return `A status page says nothing of ${unspoken[kind]}.`
  if (kind === 'drill' && action.kind === 'page') return 'A drill wakes nobody.'
  if (kind === 'scheduled' && action.kind === 'page') return 'Planned work wakes nobody.'
  if (kind === 'security' && !restricted && !staysInside.includes(action.kind))
    return 'The incident is restricted, and the workflow does not say `restricted: true`.'
  return null
}
