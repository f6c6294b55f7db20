import type { PermissionTable } from './table.ts'

// Whoever is on call may take any alert, whoever owns it: at night the team that can help is not always the owner.
export const alertsPermissions: PermissionTable = {
  'alerts.list': { role: 'viewer', scope: 'alerts:read' },
  'alerts.counts': { role: 'viewer', scope: 'alerts:read' },
  'alerts.read': { role: 'viewer', scope: 'alerts:read' },
  'alerts.acknowledge': { role: 'responder', scope: 'alerts:write' },
  'alerts.unacknowledge': { role: 'responder', scope: 'alerts:write' },
  'alerts.snooze': { role: 'responder', scope: 'alerts:write' },
  'alerts.resolve': { role: 'responder', scope: 'alerts:write' },
  'alerts.rate': { role: 'responder', scope: 'alerts:write' },
  'alerts.quality': { role: 'viewer', scope: 'alerts:read' },
  'alerts.bulk': { role: 'responder', scope: 'alerts:write' },
  'alerts.send': { role: 'responder', scope: 'alerts:write' },
  'silences.list': { role: 'viewer', scope: 'alerts:read' },
  'alerts.explain': { role: 'viewer', scope: 'alerts:read' },
  'silences.preview': { role: 'viewer', scope: 'alerts:read' },
  'silences.create': { role: 'responder', scope: 'alerts:write' },
  'silences.expire': { role: 'responder', scope: 'alerts:write' },
  'routing.read': { role: 'viewer', scope: 'alerts:read' },
  'routing.tree': { role: 'viewer', scope: 'alerts:read' },
  'routing.replay': { role: 'responder', scope: 'alerts:read' },
  'routing.test': { role: 'viewer', scope: 'alerts:read' },
  'routing.replace': { role: 'admin', scope: 'alerts:write' },
  'routing.remove': { role: 'admin', scope: 'alerts:write' },
  'alertmanager.read': { role: 'viewer', scope: 'alerts:read' },
  'alertmanager.silence': { role: 'responder', scope: 'alerts:write' },
  // Says that the process answers, as Alertmanager's own does.
  'alertmanager.health': { open: true },
  'intake.alertmanager': { role: 'responder', scope: 'alerts:write' },
  // The routing key in the body is an API key and is checked as one.
  'intake.pagerduty': { open: true },
}
