// What an incident may become next, and which of it is the one to do now.
import type { IncidentStatus } from '../../shell/api-types.ts'

export interface Step {
  readonly to: IncidentStatus
  readonly title: string
  readonly keys: string
}

const steps: Readonly<Record<IncidentStatus, readonly Step[]>> = {
  triage: [
    { to: 'active', title: 'Confirm', keys: 'a' },
    { to: 'resolved', title: 'Resolve', keys: 'R' },
  ],
  active: [
    { to: 'mitigated', title: 'Mitigated', keys: 'm' },
    { to: 'resolved', title: 'Resolve', keys: 'R' },
  ],
  mitigated: [
    { to: 'resolved', title: 'Resolve', keys: 'R' },
    { to: 'active', title: 'It is back', keys: 'b' },
  ],
  resolved: [{ to: 'active', title: 'Reopen', keys: 'b' }],
}

export function stepsFrom(status: IncidentStatus): readonly Step[] {
  return steps[status]
}

/** The first thing that is missing, in the order in which it should happen. */
export function nextSentence(incident: {
  readonly status: IncidentStatus
  readonly acknowledgedAt: string | null
  readonly roles: readonly { readonly role: string }[]
  readonly impact: string | null
}): string {
  if (incident.status === 'resolved') return 'Nothing: it is over.'
  if (incident.acknowledgedAt === null) return 'Somebody acknowledges it.'
  if (!incident.roles.some((each) => each.role === 'commander')) return 'Somebody takes command.'
  if (incident.status === 'triage') return 'Confirm that it is real and set its severity.'
  if (incident.status === 'active') return 'Stop the harm first; look for the cause afterwards.'
  return 'Watch that it holds, then resolve it.'
}
