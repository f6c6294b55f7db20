// Which shape and word a state of the domain gets. One table for all pages, so that a state never looks two ways.

import type { Tone } from '../parts/state-mark.tsx'
import type { Alert, AlertStatus, Incident, IncidentStatus, ObjectiveState, Severity } from './api-types.ts'

export interface Look {
  readonly tone: Tone
  readonly word: string
}

export function objectiveLook(state: ObjectiveState | string, level = 'none'): Look {
  switch (state) {
    case 'ok':
      return { tone: 'ok', word: 'OK' }
    case 'burning':
      return level === 'page' ? { tone: 'critical', word: 'Burning fast' } : { tone: 'warning', word: 'Burning' }
    case 'exhausted':
      return { tone: 'critical', word: 'Exhausted' }
    case 'expired':
      return { tone: 'warning', word: 'Expired' }
    case 'no-events':
      return { tone: 'unknown', word: 'No events' }
    default:
      return { tone: 'unknown', word: 'No data' }
  }
}

const severityWords: Readonly<Record<string, string>> = { critical: 'Critical', warning: 'Warning', info: 'Info' }

export function severityWord(severity: string): string {
  return severityWords[severity] ?? severity
}

export function alertLook(alert: Pick<Alert, 'severity' | 'status'>): Look {
  if (alert.status === 'resolved') return { tone: 'ok', word: 'Resolved' }
  if (alert.status === 'snoozed') return { tone: 'silenced', word: 'Snoozed' }
  return { tone: alert.severity, word: severityWord(alert.severity) }
}

export const alertStatusWords: Readonly<Record<AlertStatus, string>> = {
  firing: 'Firing',
  acknowledged: 'Acknowledged',
  snoozed: 'Snoozed',
  resolved: 'Resolved',
}

export function severityTone(severity: Severity | string): Tone {
  if (severity === 'SEV1' || severity === 'SEV2' || severity === 'critical') return 'critical'
  if (severity === 'SEV3' || severity === 'warning') return 'warning'
  return 'info'
}

/** The worst first. */
export const severities: readonly Severity[] = ['SEV1', 'SEV2', 'SEV3', 'SEV4']

export const incidentStatusWords: Readonly<Record<IncidentStatus, string>> = {
  planned: 'Planned',
  triage: 'Triage',
  active: 'Active',
  mitigated: 'Mitigated',
  resolved: 'Resolved',
  reviewed: 'Reviewed',
}

/** Somebody has to act on it now. */
export function isOpenIncident(incident: Pick<Incident, 'status'>): boolean {
  return !isOverIncident(incident) && incident.status !== 'planned'
}

export function isOverIncident(incident: Pick<Incident, 'status'>): boolean {
  return incident.status === 'resolved' || incident.status === 'reviewed'
}

export function incidentLook(incident: Pick<Incident, 'severity' | 'status'>): Look {
  if (incident.status === 'planned') return { tone: 'info', word: 'Planned' }
  if (!isOpenIncident(incident)) return { tone: 'ok', word: incidentStatusWords[incident.status] }
  return { tone: severityTone(incident.severity), word: incident.severity }
}

export function alertName(alert: { readonly number: number }): string {
  return `A-${alert.number}`
}

export function incidentName(incident: { readonly number: number }): string {
  return `INC-${incident.number}`
}

const roleNames: Readonly<Record<string, string>> = {
  commander: 'Commander',
  'operations-lead': 'Operations lead',
  operations: 'Operations lead',
  'communications-lead': 'Communications lead',
  communications: 'Communications lead',
  scribe: 'Scribe',
}

/** When harm began as far as known; otherwise when it was declared, and of planned work when it began. */
export function beganAt(
  incident: Pick<Incident, 'impactStartedAt' | 'declaredAt' | 'kind' | 'plan' | 'status' | 'resolvedAt'>,
): string {
  const { kind, plan, status, resolvedAt } = incident
  const begun = kind === 'scheduled' && plan !== null && status !== 'planned' ? plan.startsAt : null
  // What was called off never began.
  if (begun !== null && (resolvedAt === null || begun <= resolvedAt)) return begun
  return incident.impactStartedAt ?? incident.declaredAt
}

export function roleName(role: string): string {
  return roleNames[role] ?? role.charAt(0).toUpperCase() + role.slice(1).replaceAll('-', ' ')
}
