// What an incident may become next, and which of it is the one to do now.
import type { IncidentDetail, IncidentStatus } from '../../shell/api-types.ts'

export interface Step {
  readonly to: IncidentStatus
  readonly title: string
  readonly keys: string
}

/** The steps the server allows from here, named by what they mean there, the usual one first. */
export function stepsFrom(status: IncidentStatus, allowed: readonly IncidentStatus[]): readonly Step[] {
  const order: readonly IncidentStatus[] =
    status === 'active'
      ? ['mitigated', 'resolved', 'triage']
      : ['reviewed', 'resolved', 'active', 'mitigated', 'triage']
  const wanted: readonly IncidentStatus[] =
    status === 'triage' || status === 'planned' ? ['active', 'mitigated', 'resolved'] : order
  return wanted.filter((to) => to !== status && allowed.includes(to)).map((to) => stepOf(status, to))
}

function stepOf(from: IncidentStatus, to: IncidentStatus): Step {
  switch (to) {
    case 'active':
      if (from === 'triage') return { to, title: 'Confirm', keys: 'a' }
      if (from === 'planned') return { to, title: 'Begin now', keys: 'b' }
      return { to, title: from === 'resolved' || from === 'reviewed' ? 'Reopen' : 'It is back', keys: 'b' }
    case 'mitigated':
      return { to, title: 'Mitigated', keys: 'm' }
    case 'resolved':
      return { to, title: from === 'planned' ? 'Call off' : 'Resolve', keys: 'R' }
    case 'reviewed':
      return { to, title: 'Reviewed', keys: 'V' }
    case 'planned':
      return { to, title: 'Plan again', keys: 'P' }
    case 'triage':
      return { to, title: 'Back to triage', keys: 'T' }
  }
}

/** The first thing that is missing, in the order in which it should happen. */
export function nextSentence(
  incident: Pick<IncidentDetail, 'status'> & {
    readonly kind?: IncidentDetail['kind']
    readonly roles: readonly { readonly role: string }[]
  },
): string {
  if (incident.status === 'reviewed') return 'Nothing: it is over, and it was reviewed.'
  if (incident.status === 'resolved' && incident.kind === 'scheduled') return 'Nothing: it is over.'
  if (incident.status === 'resolved') return 'Nothing: it is over. Write down what it taught, then mark it reviewed.'
  if (!incident.roles.some((each) => each.role === 'commander')) return 'Somebody takes command.'
  if (incident.status === 'planned') return 'Tell whom it concerns; it begins by itself at its time.'
  if (incident.kind === 'scheduled')
    return 'Do the work. Say so at once when it goes wrong; resolve it when it is done.'
  if (incident.status === 'triage') return 'Confirm that it is real and set its severity.'
  if (incident.status === 'active') return 'Stop the harm first; look for the cause afterwards.'
  return 'Watch that it holds, then resolve it.'
}

const minutesText = (minutes: number): string =>
  minutes < 1 ? 'less than a minute' : `${Math.round(minutes)} ${Math.round(minutes) === 1 ? 'minute' : 'minutes'}`

export function impactSentence(
  incident: Pick<IncidentDetail, 'severity' | 'severityReason' | 'impact'> & { readonly kind?: IncidentDetail['kind'] },
): string {
  if (incident.kind === 'scheduled')
    return 'Planned work: it pages nobody and is measured by nothing, unless it goes wrong.'
  const { minutes, ongoing } = incident.impact
  const harm =
    minutes === null
      ? 'When users began to be hurt is not known.'
      : `Users ${ongoing ? 'have been' : 'were'} hurt for ${minutesText(minutes)}.`
  return incident.severityReason === '' ? harm : `${harm} ${incident.severity}: ${incident.severityReason}`
}
