import type { PermissionTable } from './table.ts'

// Who may read a ticket of a restricted incident is decided by the incident.
export const ticketsPermissions: PermissionTable = {
  'tickets.connections': { role: 'viewer', scope: 'incidents:read' },
  'tickets.connect': { role: 'admin', scope: 'channels:write' },
  'tickets.test': { role: 'admin', scope: 'channels:write' },
  'tickets.disconnect': { role: 'admin', scope: 'channels:write' },
  'tickets.list': { role: 'viewer', scope: 'incidents:read' },
  'tickets.open': { role: 'responder', scope: 'incidents:write' },
  'tickets.link': { role: 'responder', scope: 'incidents:write' },
  'tickets.unlink': { role: 'responder', scope: 'incidents:write' },
  'tickets.settle': { role: 'responder', scope: 'incidents:write' },
  'tickets.look': { role: 'responder', scope: 'incidents:write' },
  // The tracker's signature is the permission; what it says is only a hint to look.
  'tickets.receive': { open: true },
}
