import type { PermissionTable } from './table.ts'

// In an incident everybody who responds may act, whoever owns the service; the journal says who did.
export const incidentsPermissions: PermissionTable = {
  'incidents.list': { role: 'viewer', scope: 'incidents:read' },
  'incidents.read': { role: 'viewer', scope: 'incidents:read' },
  'incidents.timeline': { role: 'viewer', scope: 'incidents:read' },
  'incidents.declare': { role: 'responder', scope: 'incidents:write' },
  'incidents.update': { role: 'responder', scope: 'incidents:write' },
  'incidents.transition': { role: 'responder', scope: 'incidents:write' },
  'incidents.assign-role': { role: 'responder', scope: 'incidents:write' },
  'incidents.note': { role: 'responder', scope: 'incidents:write' },
  'incidents.link-alert': { role: 'responder', scope: 'incidents:write' },
  'overview.read': { role: 'viewer', scope: 'incidents:read' },
}
