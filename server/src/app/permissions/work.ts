import type { PermissionTable } from './table.ts'

// Whoever is paged may see what failed; deciding about it is the administrator's, because it may send pages anew.
export const workPermissions: PermissionTable = {
  'work.set-aside': { role: 'viewer', scope: 'work:read' },
  'work.retry': { role: 'admin', scope: 'work:write' },
  'work.drop': { role: 'admin', scope: 'work:write' },
}
