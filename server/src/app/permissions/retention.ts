import type { PermissionTable } from './table.ts'

// Whoever reads may know how long it can be read. What is held is a matter of law: the administrator's.
export const retentionPermissions: PermissionTable = {
  'retention.read': { role: 'viewer', scope: 'retention:read' },
  'holds.list': { role: 'admin', scope: 'retention:read' },
  'holds.place': { role: 'admin', scope: 'retention:write' },
  'holds.lift': { role: 'admin', scope: 'retention:write' },
}
