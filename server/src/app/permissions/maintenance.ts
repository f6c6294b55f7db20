import type { PermissionTable } from './table.ts'

// Declaring a window is applying a document. Whoever responds may end, extend or cancel one at night.
export const maintenancePermissions: PermissionTable = {
  'maintenance.list': { role: 'viewer', scope: 'catalog:read' },
  'maintenance.read': { role: 'viewer', scope: 'catalog:read' },
  'maintenance.preview': { role: 'viewer', scope: 'catalog:read' },
  'maintenance.end': { role: 'responder', scope: 'alerts:write' },
  'maintenance.extend': { role: 'responder', scope: 'alerts:write' },
  'maintenance.cancel': { role: 'responder', scope: 'alerts:write' },
}
