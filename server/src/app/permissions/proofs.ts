import type { PermissionTable } from './table.ts'

// It came with the program and names nobody: who may be paged may see what paging was put through.
export const proofsPermissions: PermissionTable = {
  'reliability.read': { role: 'viewer', scope: 'alerts:read' },
}
