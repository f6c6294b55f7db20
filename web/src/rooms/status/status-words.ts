// Words and tones of status pages, and what a form may say next.
import type { StatusPost } from '../../shell/api.ts'

export type Impact = StatusPost['impacts'][string]
export type PostState = StatusPost['state']

export const impactWords: Readonly<Record<Impact, string>> = {
  operational: 'Operational',
  under_maintenance: 'Under maintenance',
  degraded_performance: 'Degraded performance',
  partial_outage: 'Partial outage',
  major_outage: 'Major outage',
}

export const impactTones: Readonly<Record<Impact, 'ok' | 'info' | 'warning' | 'critical'>> = {
  operational: 'ok',
  under_maintenance: 'info',
  degraded_performance: 'warning',
  partial_outage: 'critical',
  major_outage: 'critical',
}

export const impacts: readonly Impact[] = [
  'operational',
  'under_maintenance',
  'degraded_performance',
  'partial_outage',
  'major_outage',
]

export const stateWords: Readonly<Record<PostState, string>> = {
  investigating: 'Investigating',
  identified: 'Identified',
  monitoring: 'Monitoring',
  resolved: 'Resolved',
  scheduled: 'Scheduled',
  in_progress: 'In progress',
  completed: 'Completed',
  cancelled: 'Cancelled',
}

/** What can be said next; the likeliest first. */
export function nextStates(kind: StatusPost['kind'], state: PostState): readonly PostState[] {
  if (kind === 'maintenance')
    return state === 'scheduled' ? ['scheduled', 'in_progress', 'cancelled'] : ['in_progress', 'completed', 'cancelled']
  const line: readonly PostState[] = ['investigating', 'identified', 'monitoring', 'resolved']
  const at = line.indexOf(state)
  return [...line.slice(at), ...line.slice(0, at)]
}

export const closes = (state: PostState): boolean => ['resolved', 'completed', 'cancelled'].includes(state)

/** `2026-03-01T09:00` of the browser's own zone as an instant. */
export function instantOf(local: string): string | null {
  const at = new Date(local)
  return local === '' || Number.isNaN(at.getTime()) ? null : at.toISOString()
}
