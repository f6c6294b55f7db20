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
  'incidents.offer-role': { role: 'responder', scope: 'incidents:write' },
  'incidents.answer-offer': { role: 'responder', scope: 'incidents:write' },
  'incidents.correct-time': { role: 'responder', scope: 'incidents:write' },
  'incidents.restrict': { role: 'responder', scope: 'incidents:write' },
  'incidents.severities': { role: 'viewer', scope: 'incidents:read' },
  'incidents.propose': { role: 'viewer', scope: 'incidents:read' },
  'incidents.note': { role: 'responder', scope: 'incidents:write' },
  'incidents.link-alert': { role: 'responder', scope: 'incidents:write' },
  'overview.read': { role: 'viewer', scope: 'incidents:read' },
}
