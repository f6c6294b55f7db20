import type { PermissionTable } from './table.ts'

export const changesPermissions: PermissionTable = {
  'changes.record': { role: 'editor', scope: 'changes:write' },
  'changes.list': { role: 'viewer', scope: 'changes:read' },
}
