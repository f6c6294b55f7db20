import type { PermissionTable } from './table.ts'

// Everybody who responds may write what they learned; who may read a restricted one is decided by its incident.
export const postmortemsPermissions: PermissionTable = {
  'postmortems.list': { role: 'viewer', scope: 'incidents:read' },
  'postmortems.read': { role: 'viewer', scope: 'incidents:read' },
  'postmortems.export': { role: 'viewer', scope: 'incidents:read' },
  'postmortems.open': { role: 'responder', scope: 'incidents:write' },
  'postmortems.update': { role: 'responder', scope: 'incidents:write' },
  'postmortems.refresh-facts': { role: 'responder', scope: 'incidents:write' },
  'postmortems.write-section': { role: 'responder', scope: 'incidents:write' },
  'postmortems.write-factors': { role: 'responder', scope: 'incidents:write' },
  'postmortems.transition': { role: 'responder', scope: 'incidents:write' },
  'postmortems.join': { role: 'responder', scope: 'incidents:write' },
  'postmortems.write': { role: 'responder', scope: 'incidents:write' },
  'postmortems.be-here': { role: 'responder', scope: 'incidents:write' },
  'postmortems.document': { role: 'viewer', scope: 'incidents:read' },
  'postmortems.live': { role: 'viewer', scope: 'incidents:read' },
  'postmortems.authors': { role: 'viewer', scope: 'incidents:read' },
  'postmortems.versions': { role: 'viewer', scope: 'incidents:read' },
  'postmortems.version': { role: 'viewer', scope: 'incidents:read' },
  'postmortems.restore': { role: 'responder', scope: 'incidents:write' },
  'actions.list': { role: 'viewer', scope: 'incidents:read' },
  'actions.add': { role: 'responder', scope: 'incidents:write' },
  'actions.change': { role: 'responder', scope: 'incidents:write' },
  'actions.finish': { role: 'responder', scope: 'incidents:write' },
}
