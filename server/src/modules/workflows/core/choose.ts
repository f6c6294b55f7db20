// Which workflows run because of what happened.
import type { IncidentKind } from '../../incidents/core/index.ts'
import { type Cause, limits, type Trigger, type Workflow } from './workflow.ts'

export interface Happening {
  readonly trigger: Trigger
  /** The number of the journal's entry: this very occurrence. */
  readonly entry: number
  /** A step of a workflow did it. */
  readonly byWorkflow: boolean
  readonly kind: IncidentKind
}

/** Names a run within its workflow and incident: the database keeps it from coming twice. */
export function occurrenceOf({ once }: Pick<Workflow, 'once'>, entry: number): string {
  return once ? 'once' : `entry ${entry}`
}

/** Those that listen, each once, by name. Their condition is looked at next. */
export function listenersOf(workflows: readonly Workflow[], happening: Happening): readonly Workflow[] {
  // What a workflow does starts none: there are no circles, not even long ones.
  // Planned work calls nobody: a person starts what it needs.
  if (happening.byWorkflow || happening.kind === 'backfilled' || happening.kind === 'scheduled') return []
  const listening = workflows.filter((each) => each.enabled && each.on.includes(happening.trigger))
  return [...new Map(listening.map((each) => [each.name, each])).values()].sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : 0,
  )
}

export type Start =
  | { readonly ok: true; readonly occurrence: string }
  | { readonly ok: false; readonly because: string }

/** `before`: occurrences of this workflow in this incident. */
export function mayStart(
  workflow: Workflow,
  { entry, before }: { readonly entry: number; readonly before: readonly string[] },
): Start {
  const occurrence = occurrenceOf(workflow, entry)
  if (before.includes(occurrence))
    return {
      ok: false,
      because: workflow.once ? 'It ran for this incident already.' : 'It ran for this already.',
    }
  if (before.length >= limits.runsOfIncident)
    return { ok: false, because: `It ran ${limits.runsOfIncident} times for this incident; that is enough.` }
  return { ok: true, occurrence }
}

const words: Readonly<Record<Cause, string>> = {
  declared: 'the incident was declared',
  activated: 'somebody confirmed it',
  mitigated: 'it was mitigated',
  resolved: 'it was resolved',
  reopened: 'it was reopened',
  reviewed: 'it was reviewed',
  'severity-changed': 'its severity changed',
  'role-taken': 'somebody took a role',
  'role-vacant': 'a role became vacant',
  'update-overdue': 'an update was overdue',
  'alert-joined': 'an alert joined',
  'by-hand': 'somebody started it',
}

export const causeInWords = (cause: Cause): string => words[cause]
